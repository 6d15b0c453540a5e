"""Whatever is thrown at the API: an answer, and never a 500."""

import asyncio
import zlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.config import Config
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers, complete_app

Run = Callable[[Coroutine[Any, Any, Any]], Any]

_WORDS = st.sampled_from(
    [
        "id",
        "ids",
        "limit",
        "max_id",
        "min_id",
        "since_id",
        "q",
        "type",
        "acct",
        "home[last_read_id]",
        "timeline[]",
        "id[]",
        "domain",
        "comment",
        "duration",
        "reblogs",
        "languages[]",
        "source[privacy]",
        "fields_attributes[0][name]",
        "fields_attributes[][value]",
        "status",
        "status_ids[]",
        "account_id",
        "media_ids[]",
        "poll[options][]",
        "poll[expires_in]",
        "visibility",
        "offset",
        "order",
        "code",
        "scope",
        "scopes",
        "redirect_uris[]",
        "grant_type",
        "client_name",
        "username",
        "password",
        "agreement",
        "exclude_types[]",
        "types[]",
        "grouped_types[]",
        "local",
        "remote",
        "only_media",
    ]
)
_ODD = st.sampled_from(
    ["", "0", "-1", "1", "9" * 30, "1e9", "NaN", "true", "null", "\0", "\u202e", "é", "[]", "%", "𝔘" * 10, "x" * 3000]
)
_VALUES = st.recursive(
    _ODD | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS | _ODD, inner, max_size=3),
    max_leaves=5,
)
_PARTS = st.sampled_from(["1", "0", "-1", "x", "9" * 40, "%00", "%ff", "..", "é", "home", "2026"])
_LIMITS = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def run() -> Iterator[Run]:
    loop = asyncio.new_event_loop()
    yield loop.run_until_complete
    loop.close()


@pytest.fixture
def junk_client(config: Config, alice: Person, run: Run) -> Iterator[Client]:
    stack = AsyncExitStack()

    async def begin() -> Client:
        app = await stack.enter_async_context(complete_app(msgspec.structs.replace(config, rate_limits=False)))
        return await stack.enter_async_context(Client(TestServer(app)))

    yield run(begin())
    run(stack.aclose())


@pytest.fixture
def me(alice: Person, as_person: Callable[..., Headers]) -> Headers:
    return as_person(alice)


@pytest.fixture
def there(alice: Person, bob: Person, me: Headers) -> list[str]:
    """Ids of what exists."""
    statuses = [make_status(alice.account, text="hello"), make_status(bob.account, text="hello too")]
    return [str(row.id) for row in (alice.account, bob.account, *statuses)]


def api_routes(client: Client) -> list[tuple[str, str]]:
    """Every (method, template) of the API that answers at once."""
    assert isinstance(client.server, TestServer)
    return sorted(
        (route.method, route.resource.canonical)
        for route in client.server.app.router.routes()  # type: ignore[attr-defined]
        if isinstance(route, web.AbstractRoute)
        and route.resource is not None
        and route.resource.canonical.startswith(("/api/", "/oauth/token", "/oauth/revoke", "/oauth/introspect"))
        and "streaming" not in route.resource.canonical
        and route.method not in ("HEAD", "*")
    )


@_LIMITS
@given(data=st.data())
def test_any_parameter_of_any_type_gets_an_answer(
    data: Any, junk_client: Client, me: Headers, there: list[str], run: Run
) -> None:
    method, template = data.draw(st.sampled_from(api_routes(junk_client)))
    path = _filled(template, _PARTS | st.sampled_from(there), data)
    query = data.draw(st.lists(st.tuples(_WORDS, _ODD), max_size=4))
    kind = data.draw(st.sampled_from(["json", "form", "none"]))
    body: dict[str, Any] = {}
    if kind == "json":
        body["json"] = data.draw(_VALUES | st.dictionaries(_WORDS, _VALUES, max_size=4))
    elif kind == "form":
        body["data"] = data.draw(st.lists(st.tuples(_WORDS, _ODD), max_size=4))
    headers = me if data.draw(st.booleans()) else {}

    response = run(junk_client.request(method, path, params=query, headers=headers, **body))

    # 503 is what a node without a service for translations says.
    assert response.status < 500 or response.status == 503, (method, path, query, body, run(response.text()))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe"),
        ("application/json", b'{"client_name": "\\ud800"}'),
        ("application/json", b'{"client_name": "\\u0000", "redirect_uris": "a:b"}'),
        ("application/json", b'{"client_name": 1e999}'),
        ("application/json", b'"text"'),
        ("application/json", b"null"),
        ("application/json", b'{"a":' * 200 + b"1" + b"}" * 200),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(2000))),
        ("application/x-www-form-urlencoded", b"a[b]=1&a=2&a[]=3"),
        ("application/x-www-form-urlencoded", b"%ff%00=%00&client_name=%00"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n" * 500),
        ("multipart/form-data; boundary=" + "y" * 100, b""),
        ("text/plain; charset=nonsense", b"a=1"),
        (";;;", b"a=1"),
    ],
)
async def test_bodies_that_are_not_what_they_claim_are_refused(
    client: Client, content_type: str, body: bytes
) -> None:
    response = await client.post("/api/v1/apps", data=body, headers={"Content-Type": content_type})

    assert 400 <= response.status < 500


async def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    response = await client.post(
        "/api/v1/apps", data=BytesIO(b" " * (2 << 20)), headers={"Content-Type": "application/json"}
    )

    assert response.status == 413
    assert "error" in await response.json()


async def test_a_body_that_unpacks_to_far_more_is_refused(client: Client) -> None:
    packed = zlib.compress(b" " * (50 << 20))
    headers = {"Content-Type": "application/json", "Content-Encoding": "deflate"}

    response = await client.post("/api/v1/apps", data=packed, headers=headers)

    assert 400 <= response.status < 500


async def test_a_body_that_cannot_be_unpacked_is_refused(client: Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    response = await client.post("/api/v1/apps", data=b"not gzip at all", headers=headers)

    assert 400 <= response.status < 500


def _filled(template: str, parts: st.SearchStrategy[str], data: Any) -> str:
    while "{" in template:
        head, _, tail = template.partition("{")
        template = head + data.draw(parts) + tail.partition("}")[2]
    return template
