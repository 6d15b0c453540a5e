"""Without a connection: what was read last is there, what is typed is kept, and nothing of it after signing out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Window
from tests.live.node import Node, Person
from tests.live.waiting import until
from tests.node.media.pictures import picture

NewWindow = Callable[..., Window]
_AT_WORK = "() => navigator.serviceWorker.ready.then((one) => one.active.state)"
_ADDRESSES = """async () => {
  if (!await caches.has("read")) return [];
  return (await (await caches.open("read")).keys()).map((one) => new URL(one.url).pathname);
}"""


@pytest.fixture(scope="module")
def people(node: Node) -> dict[str, Person]:
    made = node.people("wren", "gull")
    node.start()
    return {person.name: person for person in made}


@pytest.fixture
def wren(people: dict[str, Person]) -> str:
    return f"{people['wren'].name} likes linnets"


@pytest.fixture
def gull(people: dict[str, Person]) -> Person:
    return people["gull"]


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


def test_a_poll_with_its_warning_waits_as_it_was_typed(window: Window) -> None:
    page = window.page
    window.context.set_offline(True)

    _fill_in_a_poll(page)
    page.locator(".compose button.go[value=post]").click()
    window.open("/home")

    expect(page.locator("input[name=spoiler_text]")).to_have_value("Gulls")
    expect(page.locator("input[name=spoiler_text]")).to_be_visible()
    expect(page.locator("input[name=poll_option]").nth(1)).to_have_value("Grey")
    expect(page.locator("input[name=poll_multiple]")).to_be_checked()
    window.context.set_offline(False)
    page.locator(".compose button.go[value=post]").click()
    post = page.locator("article").filter(has_text="Gulls")
    post.locator("summary").click()
    expect(post.locator("form.poll input[type=checkbox], .poll li")).to_have_count(2)
    _nothing_is_held(page)


def _fill_in_a_poll(page: Page) -> None:
    page.locator("textarea[name=text]").fill("Which?")
    for part in ("warn", "poll"):
        page.locator(f".opens:has([data-part={part}])").click()
    page.locator("input[name=spoiler_text]").fill("Gulls")
    page.locator("input[name=poll_option]").nth(0).fill("White")
    page.locator("input[name=poll_option]").nth(1).fill("Grey")
    page.locator("input[name=poll_multiple]").check()


def test_a_picture_waits_with_its_description(window: Window, tmp_path: Path) -> None:
    page, file = window.page, tmp_path / "gull.png"
    file.write_bytes(picture(".png"))
    window.context.set_offline(True)

    page.locator("textarea[name=text]").fill("A gull")
    page.locator("input[name=media]").set_input_files(file)
    page.locator("[data-held] textarea").fill("It looks at the sea.")
    page.locator(".compose button.go[value=post]").click()
    expect(page.locator("#live")).to_contain_text("No connection. What you write is kept in this browser.")
    window.open("/home")
    expect(page.locator("[data-held] textarea")).to_have_value("It looks at the sea.")
    window.context.set_offline(False)
    page.locator(".compose button.go[value=post]").click()

    post = page.locator("article").filter(has_text="A gull")
    expect(post.locator("img[alt='It looks at the sea.']")).to_be_visible()
    _nothing_is_held(page)


def test_what_was_written_on_another_page_becomes_a_draft(window: Window, tmp_path: Path) -> None:
    page, file = window.page, tmp_path / "gull.png"
    file.write_bytes(picture(".png"))
    window.context.set_offline(True)
    page.locator("textarea[name=text]").fill("Left behind")
    page.locator("input[name=media]").set_input_files(file)
    expect(page.locator("[data-held]")).to_be_visible()
    window.open("/notifications")  # which nobody read before: the page of the worker

    window.context.set_offline(False)
    window.open("/notifications")

    expect(page.locator("#live")).to_contain_text("What you wrote without a connection is among your drafts.")
    _nothing_is_held(page)
    window.open("/drafts")
    expect(page.locator("main")).to_contain_text("Left behind")
    expect(page.locator("main")).to_contain_text("1 picture")


def test_a_follow_and_a_vote_wait_for_the_connection(window: Window, gull: Person) -> None:
    page = window.page
    asked = gull.say("Which?", poll={"options": ["White", "Grey"], "expires_in": 3600})
    path = f"/@gull/{asked['id']}"
    window.open(path)
    page.locator("form.poll input[value='1']").check()
    window.context.set_offline(True)

    page.locator("form.poll button").click()
    expect(page.locator("#live")).to_contain_text("It is done as soon as there is one.")
    expect(page.locator("form.poll input[value='1']")).to_be_disabled()
    window.context.set_offline(False)
    until(lambda: _held(page) is None, what="the vote is sent")
    window.open(path)
    expect(page.locator(".poll li.mine")).to_contain_text("Grey")

    window.open("/@gull")
    follow = page.locator(".phead button[data-state]")
    window.context.set_offline(True)
    follow.click()
    expect(follow).to_contain_text("Following")
    follow.click()  # and taken back
    expect(follow).to_have_attribute("data-state", "none")
    expect(follow).not_to_have_attribute("data-busy", "1")
    assert _held(page) is None
    follow.click()
    window.context.set_offline(False)

    until(lambda: gull.get(f"/api/v1/accounts/{gull.id}")["followers_count"] == 1)
    window.open("/@gull")
    expect(follow).to_have_attribute("data-state", "following")


def test_a_follow_that_is_refused_is_taken_back_and_explained(window: Window, gull: Person) -> None:
    page = window.open("/@gull")
    button = page.locator(".phead button[data-state]")
    words, state = button.inner_text(), button.get_attribute("data-state")
    page.locator("#acts input[name=csrf]").evaluate("field => { field.value = 'none of ours' }")

    button.click()

    expect(page.locator("#live")).to_contain_text("This form is too old")
    expect(button).to_have_attribute("data-state", str(state))
    expect(button).to_have_text(words, use_inner_text=True)
    window.problems.clear()  # the browser tells of every refusal


def _held(page: Page) -> object:
    return page.evaluate("localStorage.getItem('linnet.pressed')")


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

    until(lambda: _held(page) is None, what="what was pressed is sent")
    window.open("/favourites")
    expect(page.locator("article").filter(has_text="Two gulls")).to_be_visible()
    window.open("/bookmarks")
    expect(page.locator("article").filter(has_text="Two gulls")).to_have_count(0)


def test_nothing_of_a_person_is_left_when_they_sign_out(window: Window) -> None:
    page = window.page
    page.evaluate('() => localStorage.setItem(\'linnet.unkept\', \'{"a": [["text", "secret"]]}\')')
    page.evaluate("async () => (await caches.open('linnet.files')).put('/held/a', new Response('secret'))")

    page.locator(".who-card").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{window.base_url}/")

    assert page.evaluate("() => caches.keys()") == []
    _nothing_is_held(page)


def test_what_waits_is_there_when_its_author_comes_back(window: Window, tmp_path: Path) -> None:
    page = _leave_behind(window, tmp_path)

    window.sign_in("wren", "wren likes linnets")

    expect(page.locator("textarea[name=text]")).to_have_value("Left here")
    expect(page.locator(".attached textarea")).to_be_visible()


def test_what_waits_is_thrown_away_when_somebody_else_signs_in(window: Window, tmp_path: Path) -> None:
    page = _leave_behind(window, tmp_path)

    window.sign_in("gull", "gull likes linnets")

    expect(page.locator("textarea[name=text]")).to_have_value("")
    _nothing_is_held(page)
    window.open("/drafts")
    expect(page.locator("main")).not_to_contain_text("Left here")


def _leave_behind(window: Window, tmp_path: Path) -> Page:
    """Something typed without a connection, and a session that ends meanwhile."""
    page, file = window.page, tmp_path / "gull.png"
    file.write_bytes(picture(".png"))
    window.context.set_offline(True)
    page.locator("textarea[name=text]").fill("Left here")
    page.locator("input[name=media]").set_input_files(file)
    expect(page.locator("[data-held]")).to_be_visible()
    window.context.clear_cookies()
    window.context.set_offline(False)
    return page


def test_a_session_that_was_ended_elsewhere_leaves_nothing_either(window: Window) -> None:
    page = window.page
    window.context.clear_cookies()

    window.open("/about")  # by way of the worker, with what forms of visitors need
    assert [one["name"].rpartition("_")[0] for one in window.context.cookies()] == ["linnet_visitor"]
    window.open("/home")

    expect(page.locator("main input[name=password]")).to_be_visible()
    until(lambda: page.evaluate(_ADDRESSES) == [], what="the copies are dropped")


def _nothing_is_held(page: Page) -> None:
    assert page.evaluate("() => localStorage.getItem('linnet.unkept')") is None
    assert (
        page.evaluate(
            "async () => (await caches.has('linnet.files')) ? (await (await caches.open('linnet.files')).keys()).length : 0"
        )
        == 0
    )
