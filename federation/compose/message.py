"""What a job of sending comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from federation import audience
from node.jobs import Priority, TakenJob
from node.models import Account
from node.services.accounts import lookup


class Last(Enum):
    """What need not be said any more, if an inbox has not heard it yet."""

    NOTHING = auto()
    UPDATES = auto()  # by this actor about this thing, of no greater `newness`
    ABOUT_THIS = auto()  # by this actor about this thing
    EVERYTHING = auto()  # by this actor


class Newness:
    """An update takes the place of earlier ones that say no more than it does."""

    TOTALS = 1  # of a poll; Mastodon takes nothing else from such an update
    EDIT = 2


def always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """An activity on behalf of `actor`, and where it goes. An inbox hears what is `about` one thing in order."""

    actor: Account
    document: dict[str, Any]
    inboxes: dict[str, str]  # inbox → host
    # And nobody else: it carries a digest of them (federation/follower_digests.py).
    for_followers: bool = False
    verbatim: bytes = b""  # in place of the document: what somebody else said, to the byte
    about: str
    priority: int = Priority.NORMAL
    is_last_word: Last = Last.NOTHING
    newness: int = 0
    # Asked in each unit of work that queues a part of it: whether it is still to be said, and in these words.
    holds: Callable[[], bool] = always


# None when there is nothing left to say.
Compose = Callable[[TakenJob], Message | None]


def both(account_id: int, other_id: int) -> tuple[Account, Account] | None:
    """The one who speaks and the one spoken of; None once either is forgotten, or the first is deleted."""
    people = lookup.by_ids([account_id, other_id])
    one, other = people.get(account_id), people.get(other_id)
    if one is None or other is None or one.deleted_at is not None:
        return None
    return one, other


def personal(actor: Account, target: Account, document: dict[str, Any], about: str) -> Message:
    """For one person's own inbox. Somebody waits for it; whatever was said about the same before does not matter."""
    return Message(
        actor=actor,
        document=document,
        inboxes=audience.personal_inboxes_of([target.id]),
        about=about,
        priority=Priority.URGENT,
        is_last_word=Last.ABOUT_THIS if about else Last.NOTHING,
    )
