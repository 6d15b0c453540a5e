"""`make bench-growth`: whether reading gets slower as a node fills. Prints a table, writes build/bench-growth.json.

The same community is made at each size, straight into the database: half of what it holds is older than a year, a word
in ten posts is common, most are rare. Each request asks for something else, of the newest third, where a page is full at
each size, and the node keeps no rendering (tests/bench/forgetful.py): with few posts it would soon have all of them in
memory, and what a table of both sizes shows would be that. A folder that is named is kept, and used again.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from node import clock, ids, store
from node.models import Account, Favourite, Feed, Follow, Notification, Status, StatusTag, Tag
from tests.bench.node import Node
from tests.live.node import free_port
from tests.soak.stage import prepare

SIZES = (10_000, 1_000_000)
_PEOPLE = 1_000  # elsewhere; alice follows every tenth
_HERE = 50
_FEED = 400  # less than a node keeps: the older half of the smaller community is beyond it, too
_WORDS = [f"{a}{b}{c}" for a in ("ba", "de", "ki", "lo") for b in ("ran", "sel", "tig", "von") for c in "aeiou"]
_PAGE_BYTES = 4_096  # of SQLite
_SPAN_MS = 2 * 365 * clock.DAY


def fill(alice: Account, count: int) -> None:
    """`count` statuses of two years; the newest is of now. What alice has of them grows as well."""
    chance = random.Random(1)
    with store.transaction():
        people = [*_people("", _HERE), *_people("far.test", _PEOPLE)]
        _insert(Account, people)
        _insert(Follow, [_follow(alice, one) for one in people[_HERE::10]])
        _insert(Tag, [{"id": number, "key": word, "name": word} for number, word in enumerate(_WORDS, 1)])
    statuses = _statuses(count, people, chance)
    followed = {one["id"] for one in people[_HERE::10]}
    feed: list[int] = []
    while batch := [row for row, _ in zip(statuses, range(50_000))]:  # noqa: B905 - the last one is shorter
        with store.transaction():
            _insert(Status, batch)
            tagged = batch[::4]
            _insert(StatusTag, [{"tag": i % len(_WORDS) + 1, "status": row["id"]} for i, row in enumerate(tagged)])
            _index(batch)
            about = batch[::10]
            _insert(Favourite, [_of(alice, row) for row in about])
            _insert(Notification, [_told(alice, row, people[i % _HERE]) for i, row in enumerate(about)])
        feed += [row["id"] for row in batch if row["account"] in followed]
    with store.transaction():
        _insert(Feed, [{"account": alice.id, "status": status_id} for status_id in feed[-_FEED:]])


def _people(domain: str, count: int) -> list[dict[str, Any]]:
    now = clock.now_ms()
    origin = f"http://{domain or 'here.test'}/users"
    return [
        {
            "id": ids.new_id(),
            "username": f"person{number}",
            "username_key": f"person{number}",
            "domain": domain,
            "uri": f"{origin}/{number}",
            "indexable": True,
            "created_at": now,
            "fetched_at": now,
        }
        for number in range(count)
    ]


def _follow(alice: Account, one: dict[str, Any]) -> dict[str, Any]:
    return {"account": alice.id, "target": one["id"], "uri": f"{one['uri']}#follow", "created_at": one["created_at"]}


def _statuses(count: int, people: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    now = clock.now_ms()
    for number in range(count):
        author = people[min(int(chance.expovariate(5 / len(people))), len(people) - 1)]
        at = now - _SPAN_MS + _SPAN_MS * (number + 1) // count
        text = " ".join(["common" if number % 10 == 0 else "plain", *chance.choices(_WORDS, k=12), f"rare{number}"])
        yield {
            "id": ids.first_id_at(at) + number % 1_000,
            "uri": f"{author['uri']}/statuses/{number}",
            "account": author["id"],
            "local": not author["domain"],
            "content": f"<p>{text}</p>",
            "language": "en",
            "created_at": at,
        }


def _index(batch: list[dict[str, Any]]) -> None:
    rows = [(row["id"], row["content"][3:-4]) for row in batch]
    _cursor().executemany("INSERT INTO status_search (rowid, words) VALUES (?, ?)", rows)


def _insert(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """In one statement; what is left out takes the model's default."""
    fields = model._meta.sorted_fields
    columns, places = (", ".join(parts) for parts in ([f'"{f.column_name}"' for f in fields], ["?"] * len(fields)))
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({places})'
    _cursor().executemany(sql, ([_value(field, row) for field in fields] for row in rows))


def _value(field: Any, row: dict[str, Any]) -> Any:
    if field.name in row:
        return row[field.name]
    return field.default() if callable(field.default) else field.default


def _cursor() -> Any:
    return store.database.connection().cursor()


def _of(alice: Account, row: dict[str, Any]) -> dict[str, Any]:
    return {"account": alice.id, "status": row["id"], "created_at": row["created_at"]}


def _told(alice: Account, row: dict[str, Any], sender: dict[str, Any]) -> dict[str, Any]:
    about = {"id": row["id"], "kind": "mention", "sender": sender["id"], "status": row["id"]}
    return about | {"account": alice.id, "created_at": row["created_at"]}


