"""What people do all day, in a browser: with scripts, and without."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.chromium import Window
from tests.live.node import Node, Person
from tests.live.waiting import until
from tests.node.media.pictures import picture as picture_bytes

NewWindow = Callable[..., Window]


@pytest.fixture(scope="module")
def people(node: Node) -> dict[str, Person]:
    made = {person.name: person for person in node.people("alice", "bob")}
    node.start()
    alice, bob = made["alice"], made["bob"]
    alice.patch("/api/v1/accounts/update_credentials", display_name="Alice Amsel", discoverable=True, note="Birds.")
    first = alice.say("A question about #linnets: do they sing in winter?", language="en")
    answer = bob.say("@alice They do, softly.", in_reply_to_id=first["id"], language="en")
    alice.say("@bob Thank you!", in_reply_to_id=answer["id"], language="en")
    alice.say("With a warning.", spoiler_text="Spiders", language="en")
    alice.say("Which?", poll={"options": ["Linnet", "Siskin"], "expires_in": 3600}, language="en")
    alice.follow(bob)
    bob.post(f"/api/v1/statuses/{first['id']}/favourite")
    bob.say("@alice Just for you.", visibility="direct", language="en")
    return made


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "bird.png"
    path.write_bytes(picture_bytes(".png"))
    return path


@contextmanager
def blog(html: str) -> Iterator[str]:
    """Another site, with one page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def signed_in(new_window: NewWindow, name: str, *, scripts: bool = True) -> Window:
    window = new_window(scripts=scripts)
    window.sign_in(name, f"{name} likes linnets")
    return window


@pytest.mark.parametrize("scripts", [True, False])
def test_a_thread_is_written_in_one_form(
    people: dict[str, Person], new_window: NewWindow, picture: Path, scripts: bool
) -> None:
    window = signed_in(new_window, "alice", scripts=scripts)
    page = window.open("/compose")
    words = f"{'with' if scripts else 'without'} scripts"

    page.locator("textarea[name=text]").fill(f"First, {words}")
    for number, text in ((2, "Not this"), (3, f"Then, {words}")):
        page.locator("button[value=more]").click()
        page.locator(f"textarea[name=text_{number}]").fill(text)
    page.locator("input[name=media_3]").set_input_files(picture)
    if not scripts:
        page.locator(".next .btn[value=upload]").last.click()
    page.locator("textarea[name^=description_]").fill("A linnet on a twig.")
    page.locator("button[name=remove_post]").first.click()
    expect(page.locator(".next legend")).to_have_text("Post 2")
    page.locator(".btn.go[value=post]").click()

    page.wait_for_url("**/@alice/*")
    expect(page.locator("article.root .body")).to_contain_text(f"First, {words}")
    expect(page.locator("article.perch:not(.root) .body")).to_contain_text(f"Then, {words}")
    expect(page.locator("article.perch:not(.root) img[alt='A linnet on a twig.']")).to_be_visible()
    assert window.problems == []


@pytest.mark.parametrize("scripts", [True, False])
def test_who_gets_a_message_is_seen_before_it_goes_out(
    people: dict[str, Person], new_window: NewWindow, scripts: bool
) -> None:
    window = signed_in(new_window, "alice", scripts=scripts)
    page = window.open("/compose")
    words = f"@bob @nobodyhere psst, {'with' if scripts else 'without'} scripts"

    page.locator("select[name=visibility]").select_option("direct")
    page.locator("textarea[name=text]").fill(words)
    if not scripts:
        page.locator(".receivers .btn").click()
    expect(page.locator(".receivers .people")).to_contain_text("@bob")
    expect(page.locator(".receivers")).to_contain_text("Nobody is known by the name @nobodyhere.")
    page.locator(".btn.go[value=post]").click()

    page.wait_for_url("**/@alice/*")
    expect(page.locator("article.root .body")).to_contain_text(words[5:])
    assert window.problems == []


