"""Activities: who does what with which object (ActivityPub, 7)."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from federation.parse import as2, strict_json
from federation.parse.as2 import BadActivity, Document
from federation.parse.audience import NOBODY, Audience, parse_audience
from federation.parse.tag import NO_TAGS, ParsedTags, parse_tags

MAX_CONTENT = 5_000
MAX_OBJECTS = 200

# Of several types that an activity claims, one of these is meant.
KNOWN_TYPES: Final = frozenset(
    {
        "Accept",
        "Add",
        "Announce",
        "AnnounceRequest",
        "Block",
        "Create",
        "Delete",
        "Dislike",
        "EmojiReact",
        "FeatureRequest",
        "Flag",
        "Follow",
        "Like",
        "LikeRequest",
        "Move",
        "QuoteRequest",
        "Reject",
        "Remove",
        "ReplyRequest",
        "Undo",
        "Update",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedActivity:
    """One activity. Empty text stands for what is missing; `uri` is empty for those that have no id.

    `object_uri` names the object and `embedded` is its body, if either was sent. A body is only a claim: it is the
    actor's own word about itself, and nothing at all about what lives on another host.
    """

    uri: str
    type: str
    actor_uri: str
    object_uri: str = ""
    embedded: Document | None = None
    object_uris: tuple[str, ...] = ()  # all of them: a Flag names several
    target_uri: str = ""
    instrument_uri: str = ""
    instrument: Document | None = None  # of a request: the quoting Note, the answer, the Like, the Announce
    result_uri: str = ""  # the stamp in an Accept (FEP-044f)
    stamp_uri: str = ""  # where it is said to have been allowed, of a Like or an Announce (GoToSocial)
    audience: Audience = NOBODY
    content: str = ""  # of a Flag the complaint, of a Like the reaction; plain text or HTML, not sanitised
    tags: ParsedTags = NO_TAGS  # the emoji of a reaction
    published_at: int | None = None

    @property
    def object_type(self) -> str:
        """Of an embedded object."""
        return as2.type_of(self.embedded) if self.embedded else ""


def parse_activity(document: Document) -> ParsedActivity:
    """Raises BadActivity for what does not say who does what, or calls itself by something that is no address."""
    kind = as2.type_of(document, KNOWN_TYPES)
    if not kind:
        raise BadActivity("type")
    objects = as2.many(document.get("object"), MAX_OBJECTS)
    instrument = document.get("instrument")
    first = objects[0] if objects else None
    named = _named(objects)
    object_uri = as2.id_of(first) or (named[0] if named and len(objects) == 1 else "")
    tag = document.get("tag")
    return ParsedActivity(
        uri=_id(document),
        type=kind,
        actor_uri=_actor(document),
        object_uri=object_uri,
        embedded=first if type(first) is dict else None,
        object_uris=named,
        target_uri=as2.id_of(document.get("target")),
        instrument_uri=as2.id_of(instrument),
        instrument=as2.obj(instrument),
        result_uri=as2.id_of(document.get("result")),
        stamp_uri=_stamp(document),
        audience=parse_audience(document),
        content=_content(document),
        tags=parse_tags(tag) if tag else NO_TAGS,
        published_at=as2.past_ms(document.get("published")),
    )


class Reading(NamedTuple):
    """What a body says: as it is written, and as it is understood."""

    document: Document
    activity: ParsedActivity


def read_activity(body: bytes) -> Reading:
    """Raises BadInput for what is no JSON object, or no activity."""
    document = strict_json.loads(body)
    return Reading(document, parse_activity(_created(document) if _is_bare_vote(document) else document))


def _is_bare_vote(document: Document) -> bool:
    """A choice without a Create around it."""
    return (
        as2.type_of(document, ("Note",)) == "Note"
        and "actor" not in document
        and document.get("inReplyTo") is not None
        and as2.natural(document, "name", 1) != ""
        and not as2.natural(document, "content", 1)
    )


def _created(note: Document) -> Document:
    return {"type": "Create", "actor": note.get("attributedTo"), "object": note}


def inner(activity: ParsedActivity) -> ParsedActivity | None:
    """The activity that this one is about: what is undone, accepted, rejected, or announced by a Lemmy group.

    None if it is only named, or makes no sense. An actor that an Undo leaves out is the one who undoes.
    """
    document = activity.embedded
    if document is None:
        return None
    if activity.type == "Undo" and document.get("actor") is None:
        document = document | {"actor": activity.actor_uri}
    try:
        return parse_activity(document)
    except BadActivity:
        return None


def _named(objects: list[Any]) -> tuple[str, ...]:
    """All that is named; Funkwhale deletes several things as one object with a list of ids."""
    if len(objects) == 1 and type(objects[0]) is dict and type(objects[0].get("id")) is list:
        return as2.ids_of(objects[0]["id"], MAX_OBJECTS)
    return as2.ids_of(objects)


def _id(document: Document) -> str:
    """A missing id is allowed to activities that nobody will ever look up (ActivityPub, 6)."""
    value = document.get("id")
    if value is None:
        return ""
    uri = as2.uri(value)
    if not uri:
        raise BadActivity("id")
    return uri


def _actor(document: Document) -> str:
    """One actor, by id or inlined (Hubzilla); never a list, of which it were open who acts."""
    value = document.get("actor")
    uri = as2.id_of(value) if type(value) is not list else ""
    if not uri:
        raise BadActivity("actor")
    return uri


def _stamp(document: Document) -> str:
    # The last one is what all were called until 0.19.
    for name in ("likeAuthorization", "announceAuthorization", "approvedBy"):
        if (value := document.get(name)) is not None and (found := as2.id_of(value)):
            return found
    return ""


def _content(document: Document) -> str:
    # Mbin writes the complaint of a Flag into `summary`, Misskey a reaction into a property of its own.
    return (
        as2.natural(document, "content", MAX_CONTENT)
        or as2.text(document.get("_misskey_reaction"), MAX_CONTENT)
        or as2.natural(document, "summary", MAX_CONTENT)
    )
