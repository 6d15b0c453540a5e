"""From a POST that one process takes to a socket of another one nothing waits for a timer, and nobody looks again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from node import store, streams
from node.models import Application, Token
from node.services.access import oauth
from node.siblings import Siblings
from tests import loop_clock
from tests.factories import Person
from tests.web.conftest import Client, Headers
from tests.web.streaming.listening import events, message


class Other:
    """Another process of this host, as far as this one can tell: what it heard, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._line = Siblings(folder)
        self._line.listen(2, self.heard.put_nowait)

    def say(self, datagram: bytes) -> None:
        self._line.send(datagram)

    def close(self) -> None:
        self._line.close()


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[Other]:
    folder = tmp_path / "run"
    streams.start(folder, 1)
    other = Other(folder)
    yield other
    other.close()
    streams.stop()


@pytest.mark.parametrize("kind", ["websocket", "sse"])
async def test_what_one_process_took_is_heard_at_a_socket_of_the_other_while_the_clock_stands_still(
    client: Client, alice: Person, as_person: Callable[..., Headers], other: Other, kind: str
) -> None:
    me = as_person(alice)

    with loop_clock.standing():  # the process that takes it
        said = await (await client.post("/api/v1/statuses", json={"status": "hello"}, headers=me)).json()
        datagram = await other.heard.get()
        while b"update" not in datagram:
            datagram = await other.heard.get()

    if kind == "websocket":
        async with client.ws_connect("/api/v1/streaming?stream=user", headers=me) as socket:
            with loop_clock.standing():  # the process with the socket
                other.say(datagram)
                payload = (await message(socket))["payload"]
    else:
        async with events(client, "/api/v1/streaming/user", me) as heard:
            with loop_clock.standing():
                other.say(datagram)
                _, payload = await heard.next()

    assert json.loads(payload)["id"] == said["id"]


@pytest.mark.parametrize("kind", ["websocket", "sse"])
async def test_a_token_that_one_process_revoked_ends_the_streams_of_the_other_while_the_clock_stands_still(
    client: Client, alice: Person, token: Callable[..., str], app_row: Application, other: Other, kind: str
) -> None:
    text = token(alice)
    row = Token.get().__data__
    await store.write(oauth.revoke, text, app_row)  # the process that takes it
    datagram = await other.heard.get()
    await store.write(lambda: Token.create(**row))  # so that it was not this one
    me = {"Authorization": f"Bearer {text}"}

    if kind == "websocket":
        async with client.ws_connect("/api/v1/streaming?stream=user", headers=me) as socket:
            with loop_clock.standing():
                other.say(datagram)
                assert await message(socket) is None
    else:
        async with events(client, "/api/v1/streaming/user", me) as heard:
            with loop_clock.standing():
                other.say(datagram)
                assert await heard.next() == ("", "")
