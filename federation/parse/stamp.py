"""Stamps: an author's word that somebody may quote, answer, like or boost a post (FEP-044f, GoToSocial), or an account's
that it may be in a collection (FEP-7aa9)."""

from dataclasses import dataclass
from typing import Final

from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from federation.parse.featured import STAMP

# What GoToSocial called them until 0.19.
_OF_OLD: Final = {
    "ReplyApproval": "ReplyAuthorization",
    "LikeApproval": "LikeAuthorization",
    "AnnounceApproval": "AnnounceAuthorization",
}
_TYPES: Final = frozenset({"QuoteAuthorization", STAMP, *_OF_OLD, *_OF_OLD.values()})


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedStamp:
    uri: str
    type: str
    author_uri: str
    interacting_uri: str
    target_uri: str


def parse_stamp(document: Document) -> ParsedStamp:
    """Raises BadActivity for what is no stamp, or leaves open whose or for what it is."""
    kind = as2.type_of(document, _TYPES)
    if kind not in _TYPES:
        raise BadActivity("type")
    target = as2.id_of(document.get("interactionTarget"))
    # Mastodon's of accounts name the account once.
    author = as2.id_of(document.get("attributedTo")) or (target if kind == STAMP else "")
    stamp = ParsedStamp(
        uri=as2.uri(document.get("id")),
        type=_OF_OLD.get(kind, kind),
        author_uri=author,
        interacting_uri=as2.id_of(document.get("interactingObject")),
        target_uri=target,
    )
    if not (stamp.uri and stamp.author_uri and stamp.interacting_uri and stamp.target_uri):
        raise BadActivity("stamp")
    return stamp
