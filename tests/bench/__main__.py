"""Prints a table and writes build/bench.json. `python -m tests.bench --quick` measures a tenth as much."""

import argparse
import asyncio
import json
import math
import platform
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench import alone, growth, pages
from tests.bench.events import across_processes
from tests.bench.node import Node
from tests.bench.peers import ACTIVITY, Peers, follow, note
from tests.live.node import free_port
from tests.soak.stage import prepare

_PASSWORD = "a password for the bench"
TEXT = "The wind turned over the moor this morning and a linnet sat on the wire, singing. #moor"
# CPU milliseconds for each operation that this project set itself (docs/performance.md).
AIMS = {
    "inbox, known actor": 1.5,
    "inbox, first-seen actor": 8.0,
    "delivery, shared inbox": 1.5,
    "delivery, personal inboxes": 1.5,
    "POST status": 4.0,
    "GET home": 0.7,
    "GET public timeline": 0.9,
    "GET status": 0.2,
    "GET actor document": 0.15,
    "GET actor document, signed": 0.33,
    "GET profile page": 2.0,
    "GET home page": 10.0,
    "GET notifications v2": 1.5,
    "GET search, 100 000 posts": 3.0,
}

# What writes is measured so often, and what reads twice as often, with pauses: slow spells of a machine last seconds.
_ROUNDS = 15
_TURNS = 2 * _ROUNDS
_PAUSE_SECONDS = 0.2


@dataclass
class Row:
    operation: str
    count: int
    cpu_ms: float  # of the whole process group, for one operation
    per_second: float
    aim_ms: float


@dataclass(frozen=True)
class Work:
    """`once` does the operation `count` times."""

    operation: str
    count: int
    once: Callable[[], Awaitable[object]]


