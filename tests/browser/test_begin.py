"""The script comes after what is seen, and whoever presses something before loses nothing (web/static/begin.js)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.chromium import Window

_APP = "**/static/app.*.js"
# When everything that the page names was there, and when the script was asked for.
_ORDER = """() => [
  performance.getEntriesByType("navigation")[0].loadEventStart,
  performance.getEntriesByType("resource").find((one) => one.name.includes("/static/app.")).startTime,
]"""


@pytest.fixture
def window(browser: Browser, gallery: str) -> Iterator[Window]:
    context = browser.new_context(reduced_motion="reduce")
    yield Window(context, gallery, scripts=False)  # nobody asks for the script but the page
    context.close()


def come(page: Page) -> None:
    page.wait_for_function("() => customElements.get('l-more')")


def held_back(page: Page) -> list[Route]:
    held: list[Route] = []
    page.route(_APP, lambda route: held.append(route), times=1)
    return held


def test_a_new_script_comes_after_the_page_and_a_known_one_with_it(window: Window) -> None:
    page = window.open("/home")
    come(page)
    loaded, asked = page.evaluate(_ORDER)
    assert asked >= loaded

    held: list[Route] = []
    page.route("**/static/icon*.svg", lambda route: held.append(route))  # the page is not complete without it
    page.reload(wait_until="commit")
    come(page)
    assert page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventStart") == 0
    for one in held:
        one.continue_()
    assert window.problems == []


@pytest.mark.parametrize("touch", ["key", "pointer", "wheel"])
def test_who_touches_a_page_has_the_script_then(window: Window, touch: str) -> None:
    page = window.page
    held: list[Route] = []
    page.route("**/media/**", lambda route: held.append(route))
    page.route("**/static/icon*.svg", lambda route: held.append(route))
    page.goto(f"{window.base_url}/home", wait_until="commit")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/begin.'))"
    )
    page.wait_for_function("() => document.readyState === 'interactive'")

    with page.expect_request(_APP):
        if touch == "key":
            page.keyboard.press("Shift")
        elif touch == "pointer":
            page.mouse.down()
        else:
            page.mouse.wheel(0, 1)

    for one in held:
        one.continue_()


def test_a_press_before_the_script_came_is_answered_by_it(window: Window) -> None:
    page = window.page
    held = held_back(page)
    page.route("**/favourite", lambda route: route.fulfill(json={"favourited": True}))
    with page.expect_request(_APP):
        page.goto(f"{window.base_url}/home")
    buttons = page.locator("[data-act=favourite]")
    at = buttons.evaluate_all("all => all.findIndex((one) => one.getAttribute('aria-pressed') === 'false')")

    buttons.nth(at).click()
    expect(buttons.nth(at)).to_have_attribute("aria-pressed", "false")
    held[0].continue_()

    expect(buttons.nth(at)).to_have_attribute("aria-pressed", "true")
    assert page.url == f"{window.base_url}/home"
    assert window.problems == []


@pytest.mark.parametrize("how", ["never", "broken"])
def test_without_the_script_a_press_leads_where_the_page_says(window: Window, how: str) -> None:
    page = window.page
    page.clock.install()
    held = held_back(page)
    page.route("**/favourite", lambda route: route.fulfill(body="done"))
    page.goto(f"{window.base_url}/home")
    with page.expect_request(_APP):
        page.locator("[data-act=favourite][aria-pressed=false]").first.click()

    with page.expect_navigation(url="**/favourite"):
        if how == "never":
            page.clock.run_for(2_000)
        else:
            held[0].abort()
