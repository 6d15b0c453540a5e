"""What the script of the pages adds, piece by piece: keys, suggestions, copying, times; and looks that no screen has."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.chromium import Window
from tests.live.node import Node, Person

NewWindow = Callable[..., Window]


@pytest.fixture(scope="module")
def people(node: Node) -> dict[str, Person]:
    made = {person.name: person for person in node.people("alice", "bob", "boris")}
    node.start()
    made["alice"].follow(made["bob"])
    return made


@pytest.fixture
def alice(people: dict[str, Person], new_window: NewWindow) -> Window:
    window = new_window()
    window.sign_in("alice", "alice likes linnets")
    return window


@pytest.fixture
def window(browser: Browser, gallery: str) -> Iterator[Window]:
    """On the gallery: nobody answers there but with pages."""
    context = browser.new_context(reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])
    yield Window(context, gallery)
    context.close()


def test_a_long_post_unfolds_where_it_stands_without_a_script(browser: Browser, gallery: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Window(context, gallery, scripts=False).open("/home")
    post = page.locator("article:has(.unfold)").first
    text, switch = post.locator(".body"), post.locator(".unfold summary")

    def height() -> float:
        box = text.bounding_box()
        assert box is not None
        return box["height"]

    folded = height()
    switch.click()
    whole = height()
    expect(switch).to_have_text("Show less", use_inner_text=True)
    switch.click()
    again = height()
    context.close()

    assert (whole > 1.5 * folded, again) == (True, folded)


# ── writing ──


def test_names_are_offered_and_taken_by_keys(alice: Window) -> None:
    page = alice.open("/compose")
    text = page.locator("textarea[name=text]")

    text.press_sequentially("Hello @bo")
    options = page.locator("[role=option]")
    expect(options).to_have_count(2)
    first = options.nth(0).inner_text().split()[-1]
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    assert alice.barriers() == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(text).to_have_value(f"Hello {first} ")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    text.press_sequentially("@bob")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    assert text.input_value().endswith("@bob")


_PICTURE = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  canvas.getContext("2d").fillRect(0, 0, 4, 8);
  return new Promise((done) => canvas.toBlob((blob) => {
    window.given = new DataTransfer();
    window.given.items.add(new File([blob], "bird.png", { type: "image/png" }));
    done();
  }, "image/png"));
}"""


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_is_pasted_into_what_is_written(alice: Window, how: str) -> None:
    page = alice.open("/compose")
    page.evaluate(_PICTURE)
    event = (
        "new ClipboardEvent('paste', { clipboardData: window.given, bubbles: true, cancelable: true })"
        if how == "paste"
        else "new DragEvent('drop', { dataTransfer: window.given, bubbles: true, cancelable: true })"
    )

    page.locator("textarea[name=text]").evaluate(f"text => text.dispatchEvent({event})")

    description = page.locator("textarea[name^=description_]")
    expect(description).to_be_focused()
    expect(page.locator(".attached img")).to_be_visible()
    assert alice.problems == []


def test_control_and_enter_post(alice: Window) -> None:
    page = alice.open("/compose")

    page.locator("textarea[name=text]").fill("Posted by two keys.")
    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/@alice/*")
    expect(page.locator("article.root .body")).to_have_text("Posted by two keys.")


# ── acting ──


def test_presses_while_one_is_under_way_are_one(alice: Window, people: dict[str, Person]) -> None:
    subject = people["bob"].say("To be pressed often.", language="en")
    page = alice.open(f"/@bob/{subject['id']}")
    held: list[Route] = []
    page.route("**/favourite", lambda route: held.append(route))
    button = page.locator("article.root [data-act=favourite]")

    with page.expect_request("**/favourite"):
        for _ in range(3):
            button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate("() => new Promise(requestAnimationFrame)")  # whatever else was asked for has been told by then
    assert len(held) == 1
    expect(button).to_have_attribute("aria-label", "Favourite, 1 favourite")
    held[0].continue_()
    page.wait_for_function("() => !document.querySelector('article.root [data-busy]')")

    expect(button).to_have_attribute("aria-label", "Favourite, 1 favourite")
    assert people["bob"].get(f"/api/v1/statuses/{subject['id']}")["favourites_count"] == 1


