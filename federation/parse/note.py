"""Notes, Questions, and whatever else is shown as a post (docs/conformance.md)."""

from dataclasses import dataclass
from typing import Final

from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from federation.parse.attachment import (
    ParsedAttachment,
    ParsedAttachments,
    ParsedLink,
    parse_attachments,
    parse_own_file,
)
from federation.parse.audience import NOBODY, Audience, parse_audience, visibility_of
from federation.parse.composed import POSTS, content_of, summary_of
from federation.parse.language import language_of
from federation.parse.policy import NO_POLICY, ParsedPolicy, parse_policy
from federation.parse.poll import ParsedPoll, parse_poll
from federation.parse.tag import NO_TAGS, ParsedTags, parse_tags
from node import clock
from node.models import Visibility

# FEP-044f first; the others are older and ask nobody.
_QUOTE_NAMES: Final = ("quote", "_misskey_quote", "quoteUrl", "quoteUri")


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedNote:
    """A post. `content` and `summary` are HTML, not sanitised; `name` is plain text; times are unix milliseconds.

    Empty text stands for what is missing. `author_uri` is on the host of `uri`. `vote` is the chosen option when this
    has the shape of a vote, which it is if `in_reply_to` turns out to be a poll of ours; then it is never shown.
    """

    uri: str
    type: str
    author_uri: str
    published_at: int
    audience: Audience
    content: str
    updated_at: int | None = None
    url: str = ""
    name: str = ""
    summary: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to: str = ""
    conversation: str = ""  # opaque: an address or a `tag:`
    context: str = ""
    replies: str = ""
    replies_announced: int | None = None
    tags: ParsedTags = NO_TAGS
    media: tuple[ParsedAttachment, ...] = ()
    links: tuple[ParsedLink, ...] = ()
    poll: ParsedPoll | None = None
    vote: str = ""
    quote: str = ""
    quote_is_legacy: bool = False
    quote_authorization: str = ""
    approved_by: str = ""
    policy: ParsedPolicy = NO_POLICY
    direct: bool = False  # says of itself that it is a message, however it is addressed
    likes_count: int | None = None
    shares_count: int | None = None

    def visibility(self, followers_uri: str, around: Audience = NOBODY) -> Visibility:
        """`followers_uri` is the author's, `around` the audience of the activity that brought the post."""
        return Visibility.DIRECT if self.direct else visibility_of(self.audience, around, followers_uri)

    def addressed(self, followers_uri: str, around: Audience = NOBODY) -> tuple[str, ...]:
        """Everybody who is addressed by name; only of interest where the visibility is not public."""
        return (self.audience or around).named(followers_uri)


def is_post(document: Document) -> bool:
    """Whether the object is of a type that is shown as a post."""
    return as2.type_of(document, POSTS) in POSTS


def parse_note(document: Document, actor_uri: str = "") -> ParsedNote:
    """`actor_uri` is who sent it, if somebody did. Raises BadActivity for what is no post, or nobody's own."""
    uri = as2.uri(document.get("id"))
    if not uri:
        raise BadActivity("id")
    kind = as2.type_of(document, POSTS)
    if kind not in POSTS:
        raise BadActivity("type")
    author_uri = _author(document, uri, actor_uri)
    attachments = parse_attachments(document.get("attachment"))
    url = _page(document, attachments)
    content = content_of(document, kind, url or uri)
    own_file = parse_own_file(document, kind)
    media = (own_file, *attachments.media) if own_file is not None else attachments.media
    tags = parse_tags(document.get("tag"))
    quote, quote_is_legacy = _quote(document, tags)
    published_at = as2.past_ms(document.get("published"))
    updated = document.get("updated")
    return ParsedNote(
        uri=uri,
        type=kind,
        author_uri=author_uri,
        published_at=clock.now_ms() if published_at is None else published_at,
        audience=parse_audience(document),
        content=content,
        # PeerTube, Mobilizon, Threads and others state the time of publishing again for what nobody edited.
        updated_at=None if updated == document.get("published") else as2.past_ms(updated),
        url=url,
        name=as2.natural(document, "name"),
        summary=summary_of(document, kind),
        sensitive=as2.flag(document.get("sensitive")) or any(one.sensitive for one in media),
        language=language_of(document, content),
        in_reply_to=as2.id_of(document.get("inReplyTo")),
        conversation=_opaque(document.get("conversation")),
        context=as2.id_of(document.get("context")),
        replies=as2.own_id(document.get("replies"), uri),
        replies_announced=as2.total_of(document.get("replies")),
        tags=tags,
        media=media,
        links=attachments.links,
        poll=parse_poll(document) if kind == "Question" else None,
        vote=_vote(document, kind),
        quote=quote,
        quote_is_legacy=quote_is_legacy,
        quote_authorization=as2.id_of(document.get("quoteAuthorization")),
        approved_by=as2.id_of(document.get("replyAuthorization")) or as2.id_of(document.get("approvedBy")),
        policy=parse_policy(document.get("interactionPolicy")),
        direct=kind == "ChatMessage" or as2.flag(document.get("directMessage")),
        likes_count=as2.total_of(document.get("likes")),
        shares_count=as2.total_of(document.get("shares")),
    )


def _author(document: Document, uri: str, actor_uri: str) -> str:
    """Of several (PeerTube: a person and a channel) the one who sent it, else the first on the post's own host."""
    stated = document.get("attributedTo")
    names = as2.ids_of(stated, 20) if stated is not None else as2.ids_of(document.get("actor"), 1)
    if stated is None and not names and actor_uri:
        names = (actor_uri,)
    own = [name for name in names if as2.same_host(name, uri)]
    if not own:
        raise BadActivity("author")
    return actor_uri if actor_uri in own else own[0]


def _page(document: Document, attachments: ParsedAttachments) -> str:
    """Where people read it. Mbin names what a post is about, a page or a picture, as its own address."""
    url = as2.page_of(document.get("url"))
    about = {link.href for link in attachments.links} | {one.url for one in attachments.media}
    return "" if url in about else url


def _opaque(value: object) -> str:
    return value if type(value) is str and len(value) <= as2.MAX_NAME else as2.id_of(value)


def _vote(document: Document, kind: str) -> str:
    """A name instead of content, in answer to something."""
    if kind != "Note" or document.get("inReplyTo") is None:
        return ""
    return "" if as2.natural(document, "content", 1) else as2.natural(document, "name")


def _quote(document: Document, tags: ParsedTags) -> tuple[str, bool]:
    """What is quoted, and whether by one of the ways that know no consent."""
    for name in _QUOTE_NAMES:
        # BookWyrm's `quote` is the quoted text.
        if (value := document.get(name)) is not None and (found := as2.id_of(value)):
            return found, name != "quote"
    return tags.quote_uri, bool(tags.quote_uri)
