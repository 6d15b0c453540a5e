"""From what a note says to what is stored of it: sanitised, and its names resolved to accounts known here."""

from dataclasses import dataclass

from federation import uris
from federation.context import Federation
from federation.facts.policy import policy_text
from federation.parse.attachment import ParsedAttachment
from federation.parse.audience import NOBODY, Audience
from federation.parse.handle import parse_handle
from federation.parse.note import ParsedNote
from federation.parse.page import MAX_DESCRIPTION, MAX_NAME, MAX_TITLE
from federation.parse.poll import ParsedPoll
from federation.parse.tag import ParsedMention
from node.models import Account, Visibility
from node.models.access import OPEN
from node.services.accounts import lookup as account_lookup
from node.services.community.emoji import EmojiFacts
from node.services.statuses.cards import CardFacts
from node.services.statuses.facts import MediaFacts, NoteFacts, PollFacts, QuoteFacts
from node.store import Prepared, param
from node.text.links import with_objects
from node.text.names import clean_line
from node.text.plain import plain_text
from node.text.sanitize import sanitize

MAX_SPOILER = 5_000

_ID_BY_URI = Prepared(
    lambda: Account.select(Account.id).where(
        Account.uri == param("uri"), (Account.domain == "") | Account.fetched_at.is_null(False)
    ),
    lambda account_id: int(account_id),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """How a note came: the audience of the activity around it, and whose inbox it was put in (0: the shared one)."""

    audience: Audience = NOBODY
    inbox_id: int = 0


_FETCHED = Envelope()


def facts_of_note(fed: Federation, note: ParsedNote, author: Account, envelope: Envelope = _FETCHED) -> NoteFacts:
    """What `statuses.receive` and `receive_edit` are given. Reads the database for the ids of accounts."""
    visibility = note.visibility(author.followers_uri, envelope.audience)
    audience = note.audience or envelope.audience
    mentions = _mentioned(fed, note.tags.mentions, audience)
    return NoteFacts(
        uri=note.uri,
        created_at=note.published_at,
        visibility=visibility,
        url=note.url,
        kind=note.type,
        content=_content(note),
        spoiler_text=_line(note.summary),
        sensitive=note.sensitive,
        language=note.language,
        updated_at=note.updated_at,
        in_reply_to_uri=note.in_reply_to,
        conversation_uri=_conversation(note),
        context_uri="" if uris.is_local(fed.config, note.context) else note.context,
        replies_uri=note.replies if visibility in OPEN else "",
        replies_announced=note.replies_announced,
        mentions=mentions,
        silent_mentions=_unnamed(fed, audience, visibility, mentions, envelope.inbox_id),
        hashtags=note.tags.hashtags,
        emoji=tuple(
            EmojiFacts(shortcode=one.shortcode, image_url=one.image_url, uri=one.uri, updated_at=one.updated_at)
            for one in note.tags.emoji
        ),
        media=tuple(_media(one) for one in note.media),
        page_url=note.links[0].href if note.links else "",
        card=_card(note),
        poll=poll_facts(note.poll) if note.poll is not None else None,
        quote=QuoteFacts(uri=note.quote, legacy=note.quote_is_legacy, stamp_uri=note.quote_authorization)
        if note.quote
        else None,
        approved_by=note.approved_by,
        collections=note.tags.collections if visibility in OPEN else (),
        policy=policy_text(note.policy, author),
    )


def poll_facts(poll: ParsedPoll) -> PollFacts:
    return PollFacts(
        options=tuple((option.title, option.votes) for option in poll.options),
        multiple=poll.multiple,
        voters_count=poll.voters_count,
        expires_at=poll.expires_at,
        closed=poll.closed,
    )


def unknown_mentions(fed: Federation, note: ParsedNote) -> list[str]:
    """Uris of remote accounts that the note names and addresses, and that are not known here."""
    return [
        one.uri
        for one in note.tags.mentions
        if one.uri
        and note.audience.includes(one.uri)
        and not uris.is_local(fed.config, one.uri)
        and _ID_BY_URI.first(uri=one.uri) is None
    ]


def _mentioned(fed: Federation, named: tuple[ParsedMention, ...], audience: Audience) -> tuple[int, ...]:
    """Who is named and addressed. A name alone gives nobody access, nor a notification (docs/conformance.md)."""
    found: list[int] = []
    for one in named:
        uri = one.uri or _uri_of(fed, one.name)
        if audience.includes(uri):
            account_id = _ID_BY_URI.first(uri=uri)
            if account_id is not None and account_id not in found:
                found.append(account_id)
    return tuple(found)


def _uri_of(fed: Federation, name: str) -> str:
    """GoToSocial may leave the address of a mention out and give only the handle."""
    handle = parse_handle(name, fed.config.scheme)
    account = account_lookup.find(handle.username, handle.domain) if handle is not None else None
    return account.uri if account is not None else ""


def _unnamed(
    fed: Federation, audience: Audience, visibility: Visibility, mentions: tuple[int, ...], inbox_id: int
) -> tuple[int, ...]:
    """People here who may read without being named: addressed, or sent to as a bto or bcc would be."""
    found: list[int] = []
    for uri in audience.to + audience.cc:
        local = uris.parse_local(fed.config, uri)
        if isinstance(local, uris.LocalActor) and local.account_id not in mentions:
            account_id = _ID_BY_URI.first(uri=uri)
            if account_id is not None:
                found.append(account_id)
    if inbox_id and visibility is Visibility.DIRECT and inbox_id not in mentions and inbox_id not in found:
        found.append(inbox_id)
    return tuple(found)


def _conversation(note: ParsedNote) -> str:
    """Only of the author's own host: else strangers could write themselves into any thread."""
    for name in (note.conversation, note.context):
        if name and uris.same_origin(name, note.uri):
            return name
    return ""


def _content(note: ParsedNote) -> str:
    content = sanitize(note.content) if note.content else ""
    if not note.tags.objects:
        return content
    named = {one.name.strip(): one.uri for one in note.tags.objects if one.name.strip()}
    return with_objects(content, named | {one.uri: one.uri for one in note.tags.objects})


def _line(html: str) -> str:
    text = plain_text(sanitize(html, 4 * MAX_SPOILER)) if "<" in html or "&" in html else html
    return clean_line(text, MAX_SPOILER)


def _card(note: ParsedNote) -> CardFacts | None:
    """The preview of a page that came with the post, if the sender describes the page at all."""
    for link in note.links:
        title = _line(link.title)[:MAX_TITLE]
        if title:
            host = uris.host_of(link.href) or ""
            return CardFacts(
                url=link.href,
                title=title,
                description=_line(link.description)[:MAX_DESCRIPTION],
                provider_url=f"{link.href.partition('://')[0]}://{host}/",
                author_name=_line(link.author_name)[:MAX_NAME],
                image_url=link.image.url,
                image_description=link.image.description[:MAX_DESCRIPTION],
            )
    return None


def _media(one: ParsedAttachment) -> MediaFacts:
    return MediaFacts(
        remote_url=one.url,
        kind=one.kind,
        mime=one.mime,
        thumb_remote_url=one.thumbnail_url,
        description=one.description,
        blurhash=one.blurhash,
        width=one.width,
        height=one.height,
        duration_seconds=one.duration_seconds,
        focus=one.focus,
    )
