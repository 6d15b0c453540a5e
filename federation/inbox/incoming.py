"""What every receiver is given and gives back, and the questions that several of them ask first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation import uris
from federation.context import Budget, Federation
from federation.http.attempts import Work
from federation.parse.activity import ParsedActivity, inner
from node import site
from node.models import Account, ApprovalKind, Status
from node.services.accounts import lookup as account_lookup
from node.services.approvals import rows as approvals
from node.services.interactions import asked_reblogs
from node.services.statuses import loading


@dataclass(frozen=True, slots=True)
class Incoming:
    """An activity whose signature proved that it is by `actor`, and which says nothing in another's name."""

    activity: ParsedActivity
    actor: Account
    inbox_id: int | None  # whose inbox it came to, if it was not the shared one
    budget: Budget
    passed_on: bool = False  # by a third server, because of what it answers
    passable: bytes = b""  # as it came, if it carries a proof by which others could believe it


# Fetches first, then returns what to write; None when there is nothing to do. May raise any NodeError: a temporary
# FetchError has it called again later, everything else drops the activity.
Receiver = Callable[[Federation, Incoming], Awaitable[Work | None]]


def local_account(fed: Federation, uri: str) -> Account | None:
    """The account of ours that `uri` names."""
    named = uris.parse_local(fed.config, uri)
    if isinstance(named, uris.LocalInstanceActor):
        return account_lookup.by_uri(uri)
    return account_lookup.by_id(named.account_id) if isinstance(named, uris.LocalActor) else None


def known_status(fed: Federation, uri: str) -> Status | None:
    """The status that `uri` names, ours or another's; of ours also by the id of its Create."""
    named = uris.parse_local(fed.config, uri)
    if isinstance(named, uris.LocalActivity) and named.kind == "activity":
        uri = site.status_uri(named.account_id, named.number)
    return loading.by_uri(uri)


@dataclass(frozen=True, slots=True)
class AskedFollow:
    """A Follow of ours as an answer names it: by its id, and by who asked if that can be told."""

    uri: str
    follower_id: int | None


def answered_follow(fed: Federation, incoming: Incoming) -> AskedFollow | None:
    """The Follow that an Accept or a Reject is about; None if it is about something else.

    Whom it asked must be who answers. That there is such a Follow at all the service checks.
    """
    uri = incoming.activity.object_uri
    named = uris.parse_local(fed.config, uri)
    follower_id = named.account_id if isinstance(named, uris.LocalActivity) and named.kind == "follows" else None
    if incoming.activity.embedded is None:
        return None if _is_about_status(named) else AskedFollow(uri, follower_id)
    follow = inner(incoming.activity)
    if follow is None or follow.type != "Follow" or follow.object_uri != incoming.actor.uri:
        return None
    asker = local_account(fed, follow.actor_uri)
    return AskedFollow(uri, asker.id) if asker is not None else None


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """A status of ours that quotes or answers a post of whoever answers now."""

    kind: ApprovalKind
    status_id: int


def answered_like(fed: Federation, incoming: Incoming) -> int | None:
    """The favourite of ours that an Accept or a Reject is about, by its number; None if it is about something else.

    Named by the Like itself or its id, or by our request, embedded or by its id.
    """
    asked = inner(incoming.activity)
    uri = incoming.activity.object_uri
    if asked is not None and asked.type == "LikeRequest":
        uri = asked.instrument_uri
    named = uris.parse_local(fed.config, uri)
    is_like = isinstance(named, uris.LocalActivity) and named.kind in ("likes", "like_requests")
    return named.number if is_like and isinstance(named, uris.LocalActivity) else None


def answered_reblog(fed: Federation, incoming: Incoming) -> int | None:
    """The same for a boost of ours that had to be asked for; its number is that of its own row."""
    asked = inner(incoming.activity)
    uri = incoming.activity.object_uri
    if asked is not None and asked.type == "AnnounceRequest":
        uri = asked.instrument_uri
    named = uris.parse_local(fed.config, uri)
    if not isinstance(named, uris.LocalActivity) or named.kind not in ("activity", "announce_requests"):
        return None
    return named.number if asked_reblogs.by_number(named.number) is not None else None


_REQUESTS = {"QuoteRequest": ApprovalKind.QUOTE, "ReplyRequest": ApprovalKind.REPLY}


_ABOUT_STATUSES = ("quote_requests", "reply_requests", "feature_requests", "activity")


def _is_about_status(named: uris.Local | None) -> bool:
    is_request = isinstance(named, uris.LocalActivity) and named.kind in _ABOUT_STATUSES
    return is_request or isinstance(named, uris.LocalStatus)


def answered_request(fed: Federation, incoming: Incoming) -> AskedApproval | None:
    """What an Accept or a Reject says of a quote or an answer; None if it is about something else.

    Named by our request, embedded or by its id, or, of an answer, by the answer itself or its Create.
    """
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
        approval = approvals.by_id_of(named.number)
        return AskedApproval(ApprovalKind(approval.kind), approval.status_id) if approval is not None else None
    return None


def answered_feature(fed: Federation, incoming: Incoming) -> int | None:
    """The item of a collection of ours that an Accept or a Reject is about, if it names our FeatureRequest."""
    named = uris.parse_local(fed.config, incoming.activity.object_uri)
    is_request = isinstance(named, uris.LocalActivity) and named.kind == "feature_requests"
    return named.number if is_request and isinstance(named, uris.LocalActivity) else None
