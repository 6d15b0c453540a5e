"""From a node without anybody to one with members, apps and staff, in a browser."""

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.chromium import Window
from tests.browser.hand import Hand
from tests.live.node import Api, Node
from tests.live.waiting import until

NewWindow = Callable[..., Window]

PASSWORD = "nine words are rather hard to guess"


@pytest.fixture(scope="module")
def first_link(node: Node) -> str:
    """The address that a new node prints when it starts."""
    node.start()
    found = until(lambda: re.search(r"/auth/first-admin/\S+", node.tail()), what=lambda: node.tail())
    return found[0]


@pytest.fixture(scope="module")
def client_address() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Where a web client waits for its code, and the answers that it got."""
    answers: list[dict[str, str]] = []

    class Client(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            if query:
                answers.append({name: values[0] for name, values in query.items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b'<!doctype html><title>Client</title><link rel="icon" href="data:,"><p>Thank you.')

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Client)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/done", answers
    server.shutdown()
    server.server_close()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)


@pytest.fixture(scope="module")
def ada(first_link: str, node: Node, browser: Any) -> str:
    """The first visitor becomes the administrator; her name."""
    context = browser.new_context(java_script_enabled=False)
    window = Window(context, node.base_url, scripts=False)
    page = window.open(first_link)
    fill(page, title="Whinmoor", username="ada", password=PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/admin")
    expect(page.locator("h1")).to_have_text("Welcome, ada")
    assert window.problems == []
    context.close()
    return "ada"


def test_the_first_link_is_good_once(ada: str, first_link: str, new_window: NewWindow) -> None:
    page = new_window().open(first_link)

    expect(page.locator("h1")).to_have_text("There is nothing here")


@pytest.mark.parametrize(
    ("way", "name"), [("pointing", "wren"), ("without scripts", "siskin"), ("keys alone", "dunlin")]
)
def test_somebody_asks_to_join_and_is_let_in(ada: str, new_window: NewWindow, way: str, name: str) -> None:
    newcomer, staff = (new_window(scripts=way != "without scripts") for _ in range(2))
    page = newcomer.open("/auth/sign-up")
    hand = Hand(page, by_keys=way == "keys alone")
    for field, value in (("username", name), ("password", PASSWORD), ("reason", "I draw maps of moors.")):
        hand.write(page.locator(f"main [name={field}]"), value)
    hand.turn(page.locator("[name=agreement]"))
    hand.press(page.locator("main form button"))
    expect(page.locator("h1")).to_have_text("Thank you for asking")

    staff.sign_in("ada", PASSWORD)
    page = staff.open("/admin/sign-ups")
    asked = page.locator(".sign", has_text=f"@{name}")
    expect(asked.locator("blockquote")).to_have_text("I draw maps of moors.")
    Hand(page, by_keys=way == "keys alone").press(asked.locator("button"))
    expect(page.locator("[role=status]")).to_contain_text("Let in.")

    page = newcomer.open("/auth/sign-in")
    for field, value in (("login", name), ("password", PASSWORD)):
        hand.write(page.locator(f"main [name={field}]"), value)
    hand.press(page.locator("main form .btn.go"))
    page.wait_for_url(f"{newcomer.base_url}/home")
    assert newcomer.problems + staff.problems == []


def test_a_second_factor_guards_the_way_in(ada: str, new_window: NewWindow) -> None:
    window = new_window()
    window.sign_in("ada", PASSWORD)
    page = window.open("/settings/two-factor")
    page.locator("form[action$='/begin'] button").click()
    secret = page.locator("#secret").input_value()
    fill(page, code=pyotp.TOTP(secret).now())
    page.locator("form[action$='/confirm'] button").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    other = new_window(scripts=False)
    page = other.open("/auth/sign-in")
    fill(page, login="ada", password=PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/auth/second-factor")
    fill(page, code="000000")
    page.locator("main form button").click()
    expect(page.locator("main [role=alert]")).to_contain_text("This code is not right")
    fill(page, code=codes[0])
    page.locator("main form button").click()
    page.wait_for_url(f"{other.base_url}/home")

    page = window.open("/settings/two-factor")
    page.locator("#d-password").fill(PASSWORD)
    page.locator("form[action$='/disable'] button").click()
    expect(page.locator("[role=status]")).to_contain_text("switched off")
    assert [one for one in window.problems + other.problems if "422" not in one] == []


def test_a_web_client_gets_its_token_in_a_pop_up(
    ada: str, node: Node, new_window: NewWindow, client_address: tuple[str, list[dict[str, str]]]
) -> None:
    redirect, answers = client_address
    app = Api(node.base_url).post(
        "/api/v1/apps", client_name="Phanpy", redirect_uris=redirect, scopes="read write", website=redirect
    )
    verifier = "a-verifier-of-at-least-forty-three-characters-is-needed"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": redirect,
        "scope": "read write",
        "state": "from here",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    window = new_window()
    opener = window.page
    opener.goto(redirect.removesuffix("/done"))
    with opener.expect_popup() as waiting:
        opener.evaluate(
            "address => { window.popup = open(address) }", f"{node.base_url}/oauth/authorize?{urlencode(asked)}"
        )
    popup = waiting.value
    fill(popup, login="ada", password=PASSWORD)
    popup.locator("main form button").first.click()
    expect(popup.locator("h1")).to_have_text("Allow Phanpy?")
    assert opener.evaluate("() => window.popup.closed") is False
    popup.wait_for_load_state()
    assert popup.evaluate("() => navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    popup.locator("button[value=allow]").click()
    popup.wait_for_url(f"{redirect}?*")

    # The client still holds its pop-up: no opener policy cut it off on the way.
    assert opener.evaluate("() => window.popup.location.search").startswith("?code=")
    (answer,) = answers
    token = requests.post(
        f"{node.base_url}/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": answer["code"],
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "redirect_uri": redirect,
            "code_verifier": verifier,
        },
        timeout=60,
    ).json()
    assert answer["state"] == "from here"
    me = Api(node.base_url, token["access_token"]).get("/api/v1/accounts/verify_credentials")
    assert me["username"] == "ada"

    page = new_window().sign_in("ada", PASSWORD)
    page.goto(f"{node.base_url}/settings/apps")
    expect(page.locator(".rows", has_text="Phanpy")).to_be_visible()


def test_a_profile_and_looks_are_set(ada: str, new_window: NewWindow) -> None:
    window = new_window(scripts=False)
    window.sign_in("ada", PASSWORD)
    page = window.open("/settings/profile")
    fill(page, display_name="Ada Lovelace", note="Numbers and #birds.")
    page.locator("main form button.go").click()
    expect(page.locator("[role=status]")).to_contain_text("Your profile is saved.")
    page = window.open("/settings/appearance")
    page.locator("[name=theme][value=dark]").check()
    page.locator("main form button.go").first.click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page = window.open("/@ada")
    expect(page.locator("h1, .names").first).to_contain_text("Ada Lovelace")
    assert window.problems == []


def test_the_staff_limits_an_account_and_a_domain_and_names_the_server(
    ada: str, node: Node, new_window: NewWindow
) -> None:
    window = new_window()
    window.sign_in("ada", PASSWORD)
    page = window.open("/admin/settings")
    fill(page, title="Gorse & Moor")
    page.locator("form", has=page.locator("[name=title]")).locator("button.go").click()
    expect(page.locator("[role=status]")).to_contain_text("Saved.")

    page = window.open("/admin/domains")
    fill(page, domain="loud.example", private_comment="a wave of spam")
    page.locator("[name=severity][value=suspend]").check()
    page.locator("form", has=page.locator("[name=domain]")).locator("button.go").click()
    expect(page.locator("tbody", has_text="loud.example")).to_contain_text("Blocked")

    page = window.open("/admin/rules")
    fill(page, text="Be kind.")
    page.locator("form[action='/admin/rules'] button").click()

    page = window.open("/admin/audit")
    expect(page.locator(".log")).to_contain_text("loud.example")
    assert Api(node.base_url).get("/api/v2/instance")["title"] == "Gorse & Moor"
    page = window.open("/about")
    expect(page.locator("main")).to_contain_text("Be kind.")
    assert window.problems == []


@pytest.mark.parametrize(
    ("name", "path"), [("Statistics", "/statistics"), ("Privacy and reach", "/settings/privacy")]
)
def test_on_a_telephone_places_and_settings_are_two_taps_away(
    ada: str, new_window: NewWindow, name: str, path: str
) -> None:
    window = new_window(scripts=False)
    window.look(width=390, height=844, dark=False)
    page = window.sign_in("ada", PASSWORD)

    page.get_by_role("link", name="Your profile and settings").click()
    page.locator("main").get_by_role("link", name=name).click()

    page.wait_for_url(f"{window.base_url}{path}")
