"""Without a connection: what was read last is there, what is typed is kept, and nothing of it after signing out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Window
from tests.live.node import Node
from tests.live.waiting import until

NewWindow = Callable[..., Window]
_AT_WORK = "() => navigator.serviceWorker.ready.then((one) => one.active.state)"
_ADDRESSES = """async () => {
  if (!await caches.has("read")) return [];
  return (await (await caches.open("read")).keys()).map((one) => new URL(one.url).pathname);
}"""


@pytest.fixture(scope="module")
def wren(node: Node) -> str:
    node.people("wren")
    node.start()
    return "wren likes linnets"


@pytest.fixture
def window(wren: str, new_window: NewWindow) -> Window:
    """Signed in, with the worker at work and home read once since."""
    window = new_window()
    page = window.sign_in("wren", wren)
    until(lambda: page.evaluate(_AT_WORK) == "activated", what="the worker is at work")
    page.reload()
    until(lambda: page.evaluate(_ADDRESSES) == ["/home"], what="home is kept")
    return window


def test_what_was_read_last_is_there_and_says_what_it_is(window: Window) -> None:
    window.context.set_offline(True)

    page = window.open("/home")

    expect(page.locator("main .notice")).to_have_text("No connection: this is what you read last.")
    expect(page.locator("h1")).to_have_text("Home")
    window.open("/bookmarks")
    expect(page.locator("h1")).to_have_text("No connection")
    # Styles come from the worker, too.
    assert page.locator(".quiet").evaluate("box => getComputedStyle(box).borderRadius") != "0px"
    window.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("h1")).to_have_text("Bookmarks")
    window.open("/home")
    expect(page.locator("main .notice")).to_have_count(0)


def test_what_is_typed_waits_for_the_connection(window: Window) -> None:
    page = window.page
    window.context.set_offline(True)
    text = page.locator("textarea[name=text]")

    text.fill("Seen from the train: gorse")
    page.locator(".compose button.go[value=post]").click()

    expect(page.locator("#live")).to_contain_text("No connection. What you write is kept in this browser.")
    expect(text).to_have_value("Seen from the train: gorse")
    # Also by a page that was closed.
    window.open("/home")
    expect(text).to_have_value("Seen from the train: gorse")
    window.context.set_offline(False)
    page.locator(".compose button.go[value=post]").click()
    expect(page.locator("article").filter(has_text="Seen from the train: gorse")).to_be_visible()
    window.open("/home")
    expect(text).to_have_value("")
    _nothing_is_held(page)


def test_what_is_pressed_waits_for_the_connection(window: Window) -> None:
    page = window.page
    page.locator("textarea[name=text]").fill("Two gulls")
    page.locator(".compose button.go[value=post]").click()
    post = page.locator("article").filter(has_text="Two gulls")
    expect(post).to_be_visible()
    favourite, bookmark = (post.locator(f"[data-act={name}]") for name in ("favourite", "bookmark"))
    window.context.set_offline(True)

    favourite.click()
    expect(page.locator("#live")).to_contain_text("It is done as soon as there is one.")
    expect(favourite).to_have_attribute("aria-pressed", "true")
    for _ in range(2):  # and taken back
        bookmark.click()
        expect(bookmark).not_to_have_attribute("data-busy", "1")
    window.context.set_offline(False)

    until(lambda: page.evaluate("localStorage.getItem('linnet.pressed')") is None, what="what was pressed is sent")
    window.open("/favourites")
    expect(page.locator("article").filter(has_text="Two gulls")).to_be_visible()
    window.open("/bookmarks")
    expect(page.locator("article").filter(has_text="Two gulls")).to_have_count(0)


def test_nothing_of_a_person_is_left_when_they_sign_out(window: Window) -> None:
    page = window.page
    page.evaluate('() => localStorage.setItem(\'linnet.unkept\', \'["a", "", ["secret"]]\')')

    page.locator(".who-card").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{window.base_url}/")

    assert page.evaluate(_ADDRESSES) == []
    _nothing_is_held(page)


def test_a_session_that_was_ended_elsewhere_leaves_nothing_either(window: Window) -> None:
    page = window.page
    window.context.clear_cookies()

    window.open("/home")

    expect(page.locator("main input[name=password]")).to_be_visible()
    until(lambda: page.evaluate(_ADDRESSES) == [], what="the copies are dropped")


def _nothing_is_held(page: Page) -> None:
    assert page.evaluate("() => localStorage.getItem('linnet.unkept')") is None