def test_a_press_is_shown_in_the_same_turn(window: Window) -> None:
    """Nothing is waited for, neither an answer nor a moment: whatever the browser draws next shows it."""
    page = window.open("/home")
    shown = {
        deed: page.locator(f"[data-act={deed}][aria-pressed=false]:enabled").first.evaluate(
            "one => { one.click(); return one.ariaPressed; }"
        )
        for deed in ("favourite", "boost", "bookmark")
    }

    assert set(shown.values()) == {"true"}


def test_a_page_is_not_laid_out_over_and_over(window: Window) -> None:
    """Counted by the browser, for how long it takes depends on the machine. A script that asks how large something is
    between two changes has everything laid out once more each time: of posts, or of letters, there are many.
    """
    told = window.context.new_cdp_session(window.page)
    told.send("Performance.enable")

    def layouts() -> int:
        window.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return next(
            int(one["value"])
            for one in told.send("Performance.getMetrics")["metrics"]
            if one["name"] == "LayoutCount"
        )

    page = window.open("/home")
    loaded = layouts()
    page.locator("[data-act=favourite]").first.click()
    page.locator("#live p").first.wait_for()
    pressed = layouts()
    page.locator("textarea[name=text]").click()
    focused = layouts()
    page.keyboard.type("A linnet sang today.")
    typed = layouts()

    assert page.locator("article").count() > 10
    assert (loaded < 10, pressed - loaded < 6, typed - focused <= 3 * len("A linnet sang today.")) == (
        True,
        True,
        True,
    )


def test_a_press_counts_in_the_language_of_the_page(window: Window) -> None:
    page = window.open("/home?in=fr")
    page.route("**/favourite", lambda route: None)

    labels = page.locator("[data-act=favourite][aria-pressed=false]").evaluate_all(
        r"""([one, many]) => ["", "1\u202f284"].map((count, i) => {
            const button = [one, many][i];
            button.querySelector("svg").nextSibling?.remove();
            button.append(count);
            button.click();
            return button.ariaLabel;
        })"""
    )

    assert labels == ["Favori, 1 favori", "Favori, 1\u202f285 favoris"]


def test_a_handle_is_copied(window: Window) -> None:
    page = window.open("/profile")

    page.get_by_role("button", name="Copy handle").click()

    expect(page.locator("#live")).to_contain_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == "@tomas@whinmoor.example"


def test_who_sees_a_post_is_shown_by_its_picture(window: Window) -> None:
    page = window.open("/compose-plain")
    pictures = page.locator(".picks .i:visible use")

    for choice, icon in (("public", "globe"), ("direct", "mail"), ("private", "lock")):
        page.locator("select[name=visibility]").select_option(choice)
        expect(pictures).to_have_count(1)
        expect(pictures).to_have_attribute("href", re.compile(f"#i-{icon}$"))


def _middle(one: Locator) -> float:
    return float(
        one.evaluate("one => { const box = one.getBoundingClientRect(); return (box.top + box.bottom) / 2 }")
    )


