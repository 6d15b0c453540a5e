"""A small fediverse: any number of hosts and actors behind one listener, because 127.0.0.0/8 is all one machine."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from yarl import URL

from federation.signatures import OutgoingRequest, Signer, Style
from node import clock, keys

ACTIVITY = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@dataclass
class Peers:
    """`host(n)` is the n-th host; `received` counts what came in, by activity id."""

    port: int
    shared_inboxes: bool = True
    received: int = 0
    waiting: dict[int, asyncio.Event] = field(default_factory=dict)
    pair: keys.KeyPair = field(default_factory=keys.generate_rsa)

    async def __aenter__(self) -> "Peers":
        app = web.Application()
        app.router.add_get("/users/{name}", self._actor)
        app.router.add_get("/.well-known/webfinger", self._webfinger)
        app.router.add_post("/inbox", self._inbox)
        app.router.add_post("/users/{name}/inbox", self._inbox)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "0.0.0.0", self.port, backlog=1024).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def host(self, number: int) -> str:
        return f"127.1.{number // 250}.{number % 250 + 1}:{self.port}"

    def actor(self, number: int, name: str) -> str:
        return f"http://{self.host(number)}/users/{name}"

    async def until_received(self, count: int, seconds: float = 120) -> None:
        async with asyncio.timeout(seconds):
            while self.received < count:
                await asyncio.sleep(0.005)

    def signed(self, actor: str, url: str, activity: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a delivery, made before the clock starts."""
        body = json.dumps(activity).encode()
        signer = Signer(f"{actor}#main-key", self.pair.private_pem)
        return body, signer.headers(OutgoingRequest(URL(url), body), Style.CAVAGE)

    def reading(self, actor: str, url: str) -> dict[str, str]:
        """Headers of a GET; one signature serves for many."""
        signer = Signer(f"{actor}#main-key", self.pair.private_pem)
        return {"Accept": ACTIVITY} | signer.headers(OutgoingRequest(URL(url)), Style.CAVAGE)

    async def _actor(self, request: web.Request) -> web.Response:
        uri = f"http://{request.host}/users/{request.match_info['name']}"
        document = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": uri,
            "type": "Person",
            "preferredUsername": request.match_info["name"],
            "name": "Somebody",
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": self.pair.public_pem},
        }
        if self.shared_inboxes:
            document["endpoints"] = {"sharedInbox": f"http://{request.host}/inbox"}
        return web.Response(text=json.dumps(document), content_type=ACTIVITY)

    async def _webfinger(self, request: web.Request) -> web.Response:
        name = request.query["resource"].removeprefix("acct:").partition("@")[0]
        links = [{"rel": "self", "type": ACTIVITY, "href": f"http://{request.host}/users/{name}"}]
        body = {"subject": f"acct:{name}@{request.host}", "links": links}
        return web.Response(text=json.dumps(body), content_type="application/jrd+json")

    async def _inbox(self, request: web.Request) -> web.Response:
        await request.read()
        self.received += 1
        return web.Response(status=202)


def note(actor: str, number: int, followers: str, text: str) -> dict[str, Any]:
    """An ordinary public Create, about 1.5 KB."""
    uri = f"{actor}/statuses/{number}"
    at = clock.iso(clock.now_ms())
    body = {
        "id": uri,
        "type": "Note",
        "attributedTo": actor,
        "content": f"<p>{text}</p>",
        "contentMap": {"en": f"<p>{text}</p>"},
        "summary": None,
        "sensitive": False,
        "inReplyTo": None,
        "published": at,
        "url": uri,
        "to": [PUBLIC],
        "cc": [followers],
        "tag": [{"type": "Hashtag", "href": "https://tags.example/moor", "name": "#moor"}],
        "attachment": [],
        "replies": {"id": f"{uri}/replies", "type": "Collection"},
    }
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", {"sensitive": "as:sensitive", "Hashtag": "as:Hashtag"}],
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": actor,
        "published": at,
        "to": [PUBLIC],
        "cc": [followers],
        "object": body,
    }


def follow(actor: str, number: int, target: str) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{actor}#follows/{number}",
        "type": "Follow",
        "actor": actor,
        "object": target,
    }
