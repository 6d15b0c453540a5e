"""Thousands of apps that listen and hear nothing for hours; then a post, which one of them is told of at once."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from node import keys, passwords, store
from node.models import Account, Role
from node.services.access import oauth, registration
from node.services.accounts import lookup as account_lookup
from tests.soak.figures import Figure, count, megabytes, none_of, spread
from tests.soak.stage import SCOPES, Hosts, Stage, stage

RULES = "R27"
_EACH = 50  # of one account
# 5 000 of them beside a node that has worked for a while, 150 MB, are within 400 MB. The short form is judged by it, too:
# this depends on what a socket holds, not on the machine.
_SOCKET_KIB = 48


async def run(folder: Path, short: bool) -> list[Figure]:
    people, posts = (10, 3) if short else (100, 50)
    tokens: list[str] = []
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def fill(_: Account, __: Hosts) -> None:
        pair, password_hash = keys.generate_rsa(), passwords.hash_password("somebody likes linnets")
        with store.transaction():
            for number in range(people):
                user = registration.create(f"person{number}", password_hash, pair, role=Role.USER)
                account = account_lookup.account_of(user.id)
                assert account is not None
                tokens.append(oauth.token_for(user, account, "Soak", SCOPES)[1])

    async with stage(folder, fill) as on:
        every = [token for token in tokens for _ in range(_EACH)]
        at_rest = on.node.memory_bytes()
        async with (
            # What the first of them needs is needed once, and is no part of what each costs.
            _sockets(on, every[:_EACH]) as (first, refused_first),
            _measured(on, every[_EACH:]) as (more, refused_more, each_kib),
        ):
            memory = on.node.memory_bytes()
            sockets, refused = first + more, refused_first + refused_more
            async with on.session.ws_connect(f"{on.node.base}/api/v1/streaming?stream=user") as own:
                waits = [await _heard(on, own, number) for number in range(posts)]
            closed = sum(socket.closed for socket in sockets)
            return [
                count("sockets", len(sockets), exactly=people * _EACH),
                none_of("sockets refused", refused),
                none_of("sockets closed meanwhile", closed),
                megabytes("memory at rest", at_rest),
                megabytes("memory of the node", memory, 400),
                Figure(name="memory of one socket", value=each_kib, unit="KiB", most=_SOCKET_KIB),
                *spread("a post is heard", waits, median=0.05, p95=0.25),
            ]


@asynccontextmanager
async def _measured(
    on: Stage, tokens: list[str]
) -> AsyncIterator[tuple[list[aiohttp.ClientWebSocketResponse], int, float]]:
    """Sockets, how many were refused, and what each takes of the node's memory."""
    before = on.node.memory_bytes()
    async with _sockets(on, tokens) as (sockets, refused):
        yield sockets, refused, round((on.node.memory_bytes() - before) / max(len(sockets), 1) / 1024, 1)


@asynccontextmanager
async def _sockets(on: Stage, tokens: list[str]) -> AsyncIterator[tuple[list[aiohttp.ClientWebSocketResponse], int]]:
    room, refused = asyncio.Semaphore(64), 0
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))

        async def one(token: str) -> aiohttp.ClientWebSocketResponse | None:
            async with room:
                address = f"{on.node.base}/api/v1/streaming?stream=user&access_token={token}"
                try:
                    # Whoever is asked whether it is there must answer, so each reads.
                    socket = await session.ws_connect(address)
                except aiohttp.ClientError:
                    return None
            reading = asyncio.create_task(socket.receive())
            stack.push_async_callback(_end, reading)
            return socket

        answers = await asyncio.gather(*map(one, tokens))
        refused = answers.count(None)
        yield [socket for socket in answers if socket is not None], refused


async def _end(reading: "asyncio.Task[aiohttp.WSMessage]") -> None:
    reading.cancel()


async def _heard(on: Stage, own: aiohttp.ClientWebSocketResponse, number: int) -> float:
    """From the moment at which a post is sent until its author is told of it."""
    began = time.monotonic()
    await on.post(f"Is anybody there? {number}")
    async with asyncio.timeout(30):
        await own.receive()
    return time.monotonic() - began
