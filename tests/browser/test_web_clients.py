"""What web clients of others do, Phanpy and Elk among them: from a page of another origin, in a real browser."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.live.node import Node, Person

# Asked for at every start or on every page.
PUBLIC = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/nodeinfo",
    "/nodeinfo/2.1",
    "/api/v1/instance",
    "/api/v2/instance",
    "/api/v1/custom_emojis",
    "/api/v1/trends/tags",
]
MEMBERS = [
    "/api/v1/accounts/verify_credentials",
    "/api/v1/preferences",
    "/api/v1/markers?timeline[]=home&timeline[]=notifications",
    "/api/v2/filters",
    "/api/v1/announcements",
    "/api/v1/followed_tags",
    "/api/v1/lists",
    "/api/v2/notifications",
    "/api/v1/notifications/policy",
    "/api/v1/timelines/home",
]

ASK = """async ([url, options]) => {
    const answer = await fetch(url, options);
    const text = await answer.text();
    let json = null;
    try { json = JSON.parse(text); } catch {}
    return {status: answer.status, text, json, link: answer.headers.get("Link"),
            limit: answer.headers.get("X-RateLimit-Limit"), id: answer.headers.get("X-Request-Id")};
}"""
# "open" or "closed"; what is heard after that is kept in `heard`.
LISTEN = """([url, protocols]) => new Promise(done => {
    const socket = new WebSocket(url, protocols);
    socket.onopen = () => done("open");
    socket.onerror = socket.onclose = () => done("closed");
    window.heard = [];
    socket.onmessage = message => { window.heard.push(JSON.parse(message.data)); };
})"""
# A browser's own keys: a point of P-256, and sixteen bytes.
_SUBSCRIPTION = """{"subscription": {"endpoint": "https://push.example/of-alice", "keys": {
    "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
    "auth": "tBHItJI5svbpez7KI4CCXg"}}, "data": {"alerts": {"mention": true}}}"""


@pytest.fixture(scope="module")
def alice(node: Node) -> Person:
    (alice,) = node.people("alice")
    node.start()
    return alice


@pytest.fixture(scope="module")
def page(browser: Browser, alice: Person) -> Iterator[Page]:
    """An empty page of a server that has nothing to do with the node."""

    class Client(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>A client</title>")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Client)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    context.close()
    server.shutdown()
    server.server_close()


def ask(page: Page, alice: Person, path: str, **options: Any) -> Any:
    return page.evaluate(ASK, [alice.node.base_url + path, options])


def as_alice(alice: Person, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {alice.token}"} | more


def test_host_meta_names_the_host_of_pages_with_its_port(page: Page, alice: Person) -> None:
    answer = ask(page, alice, "/.well-known/host-meta")

    assert answer["status"] == 200
    assert f'template="{alice.node.base_url}/.well-known/webfinger?resource={{uri}}"' in answer["text"]


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_public_is_read_from_anywhere(page: Page, alice: Person, path: str) -> None:
    answer = ask(page, alice, path)

    assert (answer["status"], answer["json"] is not None) == (200, True)


def test_clients_learn_that_there_is_pkce_and_where_events_are(page: Page, alice: Person) -> None:
    metadata = ask(page, alice, "/.well-known/oauth-authorization-server")["json"]
    instance = ask(page, alice, "/api/v2/instance")["json"]

    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["issuer"] == f"{alice.node.base_url}/"
    assert instance["configuration"]["urls"]["streaming"] == alice.node.base_url.replace("http", "ws", 1)


def test_an_app_registers_itself_and_reads_why_it_gets_no_token(page: Page, alice: Person) -> None:
    json = {"Content-Type": "application/json"}
    made = ask(
        page,
        alice,
        "/api/v1/apps",
        method="POST",
        headers=json,
        body='{"client_name": "A client", "redirect_uris": "http://localhost:5173/", "scopes": "read write"}',
    )

    refused = ask(
        page,
        alice,
        "/oauth/token",
        method="POST",
        headers=json,
        body=f'{{"grant_type": "authorization_code", "client_id": "{made["json"]["client_id"]}", "code": "no"}}',
    )

    assert made["status"] == 200
    assert (400 <= refused["status"] < 500, "error" in refused["json"]) == (True, True)


@pytest.mark.parametrize("path", MEMBERS)
def test_what_is_asked_for_on_every_page_is_there(page: Page, alice: Person, path: str) -> None:
    """The browser asks first, by OPTIONS, whether it may send a token from elsewhere."""
    answer = ask(page, alice, path, headers=as_alice(alice))
    refused = ask(page, alice, path, headers={"Authorization": "Bearer nobody"})

    assert (answer["status"], answer["json"] is not None) == (200, True)
    assert (refused["status"], "error" in refused["json"]) == (401, True)
    assert answer["id"], "headers that clients read are exposed"


def test_a_push_subscription_is_missing_only_until_there_is_one(page: Page, alice: Person) -> None:
    path, json = "/api/v1/push/subscription", as_alice(alice, **{"Content-Type": "application/json"})
    before = ask(page, alice, path, headers=as_alice(alice))
    made = ask(page, alice, path, method="POST", headers=json, body=_SUBSCRIPTION)
    there = ask(page, alice, path, headers=as_alice(alice))

    assert [answer["status"] for answer in (before, made, there)] == [404, 200, 200]
    assert there["json"]["endpoint"] == "https://push.example/of-alice"


def test_a_marker_is_set(page: Page, alice: Person) -> None:
    status = alice.say("To be marked.")
    headers = as_alice(alice, **{"Content-Type": "application/json"})
    set_ = ask(
        page,
        alice,
        "/api/v1/markers",
        method="POST",
        headers=headers,
        body=f'{{"home": {{"last_read_id": "{status["id"]}"}}}}',
    )

    assert (set_["status"], set_["json"]["home"]["last_read_id"]) == (200, status["id"])


def test_a_name_typed_bare_is_found(page: Page, alice: Person) -> None:
    found = ask(page, alice, "/api/v2/search?q=alice&resolve=true", headers=as_alice(alice))

    assert [account["acct"] for account in found["json"]["accounts"]] == ["alice"]


def test_a_post_is_at_home_and_its_answer_in_its_context_at_once(page: Page, alice: Person) -> None:
    headers = as_alice(alice, **{"Content-Type": "application/json", "Idempotency-Key": "one of its own"})
    body = '{"status": "From another origin.", "visibility": "public"}'

    posted, twice = (
        ask(page, alice, "/api/v1/statuses", method="POST", headers=headers, body=body)["json"] for _ in range(2)
    )
    home = ask(page, alice, "/api/v1/timelines/home?limit=1", headers=as_alice(alice))
    answer = ask(
        page,
        alice,
        "/api/v1/statuses",
        method="POST",
        headers=as_alice(alice, **{"Content-Type": "application/json"}),
        body=f'{{"status": "An answer.", "in_reply_to_id": "{posted["id"]}"}}',
    )["json"]
    context = ask(page, alice, f"/api/v1/statuses/{posted['id']}/context", headers=as_alice(alice))["json"]
    favourite = ask(
        page, alice, f"/api/v1/statuses/{posted['id']}/favourite", method="POST", headers=as_alice(alice)
    )["json"]

    assert posted["id"] == twice["id"] == home["json"][0]["id"]
    assert 'rel="next"' in home["link"]
    assert [status["id"] for status in context["descendants"]] == [answer["id"]]
    assert favourite["favourited"] is True


@pytest.mark.parametrize("way", ["query", "protocol"])
def test_events_come_through_a_socket_and_who_may_not_listen_is_told_so(page: Page, alice: Person, way: str) -> None:
    base = f"{alice.node.base_url.replace('http', 'ws', 1)}/api/v1/streaming"

    def listen(token: str) -> Any:
        url = f"{base}?stream=user&access_token={token}" if way == "query" else f"{base}?stream=user"
        return page.evaluate(LISTEN, [url, [] if way == "query" else [token]])

    assert listen(alice.token) == "open"
    words = f"Heard by {way}."
    alice.say(words)
    page.wait_for_function("words => window.heard.some(event => event.payload.includes(words))", arg=words)
    assert listen("nobody") == "closed"
