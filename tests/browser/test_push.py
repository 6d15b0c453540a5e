"""The worker that shows messages, in a browser. Its maker's push service is not asked: the debugger brings the message."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser.chromium import Window, launched
from tests.live.node import Node
from tests.live.waiting import until

NewWindow = Callable[..., Window]
_SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}"""

_STATE = "() => navigator.serviceWorker.ready.then((one) => one.active.state)"


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One that shows messages."""
    with launched(playwright) as running:
        yield running


@pytest.fixture(scope="module")
def wren(node: Node) -> str:
    node.people("wren")
    node.start()
    return "wren likes linnets"


def test_a_message_is_shown(wren: str, node: Node, new_window: NewWindow) -> None:
    window = new_window()
    window.context.grant_permissions(["notifications"], origin=node.base_url)
    window.sign_in("wren", wren)
    page = window.open("/settings/notifications")
    expect(page.get_by_role("button", name="Tell me in this browser")).to_be_visible()
    assert page.locator("[name=zone]").input_value() != ""
    assert window.barriers() == []
    debugger = window.context.new_cdp_session(page)
    found: list[str] = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    debugger.send("ServiceWorker.enable")
    page.evaluate("() => navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    until(lambda: page.evaluate(_STATE) == "activated", what="the worker is at work")

    message = {"title": "Bob follows you", "body": "Birds.", "notification_id": 7, "preferred_locale": "en"}

    def shown() -> list[dict[str, str]]:
        # A push service brings again what did not arrive. By its tag it is one message, however often it comes.
        debugger.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": node.base_url, "registrationId": found[-1], "data": json.dumps(message)},
        )
        page.wait_for_timeout(200)
        answer: list[dict[str, str]] = page.evaluate(_SHOWN)
        return answer

    assert until(shown, what="the message is shown") == [{"title": "Bob follows you", "body": "Birds.", "tag": "7"}]
    assert window.problems == []


def test_without_scripts_the_page_says_what_is_missing(wren: str, new_window: NewWindow) -> None:
    window = new_window(scripts=False)
    window.sign_in("wren", wren)

    page = window.open("/settings/notifications")

    sentence = page.locator("main noscript p")
    expect(sentence).to_be_visible()
    expect(sentence).to_contain_text("This needs JavaScript")