def test_a_post_stands_inside_of_a_page_of_another_site(people: dict[str, Person], new_window: NewWindow) -> None:
    subject = people["alice"].say("To be shown elsewhere. " * 20, language="en")
    code = people["alice"].get(f"/api/oembed?url={subject['url']}")["html"]
    window = new_window()
    page = window.page

    with blog(f"<!doctype html><meta charset=utf-8><title>Blog</title><h1>Blog</h1>{code}") as address:
        page.goto(address)

        expect(page.frame_locator("iframe").locator("article .body")).to_contain_text("To be shown elsewhere.")
        expect(page.locator("blockquote")).to_have_count(0)
        page.wait_for_function("() => document.querySelector('iframe').style.height !== '320px'")
        inside = page.frames[1]
        assert inside.evaluate("() => document.documentElement.scrollHeight - innerHeight") <= 0
        problems = [one for one in window.problems if address not in one]
    assert problems == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_post_is_found_answered_favourited_boosted_and_its_author_followed(
    people: dict[str, Person], new_window: NewWindow, scripts: bool
) -> None:
    name = "bob" if scripts else "alice"
    other = "alice" if scripts else "bob"
    subject = people[other].say(f"Something new about nests by {other}.", language="en")
    window = signed_in(new_window, name, scripts=scripts)

    page = window.open("/home")
    page.locator("[role=search] input").first.fill(f"@{other}@{people[other].node.domain}")
    page.locator("[role=search] input").first.press("Enter")
    page.wait_for_url(f"**/@{other}")
    if page.locator("button[formaction$='/follow']").count():  # alice follows bob already
        page.locator("button[formaction$='/follow']").first.click()
    expect(page.locator("button[formaction$='/unfollow']").first).to_be_visible()

    page = window.open(f"/@{other}/{subject['id']}")
    page.locator("article.root button[formaction$='/favourite']").click()
    expect(page.locator("article.root [data-act=favourite][aria-pressed=true]")).to_be_visible()
    page.locator("article.root button[formaction$='/reblog']").click()
    expect(page.locator("article.root [data-act=boost][aria-pressed=true]")).to_be_visible()
    page.locator("form.answer textarea").fill(f"@{other} So I have seen.")
    page.locator("form.answer button").click()
    expect(page.locator(".perch .body", has_text="So I have seen.")).to_be_visible()

    seen = people[other].get(f"/api/v1/statuses/{subject['id']}")
    assert (seen["favourites_count"], seen["reblogs_count"], seen["replies_count"]) == (1, 1, 1)
    assert window.problems == []


def hearing(window: Window, path: str) -> Page:
    """`path`, and nothing that happens from now on is missed."""
    window.page.goto("about:blank")  # the page before may still be about to hear
    with window.page.expect_response("**/events?*"):
        return window.open(path)


def test_a_new_post_is_counted_and_never_pushed_under_the_reader(
    people: dict[str, Person], new_window: NewWindow
) -> None:
    window = signed_in(new_window, "alice")
    page = hearing(window, "/home")

    people["bob"].say("Fresh from the nest.", language="en")

    expect(page.locator("l-live .pill a")).to_be_visible()
    expect(page.locator(".post", has_text="Fresh from the nest.")).to_have_count(0)
    page.locator("textarea[name=text]").fill("Half a thought")
    page.evaluate("() => { window.isTheSame = true }")
    page.locator("l-live .pill a").click()
    fresh = page.locator(".post", has_text="Fresh from the nest.")
    expect(fresh).to_be_focused()
    expect(page.locator("l-live .pill")).to_have_count(0)
    assert page.evaluate("() => window.isTheSame")
    expect(page.locator("textarea[name=text]")).to_have_value("Half a thought")
    assert window.problems == []


def test_counts_are_renewed_where_new_posts_are_shown(people: dict[str, Person], new_window: NewWindow) -> None:
    counted = people["bob"].say("To be counted.", language="en")
    window = signed_in(new_window, "alice")
    page = window.open("/home")
    post = page.locator(f"#post-{counted['id']}")
    expect(post.locator(".act.f")).not_to_contain_text("1")

    people["bob"].post(f"/api/v1/statuses/{counted['id']}/favourite")
    people["bob"].say("The next one.", language="en")
    expect(page.locator("l-live .pill a")).to_be_visible()
    page.keyboard.press(".")

    expect(post.locator(".act.f")).to_contain_text("1")


def test_one_stream_is_enough_for_all_pages_of_a_browser(people: dict[str, Person], new_window: NewWindow) -> None:
    """Over HTTP/1.1 six streams would take all the connections that a browser has to one server."""
    window = signed_in(new_window, "alice")
    streams: list[Request] = []
    window.context.on("request", lambda request: "/events?" in request.url and streams.append(request))
    for end in ("requestfinished", "requestfailed"):
        window.context.on(end, lambda request: request in streams and streams.remove(request))

    pages = [window.page, *(window.context.new_page() for _ in range(8))]
    for page in pages:
        with page.expect_response("**/events?*"):
            page.goto(f"{window.base_url}/home")
    people["alice"].say("Heard in nine pages.", language="en")

    for page in pages:
        expect(page.locator("l-live .pill a")).to_contain_text("1 new")
    assert len(streams) == 1

    # The page that holds it goes: another takes its place, and is told what came before it had.
    asked: list[Route] = []
    window.context.route("**/events?*", lambda route: asked.append(route))
    pages.pop().close()
    until(lambda: pages[0].evaluate("() => true") and asked)
    people["alice"].say("Said while nobody heard.", language="en")
    with window.context.expect_event("response", lambda response: "/events?" in response.url):
        asked.pop().continue_()
    people["alice"].say("Heard in eight.", language="en")

    for page in pages:
        expect(page.locator("l-live .pill a")).to_contain_text("3 new")
        expect(page.locator("#live p")).to_have_text(["1 new"])  # read out once, not with each post
    assert window.problems == []


def test_what_came_while_nobody_looked_is_counted(people: dict[str, Person], new_window: NewWindow) -> None:
    window = signed_in(new_window, "alice")
    page = hearing(window, "/home")
    look = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""

    with page.expect_event("requestfailed", lambda request: "/events?" in request.url):
        page.evaluate(look, True)
    people["bob"].say("Said to nobody in particular.", language="en")
    expect(page.locator("l-live .pill a")).to_have_count(0)
    page.evaluate(look, False)

    expect(page.locator("l-live .pill a")).to_contain_text("1 new")
    assert window.problems == []


