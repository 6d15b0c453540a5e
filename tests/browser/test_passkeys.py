"""Passkeys in a browser with an authenticator that the browser plays itself."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Window
from tests.live.node import Node
from tests.live.nursery import Nursery

PASSWORD = "wren likes linnets"
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Node]:
    """Passkeys are for names, not for addresses of the network."""
    made = Node(nursery, tmp_path_factory.mktemp("passkeys"), address="localhost")
    made.people("wren", "siskin")
    made.start()
    yield made
    made.begin_to_stop()
    made.end()


@pytest.fixture
def window(browser: Browser, node: Node) -> Iterator[Window]:
    context = browser.new_context(reduced_motion="reduce")
    # It would answer before anything is pressed, since nobody has to be there.
    context.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")
    yield Window(context, node.base_url)
    context.close()


def authenticator(window: Window) -> tuple[Any, str]:
    debugger = window.context.new_cdp_session(window.page)
    debugger.send("WebAuthn.enable")
    made = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    return debugger, made["authenticatorId"]


def add_passkey(page: Page) -> None:
    page.locator("form[action$='/begin'] [name=password]").fill(PASSWORD)
    page.locator("form[action$='/begin'] button").click()
    page.locator("main [name=name]").fill("The blue telephone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator("[role=status]")).to_contain_text("The passkey is added.")


def forget(window: Window) -> None:
    """As if nobody had signed in: a page that is still there would ask for its stream, and be refused."""
    window.open("/health/live")  # no page
    window.context.clear_cookies()


def test_a_passkey_is_made_signs_in_stands_in_for_a_code_and_is_removed(window: Window) -> None:
    window.sign_in("wren", PASSWORD)
    authenticator(window)
    page = window.open("/settings/passkeys")
    add_passkey(page)
    expect(page.locator(".rows")).to_contain_text("The blue telephone")
    assert window.barriers() == []

    # Without a password.
    forget(window)
    page = window.open("/auth/sign-in?next=/bookmarks")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{window.base_url}/bookmarks")  # not the page before, which has it as `next`

    # With a password, and instead of a code.
    page = window.open("/settings/two-factor")
    page.locator("form[action$='/begin'] button").click()
    page.locator("main [name=code]").fill(pyotp.TOTP(page.locator("#secret").input_value()).now())
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator(".codes code")).to_have_count(10)
    forget(window)
    page = window.open("/auth/sign-in")
    page.locator("main input[name=login]").fill("wren")
    page.locator("main input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/auth/second-factor")
    assert window.barriers() == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{window.base_url}/home")

    page = window.open("/settings/passkeys")
    page.locator(".rows a", has_text="Remove").click()
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    expect(page.locator("main .empty")).to_have_text("You have none yet.")
    assert window.problems == []


def test_a_browser_without_an_answer_says_so(window: Window) -> None:
    window.sign_in("siskin", "siskin likes linnets")
    debugger, authenticator_id = authenticator(window)
    debugger.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator_id, "isUserVerified": False})
    page = window.open("/settings/passkeys")
    page.locator("form[action$='/begin'] [name=password]").fill("siskin likes linnets")
    page.locator("form[action$='/begin'] button").click()

    page.get_by_role("button", name="Make a passkey").click()

    expect(page.locator("#live")).to_contain_text("Your browser gave no passkey.")


def test_without_scripts_the_page_says_what_is_missing(node: Node, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    window = Window(context, node.base_url, scripts=False)
    window.sign_in("siskin", "siskin likes linnets")

    page = window.open("/settings/passkeys")

    sentence = page.locator("main noscript p")
    expect(sentence).to_be_visible()
    expect(sentence).to_contain_text("Passkeys need JavaScript")
    context.close()
