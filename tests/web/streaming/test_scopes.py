"""Each stream asks for the scope of what it tells, and for no other."""

from collections.abc import Callable

import pytest

from node.services.access.scopes import SCOPES, allows
from tests.factories import Person
from tests.web.conftest import Client, Headers
from web import streaming

_BASE = "/api/v1/streaming"
NEEDED = {
    "user": "read:statuses",
    "user/notification": "read:notifications",
    "public": "read:statuses",
    "public/local": "read:statuses",
    "public/remote": "read:statuses",
    "hashtag": "read:statuses",
    "hashtag/local": "read:statuses",
    "list": "read:lists",
    "direct": "read:statuses",
}


def test_every_stream_is_in_the_table() -> None:
    paths = {one.path.removeprefix(f"{_BASE}/") for one in streaming.ROUTES if one.path.startswith(f"{_BASE}/")}

    assert paths - {"health"} == NEEDED.keys()


@pytest.mark.parametrize(("path", "scope"), NEEDED.items())
async def test_a_stream_is_refused_with_all_scopes_but_its_own(
    client: Client, alice: Person, as_person: Callable[..., Headers], path: str, scope: str
) -> None:
    address = f"{_BASE}/{path}?tag=a&list=1"
    rest = " ".join(sorted(one for one in SCOPES if not allows([one], scope)))

    without = await client.get(address, headers=as_person(alice, rest))
    having = await client.get(address, headers=as_person(alice, scope))

    assert without.status == 403
    assert having.status == (404 if path == "list" else 200)
    having.close()