def test_what_stands_in_a_row_is_equally_high_and_texts_have_room(window: Window) -> None:
    page = window.open("/home-oldest")
    heights = page.locator(".chips.pad > *").evaluate_all("all => all.map(one => one.offsetHeight)")

    page = window.open("/home")
    lines = page.locator(".folded").first.evaluate(
        """folded => [folded.previousElementSibling, folded.firstElementChild].map(one => {
            const [line, box] = [getComputedStyle(one, '::before'), one.getBoundingClientRect()];
            return ['left', 'top', 'bottom'].map(side => box[side] + (side == 'bottom' ? -1 : 1) * parseFloat(line[side]));
        })"""
    )
    page = window.open("/thread")
    unused = page.locator(".answer textarea").evaluate(
        "one => { const { height, paddingTop, lineHeight } = getComputedStyle(one);"
        " return parseFloat(height) - 2 * parseFloat(paddingTop) - parseFloat(lineHeight) }"
    )
    page = window.open("/settings")
    tops = page.locator(".sectionlist h2").evaluate_all(
        "all => all.slice(0, 2).map(one => one.getBoundingClientRect().top)"
    )
    window.look(width=390, height=844, dark=False)
    page = window.open("/held-back")
    said = page.locator(".person .bio").first.evaluate("one => one.offsetWidth")
    page = window.open("/profile")
    handle, copy = (_middle(page.locator(one)) for one in (".handle > span", ".handle .i"))
    page = window.open("/collection")

    assert len(set(heights)) == 1
    assert lines[0][0] == lines[1][0]  # the line below a face goes on beside what unfolds the rest
    assert lines[0][2] == lines[1][1]
    assert unused == 0  # the only line stands in the middle, as its button does
    assert abs(handle - copy) <= 1
    assert tops[0] == tops[1]
    assert said > 250
    expect(page.locator("h1")).to_be_in_viewport(ratio=1)  # visitors have no bar above that says it


# ── reading on ──


_SEEN = "more => new Promise(done => new IntersectionObserver(done, { rootMargin: '800px' }).observe(more))"


def _further(window: Window) -> list[str]:
    """The pages of older posts that are asked for from now on, of one short post each, and without an end."""
    asked: list[str] = []

    def give(route: Route) -> None:
        asked.append(route.request.url.partition("=")[2])
        number = len(asked)
        post = f'<div data-feed><article id="post-older-{number}">Older</article></div>'
        link = f'<l-more><a href="?max_id=after-{number}">Older posts</a></l-more>'
        route.fulfill(body=post + link, content_type="text/html")

    window.page.route("**/home?max_id=*", give)
    return asked


def test_older_posts_come_by_themselves_five_times_and_then_when_somebody_asks(window: Window) -> None:
    asked = _further(window)
    page = window.open("/home")
    more = page.locator("l-more")

    more.scroll_into_view_if_needed()
    expect(more).to_have_attribute("data-pages", "5")
    more.evaluate(_SEEN)  # told after whoever watched before
    expect(more).to_be_in_viewport()
    by_themselves = len(asked)
    more.locator("a").click()
    expect(more).to_have_attribute("data-pages", "6")
    more.evaluate(_SEEN)

    assert (by_themselves, len(asked), len(set(asked))) == (5, 6, 6)
    expect(page.locator("[data-feed] > article[id^=post-older]")).to_have_count(6)


def test_older_posts_wait_for_who_wants_to_ask_for_them(window: Window) -> None:
    asked = _further(window)
    whole = window.open("/home").content().replace(" data-keys", " data-keys data-paged", 1)
    page = window.page
    page.route("**/home", lambda route: route.fulfill(body=whole, content_type="text/html"))
    more = window.open("/home").locator("l-more")

    more.scroll_into_view_if_needed()
    more.evaluate(_SEEN)
    assert asked == []
    more.locator("a").click()

    expect(more).to_have_attribute("data-pages", "1")
    more.evaluate(_SEEN)
    assert len(asked) == 1


_BOX = "all => all.map(one => { const { top, bottom, width } = one.getBoundingClientRect(); return [top, bottom, width] })"


