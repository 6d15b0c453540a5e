"""How a request arrived is told to `linnet doctor` alone; what that makes of it is in tests/live/test_doctor.py."""

import pytest

from node import clock, secret
from node.config import Config
from tests.web.conftest import Client
from web.arrival import question


@pytest.fixture
def path(config: Config) -> str:
    return question(secret.load(config))


async def test_whoever_knows_the_secret_hears_how_they_arrived(client: Client, path: str) -> None:
    answer = await client.get(path, headers={"Host": "Proxy.test", "X-Forwarded-For": "192.0.2.1"})

    assert await answer.json() == {
        "host": "Proxy.test",
        "connected": "127.0.0.1",
        "client": "127.0.0.1",
        "may_forward": False,
        "is_forwarded": True,
    }
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("changed", ["at=1", "proof=0"])
async def test_nobody_else_finds_anything_there(client: Client, path: str, changed: str) -> None:
    forged = path.replace(changed[:-1], changed, 1)

    assert forged != path
    for wrong in (forged, path.partition("&")[0], path.partition("?")[0]):
        assert (await client.get(wrong)).status == 404


async def test_a_question_is_good_for_a_minute(client: Client, path: str) -> None:
    with clock.frozen(clock.now_ms() + 2 * clock.MINUTE):
        assert (await client.get(path)).status == 404