class Bench:
    def __init__(self, node: Node, peers: Peers, session: aiohttp.ClientSession, scale: float) -> None:
        self.node, self.peers, self.session = node, peers, session
        self.scale = scale
        self.rows: list[Row] = []

    def count(self, usual: int) -> int:
        return max(int(usual * self.scale), 10)

    async def measure(self, *works: Work, rounds: int = _ROUNDS) -> None:
        """Each `rounds` times, in turns. Of all rounds the cheapest counts: others only ever add to it."""
        spent, took = [math.inf] * len(works), [math.inf] * len(works)
        for _ in range(rounds):
            await asyncio.sleep(_PAUSE_SECONDS)
            for number, work in enumerate(works):
                cpu, started = self.node.cpu_seconds(), time.monotonic()
                await work.once()
                took[number] = min(took[number], time.monotonic() - started)
                spent[number] = min(spent[number], (self.node.cpu_seconds() - cpu) * 1000 / work.count)
        for work, cpu_ms, seconds in zip(works, spent, took, strict=True):
            self._note(work, rounds, cpu_ms, work.count / seconds)

    def _note(self, work: Work, rounds: int, cpu_ms: float, rate: float) -> None:
        operation, count, aim = work.operation, work.count, AIMS[work.operation]
        self.rows.append(Row(operation, count * rounds, round(cpu_ms, 3), round(rate, 1), aim))
        print(f"{operation:30} {count:6}  {cpu_ms:8.3f} ms CPU  {rate:9.1f}/s   aim {aim} ms", flush=True)

    # ── set-up ──

    async def prepare(self) -> None:
        self.node.command("account", "create", "wren", "--password", _PASSWORD, "--role", "admin")
        made = self.node.command("token", "create", "wren", "--app-name", "bench", "--scopes", "read write follow")
        self.auth = {"Authorization": f"Bearer {made['access_token']}"}
        me = await self.get_json("/api/v1/accounts/verify_credentials")
        self.wren_id = me["id"]
        self.wren = f"{self.node.base}/ap/users/{self.wren_id}"
        self.inbox = f"{self.node.base}/ap/inbox"

    async def get_json(self, path: str) -> Any:
        async with self.session.get(self.node.base + path, headers=self.auth) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def post_json(self, path: str, body: dict[str, Any]) -> Any:
        async with self.session.post(self.node.base + path, headers=self.auth, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def deliver(self, actor: str, activity: dict[str, Any]) -> None:
        await self.post_signed(*self.peers.signed(actor, self.inbox, activity))

    async def post_signed(self, body: bytes, headers: dict[str, str]) -> None:
        async with self.session.post(self.inbox, data=body, headers=headers) as answer:
            if answer.status != 202:
                raise RuntimeError(f"the inbox answers {answer.status}: {await answer.text()}")

    async def all(self, calls: list[Callable[[], Awaitable[object]]], at_once: int = 32) -> None:
        room = asyncio.Semaphore(at_once)

        async def one(call: Callable[[], Awaitable[object]]) -> None:
            async with room:
                await call()

        await asyncio.gather(*(one(call) for call in calls))

    async def until_home_has(self, uri: str) -> None:
        """The newest posts of the home timeline, asked for rarely so that asking is not what is measured."""
        async with asyncio.timeout(120):
            while True:
                page = await self.get_json("/api/v1/timelines/home?limit=40")
                if any(status["uri"] == uri for status in page):
                    return
                await asyncio.sleep(0.05)

    async def until_posts(self, account_id: str, count: int) -> None:
        async with asyncio.timeout(120):
            while (await self.get_json(f"/api/v1/accounts/{account_id}"))["statuses_count"] < count:
                await asyncio.sleep(0.1)

    # ── what is measured ──

    async def inbox_known(self) -> None:
        actors = [self.peers.actor(number, "ada") for number in range(10)]
        ids = []
        for actor in actors:
            found = await self.get_json(f"/api/v2/search?resolve=true&type=accounts&q={actor}")
            ids.append(found["accounts"][0]["id"])
            await self.post_json(f"/api/v1/accounts/{ids[-1]}/follow", {})
        for actor in actors:
            await self.accept_follow(actor)
        each = max(self.count(6000) // len(actors) // _ROUNDS, 1)
        rounds = [
            [
                self.peers.signed(actor, self.inbox, note(actor, number, f"{actor}/followers", TEXT))
                for number in range(first, first + each)
                for actor in actors
            ]
            for first in range(0, each * _ROUNDS, each)
        ]
        arrived = 0

        async def work() -> None:
            nonlocal arrived
            await self.all([lambda s=s: self.post_signed(*s) for s in rounds.pop(0)])
            arrived += each
            for account_id in ids:
                await self.until_posts(account_id, arrived)
            await self.until_home_has(f"{actors[-1]}/statuses/{arrived - 1}")

        await self.measure(Work("inbox, known actor", each * len(actors), work))

    async def accept_follow(self, actor: str) -> None:
        """The node does not say under which id it asked; the embedded Follow names both sides."""
        asked = {"type": "Follow", "actor": self.wren, "object": actor}
        await self.deliver(
            actor,
            {
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": f"{actor}#accepts/1",
                "type": "Accept",
                "actor": actor,
                "object": asked,
            },
        )

    async def inbox_first_seen(self) -> None:
        count = self.count(200)
        mention = [{"type": "Mention", "href": self.wren, "name": "@wren"}]
        signed = []
        for number in range(count):
            actor = self.peers.actor(1000 + number, "new")
            activity = note(actor, 1, f"{actor}/followers", TEXT)
            activity["object"]["tag"] = mention
            activity["object"]["to"] = activity["to"] = [*activity["to"], self.wren]
            signed.append(self.peers.signed(actor, self.inbox, activity))

        async def work() -> None:
            await self.all([lambda s=s: self.post_signed(*s) for s in signed], at_once=16)
            async with asyncio.timeout(120):
                while (await self.get_json("/api/v1/notifications/unread_count?limit=1000"))["count"] < min(
                    count, 100
                ):
                    await asyncio.sleep(0.1)

        await self.measure(Work("inbox, first-seen actor", count, work), rounds=1)

    async def deliveries(self, operation: str, hosts: int, each: int, *, base: int, posts: int) -> None:
        """`hosts` × `each` followers; a post goes to each host once, or to each follower."""
        await self.gather(hosts, each, base)
        inboxes = hosts if self.peers.shared_inboxes else hosts * each
        to_each = inboxes + self.expected
        posts = max(posts // _ROUNDS, 1)

        async def work() -> None:
            before = self.peers.received
            for number in range(posts):
                await self.post_json("/api/v1/statuses", {"status": f"{TEXT} {operation} {number}"})
            await self.peers.until_received(before + posts * to_each)

        await self.measure(Work(operation, posts * to_each, work))
        self.expected = to_each

    expected = 0

    async def gather(self, hosts: int, each: int, base: int) -> None:
        """`hosts` × `each` new followers, who know that they are."""
        followers = [self.peers.actor(base + host, f"fan{n}") for host in range(hosts) for n in range(each)]
        before = self.peers.received
        await self.all([lambda a=a: self.deliver(a, follow(a, 1, self.wren)) for a in followers], at_once=16)
        await self.peers.until_received(before + len(followers))  # the Accepts

    async def thousand_followers(self) -> dict[str, float]:
        """From a post until 200 hosts with 1 000 followers (and those of the rows before) have it."""
        await self.gather(200, max(self.count(50) // 10, 1), base=5000)
        before, started, cpu = self.peers.received, time.monotonic(), self.node.cpu_seconds()
        await self.post_json("/api/v1/statuses", {"status": TEXT})
        await self.peers.until_received(before + self.expected + 200)
        self.expected += 200
        return {
            "thousand_followers_on_200_hosts_seconds": round(time.monotonic() - started, 2),
            "thousand_followers_on_200_hosts_cpu_seconds": round(self.node.cpu_seconds() - cpu, 2),
        }

    async def post_status(self) -> None:
        count = max(self.count(900) // _ROUNDS, 1)

        async def work() -> None:
            bodies = [{"status": f"{TEXT} {number}"} for number in range(count)]
            await self.all([lambda b=b: self.post_json("/api/v1/statuses", b) for b in bodies], at_once=4)

        await self.measure(Work("POST status", count, work))

    def get(self, operation: str, path: str, headers: dict[str, str], usual: int = 200) -> Work:
        async def once() -> None:
            async with self.session.get(self.node.base + path, headers=headers, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise RuntimeError(f"{path} answers {answer.status}")
                await answer.read()

        count = self.count(usual)
        return Work(operation, count, lambda: self.all([once] * count, at_once=8))

    async def reads(self, *works: Work) -> None:
        await self.measure(*works, rounds=_TURNS)

    async def slowest_pages(self, browser: dict[str, str]) -> dict[str, float]:
        asked = {"public_profile_page": ("/@wren", {"Accept": "text/html"}), "home_page": ("/home", browser)}
        return {
            f"{name}_p95_ms": await pages.p95_ms(self.session, self.node.base + path, headers, self.count(400))
            for name, (path, headers) in asked.items()
        }

    async def run(self) -> dict[str, Any]:
        await self.prepare()
        memory = self.node.memory_bytes()
        await self.post_status()
        await self.inbox_known()
        await self.inbox_first_seen()
        home = await self.get_json("/api/v1/timelines/home?limit=20")
        browser = await pages.sign_in(self.session, self.node, "wren", _PASSWORD)
        signed = self.peers.reading(self.peers.actor(0, "reader"), self.wren)
        await self.reads(
            self.get("GET home", "/api/v1/timelines/home?limit=20", self.auth),
            self.get("GET public timeline", "/api/v1/timelines/public?limit=20", self.auth),
            self.get("GET status", f"/api/v1/statuses/{home[0]['id']}", self.auth),
            self.get("GET actor document, signed", f"/ap/users/{self.wren_id}", signed),
            self.get("GET profile page", "/@wren", {"Accept": "text/html"}),
            self.get("GET home page", "/home", browser, usual=50),
        )
        slowest = await self.slowest_pages(browser)
        self.node.command("settings", "set", "authorized_fetch", "false")
        await self.reads(self.get("GET actor document", f"/ap/users/{self.wren_id}", {"Accept": ACTIVITY}))
        self.node.command("settings", "set", "authorized_fetch", "true")
        await self.deliveries("delivery, shared inbox", 100, 2, base=3000, posts=self.count(300) // 10)
        await self.reads(self.get("GET notifications v2", "/api/v2/notifications?limit=20", self.auth))
        thousand = await self.thousand_followers()
        self.peers.shared_inboxes = False
        await self.deliveries("delivery, personal inboxes", 20, 10, base=4000, posts=self.count(300) // 10)
        return (
            thousand
            | slowest
            | {
                "start_seconds": round(self.node.started_seconds, 2),
                "memory_at_rest_mb": round(memory / 1e6, 1),
                "memory_after_mb": round(self.node.memory_bytes() / 1e6, 1),
            }
        )


async def search(folder: Path, scale: float) -> list[Row]:
    """On a node of its own, because it is full."""
    node = Node(folder / "full", free_port())
    _, token = prepare(node, lambda alice: growth.fill(alice, 100_000))
    headers = {"Authorization": f"Bearer {token}"}
    async with node, aiohttp.ClientSession(headers=headers) as session:
        bench = Bench(node, Peers(port=0), session, scale)
        await bench.reads(bench.get("GET search, 100 000 posts", "/api/v2/search?q=common", headers, usual=100))
        return bench.rows


async def main(scale: float, out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            Peers(port=free_port()) as peers,
            Node(Path(folder) / "node", free_port()) as node,
            aiohttp.ClientSession(connector=connector) as session,
        ):
            bench = Bench(node, peers, session, scale)
            whole = await bench.run()
        bench.rows += await search(Path(folder), scale)
        whole |= await across_processes(Path(folder), bench.count(200))
        whole["web_library_alone_cpu_ms"] = round(await alone.milliseconds(), 3)
    for name, value in whole.items():
        print(f"{name.replace('_', ' '):30} {value}")
    out.parent.mkdir(parents=True, exist_ok=True)
    result = {"machine": platform.machine(), "python": platform.python_version()} | whole
    out.write_text(json.dumps(result | {"operations": [asdict(row) for row in bench.rows]}, indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args()
    asyncio.run(main(0.1 if options.quick else 1.0, options.out))
