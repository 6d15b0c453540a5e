"""Forms of visitors and of people who are signed in are tied to their browser."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from node.config import Config
from tests.factories import Person
from tests.web.conftest import Client, Headers, complete_app
from web import csrf


async def _form(request: web.Request) -> web.Response:
    return web.Response(text=csrf.token(request))


async def _sent(request: web.Request) -> web.Response:
    await csrf.check(request)
    return web.Response(text="done")


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    async with complete_app(config) as app:
        app.router.add_get("/form", _form)
        app.router.add_post("/form", _sent)
        async with Client(TestServer(app)) as client:
            yield client


def visitor_of(*responses: Any) -> Headers:
    """What a browser sends after these answers: of one name, the last."""
    known = {}
    for response in responses:
        for name, cookie in response.cookies.items():
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
            assert cookie["secure"]
            known[name] = cookie.value
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in known.items())}


async def test_a_visitor_sends_the_form_that_was_shown(client: Client) -> None:
    shown = await client.get("/form")

    response = await client.post("/form", data={"csrf": await shown.text()}, headers=visitor_of(shown))

    assert await response.text() == "done"


async def test_pages_that_a_new_visitor_opens_at_once_do_not_fight(client: Client) -> None:
    pages = [await client.get("/form") for _ in range(2)]
    headers = visitor_of(*pages)

    answers = [await client.post("/form", data={"csrf": await page.text()}, headers=headers) for page in pages]

    assert [await answer.text() for answer in answers] == ["done", "done"]
    assert not (await client.get("/form", headers=headers)).cookies


async def test_scripts_of_ours_send_the_token_in_a_header(client: Client) -> None:
    shown = await client.get("/form")

    response = await client.post("/form", headers=visitor_of(shown) | {"X-CSRF-Token": await shown.text()})

    assert response.status == 200


@pytest.mark.parametrize(
    ("method", "mode", "is_kept"),
    [("GET", "navigate", True), ("GET", "cors", False), ("GET", "no-cors", False), ("POST", "navigate", False)],
)
async def test_no_cookie_comes_with_what_no_visitor_sees_or_another_site_sent(
    client: Client, method: str, mode: str, is_kept: bool
) -> None:
    answer = await client.request(method, "/nothing", headers={"Sec-Fetch-Mode": mode})

    assert answer.headers["Content-Type"].startswith("text/html")
    assert bool(answer.cookies) is is_kept


async def test_the_token_of_another_browser_is_worth_nothing(client: Client) -> None:
    mine, theirs = await client.get("/form"), await client.get("/form", headers={"Cookie": "linnet_visitor=another"})

    response = await client.post("/form", data={"csrf": await theirs.text()}, headers=visitor_of(mine))

    assert response.status == 403


async def test_without_a_cookie_nothing_is_done(client: Client) -> None:
    shown = await client.get("/form")
    client.session.cookie_jar.clear()

    response = await client.post("/form", data={"csrf": await shown.text()})

    assert response.status == 403


async def test_a_form_shown_before_signing_in_is_worth_nothing_afterwards(
    client: Client, alice: Person, browser: Callable[[Person], Headers]
) -> None:
    shown = await client.get("/form")

    response = await client.post("/form", data={"csrf": await shown.text()}, headers=browser(alice))

    assert response.status == 403


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "https://a.test.evil.test"])
async def test_forms_of_other_origins_are_refused(client: Client, origin: str) -> None:
    shown = await client.get("/form")
    headers = visitor_of(shown) | {"Origin": origin}

    response = await client.post("/form", data={"csrf": await shown.text()}, headers=headers)

    assert response.status == 403
