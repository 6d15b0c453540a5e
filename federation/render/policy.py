"""What a note says of quotes: the one it is, and who may quote, answer, like and boost it (FEP-044f)."""

from typing import Any

from federation.audience import PUBLIC
from federation.parse.tag import MISSKEY_QUOTE
from federation.render.loading import NoteParts
from node.models import Account, ApprovalKind
from node.models.access import OPEN
from node.services.approvals import policies
from node.services.approvals.policies import NOBODY, Group, Permission

_ACTIVITY_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_STAMPS = {
    ApprovalKind.QUOTE: "QuoteAuthorization",
    ApprovalKind.REPLY: "ReplyAuthorization",
    ApprovalKind.FAVOURITE: "LikeAuthorization",
    ApprovalKind.REBLOG: "AnnounceAuthorization",
}


def interaction_policy(parts: NoteParts) -> dict[str, Any]:
    """The author stands where nobody else does: an empty list means nothing to some."""
    policy = policies.read(parts.status.policy)
    is_open = parts.status.visibility in OPEN or (parts.held is not None and parts.held.visibility in OPEN)
    author = parts.author
    return {
        "canQuote": _permission(policy.quote if is_open else NOBODY, author),
        "canReply": _permission(policy.reply, author),
        "canLike": _permission(policy.favourite, author),
        "canAnnounce": _permission(policy.reblog if is_open else NOBODY, author),
    }


def _permission(permission: Permission, author: Account) -> dict[str, list[str]]:
    names = {Group.PUBLIC: PUBLIC, Group.FOLLOWERS: author.followers_uri, Group.FOLLOWING: author.following_uri}
    return {
        "automaticApproval": [names[group] for group in permission.automatic if group in names] or [author.uri],
        "manualApproval": [names[group] for group in permission.manual if group in names],
    }


def quote_properties(parts: NoteParts) -> dict[str, Any]:
    """In the spellings of everybody who knows quotes."""
    quoted = parts.quoted
    if quoted is None:
        return {}
    stamp = {"quoteAuthorization": quoted.stamp_uri} if quoted.stamp_uri else {}
    return {"quote": quoted.uri, "_misskey_quote": quoted.uri, "quoteUri": quoted.uri} | stamp


def quote_tags(parts: NoteParts) -> list[dict[str, Any]]:
    """FEP-e232"""
    if parts.quoted is None:
        return []
    link = {"type": "Link", "rel": MISSKEY_QUOTE, "mediaType": _ACTIVITY_JSON, "href": parts.quoted.uri}
    return [link | {"name": f"RE: {parts.quoted.url}"}]


def object_links(parts: NoteParts) -> list[dict[str, Any]]:
    """FEP-e232: which of the links of the text are posts."""
    quoted = "" if parts.quoted is None else parts.quoted.uri
    link = {"type": "Link", "mediaType": _ACTIVITY_JSON}
    return [link | {"href": uri, "name": written} for written, uri in parts.links if uri != quoted]


def stamp_type(kind: str) -> str:
    return _STAMPS[ApprovalKind(kind)]
