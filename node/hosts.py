"""Live events between hosts that share a PostgreSQL: `NOTIFY`, so that no further service is needed.

Processes of one host tell each other by datagrams (node/siblings.py) and ignore here what came from their own host.
"""

import asyncio
import contextlib
import socket
from typing import Any

import msgspec
import psycopg
import structlog

from node import streams
from node.config import Config
from node.streams import Event

log = structlog.get_logger()

_CHANNEL = "linnet"
# PostgreSQL refuses payloads of 8 000 bytes and more; topics are under 40 bytes each.
_TOPICS_PER_PAYLOAD = 150
_WAITING = 10_000  # events; while the database is away, more are dropped, which is no loss
_AGAIN_SECONDS = 2.0


class _Payload(msgspec.Struct, array_like=True):
    host: str
    event: Event


async def run(config: Config) -> None:
    """As long as the process runs; only of use on PostgreSQL."""
    waiting: asyncio.Queue[Event] = asyncio.Queue(_WAITING)
    host = f"{socket.gethostname()}:{config.data_dir.resolve()}"
    with streams.relaying(lambda event: _put(waiting, event)):
        while True:
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(_hear(config.database_url, host))
                    both.create_task(_tell(config.database_url, host, waiting))
            except* psycopg.Error as errors:
                log.info("events between hosts are interrupted", error=str(errors.exceptions[0]))
            await asyncio.sleep(_AGAIN_SECONDS)


def _put(waiting: "asyncio.Queue[Event]", event: Event) -> None:
    with contextlib.suppress(asyncio.QueueFull):
        waiting.put_nowait(event)


async def _hear(url: str, host: str) -> None:
    async with await _connect(url) as connection:
        await connection.execute(f"LISTEN {_CHANNEL}")
        async for notice in connection.notifies():
            try:
                payload = msgspec.json.decode(notice.payload, type=_Payload)
            except msgspec.DecodeError:
                log.warning("a notification that is no event")
                continue
            if payload.host != host:
                streams.deliver(payload.event)


async def _tell(url: str, host: str, waiting: "asyncio.Queue[Event]") -> None:
    async with await _connect(url) as connection:
        while True:
            event = await waiting.get()
            for start in range(0, len(event.topics), _TOPICS_PER_PAYLOAD):
                topics = event.topics[start : start + _TOPICS_PER_PAYLOAD]
                payload = _Payload(host, Event(topics, event.kind, event.id, event.detail))
                text = msgspec.json.encode(payload).decode()
                await connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, text))


async def _connect(url: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=10)