def test_what_waits_is_counted_beside_the_navigation_while_a_page_stands_still(
    people: dict[str, Person], new_window: NewWindow
) -> None:
    said = people["alice"].say("Who likes this?", language="en")
    window = signed_in(new_window, "alice")
    page = window.open("/notifications")
    page = window.open("/lists")
    badges = page.locator('a[href="/notifications"] .badge')
    expect(badges.first).to_be_hidden()

    people["bob"].post(f"/api/v1/statuses/{said['id']}/favourite")

    expect(badges.first).to_have_text(", 1 unread")
    expect(badges.first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(badges.last).to_be_visible()
    assert window.problems == []


def test_counts_and_polls_are_renewed_while_a_page_stands_still(
    people: dict[str, Person], new_window: NewWindow
) -> None:
    bob = people["bob"]
    counted = bob.say("To be counted without a press.", language="en")
    asked = bob.say("Which of them?", poll={"options": ["Linnet", "Siskin"], "expires_in": 3600}, language="en")
    people["alice"].post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
    window = signed_in(new_window, "alice")
    window.page.clock.install()
    page = window.open("/home")
    text = page.locator("textarea[name=text]")
    text.fill("Half a thought")
    post, poll = page.locator(f"#post-{counted['id']}"), page.locator(f"#post-{asked['id']} .poll")
    expect(post.locator(".act.f")).not_to_contain_text("1")
    at = page.evaluate("() => scrollY")

    bob.post(f"/api/v1/statuses/{counted['id']}/favourite")
    page.clock.fast_forward(60_000)

    expect(post.locator(".act.f")).to_have_attribute("aria-label", "Favourite, 1 favourite")
    expect(poll.locator("li").first).to_contain_text("100%")
    assert page.evaluate("() => scrollY") == at
    expect(text).to_be_focused()
    assert window.problems == []


def first_in_view(page: Page) -> str:
    """The id of the post at the top, below the head that stays."""
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll("[data-feed] > article")]
                .find(one => one.getBoundingClientRect().bottom > 131).id"""
        )
    )


def test_the_address_is_that_of_what_is_read(people: dict[str, Person], new_window: NewWindow) -> None:
    for number in range(44):
        people["bob"].say(f"One of many, {number}.", language="en")
    window = signed_in(new_window, "alice")
    page = window.open("/@bob")

    page.locator("l-more").scroll_into_view_if_needed()
    until(lambda: page.locator(".post").count() > 20, what="older posts are there")
    page.locator(".post").nth(27).evaluate("post => post.scrollIntoView()")
    until(lambda: page.evaluate("() => location.hash") == f"#{first_in_view(page)}", what="the address follows")
    seen, address = first_in_view(page), page.url
    assert "max_id=" in address

    # Loaded anew, and come back to, the same post is at the top.
    page.reload()
    until(lambda: first_in_view(page) == seen, what="the post is found again")
    assert page.url == address
    page.locator(f"#{seen} a.when").click()
    page.locator("article.root").wait_for()
    page.go_back()
    until(lambda: first_in_view(page) == seen, what="the post is found again by coming back")
    assert page.url == address

    window.open("/@bob")
    page.locator("l-more").scroll_into_view_if_needed()
    until(lambda: page.locator(".post").count() > 20, what="older posts are there")
    page.locator(".post").nth(27).evaluate("post => post.scrollIntoView()")
    page.wait_for_url("**/@bob?max_id=*")
    page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_url(f"{window.base_url}/@bob")
    assert window.problems == []


def test_without_a_stream_it_is_asked_now_and_then(people: dict[str, Person], new_window: NewWindow) -> None:
    window = signed_in(new_window, "alice")
    window.page.clock.install()
    window.page.route("**/events*", lambda route: route.fulfill(status=403))
    page = window.open("/home")
    until(lambda: page.evaluate("() => Boolean(document.querySelector('l-live').timer)"))

    people["bob"].say("Seen by asking.", language="en")
    page.clock.fast_forward(60_000)

    expect(page.locator("l-live .pill a")).to_contain_text("1 new")


def test_nothing_typed_is_lost_when_the_page_is_left(people: dict[str, Person], new_window: NewWindow) -> None:
    window = signed_in(new_window, "bob")
    page = window.open("/home")

    page.locator("textarea[name=text]").fill("Left behind at once.")
    window.open("/compose")
    page.locator("textarea[name=text]").fill("Kept while I think.")
    page.wait_for_url("**/compose?draft=*")
    page.reload()

    expect(page.locator("textarea[name=text]")).to_have_value("Kept while I think.")
    # What was sent by a page that is gone arrives when it does.
    until(lambda: window.open("/drafts").locator(".rows li").count() == 2, what="both drafts are kept")
    page.get_by_role("link", name="Left behind at once.", exact=True).click()
    page.locator(".btn.go[value=post]").click()
    page.wait_for_url("**/@bob/*")
    window.open("/drafts")
    expect(page.locator(".rows li")).to_have_count(1)
    assert window.problems == []
