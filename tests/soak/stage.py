"""A node in a process of its own, somebody on it, and as many servers around it as a scenario wants."""

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import psutil
from aiohttp import web
from yarl import URL

from federation.signatures import OutgoingRequest, Signer, Style
from node import clock, ids, keys, passwords, store
from node import config as configuration
from node.cli.opening import ensure_identity, opened
from node.models import Account, Follow, RemoteKey, Role
from node.models.rows import Insert
from node.services.access import oauth, registration
from node.services.accounts import lookup as account_lookup
from tests.bench.node import Node
from tests.federation.outgoing.peers import Inboxes
from tests.live.node import free_port
from tests.live.nursery import Nursery
from tests.logging_kept import logging_kept
from tests.postgres import another_database

SCOPES = "read write follow admin:read admin:write"
_PAIR = keys.generate_rsa()


@dataclass(frozen=True)
class Arrival:
    at: float  # on the monotonic clock
    kind: str
    object_id: str


class Hosts(Inboxes):
    """Servers that note when they took what. `name(n)` is the n-th."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: defaultdict[str, list[Arrival]] = defaultdict(list)
        self.taken = 0

    def name(self, number: int) -> str:
        return self.host(address(number))

    async def _take(self, request: web.Request) -> web.StreamResponse:
        answer = await super()._take(request)
        if answer.status < 300:
            # Its own: of those that come at once the last body may be another's, which is refused.
            activity = await request.json()
            self.bodies[request.host].clear()
            self.requests.clear()
            inner = activity["object"]
            object_id = inner if isinstance(inner, str) else str(inner.get("id"))
            self.arrivals[request.host].append(Arrival(time.monotonic(), activity["type"], object_id))
            self.taken += 1
        return answer

    def came(self, host: str) -> dict[str, float]:
        """When each post came there first."""
        return {one.object_id: one.at for one in reversed(self.arrivals[host]) if one.kind == "Create"}

    def delays(self, hosts: Iterable[str], object_id: str, since: float, kind: str = "Create") -> list[float]:
        """How long after `since` it came to each of them; those that it did not come to are left out."""
        return [
            one.at - since
            for host in hosts
            for one in self.arrivals[host][:]
            if one.object_id == object_id and one.kind == kind
        ]


def address(number: int) -> str:
    return f"127.2.{number // 250}.{number % 250 + 1}"


@dataclass
class Stage:
    """What a scenario works with. `alice` is an administrator; `api` speaks for her."""

    node: Node
    hosts: Hosts
    session: aiohttp.ClientSession
    alice: int

    async def post(self, text: str, **more: Any) -> tuple[str, str, float]:
        """Say something: its id, its uri, and how long the answer took."""
        started = time.monotonic()
        answer = await self.ask("POST", "/api/v1/statuses", json={"status": text} | more)
        return answer["id"], answer["uri"], time.monotonic() - started

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        async with self.session.request(method, self.node.base + path, **options) as answer:
            answer.raise_for_status()
            return await answer.json()

    def signed(self, actor: str, activity: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Body and headers with which `actor`, a `speaker`, says it to the shared inbox."""
        data = msgspec.json.encode(activity)
        request = OutgoingRequest(URL(f"{self.node.base}/ap/inbox"), data)
        return data, Signer(f"{actor}#main-key", _PAIR.private_pem).headers(request, Style.CAVAGE)

    async def until(self, condition: Callable[[], bool], wait_seconds: float) -> bool:
        """Whether it came true in time."""
        deadline = time.monotonic() + wait_seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True


# Whatever the database shall hold before the node starts.
Fill = Callable[[Account, Hosts], object]


_server = ""  # of PostgreSQL, where nodes have databases; without one each has a file
_nursery: Nursery | None = None  # what forks nodes; without one each is a program that starts
_numbers = itertools.count(1)


def use_server(url: str) -> None:
    global _server
    _server = url


def use_nursery(nursery: Nursery | None) -> None:
    global _nursery
    _nursery = nursery


@asynccontextmanager
async def stage(folder: Path, fill: Fill, **variables: str) -> AsyncIterator[Stage]:
    if _server:
        variables["LINNET_DATABASE_URL"] = another_database(_server, f"stage_{next(_numbers)}")
    async with Hosts() as hosts:
        node = Node(folder / "node", free_port(), variables, nursery=_nursery)
        alice, token = prepare(node, lambda account: fill(account, hosts))
        headers = {"Authorization": f"Bearer {token}"}
        async with node, aiohttp.ClientSession(headers=headers) as session:
            yield Stage(node, hosts, session, alice)


def prepare(node: Node, fill: Callable[[Account], object]) -> tuple[int, str]:
    """Make the database, alice and what `fill` adds; alice's id and a token."""
    config = configuration.load({k: v for k, v in node.environment.items() if k.startswith("LINNET_")})
    with logging_kept(), opened(config, migrate=True):
        ensure_identity()
        with store.transaction():
            password = passwords.hash_password("alice likes linnets")
            user = registration.create(
                "alice", password, keys.generate_rsa(), email="alice@mail.test", role=Role.ADMIN
            )
            alice = account_lookup.account_of(user.id)
            assert alice is not None
            _, token = oauth.token_for(user, alice, "Soak", SCOPES)
        fill(alice)
    return alice.id, token


# ── people elsewhere ──


def followers(target: Account, hosts: Iterable[str], each: int = 1) -> None:
    """`each` people of each host who follow `target`; each host has a shared inbox."""
    with store.transaction():
        people = [_person(host, f"fan{number}") for host in hosts for number in range(each)]
        insert(Account, people)
        insert(
            Follow,
            [
                {
                    "account": one["id"],
                    "target": target.id,
                    "uri": f"{one['uri']}#follow",
                    "created_at": one["created_at"],
                }
                for one in people
            ],
        )
        Account.update(followers_count=Account.followers_count + len(people)).where(Account.id == target.id).execute()


def speaker(host: str, name: str = "one") -> str:
    """Somebody elsewhere whose key is known here; their uri. Everybody elsewhere has the same key."""
    row = _person(host, name)
    with store.transaction():
        insert(Account, [row])
        RemoteKey.create(
            key_id=f"{row['uri']}#main-key",
            account=row["id"],
            kind="rsa",
            public_pem=_PAIR.public_pem,
            fetched_at=clock.now_ms(),
        )
    return str(row["uri"])


def _person(host: str, name: str) -> dict[str, Any]:
    uri = f"http://{host}/users/{name}"
    now = clock.now_ms()
    return {
        "id": ids.new_id(),
        "username": name,
        "username_key": name,
        "domain": host,
        "uri": uri,
        "url": uri,
        "inbox": f"{uri}/inbox",
        "shared_inbox": f"http://{host}/inbox",
        "outbox": f"{uri}/outbox",
        "followers_uri": f"{uri}/followers",
        "following_uri": f"{uri}/following",
        "featured_uri": f"{uri}/featured",
        "created_at": now,
        "fetched_at": now,
    }


def insert(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Many rows, quickly; what is left out takes the model's default."""
    prepared = Insert(model)
    for row in rows:
        prepared.run(**row)


# ── what a node holds ──


def open_files(node: Node) -> int:
    return sum(process.num_fds() for process in node.processes())


def threads(node: Node) -> int:
    return sum(process.num_threads() for process in node.processes())


class Peak:
    """`async with Peak(node) as peak:` looks at the node's memory all the time."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.bytes = 0

    async def __aenter__(self) -> "Peak":
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        while True:
            try:
                self.bytes = max(self.bytes, self._node.memory_bytes())
            except psutil.NoSuchProcess:
                return
            await asyncio.sleep(0.1)
