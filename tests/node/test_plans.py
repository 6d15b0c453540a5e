"""On SQLite, hot queries walk along the index that is meant, and no figures that somebody had it gather change that."""

from collections.abc import Callable
from itertools import count
from typing import Any

import apsw
import pytest

from node import clock, ids, store
from node.config import Config
from node.models import Account, Feed, Follow, Notification, Status, StatusTag, Tag
from node.models import search as words
from node.paging import Page
from node.services.community import housekeeping
from node.services.discovery import search
from node.services.notifications import telling
from node.services.statuses import rows, threads
from node.services.timelines import by_account, everyone, feed, kept, tagged
from tests.factories import make_person

_POSTS, _PEOPLE = 3_000, 300
_FEW = 20  # so many authors are those whom SQLite, when it has figures, reads before it reads their posts
_PAGE = Page(limit=20)
# Of these there are as many as the node is old; all else may be read as a whole.
_TABLES = (
    *("status", "notification", "account", "feed", "status_tag"),
    *("favourite", "follow", "mention", "status_search"),
)


_asked = count()


@pytest.fixture(autouse=True)
def of_sqlite(config: Config) -> None:
    if not config.is_sqlite:
        pytest.skip("PostgreSQL chooses by what it knows of the rows, and reads small tables as a whole.")


def _fill(authors: int = _PEOPLE) -> Account:
    """Posts of many, one who follows, is told of and keeps some of them. Answers that one."""
    alice = make_person("alice").account
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
    posts = [
        {
            "id": ids.new_id(),
            "uri": f"{author['uri']}/statuses/{number}",
            "account": author["id"],
            "content": "<p>plain words</p>",
            "local": False,
            "created_at": now,
        }
        for number, author in ((number, people[number % authors]) for number in range(_POSTS))
    ]
    _insert(Account, people)
    _insert(Status, posts)
    tag = Tag.create(key="moor", name="moor", created_at=now)
    _insert(StatusTag, [{"tag": tag.id, "status": post["id"]} for post in posts[::10]])
    _insert(Feed, [{"account": alice.id, "status": post["id"]} for post in posts])
    follows = [
        {"account": alice.id, "target": one["id"], "uri": f"{one['uri']}#f", "created_at": now} for one in people
    ]
    _insert(Follow, [one | {"id": ids.new_id()} for one in follows])
    told = [{"kind": "mention", "sender": post["account"], "status": post["id"], "created_at": now} for post in posts]
    _insert(Notification, [one | {"id": ids.new_id(), "account": alice.id} for one in told])
    for post in posts[:50]:
        words.index(post["id"], "plain words")
    return alice


def _insert(model: Any, made: list[dict[str, Any]]) -> None:
    for start in range(0, len(made), 300):
        model.insert_many(made[start : start + 300]).execute()


def _hot(alice: Account) -> dict[str, Callable[[], object]]:
    author = Account.get(Account.username == "person7").id
    post = Status.select(Status.id).where(Status.account == author).first().id
    return {
        "home": lambda: feed.home(alice.id, _PAGE),
        "public": lambda: everyone.public(alice.id, _PAGE),
        "public, to visitors": lambda: everyone.public(None, _PAGE),
        "hashtag": lambda: tagged.tag(alice.id, "moor", _PAGE),
        "profile": lambda: by_account.account(alice.id, author, _PAGE),
        "notifications": lambda: telling.page(alice.id, _PAGE),
        "favourites": lambda: kept.favourites(alice.id, _PAGE),
        "one post": lambda: rows.visible(post, alice.id),
        "a page of posts": lambda: rows.of([post], alice.id),
        "thread": lambda: (threads.ancestors(alice.id, post), threads.descendants(alice.id, post)),
        "search": lambda: search.statuses(alice.id, "words", _PAGE),
    }


def _read_whole(work: Callable[[], object]) -> list[str]:
    """What of its plans reads a large table from end to end."""
    asked: list[tuple[str, Any]] = []
    real = store.database.obj.execute_sql

    def execute(sql: str, params: Any = None, *args: Any, **kwargs: Any) -> Any:
        asked.append((sql, params))
        return real(sql, params, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.database.obj, "execute_sql", execute)
        work()
    assert asked
    return [step for sql, params in asked for step in _plan(sql, params) if _is_whole(step, sql)]


def _plan(sql: str, params: Any) -> list[str]:
    # A text of its own: the connection keeps statements, and one that only explains does not see that the schema changed.
    steps = store.database.obj.execute_sql(f"EXPLAIN QUERY PLAN {sql} /* {next(_asked)} */", params).fetchall()
    return [str(step[-1]).strip() for step in steps]


def _is_whole(step: str, sql: str) -> bool:
    if "BLOOM FILTER" in step or "AUTOMATIC" in step:
        return True
    first, _, rest = step.partition(" ")
    name = rest.split(" ")[0]
    is_table = "VIRTUAL TABLE" not in rest and any(f'"{table}" AS "{name}"' in sql for table in _TABLES)
    return first == "SCAN" and is_table


def test_hot_queries_read_no_table_as_a_whole(db: None) -> None:
    with store.transaction():
        alice = _fill()
        hot = _hot(alice)

        assert {name: found for name, work in hot.items() if (found := _read_whole(work))} == {}
        assert _read_whole(lambda: list(Status.select(Status.id).where(Status.content == "x")))  # the judge sees it


def test_statistics_that_somebody_had_sqlite_gather_are_forgotten_at_the_next_start(on_disk: Config) -> None:
    with store.transaction():
        alice = _fill(_FEW)
    store.database.execute_sql("ANALYZE")
    before = _statistics()

    store.close()
    store.connect(on_disk)

    assert before > 0
    assert _statistics() == 0
    with store.transaction():
        assert {name: found for name, work in _hot(alice).items() if (found := _read_whole(work))} == {}


async def test_statistics_that_somebody_had_sqlite_gather_beside_a_running_node_mislead_it_no_longer_than_minutes(
    on_disk: Config,
) -> None:
    with store.transaction():
        alice = _fill(_FEW)
    hot = _hot(alice)

    def read_whole() -> dict[str, list[str]]:
        return {name: found for name, work in hot.items() if (found := _read_whole(work))}

    before = await store.write(read_whole), await store.read(read_whole)
    beside = apsw.Connection(str(on_disk.sqlite_path))
    beside.execute("ANALYZE").fetchall()
    beside.close()
    misled = await store.write(read_whole), await store.read(read_whole)

    (task,) = (one for one in housekeeping.TASKS if one.work is store.forget_statistics)
    await store.write(task.work)

    assert before == ({}, {})
    assert all(misled)
    assert (await store.write(read_whole), await store.read(read_whole)) == ({}, {})
    assert _statistics() == 0
    assert task.every_ms <= 10 * clock.MINUTE


def _statistics() -> int:
    query = "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"
    return int(store.database.obj.execute_sql(query).fetchone()[0])
