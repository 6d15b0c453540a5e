"""Streams carry nothing to those from whom it is hidden, whatever they subscribe to."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Status, Visibility
from node.services import follows
from node.services.interactions import favourites
from node.services.moderation import decisions as moderation
from node.services.relationships import blocks
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from tests.factories import Person
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.privacy.cast import HIDDEN, TAG, WORD, Cast
from tests.web.conftest import Client
from tests.web.streaming.listening import message

Token = Callable[..., str]

FOR_ALL: list[dict[str, str]] = [
    {"stream": "public"},
    {"stream": "public:local"},
    {"stream": "public:remote"},
    {"stream": "public:media"},
    {"stream": "hashtag", "tag": TAG},
    {"stream": "hashtag:local", "tag": TAG},
]


async def listen(client: Client, cast: Cast, person: Person | None, token: Token) -> Any:
    """On everything that there is to listen to."""
    headers = {} if person is None else {"Authorization": f"Bearer {token(person)}"}
    socket = await client.ws_connect("/api/v1/streaming", headers=headers)
    own = [{"stream": name} for name in ("user", "user:notification", "direct")]
    if person is cast.bob:
        own.append({"stream": "list", "list": str(cast.list_id)})
    for order in [*FOR_ALL, *(own if person is not None else [])]:
        await socket.send_json({"type": "subscribe", **order})
    # The answer to a senseless order comes after all that was ordered before it.
    await socket.send_json({"type": "nonsense", "stream": "public"})
    assert "error" in await message(socket)
    return socket


async def heard_until(socket: Any, marker: Status) -> list[Any]:
    """What comes before the first word of `marker`, which everybody hears."""
    heard: list[Any] = []
    while True:
        received = await message(socket)
        assert received is not None
        if str(marker.id) in received["payload"]:
            return heard
        heard.append(received)


def busy(cast: Cast, make: Callable[[Cast], Status]) -> Status:
    """A post comes, is liked, changed, and goes."""
    status = make(cast)
    with store.transaction():
        if status.visibility != Visibility.DIRECT:
            favourites.add(cast.frida.account.id, status.id)
        edits.edit(cast.alice.account.id, status.id, Draft(text=f"{status.source}, changed"))
    with store.transaction():
        deletion.delete(cast.alice.account.id, status.id)
    return status


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        *((kind, who) for kind in ("private", "direct") for who in ("nobody", "bob", "blake")),
        ("local_only", "nobody"),
    ],
)
async def test_outsiders_hear_nothing(client: Client, cast: Cast, token: Token, kind: str, who: str) -> None:
    person = None if who == "nobody" else cast.bob if who == "bob" else cast.blake
    socket = await listen(client, cast, person, token)

    busy(cast, people.KINDS[kind])
    marker = make_status(cast.bob, "Now everybody hears this.")

    assert await heard_until(socket, marker) == []
    await socket.close()


@pytest.mark.parametrize(
    ("kind", "who", "stream"),
    [("private", "frida", "user"), ("direct", "dora", "user:notification"), ("local_only", "bob", "public:local")],
)
async def test_those_who_may_know_hear_it(
    client: Client, cast: Cast, token: Token, kind: str, who: str, stream: str
) -> None:
    person = {"frida": cast.frida, "dora": cast.dora, "bob": cast.bob}[who]
    socket = await listen(client, cast, person, token)

    status = people.KINDS[kind](cast)
    marker = make_status(cast.bob, "Now everybody hears this.")
    heard = [one for one in await heard_until(socket, marker) if WORD in one["payload"]]

    assert stream in {one["stream"][0] for one in heard}
    assert all(str(status.id) in one["payload"] for one in heard)
    await socket.close()


async def test_members_hear_that_what_stays_here_is_gone(client: Client, cast: Cast, token: Token) -> None:
    socket = await listen(client, cast, cast.bob, token)

    status = busy(cast, people.local_only)
    marker = make_status(cast.bob, "Now everybody hears this.")
    heard = await heard_until(socket, marker)

    assert [one["payload"] for one in heard if one["event"] == "delete"].count(str(status.id)) == 5
    await socket.close()


@pytest.mark.parametrize("end", ["removed", "blocked"])
async def test_an_open_stream_forgets_who_may_not_follow_any_more(
    client: Client, cast: Cast, token: Token, end: str
) -> None:
    socket = await listen(client, cast, cast.frida, token)
    with store.transaction():
        verb = follows.remove_follower if end == "removed" else blocks.block
        verb(cast.alice.account.id, cast.frida.account.id)

    make_status(cast.alice, HIDDEN, visibility=Visibility.PRIVATE)
    make_status(
        cast.alice, f"@frida {HIDDEN}", visibility=Visibility.DIRECT if end == "blocked" else Visibility.PUBLIC
    )
    marker = make_status(cast.bob, "Now everybody hears this.")
    heard = [one for one in await heard_until(socket, marker) if WORD in one["payload"]]

    assert not [one for one in heard if '"private"' in one["payload"] or end == "blocked"]
    await socket.close()


async def test_a_suspended_account_loses_its_streams(client: Client, cast: Cast, token: Token) -> None:
    socket = await listen(client, cast, cast.frida, token)

    with store.transaction():
        moderation.suspend(cast.frida.account.id, None)

    async with asyncio.timeout(60):
        while await message(socket) is not None:
            pass
    assert socket.closed
