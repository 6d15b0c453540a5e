"""Who asks too much waits; nobody else does."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import clock
from node.config import Config
from node.errors import TooMany
from tests.factories import Person
from tests.web.conftest import Client, Headers, complete_app
from web.rate_limit import Budget, Limiter

SMALL = Budget("small", 2, 60)
NOON = 1_700_000_040_000  # a window of a minute begins here


def test_a_window_holds_so_many_and_then_no_more() -> None:
    limiter = Limiter()

    with clock.frozen(NOON):
        left = [limiter.spend(SMALL, "one").remaining for _ in range(2)]
        with pytest.raises(TooMany) as refused:
            limiter.spend(SMALL, "one")
        other = limiter.spend(SMALL, "another").remaining

    assert left == [1, 0]
    assert refused.value.retry_after_seconds == 60
    assert other == 1


def test_the_next_window_begins_anew() -> None:
    limiter = Limiter()
    for _ in range(2):
        with clock.frozen(NOON):
            limiter.spend(SMALL, "one")

    with clock.frozen(NOON + 60_000):
        state = limiter.spend(SMALL, "one")

    assert state.remaining == 1
    assert state.reset == clock.iso(NOON + 120_000)


async def test_answers_say_what_is_left(client: Client) -> None:
    with clock.frozen(NOON):
        first = await client.get("/api/v1/custom_emojis")
        second = await client.get("/api/v1/custom_emojis")

    assert first.headers["X-RateLimit-Limit"] == "300"
    assert int(first.headers["X-RateLimit-Remaining"]) - int(second.headers["X-RateLimit-Remaining"]) == 1
    assert first.headers["X-RateLimit-Reset"].endswith("Z")


async def test_all_apps_of_a_person_share_a_budget(
    client: Client, alice: Person, as_person: Callable[..., Headers]
) -> None:
    tokens = as_person(alice), as_person(alice)

    with clock.frozen(NOON):
        first, second = [await client.get("/api/v1/custom_emojis", headers=one) for one in tokens]

    assert tokens[0] != tokens[1]
    assert first.headers["X-RateLimit-Limit"] == "1500"
    assert int(first.headers["X-RateLimit-Remaining"]) - int(second.headers["X-RateLimit-Remaining"]) == 1


async def test_costly_actions_have_a_smaller_budget(
    client: Client, alice: Person, as_person: Callable[..., Headers]
) -> None:
    with clock.frozen(NOON):
        for _ in range(61):
            response = await client.post("/api/v1/apps", json={})

    assert response.status == 429
    assert response.headers["X-RateLimit-Remaining"] == "0"
    assert int(response.headers["Retry-After"]) > 0
    assert await response.json() == {"error": "Too many requests"}


async def test_limits_can_be_switched_off(db: None, config: Config) -> None:
    async with (
        complete_app(msgspec.structs.replace(config, rate_limits=False)) as app,
        Client(TestServer(app)) as client,
    ):
        responses: list[Any] = [await client.post("/api/v1/apps", json={}) for _ in range(70)]

    assert {response.status for response in responses} == {422}
    assert "X-RateLimit-Limit" not in responses[0].headers


async def test_health_and_federation_are_not_counted(client: Client) -> None:
    assert "X-RateLimit-Limit" not in (await client.get("/health/live")).headers
    assert "X-RateLimit-Limit" not in (await client.get("/.well-known/nodeinfo")).headers
