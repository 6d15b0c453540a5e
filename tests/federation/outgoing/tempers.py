"""How other servers treat a delivery: answers for `Inboxes.on`, well-behaved or not."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from aiohttp import web

from federation.delivery import batches
from tests.federation.outgoing.peers import Answer
from tests.loop_clock import forward


async def hang(request: web.Request) -> web.StreamResponse:
    """Takes the connection and never answers."""
    await asyncio.sleep(3600)
    raise AssertionError("nobody waits so long")


async def trickle(request: web.Request) -> web.StreamResponse:
    """Answers a byte at a time, and never to the end."""
    response = web.StreamResponse(status=200, headers={"Content-Length": "100000"})
    await response.prepare(request)
    while True:
        await response.write(b".")
        await asyncio.sleep(0.05)


async def hang_too_long(request: web.Request) -> web.StreamResponse:
    """The same, and so long that whoever delivers has given up by now."""
    forward(batches._DEADLINE_SECONDS + 1)
    return await hang(request)


async def trickle_too_long(request: web.Request) -> web.StreamResponse:
    """The same with the body of an answer that has begun."""
    response = web.StreamResponse(status=200, headers={"Content-Length": "100000"})
    await response.prepare(request)
    await response.write(b".")
    return await hang_too_long(request)


async def break_off(request: web.Request) -> web.StreamResponse:
    """Closes the connection in place of an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def break_off_late(request: web.Request) -> web.StreamResponse:
    """Takes it, and closes the connection in the middle of the answer's body."""
    response = web.StreamResponse(status=202, headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half")
    assert request.transport is not None
    request.transport.abort()
    return response


async def close_after(request: web.Request) -> web.StreamResponse:
    """Answers as HTTP/1.0 did: the connection is good for one request."""
    response = web.Response(status=202)
    response.force_close()
    return response


async def lie(request: web.Request) -> web.StreamResponse:
    """200, with a page that says that it failed."""
    return web.Response(text="<html><h1>Internal error</h1></html>", content_type="text/html")


def redirect(location: str, status: int = 302) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": location})

    return answer


def in_turn(*statuses: int, then: int = 202, **headers: str) -> Answer:
    """One status after the other, for each path; `then` for ever."""
    asked: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.StreamResponse:
        turn = asked[request.path]
        asked[request.path] += 1
        failing = turn < len(statuses)
        return web.Response(status=statuses[turn] if failing else then, headers=headers if failing else None)

    return answer


def flap(statuses: Sequence[int]) -> Answer:
    """The same statuses round and round."""
    asked = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return web.Response(status=statuses[(asked - 1) % len(statuses)])

    return answer


def slow(seconds: float) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return web.Response(status=202)

    return answer
