"""What every receiver is given and gives back, and the questions that several of them ask first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation import uris
from federation.context import Budget, Federation
from federation.http.attempts import Work
from federation.parse.activity import ParsedActivity
from node import site
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
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
