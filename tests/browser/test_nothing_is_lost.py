"""What somebody typed is there again: after a reload, after signing out, and after the server was started anew.

Nobody waits for the script, which keeps what is typed every few seconds: what matters are the seconds between.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.chromium import Window
from tests.live.node import Node
from tests.live.waiting import until

PASSWORD = "wren likes linnets"


@pytest.fixture(scope="module")
def started(node: Node) -> Node:
    node.people("wren")
    return node.start()


@pytest.fixture
def window(started: Node, new_window: Callable[..., Window]) -> Iterator[Window]:
    window = new_window()
    window.sign_in("wren", PASSWORD)
    yield window
    if started.process is None or started.process.poll() is not None:
        started.start()


def write(page: Page, words: str) -> None:
    page.locator("textarea[name=text]").fill(words)


def post(page: Page) -> None:
    page.locator(".compose button.go[value=post]").click()


def is_a_draft(window: Window, words: str) -> None:
    until(
        lambda: words in window.open("/drafts").locator("main").inner_text(),
        what=lambda: f"{words!r} is among the drafts",
    )


def is_posted_from_the_composer(window: Window, words: str) -> None:
    """It came back by itself, and is gone from there once it is posted."""
    page = window.page
    expect(page.locator("textarea[name=text]")).to_have_value(words)
    post(page)
    expect(page.locator("article", has_text=words)).to_be_visible()
    window.open("/drafts")
    expect(page.locator("main")).not_to_contain_text(words)
    assert page.evaluate("() => localStorage.getItem('linnet.unkept')") is None


def test_a_page_that_is_loaded_again_right_after_typing_shows_the_draft(window: Window) -> None:
    page = window.open("/compose")
    write(page, "Kept for a while")
    page.wait_for_url("**/compose?draft=*")

    write(page, "Kept, and more typed just now")
    page.reload()

    is_posted_from_the_composer(window, "Kept, and more typed just now")
    assert window.problems == []


def test_what_was_typed_before_the_script_came_is_kept(browser: Browser, window: Window) -> None:
    state = window.context.storage_state()
    context = browser.new_context(storage_state=state, reduced_motion="reduce", service_workers="block")
    slow = Window(context, window.base_url)
    held: list[Route] = []
    slow.page.route("**/static/app.*.js", lambda route: held.append(route), times=1)

    with slow.page.expect_request("**/static/app.*.js"):
        slow.page.goto(f"{slow.base_url}/home", wait_until="commit")
    write(slow.page, "Typed before the script came")
    held[0].continue_()
    slow.page.wait_for_function("() => customElements.get('l-compose')")
    is_a_draft(slow, "Typed before the script came")
    context.close()


def test_who_signs_out_right_after_typing_finds_it_among_the_drafts(window: Window) -> None:
    page = window.page
    write(page, "Signed out in the middle")

    page.locator(".who-card").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{window.base_url}/")

    assert page.evaluate("() => localStorage.getItem('linnet.unkept')") is None
    window.sign_in("wren", PASSWORD)
    is_a_draft(window, "Signed out in the middle")
    assert window.problems == []


@pytest.mark.parametrize("then", ["posts", "loads the page again"])
def test_a_session_that_ended_elsewhere_takes_nothing_along(window: Window, then: str) -> None:
    page, words = window.page, f"Signed out elsewhere, and somebody {then}"
    window.context.clear_cookies()
    write(page, words)

    if then == "posts":
        post(page)
    else:
        expect(page.locator("#live")).to_contain_text("You are signed out. What you write is kept in this browser.")
        page.reload()
    page.wait_for_url("**/auth/sign-in**")

    window.sign_in("wren", PASSWORD)
    is_posted_from_the_composer(window, words)


def test_what_is_posted_while_the_server_is_started_anew_is_still_there(window: Window, started: Node) -> None:
    page, words = window.page, "Written while nobody was there"
    started.stop()
    write(page, words)

    post(page)

    expect(page.locator("#live")).to_contain_text("No connection. What you write is kept in this browser.")
    expect(page.locator("textarea[name=text]")).to_have_value(words)
    started.start()
    post(page)
    expect(page.locator("article", has_text=words)).to_be_visible()
    window.open("/home")
    expect(page.locator("textarea[name=text]")).to_have_value("")


def test_a_page_that_is_left_while_the_server_is_started_anew_leaves_a_draft(window: Window, started: Node) -> None:
    page, words = window.page, "Left while nobody was there"
    started.stop()
    write(page, words)

    page.goto("about:blank")
    started.start()

    window.open("/notifications")
    is_a_draft(window, words)


def test_what_was_kept_before_the_server_was_started_anew_is_kept(window: Window, started: Node) -> None:
    page, words = window.open("/compose"), "Kept before the start"
    write(page, words)
    page.wait_for_url("**/compose?draft=*")

    started.kill()
    started.start()
    page.reload()

    is_posted_from_the_composer(window, words)
