"""Every route with the worst for each parameter that it declares: an answer, soon, and never a 500."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node.config import Config
from node.models import Role
from tests.factories import make_person
from tests.web.conftest import ALL_SCOPES, Client, Headers, complete_app
from web import api
from web.route import Route

# As they stand in an address: huge, negative, no number, nothing, NUL, bytes that are no UTF-8, half of a pair, long.
TEXTS = [b"9" * 40, b"1" + b"0" * 17, b"-1", b"1e400", b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"x" * 200]
NESTED: Any = None
for _ in range(40):
    NESTED = {"id": [NESTED]}
VALUES: list[Any] = [10**17, -(10**30), 1e308, True, None, [], [[]] * 300, {}, NESTED, "\0", "x" * 50_000]
_MAX_QUERY_CHARS = 6_000  # what a line may hold, beside a path
PLACES = ["9" * 40, "-1", "%00", "%ff", "x" * 2_000]


@pytest.fixture
async def client(db: None, config: Config) -> Any:
    async with (
        complete_app(msgspec.structs.replace(config, rate_limits=False)) as app,
        Client(TestServer(app)) as client,
    ):
        yield client


@pytest.fixture
def staff(as_person: Callable[..., Headers]) -> Headers:
    return as_person(make_person("boss", role=Role.ADMIN), f"{ALL_SCOPES} admin:read admin:write")


def names(route: Route) -> list[str]:
    """Of what it declares, and one that it does not."""
    found = ["unknown"]
    for given in route.inputs:
        found += given.parameters
        if given.struct is not None:
            found += [one.encode_name for one in msgspec.structs.fields(given.struct)]
    return found


def queries(route: Route) -> Iterator[str]:
    for text in TEXTS:
        value = quote_from_bytes(text)
        yield "&".join(f"{name}={value}" for name in names(route))
    for name in names(route):  # by itself, too: the first that is refused hides the rest
        yield f"{name}=1{'0' * 17}"
        yield f"{name}[]=%ff&{name}[]=-1"
    for suffix in ("[]", "[a]", "[a][b]", "[", "][", "[0]" * 60):
        yield "&".join(f"{name}{suffix}=1" for name in names(route))
    many = [f"{name}[]={number}" for number in range(500) for name in names(route)]
    yield "&".join(many)[:_MAX_QUERY_CHARS].rpartition("&")[0]


def path(route: Route, place: str) -> str:
    parts = [place if part.startswith("{") else part for part in route.path.split("/")]
    return "/".join(parts)


@pytest.mark.parametrize("part", range(4))
async def test_no_parameter_ends_in_an_error_of_ours(client: Client, staff: Headers, part: int) -> None:
    failed = []
    for number, route in enumerate(api.ROUTES):
        if number % 4 != part:
            continue
        asked: list[dict[str, Any]] = [{"params": None, "query": query} for query in queries(route)]
        if route.method not in ("GET", "DELETE"):
            asked += [{"query": "", "json": dict.fromkeys(names(route), value)} for value in VALUES]
        for turn, one in enumerate(asked):
            place = PLACES[turn % len(PLACES)] if turn % 2 else "1"
            address = f"{path(route, place)}?{one.pop('query')}"
            response = await client.request(route.method, address, headers=staff, **one)
            if response.status >= 500 and response.status != 503:
                failed.append((route.method, address[:200], response.status))

    assert failed == []
