"""What a remote object says, read and sanitised by federation: nothing in here comes from the wire as it was."""

from dataclasses import dataclass

from node.models import Visibility
from node.services.community.emoji import EmojiFacts
from node.services.statuses.cards import CardFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaFacts:
    remote_url: str
    kind: str = "unknown"  # image, gifv, video, audio, unknown
    mime: str = ""
    thumb_remote_url: str = ""
    description: str = ""
    blurhash: str = ""
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    focus: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PollFacts:
    options: tuple[tuple[str, int], ...]  # title, votes
    multiple: bool = False
    voters_count: int | None = None
    expires_at: int | None = None
    closed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteFacts:
    """`stamp_uri` is where the quoted author is said to have agreed: a claim, until it was fetched from there."""

    uri: str
    legacy: bool = False  # in one of the old ways, which ask nobody
    stamp_uri: str = ""
    depth: int = 0  # how many quotes led here, one after the other


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteFacts:
    """A status of a remote account. Times are unix milliseconds, not in the future."""

    uri: str
    created_at: int
    visibility: Visibility
    url: str = ""
    kind: str = "Note"
    content: str = ""  # sanitised HTML
    spoiler_text: str = ""  # plain text
    sensitive: bool = False
    language: str | None = None
    updated_at: int | None = None
    in_reply_to_uri: str = ""
    conversation_uri: str = ""
    context_uri: str = ""  # where somebody, not always its own server, lists the thread
    replies_uri: str = ""  # where its own server lists the answers
    replies_announced: int | None = None
    mentions: tuple[int, ...] = ()  # account ids, tagged and addressed
    silent_mentions: tuple[int, ...] = ()  # addressed without a tag, or whose inbox it was sent to
    hashtags: tuple[str, ...] = ()  # names without #
    emoji: tuple[EmojiFacts, ...] = ()
    media: tuple[MediaFacts, ...] = ()
    poll: PollFacts | None = None
    page_url: str = ""  # the page that it is about, if it says so
    card: CardFacts | None = None  # what its server says of the page that it is about
    quote: QuoteFacts | None = None
    approved_by: str = ""  # where whom it answers is said to have let it in: a claim
    collections: tuple[str, ...] = ()  # uris of collections of accounts that it names
    policy: str = ""  # as node/services/approvals/policies.py writes it
