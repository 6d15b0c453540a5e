"""Statuses and what they need, made by the services themselves, so that feeds and counters are as in real life."""

import itertools
from typing import Any

from node import clock
from node.models import Account, Follow, Job, MediaAttachment, Status, Visibility
from node.services.statuses import media, posting, receiving
from node.services.statuses.drafts import Draft
from node.services.statuses.facts import NoteFacts
from node.services.statuses.media import StoredMedia
from tests.factories import Person, in_unit

_numbers = itertools.count(1)


def account_of(somebody: Person | Account) -> Account:
    return somebody.account if isinstance(somebody, Person) else somebody


def make_status(author: Person | Account, text: str = "Hello.", **draft_or_facts: Any) -> Status:
    """A status of a local or a remote account; further arguments are of `Draft` or of `NoteFacts`."""
    account = account_of(author)
    with in_unit():
        if account.is_local:
            return posting.post(account.id, Draft(text=text, **draft_or_facts))
        status = receiving.receive(account, make_note(account, text, **draft_or_facts), asked=True)
        assert status is not None
        return status


def make_note(author: Account, text: str = "Hello.", **facts: Any) -> NoteFacts:
    """What federation would hand to `statuses.receive`."""
    values: dict[str, Any] = {
        "uri": f"https://{author.domain}/notes/{next(_numbers)}",
        "created_at": clock.now_ms(),
        "visibility": Visibility.PUBLIC,
        "content": f"<p>{text}</p>",
    }
    return NoteFacts(**values | facts)


def last_sunday_evening() -> int:
    """At seven in UTC: what remote accounts write may be of any time."""
    now, monday = clock.now_ms(), 4 * clock.DAY
    return now - (now - monday) % (7 * clock.DAY) - 5 * clock.HOUR


def make_follow(follower: Person | Account, target: Person | Account, **columns: Any) -> Follow:
    """An accepted follow; feeds are not built anew."""
    with in_unit():
        return Follow.create(
            account=account_of(follower).id, target=account_of(target).id, created_at=clock.now_ms(), **columns
        )


def make_media(owner: Person | Account, **columns: Any) -> MediaAttachment:
    """An upload that is not attached to anything yet."""
    stored = StoredMedia(kind="image", mime="image/png", file_key=f"key{next(_numbers)}", width=2, height=1)
    with in_unit():
        return media.create(account_of(owner).id, stored, **columns)


def jobs_of(kind: str) -> list[Job]:
    return list(Job.select().where(Job.kind == kind).order_by(Job.id))


def fresh(row: Any) -> Any:
    """`row` as it is in the database now."""
    return type(row).get_by_id(row.id)
