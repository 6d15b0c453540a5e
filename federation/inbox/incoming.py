"""What every receiver is given and gives back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation.context import Budget, Federation
from federation.http.attempts import Work
from federation.parse.activity import ParsedActivity
from node.models import Account

# All that a suspended account may still do: take back what it did.
WHILE_SUSPENDED = frozenset({"Delete", "Undo", "Update", "Reject"})


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