def test_things_leave_each_other_room(window: Window) -> None:
    page = window.open("/edit")
    ((_, field_ends, _),) = page.locator("textarea[name=text]").evaluate_all(_BOX)
    ((save_begins, _, _),) = page.locator(".compose .go").evaluate_all(_BOX)
    page = window.open("/settings-filter")
    ends = page.locator(".field select").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).paddingRight))"
    )
    page = window.open("/list-edit")
    (_, name_ends, _), (answers_begin, _, _), *_ = page.locator(".stack > .field").evaluate_all(_BOX)
    page = window.open("/admin-appeals")
    (_, one_ends, _), (next_begins, _, _), *_ = page.locator("main .panel").evaluate_all(_BOX)
    page = window.open("/sign-up-errors")
    (_, notice_ends, _), (field_begins, _, _), *_ = page.locator(".stack > :is(.notice, .field)").evaluate_all(_BOX)
    marked = page.locator(".affix").first.evaluate("one => getComputedStyle(one).boxShadow")
    page = window.open("/home")
    unfolds = page.locator(".folded > summary").first.evaluate("one => getComputedStyle(one).paddingRight")
    circle, words = (_middle(page.locator(f".choice > {one}").first) for one in ("input", "span"))
    page = window.open("/admin-domains")
    (_, rules_end, _), _, (allowed_begin, _, _), *_ = page.locator(".grid2 > .panel").evaluate_all(_BOX)
    window.look(width=390, height=844, dark=False)
    page = window.open("/list-members-none")
    (_, _, back_width), *_ = page.locator(".topbar .iconbtn").evaluate_all(_BOX)
    page = window.open("/severances")
    (_, first_ends, _), (second_begins, _, _), *_ = page.locator(".rows .btn").evaluate_all(_BOX)
    page = window.open("/about")
    lefts = page.locator(".about :is(h1, h2:not(.pad))").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().left)"
    )

    assert save_begins - field_ends > 7  # the ring of a field with the focus is 6.5 pixels outside of it
    assert min(ends) >= 28  # the arrow stands there
    assert answers_begin - name_ends == 16
    assert allowed_begin - rules_end == next_begins - one_ends == field_begins - notice_ends == 16
    assert marked != "none"  # what has a name in front of it is marked as a whole
    assert unfolds == "20px"
    assert abs(circle - words) < 1
    assert back_width >= 40  # beside however long a title
    assert second_begins - first_ends == 8
    assert set(lefts) == {16}


def test_what_is_wrong_with_a_field_is_said_once_and_a_link_leads_there(window: Window) -> None:
    page = window.open("/list-edit-errors")
    alert = page.locator("main [role=alert]")
    field = page.locator("main [name=title]")

    said = alert.inner_text().strip()
    alert.get_by_role("link").click()

    assert said == "Please look at the marked field."
    expect(page.locator("#title-error")).to_be_visible()
    expect(field).to_be_focused()
    page.locator("#title-error").evaluate("one => one.remove()")  # as if there were no such field
    assert alert.inner_text().strip() == "A list has a title of at most 255 characters."


# ── keys ──


def _asks(page: Page, key: str) -> str:
    """The path that a key asks for, of the post that has the focus."""
    with page.expect_request(lambda request: request.is_navigation_request() or request.method == "POST") as asked:
        page.keyboard.press(key)
    address = str(asked.value.url)
    if asked.value.is_navigation_request():
        page.wait_for_url(lambda url: url.partition("#")[0] == address)
    return address.partition("//")[2].partition("/")[2]


