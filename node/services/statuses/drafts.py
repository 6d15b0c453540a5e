"""What somebody wants to post, checked and turned into what a status holds."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from node import clock, site
from node.errors import Invalid
from node.media.focus import Focus
from node.models import Account, MediaAttachment, ScheduledMedia, Visibility
from node.models.access import exists
from node.models.rows import columns, row_of
from node.services.approvals.policies import Choices
from node.services.community import emoji, settings
from node.services.statuses import cards
from node.services.statuses.media import StoredMedia, is_in_work
from node.speech import said
from node.store import Prepared, in_ids, param
from node.text import language
from node.text.length import characters, post_length
from node.text.names import fold_name
from node.text.render import Format, MentionTarget, clean_source, render
from node.text.tokens import hashtag_key, hashtags_in, mentions_in, shortcodes_in

MIN_POLL_MS = 5 * clock.MINUTE
MAX_POLL_MS = 31 * clock.DAY
MAX_MENTIONS = 50

EMPTY = "A post needs words, a picture or a poll."
TOO_LONG = "A post here has at most %(limit)s characters; this one has %(length)s."
MANY_FILES = "Attachments in a post: %(limit)s at most."
UNFINISHED_FILES = "Cannot attach files that have not finished processing. Try again in a moment!"

_MEDIA = Prepared(
    lambda: MediaAttachment.select(*columns(MediaAttachment)).where(
        in_ids(MediaAttachment.id, param("ids")),
        MediaAttachment.account == param("account"),
        ~exists(ScheduledMedia, ScheduledMedia.media == MediaAttachment.id),
    ),
    row_of(MediaAttachment),
)
_NAMED = Prepared(
    lambda: Account.select(Account.id, Account.username, Account.domain, Account.url, Account.uri).where(
        Account.username_key == param("name"),
        Account.domain == param("domain"),
        Account.deleted_at.is_null(),
        Account.suspended_at.is_null(),
    ),
    lambda account_id, name, domain, url, uri: (int(account_id), MentionTarget(url or uri, name, domain)),
)


_BY_DEFAULT = Choices()


@dataclass(frozen=True, kw_only=True, slots=True)
class PollDraft:
    options: tuple[str, ...]
    expires_in_ms: int
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A status before it is posted, or what an edit shall make of one."""

    text: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    visibility: Visibility = Visibility.PUBLIC
    language: str | None = None  # None: detected
    content_type: Format = Format.PLAIN
    in_reply_to_id: int | None = None
    media_ids: tuple[int, ...] = ()
    descriptions: tuple[tuple[int, str], ...] = ()  # of an edit: media id, its new alt text
    focuses: tuple[tuple[int, Focus], ...] = ()  # of an edit: media id, its new focal point
    thumbnails: tuple[tuple[int, StoredMedia], ...] = ()  # of an edit: media id, its new thumbnail
    poll: PollDraft | None = None
    local_only: bool = False
    quoted_status_id: int | None = None
    policy: Choices = _BY_DEFAULT
    application_id: int | None = None
    idempotency: tuple[int, str] | None = None  # token id, key
    by: int | None = None  # the account of who writes, where that is a member of an organisation
    then: "tuple[Draft, ...]" = ()  # what follows it as a thread, in one go

    @property
    def posts(self) -> "tuple[Draft, ...]":
        return self, *self.then

    @property
    def words(self) -> str:
        """Of the whole thread, for what stands in them to be looked up."""
        return "\n".join(one.text for one in self.posts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """A draft that may be posted: its words rendered, its names resolved."""

    source: str
    content: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    content_type: Format
    mentions: list[int]  # account ids, as first named
    hashtags: list[str]
    emoji: list[str]
    media: list[MediaAttachment]
    poll: PollDraft | None

    def columns(self, visibility: Visibility, *, local_only: bool) -> dict[str, Any]:
        """What the row of the status takes from it."""
        return {
            "content": self.content,
            "source": self.source,
            "content_type": str(self.content_type),
            "spoiler_text": self.spoiler_text,
            "sensitive": self.sensitive,
            "language": self.language,
            "emoji": msgspec.json.encode(self.emoji).decode(),
            "kind": "Question" if self.poll else "Note",
            "card": cards.of_words(self.content, visibility, has_media=bool(self.media) or local_only, is_ours=True),
        }


def compose(account_id: int, draft: Draft, *, status_id: int | None = None) -> Composed:
    """Invalid when the draft breaks a rule. `status_id`: the status that is edited; its media may stay."""
    source = clean_source(draft.text)
    spoiler_text = clean_source(draft.spoiler_text).replace("\n", " ")
    media = _own_media(account_id, draft.media_ids, status_id)
    poll = checked_poll(draft.poll) if draft.poll is not None else None
    if not source and not media and poll is None and draft.quoted_status_id is None:
        raise Invalid(EMPTY, {"status": "is empty"})
    _check_length(source, spoiler_text)
    named = named_in(source)
    options = " ".join(poll.options) if poll else ""
    return Composed(
        source=source,
        content=render(source, named, _tag_url, draft.content_type),
        spoiler_text=spoiler_text,
        # What has a warning is sensitive, as Mastodon has it.
        sensitive=draft.sensitive or bool(spoiler_text),
        language=draft.language or language.detect(source),
        content_type=draft.content_type,
        mentions=list(dict.fromkeys(named.account_ids)),
        hashtags=hashtags_in(source),
        emoji=emoji.usable(shortcodes_in(f"{source} {spoiler_text} {options}")),
        media=media,
        poll=poll,
    )


class Named(dict[str, MentionTarget]):
    """Mentions by their key, with the accounts that they are."""

    def __init__(self) -> None:
        super().__init__()
        self.account_ids: list[int] = []


def named_in(source: str) -> Named:
    """Accounts that are known here; remote ones were looked up before (federation/publish.py), others stay text."""
    named = Named()
    for mention in mentions_in(source)[:MAX_MENTIONS] if "@" in source else ():
        domain = "" if site.is_local_domain(mention.domain or "") else mention.domain
        found = _NAMED.first(name=fold_name(mention.name), domain=domain)
        if found is not None:
            account_id, named[mention.key] = found
            named.account_ids.append(account_id)
    return named


def _tag_url(name: str) -> str:
    return site.tag_url(hashtag_key(name))


def _check_length(source: str, spoiler_text: str) -> None:
    limit = settings.current().max_characters
    length = post_length(source) + characters(spoiler_text)
    if length > limit:
        raise Invalid(
            said(TOO_LONG, limit=limit, length=length),
            {"status": said("is longer than %(limit)s characters", limit=limit)},
        )


def _own_media(account_id: int, media_ids: tuple[int, ...], status_id: int | None) -> list[MediaAttachment]:
    wanted = list(dict.fromkeys(media_ids))
    if not wanted:
        return []
    limit = settings.current().max_media
    if len(wanted) > limit:
        raise Invalid(said(MANY_FILES, limit=limit), {"media_ids": "are too many"})
    rows = {row.id: row for row in _MEDIA.all(ids=wanted, account=account_id)}
    if any(i not in rows or rows[i].status_id not in (None, status_id) for i in wanted):
        # One answer for what is another's, used, or not there at all.
        raise Invalid("One of the attachments cannot be used. Upload it again.", {"media_ids": "are not usable"})
    if any(row.problem or is_in_work(row) for row in rows.values()):
        # The words that Mastodon's apps know; they try again.
        raise Invalid(UNFINISHED_FILES, {"media_ids": "are not ready"})
    return [rows[i] for i in wanted]


def checked_poll(poll: PollDraft) -> PollDraft:
    limit = settings.current().max_poll_options
    longest = settings.current().max_poll_option_characters
    options = tuple(" ".join(clean_source(option).split()) for option in poll.options)
    problem = ""
    if not 2 <= len(options) <= limit:
        problem = f"A poll has 2 to {limit} choices."
    elif not all(options) or any(characters(option) > longest for option in options):
        problem = f"Each choice of a poll has 1 to {longest} characters."
    elif len({option.casefold() for option in options}) < len(options):
        problem = "The choices of a poll differ from each other."
    elif not MIN_POLL_MS <= poll.expires_in_ms <= MAX_POLL_MS:
        problem = "A poll runs for 5 minutes to 31 days."
    if problem:
        raise Invalid(problem, {"poll": problem})
    return replace(poll, options=options)