class Reader:
    """Asks one node for one thing after the other, each time for another part of what there is."""

    def __init__(self, node: Node, session: aiohttp.ClientSession, statuses: list[int], authors: list[int]) -> None:
        self._node, self._session, self._count = node, session, len(statuses)
        self._chance = random.Random(2)
        self._operations = self._paths(statuses, authors)
        self._spent: list[float] = []
        self._read = 0

    def _paths(self, statuses: list[int], authors: list[int]) -> dict[str, Callable[[], str]]:
        pick = self._chance.choice
        newest, old = statuses[-2_000:], statuses[: self._count // 2]
        statuses = statuses[-self._count // 3 :]
        return {
            "home": lambda: f"/api/v1/timelines/home?limit=20&max_id={pick(newest)}",
            "home, long ago": lambda: f"/api/v1/timelines/home?limit=20&max_id={pick(old)}",
            "public": lambda: f"/api/v1/timelines/public?limit=20&max_id={pick(statuses)}",
            "hashtag": lambda: f"/api/v1/timelines/tag/{pick(_WORDS)}?limit=20&max_id={pick(statuses)}",
            "status": lambda: f"/api/v1/statuses/{pick(statuses)}",
            "thread": lambda: f"/api/v1/statuses/{pick(statuses)}/context",
            "profile": lambda: f"/api/v1/accounts/{pick(authors)}/statuses?limit=20&max_id={pick(statuses)}",
            "search, a rare word": lambda: (
                f"/api/v2/search?type=statuses&q=rare{self._chance.randrange(self._count)}"
            ),
            "search, a common word": lambda: f"/api/v2/search?type=statuses&q=common&max_id={pick(statuses)}",
            "search, two words": lambda: f"/api/v2/search?type=statuses&q={pick(_WORDS)}+{pick(_WORDS)}",
            "search, one's own": lambda: f"/api/v2/search?type=statuses&limit=5&q=from:person1+{pick(_WORDS)}",
            "notifications": lambda: f"/api/v2/notifications?limit=20&max_id={pick(statuses)}",
            "favourites": lambda: f"/api/v1/favourites?limit=20&max_id={pick(statuses)}",
        }

    @property
    def names(self) -> list[str]:
        return list(self._operations)

    async def begin(self, name: str) -> None:
        for _ in range(10):
            await self._get(self._operations[name]())
        self._spent, self._read = [], self._node.read_bytes()

    async def ask(self, name: str) -> None:
        """What one request costs the node in CPU time, which other work on the machine changes little."""
        before = self._node.cpu_seconds()
        await self._get(self._operations[name]())
        self._spent.append((self._node.cpu_seconds() - before) * 1e3)

    def found(self) -> dict[str, float]:
        spent, times = sorted(self._spent), len(self._spent)
        return {
            "median_ms": round(statistics.median(spent), 2),
            "p99_ms": round(spent[min(int(times * 0.99), times - 1)], 2),
            "pages": round((self._node.read_bytes() - self._read) / times / _PAGE_BYTES, 1),
        }

    async def _get(self, path: str) -> None:
        async with self._session.get(self._node.base + path) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
            await answer.read()


@asynccontextmanager
async def reader(folder: Path, count: int) -> AsyncIterator[Reader]:
    notes = folder / f"node{count}.json"
    if not notes.exists():
        notes.write_text(json.dumps(_make(_node(folder, count, free_port()), count)))
    port, token, statuses, authors = json.loads(notes.read_text())
    headers = {"Authorization": f"Bearer {token}"}
    async with _node(folder, count, port) as node, aiohttp.ClientSession(headers=headers) as session:
        yield Reader(node, session, statuses, authors)


def _node(folder: Path, count: int, port: int) -> Node:
    return Node(folder / f"node{count}", port, program=(sys.executable, "-m", "tests.bench.forgetful"))


def _make(node: Node, count: int) -> tuple[int, str, list[int], list[int]]:
    """Its port, which is part of its name; a token; the statuses, and those who wrote them here."""
    found: list[list[int]] = []

    def make(alice: Account) -> None:
        started = time.monotonic()
        fill(alice, count)
        found.append([row.id for row in Status.select(Status.id).order_by(Status.id)])
        found.append([row.id for row in Account.select(Account.id).where(Account.statuses_count >= 0)][1:])
        print(f"{count} statuses made in {time.monotonic() - started:.0f} s", flush=True)

    _, token = prepare(node, make)
    return node.port, token, found[0], found[1][:_HERE]


async def measure(readers: list[Reader], name: str, times: int) -> list[dict[str, float]]:
    """At each size, in turns, so that what else the machine does weighs on all of them alike."""
    for one in readers:
        await one.begin(name)
    for _ in range(times):
        for one in readers:
            await one.ask(name)
    return [one.found() for one in readers]


async def main(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as passing:
        folder = options.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            readers = [await stack.enter_async_context(reader(folder, count)) for count in sorted(options.sizes)]
            chosen = options.only or readers[0].names
            print(f"{'of one request':24} {'median CPU, ms':>20} {'p99, ms':>20} {'pages read':>20}")
            results = {}
            for name in chosen:
                results[name] = each = await measure(readers, name, options.times)
                shown = (f"{each[0][key]} → {each[-1][key]}" for key in ("median_ms", "p99_ms", "pages"))
                print(f"{name:24} " + " ".join(f"{one:>20}" for one in shown), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--only", nargs="+", default=[], help="operations by their names")
    parser.add_argument("--folder", type=Path, help="where the nodes are, or are made")
    parser.add_argument("--out", type=Path, default=Path("build/bench-growth.json"))
    asyncio.run(main(parser.parse_args()))