def test_each_key_does_what_the_page_of_keys_says(window: Window) -> None:
    listed = set(window.open("/settings-appearance").locator("#keys kbd").all_inner_texts())
    page = window.open("/home")
    number = page.locator("article").first.get_attribute("data-id")
    tried = {"j", "k"}

    for key, path in {
        "f": f"statuses/{number}/(un)?favourite",
        "b": f"statuses/{number}/(un)?reblog",
        "s": f"statuses/{number}/(un)?bookmark",
        "r": rf"compose\?in_reply_to_id={number}",
        "Enter": rf"@\S+/{number}",
        "n": "compose",
        "?": "settings/appearance",
    }.items():
        page = window.open("/home")
        page.keyboard.press("j")
        assert re.match(path, _asks(page, key)), key
        tried.add(key)
    for key, path in {
        "h": "home",
        "n": "notifications",
        "l": "public/local",
        "c": "conversations",
        "s": "settings",
    }.items():
        page = window.open("/thread")  # none of those places
        page.keyboard.press("g")
        assert _asks(page, key) == path
        tried |= {"g", key}

    page = window.open("/home")
    page.keyboard.press("j")
    page.keyboard.press("j")
    _asks(page, "Enter")
    page.go_back()
    expect(page.locator("article").nth(1)).to_be_focused()

    page = window.open("/thread")
    above = page.locator("article.root").get_attribute("data-id")
    number = page.locator(f"article[data-up='{above}']").last.get_attribute("data-id")
    answer = page.locator(f"#post-{number}")
    assert answer.evaluate("post => post.previousElementSibling.dataset.up") != above
    answer.focus()
    page.keyboard.press("u")
    expect(page.locator("article.root")).to_be_focused()
    answer.evaluate("post => { post.dataset.up = 'of no post of this page' }")
    answer.focus()
    assert re.match(rf"@\S+/{number}", _asks(page, "u")), "the thread that it is in"

    page = window.open("/home")
    page.locator("article:has(> div > details.cw:not(.pictures))").first.focus()
    warning = page.locator("article:focus > div > details.cw")
    assert warning.get_attribute("open") is None
    page.keyboard.press("x")
    assert warning.get_attribute("open") is not None
    page.keyboard.press("/")
    expect(page.locator("input[type=search]")).to_be_focused()
    tried |= {"u", "x", "/", "."}  # `.` is shown where new posts are (test_reading_and_writing.py)
    assert listed == tried


def test_keys_can_be_switched_off(window: Window) -> None:
    switch = window.open("/settings-appearance").get_by_role("switch", name="Use keys")
    expect(switch).to_be_checked()
    switch.uncheck()

    page = window.open("/home")
    page.keyboard.press("j")

    assert page.evaluate("() => document.activeElement === document.body")
    window.open("/settings-appearance").get_by_role("switch", name="Use keys").check()
    page = window.open("/home")
    page.keyboard.press("j")
    expect(page.locator("article").first).to_be_focused()


def test_a_report_has_keys_of_its_own(window: Window) -> None:
    page = window.open("/admin-report")

    page.keyboard.press("n")
    expect(page.locator("textarea[name=note]")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("textarea[name=note]")).to_have_value("r")
    page.locator("textarea[name=note]").blur()
    assert _asks(page, "r").endswith("/resolve")
    page = window.open("/admin-report-untouched")
    assert _asks(page, "a").endswith("/assign")


# ── time, paper, forced colours ──


def test_figures_of_the_staff_are_read_again_but_not_where_somebody_is(window: Window) -> None:
    page = window.page
    page.clock.install()
    window.open("/admin-overview")
    expect(page.locator("l-renew")).to_have_text("everything below refreshes every 30 seconds")
    later = page.content().replace(">641<", ">999<").replace("Reports to look at", "New reports")
    page.route("**/admin-overview", lambda route: route.fulfill(body=later, content_type="text/html"))
    page.get_by_role("link", name="All 3 open").focus()

    page.clock.run_for(31_000)

    expect(page.locator(".kpi .num").nth(1)).to_have_text("999")
    expect(page.get_by_role("heading", name="Reports to look at")).to_be_visible()


