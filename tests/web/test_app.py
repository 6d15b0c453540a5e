"""What every answer has in common, whatever was asked."""

import logging
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from federation import ignored
from node import clock
from node.config import Config
from node.errors import Invalid, NotFound, TooMany
from web.app import build_app
from web.keys import ERROR_PAGE

Client = TestClient[Any, Any]


async def _broken(_: web.Request) -> web.Response:
    raise ZeroDivisionError("a secret detail")


async def _missing(_: web.Request) -> web.Response:
    raise NotFound("There is no such thing.")


async def _elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPFound("/health/live")


async def _invalid(_: web.Request) -> web.Response:
    raise Invalid("The name is taken.", {"username": "is taken"})


async def _slow_down(_: web.Request) -> web.Response:
    raise TooMany("Too many requests", 7)


@pytest.fixture
async def odd_client(db: None, config: Config) -> Any:
    """The application with some routes that fail."""
    app = build_app(config)
    app.router.add_get("/odd/elsewhere", _elsewhere)
    for path, handler in (("broken", _broken), ("missing", _missing), ("invalid", _invalid), ("slow", _slow_down)):
        app.router.add_get(f"/api/odd/{path}", handler)
        app.router.add_get(f"/odd/{path}", handler)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_an_unknown_address_of_the_api_is_a_404_in_json(client: Client) -> None:
    response = await client.get("/api/v1/nothing-of-the-kind")

    assert response.status == 404
    assert await response.json() == {"error": "Not found"}


async def test_the_gallery_is_not_there_for_who_did_not_ask_for_it_at_the_start(client: Client) -> None:
    for path in ("/dev/gallery", "/dev/gallery/home"):
        assert (await client.get(path)).status == 404


