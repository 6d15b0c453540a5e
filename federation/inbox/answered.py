"""What an Accept or a Reject is about: something that somebody here asked of whoever answers now.

Each of these is None if it is about something else. Whether it was asked for at all, the services check.
"""

from dataclasses import dataclass

from federation import uris
from federation.context import Federation
from federation.finding.named import local_account
from federation.inbox.incoming import Incoming
from federation.parse.activity import inner
from node.models import ApprovalKind
from node.services.approvals import rows as approvals
from node.services.interactions import asked_reblogs

_REQUESTS = {"QuoteRequest": ApprovalKind.QUOTE, "ReplyRequest": ApprovalKind.REPLY}
# Ids of ours that name no Follow.
_ABOUT_STATUSES = ("quote_requests", "reply_requests", "feature_requests", "activity")


@dataclass(frozen=True, slots=True)
class AskedFollow:
    """A Follow of ours as an answer names it: by its id, and by who asked if that can be told."""

    uri: str
    follower_id: int | None


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """A status of ours that quotes or answers a post of whoever answers now."""

    kind: ApprovalKind
    status_id: int


def follow(fed: Federation, incoming: Incoming) -> AskedFollow | None:
    """Whom it asked must be who answers."""
    uri = incoming.activity.object_uri
    named = uris.parse_local(fed.config, uri)
    follower_id = named.account_id if isinstance(named, uris.LocalActivity) and named.kind == "follows" else None
    if incoming.activity.embedded is None:
        return None if _is_about_status(named) else AskedFollow(uri, follower_id)
    asked = inner(incoming.activity)
    if asked is None or asked.type != "Follow" or asked.object_uri != incoming.actor.uri:
        return None
    asker = local_account(fed, asked.actor_uri)
    return AskedFollow(uri, asker.id) if asker is not None else None


def like(fed: Federation, incoming: Incoming) -> int | None:
    """The number of a favourite. Named by the Like or its id, or by our request, embedded or by its id."""
    return _number_in(fed, incoming, "LikeRequest", ("likes", "like_requests"))


def reblog(fed: Federation, incoming: Incoming) -> int | None:
    """The same for a boost that had to be asked for; its number is that of its own row."""
    number = _number_in(fed, incoming, "AnnounceRequest", ("activity", "announce_requests"))
    return number if number is not None and asked_reblogs.by_number(number) is not None else None


def approval(fed: Federation, incoming: Incoming) -> AskedApproval | None:
    """A quote or an answer. Named by our request, embedded or by its id; an answer by itself or its Create, too."""
    request = inner(incoming.activity)
    if request is not None and request.type in _REQUESTS:
        named = uris.parse_local(fed.config, request.instrument_uri)
        kind = _REQUESTS[request.type]
        return AskedApproval(kind, named.status_id) if isinstance(named, uris.LocalStatus) else None
    named = uris.parse_local(fed.config, incoming.activity.object_uri)
    if isinstance(named, uris.LocalStatus):
        return AskedApproval(ApprovalKind.REPLY, named.status_id)
    if isinstance(named, uris.LocalActivity) and named.kind == "activity":
        return AskedApproval(ApprovalKind.REPLY, named.number)
    if isinstance(named, uris.LocalActivity) and named.kind in ("quote_requests", "reply_requests"):
        row = approvals.by_id_of(named.number)
        return AskedApproval(ApprovalKind(row.kind), row.status_id) if row is not None else None
    return None


def feature(fed: Federation, incoming: Incoming) -> int | None:
    """The item of a collection of ours, if it names our FeatureRequest."""
    return _number_in(fed, incoming, "", ("feature_requests",))


def _number_in(fed: Federation, incoming: Incoming, request: str, kinds: tuple[str, ...]) -> int | None:
    """The number in an id of ours of these kinds: what is answered, or what a `request` that comes along is about."""
    asked = inner(incoming.activity) if request else None
    is_request = asked is not None and asked.type == request
    uri = asked.instrument_uri if asked is not None and is_request else incoming.activity.object_uri
    named = uris.parse_local(fed.config, uri)
    return named.number if isinstance(named, uris.LocalActivity) and named.kind in kinds else None


def _is_about_status(named: uris.Local | None) -> bool:
    is_request = isinstance(named, uris.LocalActivity) and named.kind in _ABOUT_STATUSES
    return is_request or isinstance(named, uris.LocalStatus)
