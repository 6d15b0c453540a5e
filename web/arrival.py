"""How a request from outside arrives: `linnet doctor` asks at the node's own address, and hears what a proxy made of it."""

import msgspec
from aiohttp import web

from node import clock, secret
from node.errors import NotFound
from web.client_ip import client_ip, may_forward
from web.keys import SECRET

_PATH = "/health/arrival"
_PURPOSE = "arrival"
_GOOD_MS = clock.MINUTE


class Arrival(msgspec.Struct, frozen=True):
    host: str  # as the request names it
    connected: str  # the address of who is connected; empty at a Unix socket
    client: str  # the address that limits count
    may_forward: bool  # whether who is connected may say for whom it asks
    is_forwarded: bool  # whether it does


def question(key: bytes) -> str:
    """The path to ask for: for a minute, and for nobody who does not know the node's secret."""
    now = str(clock.now_ms())
    return f"{_PATH}?at={now}&proof={secret.sign(key, _PURPOSE, now)}"


async def arrival(request: web.Request) -> web.Response:
    at, proof = (request.query.get(name, "") for name in ("at", "proof"))
    if not secret.is_signed(request.app[SECRET], _PURPOSE, at, proof) or int(at) < clock.now_ms() - _GOOD_MS:
        raise NotFound("There is no such page.")
    seen = Arrival(
        host=request.headers.get("Host", ""),
        connected=request.remote or "",
        client=client_ip(request),
        may_forward=may_forward(request),
        is_forwarded="X-Forwarded-For" in request.headers,
    )
    headers = {"Content-Type": "application/json", "Cache-Control": "private, no-store"}
    return web.Response(body=msgspec.json.encode(seen), headers=headers)


ROUTES = [web.get(_PATH, arrival)]
