"""Live events over WebSocket, many streams on one connection."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from node import store, streams
from node.models import Application
from node.services.access import oauth
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client
from tests.web.streaming.listening import SECONDS, message
from web.streaming.listener import LISTENERS

PATH = "/api/v1/streaming"


@pytest.fixture
def access(alice: Person, token: Callable[..., str]) -> str:
    return token(alice)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0)


async def subscribed(client: Client, socket: Any, **order: Any) -> None:
    """Subscribe, and wait for the answer to a senseless order, which comes after it."""
    await socket.send_json({"type": "subscribe", **order})
    await socket.send_json({"type": "nonsense", "stream": "user"})
    assert "error" in await message(socket)


@pytest.mark.parametrize("place", ["query", "header", "protocol"])
async def test_the_token_may_be_in_three_places(client: Client, alice: Person, access: str, place: str) -> None:
    path = f"{PATH}?stream=user" + (f"&access_token={access}" if place == "query" else "")
    headers = {"Authorization": f"Bearer {access}"} if place == "header" else {}
    protocols = (access,) if place == "protocol" else ()

    async with client.ws_connect(path, headers=headers, protocols=protocols) as socket:
        status = make_status(alice)
        received = await message(socket)

    assert (received["stream"], received["event"]) == (["user"], "update")
    assert json.loads(received["payload"])["id"] == str(status.id)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?stream=user", 401),
        ("?stream=user&access_token=wrong", 401),
        ("?access_token=wrong", 401),
        ("?stream=everything", 400),
    ],
)
async def test_a_refusal_comes_before_the_handshake(client: Client, db: None, query: str, status: int) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.ws_connect(f"{PATH}{query}")

    assert refused.value.status == status


async def test_what_is_no_websocket_is_told_so(client: Client) -> None:
    assert (await client.get(PATH)).status == 400


async def test_streams_are_added_and_left_on_one_connection(client: Client, alice: Person, access: str) -> None:
    async with client.ws_connect(f"{PATH}/?access_token={access}") as socket:
        await subscribed(client, socket, stream="hashtag", tag="Cats")
        await subscribed(client, socket, stream="public:local")
        make_status(alice, "#cats")
        first = [await message(socket) for _ in range(2)]

        await socket.send_json({"type": "unsubscribe", "stream": "hashtag", "tag": "cats"})
        await subscribed(client, socket, stream="public:local")
        make_status(alice, "#cats again")
        last = await message(socket)

    assert sorted(one["stream"] for one in first) == [["hashtag", "cats"], ["public:local"]]
    assert last["stream"] == ["public:local"]


async def test_two_streams_of_one_topic_are_left_one_by_one(client: Client, alice: Person) -> None:
    async with client.ws_connect(PATH) as socket:
        await subscribed(client, socket, stream="public")
        await subscribed(client, socket, stream="public:media")
        await socket.send_json({"type": "unsubscribe", "stream": "public:media"})
        await subscribed(client, socket, stream="public")
        make_status(alice)

        assert (await message(socket))["stream"] == ["public"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("not json", 400),
        ("[]", 400),
        ("[" * 2000, 400),
        ('{"type": "subscribe"}', 400),
        ('{"type": "subscribe", "stream": "nothing"}', 400),
        ('{"type": "subscribe", "stream": "hashtag"}', 400),
        ('{"type": "subscribe", "stream": "user"}', 401),
        ('{"type": "subscribe", "stream": {"a": 1}}', 400),
        ('{"type": "dance", "stream": "public"}', 400),
    ],
)
async def test_a_senseless_order_is_answered_and_the_connection_stays(
    client: Client, alice: Person, text: str, status: int
) -> None:
    async with client.ws_connect(f"{PATH}?stream=public") as socket:
        await socket.send_str(text)
        refused = await message(socket)
        make_status(alice)
        heard = await message(socket)

    assert refused["status"] == status
    assert isinstance(refused["error"], str)
    assert heard["event"] == "update"


async def test_a_message_that_is_too_long_ends_the_connection(client: Client) -> None:
    async with client.ws_connect(PATH) as socket:
        await socket.send_str("x" * 10_000)

        assert await message(socket) is None


async def test_one_connection_has_a_limited_number_of_streams(client: Client, db: None) -> None:
    async with client.ws_connect(PATH) as socket:
        for number in range(101):
            await socket.send_json({"type": "subscribe", "stream": "hashtag", "tag": f"tag{number}"})

        assert (await message(socket))["status"] == 429


async def test_a_revoked_token_closes_the_connection_at_once(
    client: Client, access: str, app_row: Application
) -> None:
    async with client.ws_connect(f"{PATH}?stream=user&access_token={access}") as socket:
        await store.write(oauth.revoke, access, app_row)

        assert await message(socket) is None
        assert socket.closed


async def test_who_leaves_takes_no_seat(client: Client) -> None:
    async with client.ws_connect(f"{PATH}?stream=public"):
        assert len(client.app[LISTENERS]) == 1

    await until(lambda: not client.app[LISTENERS])


@pytest.mark.parametrize(("events", "is_kept"), [(150, True), (300, False)])
async def test_who_falls_too_far_behind_is_cut_off(client: Client, db: None, events: int, is_kept: bool) -> None:
    async with client.ws_connect(PATH) as socket:
        await subscribed(client, socket, stream="public:local")
        with store.transaction():
            for number in range(events):
                streams.publish(("public:local",), "delete", number)

        heard = [await message(socket) for _ in range(events if is_kept else 1)]

        assert (None not in heard) == is_kept
        await until(lambda: bool(client.app[LISTENERS]) == is_kept)


async def test_a_stopping_process_closes_its_connections(client: Client) -> None:
    async with client.ws_connect(f"{PATH}?stream=public") as socket:
        await client.app.shutdown()

        assert await message(socket) is None