@pytest.mark.parametrize("path", ["/api/v1/instance/", "/api/v2/instance", "/api/v1/trends/tags/"])
async def test_a_slash_at_the_end_makes_no_difference(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 200


async def test_a_wrong_method_names_the_right_ones(client: Client) -> None:
    response = await client.delete("/health/live")

    assert response.status == 405
    assert "GET" in response.headers["Allow"]


async def test_a_refusal_of_the_domain_tells_what_is_wrong(odd_client: Client) -> None:
    response = await odd_client.get("/api/odd/invalid")

    assert response.status == 422
    assert await response.json() == {
        "error": "Validation failed: The name is taken.",
        "details": {"username": [{"error": "ERR_INVALID", "description": "is taken"}]},
    }


async def test_what_is_not_there_always_answers_the_same(odd_client: Client) -> None:
    response = await odd_client.get("/api/odd/missing")

    assert (response.status, await response.json()) == (404, {"error": "Record not found"})


async def test_too_many_requests_say_how_long_to_wait(odd_client: Client) -> None:
    response = await odd_client.get("/api/odd/slow")

    assert (response.status, response.headers["Retry-After"]) == (429, "7")


async def test_a_bug_is_a_500_that_tells_nothing(odd_client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = await odd_client.get("/api/odd/broken")

    assert response.status == 500
    assert "secret" not in await response.text()


async def test_a_redirect_that_is_raised_is_a_redirect(odd_client: Client) -> None:
    response = await odd_client.get("/odd/elsewhere", allow_redirects=False)

    assert (response.status, response.headers["Location"]) == (302, "/health/live")


async def test_errors_of_pages_are_drawn_by_the_pages(db: None, config: Config) -> None:
    async def page(_: web.Request, status: int, message: str) -> web.Response:
        return web.Response(text=f"<h1>{message}</h1>", content_type="text/html", status=status)

    app = build_app(config)
    app[ERROR_PAGE] = page
    app.router.add_get("/odd", _missing)

    async with TestClient(TestServer(app)) as client:
        response = await client.get("/odd", headers={"Accept": "text/html"})

        assert (response.status, await response.text()) == (404, "<h1>There is no such thing.</h1>")


@pytest.mark.parametrize(
    "path",
    [
        "/api/odd/missing",
        "/api/odd/invalid",
        "/api/v1/nothing",
        "/health/live",
        "/nodeinfo/9",
        "/.well-known/nothing",
        "/.well-known/webfinger",
        "/oauth/userinfo",
    ],
)
async def test_any_origin_may_read_answers_and_errors(odd_client: Client, path: str) -> None:
    response = await odd_client.get(path, headers={"Origin": "https://client.test"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert all(name in exposed for name in ("Link", "X-RateLimit-Reset", "X-Request-Id", "Mastodon-Async-Refresh"))


@pytest.mark.parametrize("path", ["/static/icons.svg", "/media/media/ab/nothing.webp", "/proxy/nothing"])
async def test_any_origin_may_fetch_files_whose_heads_are_short(odd_client: Client, path: str) -> None:
    response = await odd_client.get(path, headers={"Origin": "https://client.test"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Expose-Headers" not in response.headers
    assert (await odd_client.options(path)).headers["Access-Control-Allow-Methods"].startswith("GET")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/statuses",
        "/api/v1/apps",
        "/api/v2/instance",
        "/oauth/token",
        "/oauth/revoke",
        "/nodeinfo/2.1",
        "/.well-known/host-meta",
        "/.well-known/nodeinfo",
        "/.well-known/oauth-authorization-server",
    ],
)
async def test_a_preflight_allows_what_clients_send(client: Client, path: str) -> None:
    response = await client.options(
        path,
        headers={
            "Origin": "https://client.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        },
    )

    assert response.status in (200, 204)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "idempotency-key"))


async def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    first = await client.get("/health/live")
    second = await client.get("/api/nothing")

    assert first.headers["X-Request-Id"]
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


async def test_pages_have_a_strict_policy_and_sign_in_lets_popups_be(client: Client) -> None:
    page = await client.get("/nothing")
    on_the_way = [
        await client.get(f"{path}/nothing")
        for path in ("/auth", "/auth/sign-up", "/auth/second-factor", "/oauth/authorize", "/interact")
    ]

    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    for answer in on_the_way:
        assert "Cross-Origin-Opener-Policy" not in answer.headers
        assert "form-action" not in answer.headers["Content-Security-Policy"]


async def test_answers_of_the_api_are_not_kept_by_caches(client: Client) -> None:
    response = await client.get("/api/nothing")

    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready"])
async def test_health_is_good(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 200


async def test_metrics_are_for_holders_of_the_token(db: None, config: Config) -> None:
    app = build_app(msgspec.structs.replace(config, metrics_token="of-the-watcher"))
    ignored.count("Offer", "of a test")

    async with TestClient(TestServer(app)) as client:
        refused = await client.get("/metrics", headers={"Authorization": "Bearer guessed"})
        shown = await client.get("/metrics", headers={"Authorization": "Bearer of-the-watcher"})

        assert refused.status == 404
        assert shown.status == 200
        assert "linnet_http_requests_total" in await shown.text()
        assert 'linnet_ignored_total{what="Offer",why="of a test"} 1.0' in await shown.text()


async def test_without_a_token_there_are_no_metrics(client: Client) -> None:
    assert (await client.get("/metrics", headers={"Authorization": "Bearer "})).status == 404


async def test_a_client_that_asks_too_much_is_told_when_to_come_back(
    client: Client, alice: Any, as_person: Callable[..., dict[str, str]]
) -> None:
    me = as_person(alice)

    with clock.frozen(clock.now_ms()):
        first = await client.get("/api/nothing", headers=me)
        statuses = [(await client.get("/api/nothing")).status for _ in range(301)]
        still = await client.get("/api/nothing", headers=me)

    assert first.headers["X-RateLimit-Remaining"] == "1499"
    assert statuses[-1] == 429
    assert still.status == 404
