"""Every GET of the application with anything at any place: an answer, and never a 500."""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from node.config import Config
from node.media.storage import new_key
from node.models import Role
from tests.factories import Person, make_person, make_remote
from tests.factories_posts import make_status
from tests.privacy import cast as people
from tests.web.conftest import Client, complete_app
from web.keys import STORAGE

Run = Callable[[Coroutine[Any, Any, Any]], Any]

# Everything that is ASCII goes out as it is; aiohttp refuses the rest before it comes to us.
_SAFE = "".join(map(chr, range(33, 127)))
_ENDLESS = ("/api/v1/streaming", "/events")
_ODD = [
    *("1", "0", "00", "-1", "x", "9" * 18, "9" * 40, "1e9", "+1", "1.5", "0x10", "١", "null", "true", "2026", "home"),
    *("%00", "%ff", "%ED%A0%80", "%2e%2e", "%2f", "..", "é", "😀", "%0d%0aX:y", "<script>", "%22", "'", ";"),
    *("alice", "alice.rss", "ALICE", "alice@a.test", "@", "@@", "a@b@c", "a@[::1]", "a@xn--", "x" * 700),
    *("ungrouped-1", "favourite-1-2"),
]
_PARTS = st.sampled_from(_ODD)
_NAMES = st.sampled_from(
    [
        *(
            "id",
            "id[]",
            "limit",
            "max_id",
            "min_id",
            "since_id",
            "offset",
            "page",
            "order",
            "q",
            "type",
            "resolve",
            "rel",
        ),
        *(
            "acct",
            "uri",
            "resource",
            "next",
            "text",
            "in_reply_to_id",
            "account_id",
            "status_id",
            "access_token",
            "kind",
        ),
        *("local", "remote", "only_media", "pinned", "tagged", "any[]", "all[]", "none[]", "timeline[]", "domain"),
        *("types[]", "exclude_types[]", "grouped_types[]", "stream", "tag", "list", "state"),
        *("client_id", "redirect_uri", "response_type", "scope", "code"),
    ]
)
_VALUES = st.sampled_from(
    [
        *(
            "",
            "0",
            "-1",
            "1",
            "9" * 30,
            "NaN",
            "true",
            "[]",
            "a[b]=c",
            "x" * 700,
            "*",
            "%",
            "%00",
            "%FF",
            "%ED%A0%80",
        ),
        *("\u202e", "é", "acct:alice@a.test", "acct:", "acct:@", "https://a.test/@alice", "http://[::1", "//e"),
        "javascript:1",
    ]
)
_ODD_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40)
_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(
            [
                *("", "*/*", ",", ";q=", "text/*", "é", "text/html;q=x", "text/html; q=0", "a/b," * 500),
                *("application/activity+json", "application/activity+json;q=1e999", "application/ld+json"),
                "application/json",
            ]
        ),
        "Range": st.sampled_from(
            ["", "bytes", "bytes=0-", "bytes=-1", "bytes=5-2", "bytes=0-0,2-3", f"bytes={'9' * 40}-", "lines=1-2"]
        ),
        "If-None-Match": st.sampled_from(["*", '"x"', 'W/"', "é", '"' * 100]),
        "If-Modified-Since": st.sampled_from(
            ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"]
        ),
        "Accept-Language": st.sampled_from(["de", "*", "x" * 500, ",,,", "en;q=NaN"]),
        "Accept-Encoding": st.sampled_from(["gzip", "br;q=2", "*;q=0", "nonsense"]),
        "Authorization": st.sampled_from(["Bearer", "Bearer x", "Basic !!!", "Digest a=b", ""]),
        "Cookie": st.sampled_from(
            ["linnet_session=x", "linnet_session", "=;=", "linnet_notice=%%%", f"a={'b' * 3000}"]
        ),
        "Signature": st.sampled_from(
            [
                *("", "keyId", 'keyId="x"', 'keyId="https://[",headers="date",signature="!"', "sig1=:!:"),
                f'keyId="{"x" * 5000}"',
            ]
        ),
        "Signature-Input": st.sampled_from(['sig1=("@method");created=1', "sig1=()", "%%%"]),
        "Date": st.sampled_from(["now", "Tue, 24 Nov 2026 18:39:51 GMT"]),
        "Host": st.sampled_from(["a.test", "evil.example", "a.test:99999", "[::1"]),
        "Origin": st.sampled_from(["null", "https://evil.example", "http://[", ""]),
        "Referer": st.sampled_from(["http://[", "javascript:1", "https://evil.example/"]),
        "X-Forwarded-For": st.sampled_from(["1.2.3.4", "x", ",,,", "::1, 999.1.1.1"]),
        "Content-Type": st.sampled_from(["application/json", "multipart/form-data", ";;;"]),
        "User-Agent": _ODD_TEXT,
    },
)
_LIMITS = settings(
    max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def run() -> Iterator[Run]:
    loop = asyncio.new_event_loop()
    yield loop.run_until_complete
    loop.close()


@pytest.fixture
def tried(config: Config, alice: Person, run: Run) -> Iterator[Client]:
    stack = AsyncExitStack()

    async def begin() -> Client:
        app = await stack.enter_async_context(complete_app(config))
        return await stack.enter_async_context(Client(TestServer(app)))

    yield run(begin())
    run(stack.aclose())


@pytest.fixture
def readers(tried: Client, alice: Person, token: Callable[..., str]) -> list[dict[str, str]]:
    admin = make_person("ada", role=Role.ADMIN)
    browsers = [people.signed_in(tried, person) for person in (alice, admin)]
    return [{}, dict(people.with_token(alice, token).headers), *(dict(one.headers) for one in browsers)]


@pytest.fixture
def there(tried: Client, alice: Person) -> list[str]:
    """What exists."""
    carol = make_remote("carol")
    key = new_key("media", "image/png")
    tried.app[STORAGE].put(key, b"0123456789")
    statuses = [make_status(alice, "Hello. #birds"), make_status(carol, "Hello.")]
    ids = [str(row.id) for row in (alice.account, carol, *statuses)]
    return [*ids, key, "alice", "carol@remote.test", "birds"]


def test_every_address_with_places_is_asked_for_what_is_there_and_for_what_is_odd(
    tried: Client, readers: list[dict[str, str]], there: list[str], run: Run
) -> None:
    """Once each. Of chance alone, below, some would come in no run."""
    odd, existing = itertools.cycle(_ODD), itertools.cycle(there)
    seen: Counter[int] = Counter()

    for template in templates(tried):
        for part in (next(odd), next(existing)) if "{" in template else ():
            path = re.sub(r"\{[^}]*\}", part, template)
            response = run(tried.get(URL(quote(path, safe=_SAFE), encoded=True), headers=readers[-1]))
            assert response.status < 500, (path, run(response.text()))
            seen[response.status] += 1

    assert seen[200] > 8
    assert seen[404] > 20


@_LIMITS
@given(data=st.data())
def test_anything_gets_an_answer(
    data: Any, tried: Client, readers: list[dict[str, str]], there: list[str], run: Run
) -> None:
    path = _filled(data.draw(st.sampled_from(templates(tried))), _PARTS | st.sampled_from(there), data)
    pairs = data.draw(st.lists(st.tuples(_NAMES, _VALUES), max_size=5))
    query = "&".join(f"{name}={value}" for name, value in pairs)
    headers = data.draw(st.sampled_from(readers)) | data.draw(_HEADERS)
    method = data.draw(st.sampled_from(["GET", "GET", "GET", "HEAD"]))

    response = run(
        tried.request(
            method, URL(f"{quote(path, safe=_SAFE)}?{quote(query, safe=_SAFE)}", encoded=True), headers=headers
        )
    )

    assert response.status < 500, (method, path, query, headers, run(response.text()))


def templates(client: Client) -> list[str]:
    routes = [route for route in client.app.router.routes() if route.method == "GET" and route.resource is not None]
    found = {route.resource.canonical for route in routes if route.resource is not None}
    return sorted(one for one in found if not one.startswith(_ENDLESS))


def _filled(template: str, parts: st.SearchStrategy[str], data: Any) -> str:
    while "{" in template:
        head, _, tail = template.partition("{")
        template = head + data.draw(parts).replace("{", "") + tail.partition("}")[2]
    return template


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("POST", "/api/v1/apps"),
        ("DELETE", "/api/v1/statuses/1"),
        ("PATCH", "/home"),
        ("TRACE", "/"),
        ("PROPFIND", "/@alice"),
        ("CONNECT", "/"),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_any_method_gets_an_answer(client: Client, method: str, path: str, accept: str) -> None:
    async with client.request(method, path, headers={"Accept": accept}) as response:
        assert response.status < 500
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "account",
    [
        "0",
        "01",
        "-1",
        "1.0",
        "1e3",
        "x",
        "%00",
        "9" * 19,
        "9" * 400,
        "١",
        "%D9%A1",
        "..",
        "1%2f2",
        "1;x",
        "",
        "actor",
    ],
)
@pytest.mark.parametrize(
    "rest", ["", "/outbox", "/followers", "/collections/featured", "/statuses/1", "/statuses/%00/activity"]
)
async def test_ids_of_documents_are_plain_numbers(client: Client, account: str, rest: str) -> None:
    address = URL(f"/ap/users/{account}{rest}", encoded=True)

    async with client.get(address, headers={"Accept": people.ACTIVITY}) as response:
        body = await response.text()

    assert response.status in (400, 404)
    assert "Traceback" not in body


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ("bytes=0-3", 206),
        ("bytes=8-", 206),
        ("bytes=-2", 206),
        ("bytes=0-0", 206),
        ("bytes=0-999", 206),
        ("bytes=10-", 416),
        ("bytes=20-30", 416),
        ("bytes=5-2", 416),
        ("bytes=" + "9" * 400 + "-", 416),
        ("bytes=0-1,3-4", 416),
        ("bytes=a-b", 416),
        ("lines=1-2", 416),
        ("bytes", 416),
    ],
)
async def test_parts_of_files_that_are_no_parts_are_refused(client: Client, wish: str, status: int) -> None:
    key = new_key("media", "image/png")
    client.app[STORAGE].put(key, b"0123456789")

    async with client.get(f"/media/{key}", headers={"Range": wish}) as response:
        body = await response.read()

    assert response.status == status
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert len(body) <= 10 or status == 416
