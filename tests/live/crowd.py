"""A small fediverse in a thread: many people, each on a host of their own (127.0.1.1, 127.0.1.2, …), all following one.

It takes what is delivered, and notes it. Hosts can be told to keep senders waiting, so that a test decides what is in
flight when it kills one.
"""

import asyncio
import itertools
import socket
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from yarl import URL

from federation.signatures import OutgoingRequest, Signer, Style
from node import keys
from tests.live.waiting import PATIENCE_SECONDS

_JSON = "application/activity+json"
_FOLLOWS_AT_ONCE = 16


class Crowd:
    """`with Crowd(200) as crowd:`; `hosts` are their names."""

    def __init__(self, size: int) -> None:
        self._addresses = [f"127.0.{1 + n // 250}.{1 + n % 250}" for n in range(size)]
        self._pair = keys.generate_rsa()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._holding: frozenset[str] = frozenset()
        self._released = asyncio.Event()
        self._numbers = itertools.count(1)
        self.hosts: list[str] = []
        # (host, activity type, id of its object): how often it came, and how often a 202 went back.
        self.came: Counter[tuple[str, str, str]] = Counter()
        self.taken: Counter[tuple[str, str, str]] = Counter()

    def __enter__(self) -> "Crowd":
        self._thread.start()
        self._run(self._serve())
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    # ── what a test asks for ──

    def follow(self, actor_uri: str) -> None:
        """All of them, with signed requests; returns when each is answered with 202."""
        self._run(self._follow_all(actor_uri))

    def mention(self, actor_uri: str, number: int) -> "Future[list[str]]":
        """As many of them write to somebody, at once; the uris of those posts that were answered with 202."""
        return asyncio.run_coroutine_threadsafe(self._mention_all(actor_uri, number), self._loop)

    def hold(self, hosts: Iterable[str]) -> None:
        """Inboxes of these hosts take what comes and do not answer until `release`."""
        self._released.clear()
        self._holding = frozenset(hosts)

    def release(self) -> None:
        self._holding = frozenset()
        self._loop.call_soon_threadsafe(self._released.set)

    def times(self, object_id: str, kind: str = "Create") -> list[int]:
        """How often that came to each host, in the order of `hosts`."""
        return [self.came[host, kind, object_id] for host in self.hosts]

    def answered(self, object_id: str, kind: str = "Create") -> int:
        return sum(self.taken[host, kind, object_id] for host in self.hosts)

    def accepted(self) -> int:
        """How many of the follows were accepted."""
        return len({host for (host, kind, _) in self.came if kind == "Accept"})

    def signed(self, host: str, inbox: URL, activity: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """The body and the headers by which whoever lives on this host delivers it."""
        body = msgspec.json.encode({"@context": "https://www.w3.org/ns/activitystreams"} | activity)
        signer = Signer(f"http://{host}/actor#main-key", self._pair.private_pem)
        return body, signer.headers(OutgoingRequest(inbox, body, _JSON), Style.CAVAGE)

    # ── the servers ──

    async def _serve(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/webfinger", self._webfinger),
                web.get("/actor", self._actor),
                web.post("/inbox", self._inbox),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        first, port = _bound(self._addresses[0], 0)
        listeners = [first, *(_bound(address, port)[0] for address in self._addresses[1:])]
        for listener in listeners:
            await web.SockSite(self._runner, listener).start()
        self.hosts = [f"{address}:{port}" for address in self._addresses]

    async def _webfinger(self, request: web.Request) -> web.Response:
        link = {"rel": "self", "type": _JSON, "href": f"http://{request.host}/actor"}
        answer = {"subject": f"acct:one@{request.host}", "links": [link]}
        return web.json_response(answer, content_type="application/jrd+json")

    async def _actor(self, request: web.Request) -> web.Response:
        uri = f"http://{request.host}/actor"
        document = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": uri,
            "type": "Person",
            "preferredUsername": "one",
            "inbox": f"http://{request.host}/inbox",
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": self._pair.public_pem},
        }
        return web.json_response(document, content_type=_JSON)

    async def _inbox(self, request: web.Request) -> web.Response:
        activity = msgspec.json.decode(await request.read())
        inner = activity["object"]
        what = (request.host, activity["type"], inner if isinstance(inner, str) else inner["id"])
        self.came[what] += 1
        if request.host in self._holding:
            await self._released.wait()
        self.taken[what] += 1
        return web.Response(status=202)

    # ── following ──

    async def _follow_all(self, actor_uri: str) -> None:
        room = asyncio.Semaphore(_FOLLOWS_AT_ONCE)
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(self._follow(session, room, host, actor_uri) for host in self.hosts))

    async def _mention_all(self, actor_uri: str, number: int) -> list[str]:
        async with aiohttp.ClientSession() as session:
            calls = (self._mention(session, host, actor_uri) for host in self.hosts[:number])
            return [uri for uri in await asyncio.gather(*calls) if uri]

    async def _mention(self, session: aiohttp.ClientSession, host: str, actor_uri: str) -> str:
        uri = f"http://{host}/notes/{next(self._numbers)}"
        author = f"http://{host}/actor"
        note = {
            "id": uri,
            "type": "Note",
            "attributedTo": author,
            "content": "<p>Hello.</p>",
            "to": [actor_uri],
            "tag": [{"type": "Mention", "href": actor_uri, "name": "@alice"}],
        }
        create = {"id": f"{uri}#create", "type": "Create", "actor": author, "object": note, "to": [actor_uri]}
        try:
            status = await self._post(session, host, actor_uri, create)
        except aiohttp.ClientError:  # it was killed before it could answer
            return ""
        return uri if status == 202 else ""

    async def _post(self, session: aiohttp.ClientSession, host: str, actor_uri: str, activity: dict[str, Any]) -> int:
        """To somebody's inbox, signed."""
        url = URL(f"{actor_uri}/inbox")
        body, headers = self.signed(host, url, activity)
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def _follow(
        self, session: aiohttp.ClientSession, room: asyncio.Semaphore, host: str, actor_uri: str
    ) -> None:
        uri = f"http://{host}/actor"
        follow = {"id": f"{uri}#follow", "type": "Follow", "actor": uri, "object": actor_uri}
        async with room:
            status = await self._post(session, host, actor_uri, follow)
            assert status == 202, (host, status)


def _bound(address: str, port: int) -> tuple[socket.socket, int]:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(64)
    listener.setblocking(False)
    return listener, int(listener.getsockname()[1])