def test_times_go_on_while_a_page_is_open(window: Window) -> None:
    window.page.clock.install()
    page = window.open("/home")
    time = page.locator("article .when time", has_text=re.compile(r"^\d+ min$")).first
    before = int(time.inner_text().split()[0])

    page.clock.fast_forward(120_000)

    # A minute may have begun between the two.
    expect(time).to_have_text(re.compile(rf"^({before + 2}|{before + 3}) min$"))


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_times_are_written_as_the_page_writes_them(window: Window, language: str) -> None:
    page = window.open(f"/home?in={language}")

    told, shown = page.evaluate(
        """async () => {
            const text = await (await fetch(location.href)).text();
            return [new DOMParser().parseFromString(text, "text/html"), document].map((page) =>
                [...page.querySelectorAll("article .when time")].map((time) => time.textContent.replace(/\\d+/, "n")));
        }"""
    )

    assert shown == told
    assert len(set(told)) > 1


def test_a_time_of_yesterday_says_so(window: Window) -> None:
    window.page.clock.install()
    page = window.open("/home")
    page.evaluate(
        """() => {
            const [day, week] = [1, 9].map(days => new Date(Date.now() - days * 864e5).toISOString());
            document.querySelector("main").insertAdjacentHTML("afterbegin",
                `<time class="clock" datetime="${day}">then</time><time class="clock" datetime="${week}">then</time>`);
        }"""
    )

    page.clock.fast_forward(60_000)

    first, second = (page.locator("main > time.clock").nth(at) for at in (0, 1))
    expect(first).to_have_text(re.compile(r"^yesterday \d\d:\d\d$"))
    expect(second).not_to_have_text(re.compile("then|yesterday"))


@pytest.mark.parametrize(("hour", "greeting"), [(4, "evening"), (5, "morning"), (12, "afternoon"), (18, "evening")])
def test_the_staff_is_greeted_by_the_clock_on_its_wall(window: Window, hour: int, greeting: str) -> None:
    window.page.clock.set_fixed_time(datetime(2026, 11, 22, hour).astimezone())
    page = window.open("/admin-overview")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Good {greeting}, Wren Halloway")


def test_a_greeting_that_needs_another_line_moves_nothing_down(window: Window) -> None:
    page = window.open("/admin-overview")
    window.look(width=390, height=900, dark=False)
    least = page.evaluate(
        """() => {
            const heading = document.querySelector("h1"), around = innerWidth - heading.clientWidth;
            heading.style.whiteSpace = "nowrap";
            heading.firstElementChild.textContent = "Welcome, Wren Halloway";
            return around + heading.firstElementChild.offsetWidth;
        }"""
    )

    window.look(width=least + 1, height=900, dark=False)
    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Wren Halloway")


def test_a_moment_is_written_as_the_server_writes_it(window: Window) -> None:
    page = window.open("/thread-public")

    expect(page.locator(".facts time")).to_have_text(
        re.compile(r"^[A-Z][a-z]+day,? \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d$")
    )


def test_a_post_prints_without_what_is_pressed(window: Window) -> None:
    page = window.open("/thread")
    expect(page.locator("article.root .acts")).to_be_visible()

    page.emulate_media(media="print")

    expect(page.locator("article.root .body")).to_be_visible()
    for part in ("article.root .acts", ".rail", "aside.side", ".compose"):
        expect(page.locator(part).first).to_be_hidden()


def test_in_forced_colours_what_is_pressed_has_edges_and_the_focus_is_seen(window: Window) -> None:
    page = window.open("/gallery")
    page.emulate_media(forced_colors="active")
    page.keyboard.press("j")
    post = page.locator("article").first
    expect(post).to_be_focused()

    edges = page.locator(".btn").evaluate_all("all => all.map(one => getComputedStyle(one).borderTopStyle)")
    pressed = page.locator(".act[aria-pressed=true]").first.evaluate("one => getComputedStyle(one).color")
    resting = page.locator(".act.f[aria-pressed=false]").first.evaluate("one => getComputedStyle(one).color")

    assert set(edges) == {"solid"}
    assert pressed != resting
    # Shadows are not drawn.
    expect(post).to_have_css("outline-style", "solid")
    expect(post).not_to_have_css("outline-color", "rgba(0, 0, 0, 0)")
