"""What is asked for most often, and enough rows that it matters how it is found."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, ids, store
from node.models import Account, Favourite, Feed, Follow, Notification, Status, StatusTag, Tag
from node.models import search as words
from node.paging import Page
from node.services.discovery import search
from node.services.notifications import telling
from node.services.statuses import rows, threads
from node.services.timelines import by_account, by_follows, everyone, feed, kept, tagged
from node.services.timelines.home_rules import FEED_SIZE
from tests.factories import make_person

# Of these there are as many as the node is old; all else may be read as a whole.
TABLES = (
    *("status", "notification", "account", "feed", "status_tag"),
    *("favourite", "follow", "mention", "status_search"),
)
_PAGE = Page(limit=20)


def fill(*, authors: int = 300, posts: int = 3_000, readers: int = 5) -> Account:
    """Posts of many, of whom `person7` is one; alice follows, is told of and keeps some of them. Answers her."""
    alice, others = make_person("alice").account, [make_person(f"other{one}").account for one in range(readers)]
    now = clock.now_ms()
    people = [
        {
            "id": ids.new_id(),
            "username": f"person{number}",
            "username_key": f"person{number}",
            "domain": "far.test",
            "uri": f"https://far.test/users/{number}",
            "indexable": True,
            "created_at": now,
            "fetched_at": now,
        }
        for number in range(authors)
    ]
    written = [
        _post(ids.new_id(), number, people[number % authors], others[number % readers], now)
        for number in range(posts)
    ]
    _insert(Account, people)
    _insert(Status, written)
    tag = Tag.create(key="moor", name="moor", created_at=now)
    _insert(StatusTag, [{"tag": tag.id, "status": post["id"]} for post in written[::10]])
    for reader in (alice, *others):
        _insert(Feed, [{"account": reader.id, "status": post["id"]} for post in written[-FEED_SIZE:]])
        follows = [{"account": reader.id, "target": one["id"], "uri": f"{one['uri']}#{reader.id}"} for one in people]
        _insert(Follow, [one | {"id": ids.new_id(), "created_at": now} for one in follows])
        told = [{"kind": "mention", "sender": one["account"], "status": one["id"]} for one in written[-posts // 20 :]]
        _insert(Notification, [one | {"id": ids.new_id(), "account": reader.id, "created_at": now} for one in told])
        _insert(
            Favourite, [{"account": reader.id, "status": post["id"], "created_at": now} for post in written[::50]]
        )
    for post in written[:50]:
        words.index(post["id"], "plain words")
    return alice


def _post(status_id: int, number: int, author: dict[str, Any], reader: Account, now: int) -> dict[str, Any]:
    """One of fifty was written here; one of ten is not for everybody's eyes."""
    visibility = {3: "unlisted", 13: "private"}.get(number % 20, "public")
    here = number % 50 == 11
    return {
        "id": status_id,
        "uri": f"{author['uri']}/statuses/{number}",
        "account": reader.id if here else author["id"],
        "content": "<p>plain words</p>",
        "local": here,
        "visibility": visibility,
        "created_at": now,
    }


def _insert(model: Any, made: list[dict[str, Any]]) -> None:
    for start in range(0, len(made), 300):
        model.insert_many(made[start : start + 300]).execute()


def hot(alice: Account) -> dict[str, Callable[[], object]]:
    author = Account.get(Account.username == "person7").id
    post = Status.select(Status.id).where(Status.account == author).first().id
    return {
        "home": lambda: feed.home(alice.id, _PAGE),
        "home, below its feed": lambda: by_follows.by_follows(alice.id, _PAGE),
        "public": lambda: everyone.public(alice.id, _PAGE),
        "public, to visitors": lambda: everyone.public(None, _PAGE),
        "local": lambda: everyone.public(alice.id, _PAGE, local=True),
        "public, further back": lambda: everyone.public(alice.id, Page(limit=20, max_id=post)),
        "hashtag": lambda: tagged.tag(alice.id, "moor", _PAGE),
        "profile": lambda: by_account.account(alice.id, author, _PAGE),
        "notifications": lambda: telling.page(alice.id, _PAGE),
        "favourites": lambda: kept.favourites(alice.id, _PAGE),
        "one post": lambda: rows.visible(post, alice.id),
        "a page of posts": lambda: rows.of([post], alice.id),
        "thread": lambda: (threads.ancestors(alice.id, post), threads.descendants(alice.id, post)),
        "search": lambda: search.statuses(alice.id, "words", _PAGE),
    }


def asked_by(work: Callable[[], object]) -> list[tuple[str, Any]]:
    """The queries of `work`, with their parameters."""
    asked: list[tuple[str, Any]] = []
    real = store.database.obj.execute_sql

    def execute(sql: str, params: Any = None, *args: Any, **kwargs: Any) -> Any:
        asked.append((sql, params))
        return real(sql, params, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.database.obj, "execute_sql", execute)
        work()
    assert asked
    return asked
