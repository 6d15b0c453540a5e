"""Every template with something to show, in a browser: no barriers, nothing that moves sideways, no errors."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import EVERY_RULE, RULES_ABOUT_COLOURS, Window
from tests.messages import pseudo
from web.gallery.views import SAMPLES
from web.rendering import static

# What is written in the page and its styles is the same at every width, and costs a fourth of asking for every rule.
_OTHER_WIDTHS = {"avoid-inline-spacing": {"enabled": False}, "css-orientation-lock": {"enabled": False}}
# Every rule at each width. Themes differ in colours alone, so at the same width only the rules about those are left.
_LOOKS = [
    (390, False, RULES_ABOUT_COLOURS, {}),
    (390, True, EVERY_RULE, {}),
    (820, True, RULES_ABOUT_COLOURS, {}),
    (820, False, EVERY_RULE, _OTHER_WIDTHS),
    (1280, False, EVERY_RULE, _OTHER_WIDTHS),
    (1280, True, RULES_ABOUT_COLOURS, {}),
]


# Those with buttons beside the face.
_PROFILES = ("profile-signed-in", "profile-about", "profile-own")
# Of a page: what moved, in shares of the window, as browsers count it. The script comes as late as for new visitors.
_MOST_SHIFTED = 0.02
_NOTE_SHIFTS = """
    localStorage.removeItem("linnet.script");
    globalThis.shifts = [];
    new PerformanceObserver(list => {
        const named = ({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 100);
        for (const { value, sources } of list.getEntries()) shifts.push({ value, what: sources.map(named) });
    }).observe({ type: "layout-shift", buffered: true });
"""
# What a finger could miss: 44 pixels (WCAG 2.2, 2.5.5), but for links inside of text, of which "Ask again" is one.
_SMALL = """() => [...document.querySelectorAll(
        "button:not(.fetch button), input, select, textarea, summary, label.file, .btn, .iconbtn, .act, a.chip, .tabs a"
    + ", .sectionlist a")].filter(one => one.checkVisibility() && !one.closest(".vh, .file input"))
    .map(one => [one.outerHTML.slice(0, 80), one.matches("[type=checkbox], [type=radio]") && one.closest("label") || one])
    .map(([html, one]) => [html, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
    .map(([html, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${html}`)"""
# What nobody could read, or would take for carelessness.
_CUT = """() => {
    const edges = one => one.getBoundingClientRect();
    const named = (what, all) => all.map(one => `${what}: ${one.outerHTML.slice(0, 80)}`);
    const slivers = [...document.querySelectorAll(".by .h bdi")].filter(one =>
        edges(one).width && one.parentNode.clientWidth && one.parentNode.clientWidth < 24);
    const ragged = [...document.querySelectorAll(".rows")].filter(one =>
        new Set([...one.querySelectorAll(":scope > li > .who")].map(who => Math.round(edges(who).left))).size > 1);
    const apart = [...document.querySelectorAll(".grid2 .panel")].filter((one, place, all) =>
        place && edges(one).top - edges(all[place - 1]).bottom > 17);
    const joined = [...document.querySelectorAll(".said")].filter(one =>
        one.textContent.trim().includes("\\n") && !one.innerText.includes("\\n"));
    const covered = [...document.querySelectorAll(".compose [name=post_as]")].filter(one =>
        edges(one.closest("form").text).top - edges(one).bottom < 6.5);
    return [...named("a sliver", slivers), ...named("begins elsewhere", ragged),
        ...named("far below", apart), ...named("lines lost", joined), ...named("below an outline", covered)];
}"""
# Times by which posts are opened, and words of which nothing is left. A hair's breadth too little is an ellipsis already.
_TOO_NARROW = """() => {
    const needed = one => {
        const words = document.createRange();
        words.selectNodeContents(one);
        return words.getBoundingClientRect();
    };
    const times = [...document.querySelectorAll(".by time, .until")].filter(one => {
        const { width, right } = needed(one);
        const line = (one.closest(".by") ?? one).getBoundingClientRect();
        return width > one.getBoundingClientRect().width || right > line.right + 1;
    });
    const names = [...document.querySelectorAll(".by .n")].filter(one =>
        one.clientWidth < parseFloat(getComputedStyle(one).fontSize) * 2 && needed(one).width > one.clientWidth + 1);
    // Beside a long button of a row there was room for single letters.
    const letters = [...document.querySelectorAll(":is(.rows, .people) .who")].filter(one =>
        one.clientWidth && one.clientWidth < parseFloat(getComputedStyle(one).fontSize) * 6);
    const logs = [...document.querySelectorAll(".log")].filter(one => one.scrollWidth > one.clientWidth);
    return [...times, ...names, ...letters, ...logs].map(one => `cut: ${one.outerHTML.slice(0, 80)}`);
}"""
# For whom asked that nothing should.
_MOVING = """() => [...document.querySelectorAll("*")].filter(one => {
        const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
        return animationName !== "none" || transitionDuration !== "0s" || scrollBehavior !== "auto";
    }).map(one => one.outerHTML.slice(0, 80)).concat([...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
        .filter(rule => rule instanceof CSSViewTransitionRule).map(rule => rule.cssText))"""
# For what is sent in pieces, each when the one before is on the screen.
_TELL_WHAT_IS_PAINTED = """
    const tell = async () => {
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        if (document.readyState === "loading") fetch("/painted", { method: "POST" }).then(tell);
    };
    tell();
"""


@pytest.fixture(scope="module")
def long_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A language in which all sentences are more than two fifths longer than in English."""
    with pseudo.offered(tmp_path_factory.mktemp("locales")) as language:
        yield language


@pytest.fixture
def window(browser: Browser, gallery: str) -> Iterator[Window]:
    context = browser.new_context(reduced_motion="reduce")
    yield Window(context, gallery)
    context.close()


@pytest.fixture(scope="module")
def passing_by(browser: Browser, gallery: str) -> Iterator[Window]:
    """One window that looks at each page in turn, with what it fetched of styles and scripts for the page before."""
    context = browser.new_context(reduced_motion="reduce", timezone_id="UTC")
    context.add_init_script(_NOTE_SHIFTS)
    yield Window(context, gallery)
    context.close()


def _shifted(page: Page) -> list[str]:
    """What moved too far until now, two frames after the last script."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )
    share, what = page.evaluate(
        "() => [shifts.reduce((sum, one) => sum + one.value, 0), shifts.flatMap(one => one.what)]"
    )
    return [f"{share:.3f} of the window moved", *what] if share > _MOST_SHIFTED else []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_moves_nothing_sideways_and_bars_nobody(passing_by: Window, long_words: str, name: str) -> None:
    """Loaded once and looked at in ten ways, since no script asks how wide the window is, or for its theme.

    Its words are long: what has room for them has room for English. Each look differs little from the one before: another
    width is laid out and painted anew, which takes as long as to ask axe.
    """
    passing_by.problems.clear()
    passing_by.look(width=1280, height=900, dark=False)
    page = passing_by.open(f"/{name}?in={long_words}")
    shifts = _shifted(page)
    moving = page.evaluate(_MOVING)

    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    wide = {"large letters": passing_by.overflow()}
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    passing_by.look(width=320, height=900, dark=False)
    wide["narrow"] = passing_by.overflow()
    cut = page.evaluate(_TOO_NARROW)
    passing_by.look(width=390, height=900, dark=False)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    wide["large letters on a telephone"] = passing_by.overflow()
    cut += page.evaluate(_TOO_NARROW)
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    wide["from right to left"] = passing_by.overflow()
    page.evaluate("() => { document.documentElement.dir = '' }")

    # What is not drawn yet has a size of its own, and axe takes it for something in the way.
    page.evaluate("() => document.querySelectorAll('.post').forEach(one => one.style.contentVisibility = 'visible')")
    page.evaluate("async () => { await import('/axe.min.js') }")
    barriers = {}
    for width, dark, rules, settings in _LOOKS:
        passing_by.look(width=width, height=900, dark=dark)
        barriers[width, dark] = passing_by.barriers(rules, settings)

    assert (shifts, moving, cut) == ([], [], [])
    assert {look: pixels for look, pixels in wide.items() if pixels > 0} == {}
    assert {look: found for look, found in barriers.items() if found} == {}
    assert passing_by.problems == []


def test_on_a_telephone_nothing_jumps_and_what_is_pressed_is_large_enough(browser: Browser, gallery: str) -> None:
    """Neither by what follows of a page, nor by what the script adds or puts into the reader's zone.

    For a wide window, as one piece, it is shown above.
    """
    size = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, has_touch=True, timezone_id="UTC")  # type: ignore[arg-type]
    context.add_init_script(_NOTE_SHIFTS + _TELL_WHAT_IS_PAINTED)
    window = Window(context, f"{gallery}/pieces")

    faults = {}
    for name in SAMPLES:
        page = window.open(f"/{name}")
        wide = ["wider than the window"] if window.overflow() > 0 else []
        faults[name] = (
            _shifted(page) + page.evaluate(_SMALL) + page.evaluate(_CUT) + page.evaluate(_TOO_NARROW) + wide
        )
    context.close()

    assert {name: found for name, found in faults.items() if found} == {}


def test_heads_keep_their_lines_on_the_narrowest_telephone(browser: Browser, gallery: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700}, has_touch=True, is_mobile=True)
    window = Window(context, gallery)
    tops = "all => [...new Set(all.map(one => Math.round(one.getBoundingClientRect().top)))].length"

    buttons = [window.open(f"/{name}").locator(".phead .do > *").evaluate_all(tops) for name in _PROFILES]
    height = "one => one.getBoundingClientRect().height"
    name = window.open("/home").locator(".topbar .brand").evaluate(height)
    bird = window.page.locator(".topbar .bird").evaluate(height)
    file = window.open("/settings-profile").locator("[name=avatar]").evaluate("one => one.offsetWidth")
    context.close()

    assert buttons == [1, 1, 1]
    assert name == bird  # not one word in two lines
    assert file > 240  # with less, browsers put dots for the name of what was chosen


def test_pictures_open_large_and_the_focus_comes_back(window: Window) -> None:
    page = window.open("/gallery")
    link = page.locator(".media.n4 a.zoom").first
    view = page.locator("dialog.view")
    addresses = page.locator(".media.n4").first.locator("a.zoom").evaluate_all("all => all.map(one => one.href)")
    assert len(set(addresses)) == 4

    link.click()
    for direction, ahead in (("ltr", "ArrowRight"), ("rtl", "ArrowLeft")):
        page.evaluate("direction => { document.dir = direction }", direction)
        page.keyboard.press(ahead)
        expect(view.locator("img")).to_have_attribute("src", addresses[1])
        page.keyboard.press({"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[ahead])
        expect(view.locator("img")).to_have_attribute("src", addresses[0])

    assert view.locator("p").inner_text() == view.locator("img").get_attribute("alt")
    assert window.barriers() == []
    page.keyboard.press("Escape")
    assert view.count() == 0
    assert link.evaluate("link => link === document.activeElement")


def test_emoji_rest_until_somebody_points_at_them(window: Window) -> None:
    page = window.open("/gallery")
    address = static.address("icon-192.png")
    page.evaluate(
        """address => document.querySelector("main").insertAdjacentHTML(
            "afterbegin", `<img id="moves" class="emoji" src="${address}" alt="" width="20" height="20">`)""",
        address,
    )
    emoji = page.locator("#moves")

    page.wait_for_function("() => document.querySelector('#moves').src.startsWith('data:image/png')")
    emoji.hover()
    assert (emoji.get_attribute("src") or "").endswith(address)
    page.mouse.move(0, 0)
    page.wait_for_function("() => document.querySelector('#moves').src.startsWith('data:')")


def test_faces_rest_on_their_first_frame_unless_somebody_wants_them_to_move(window: Window) -> None:
    page = window.open("/gallery")
    still, moving = static.address("icon-192.png"), static.address("icon-180.png")
    insert = """([still, moving]) => document.querySelector("main").insertAdjacentHTML("afterbegin",
        `<img id="moves" class="av" src="${still}" data-moving="${moving}" alt="" width="44" height="44">`)"""
    page.evaluate(insert, [still, moving])
    face = page.locator("#moves")

    expect(face).to_have_attribute("src", still)
    face.hover()
    expect(face).to_have_attribute("src", moving)
    page.mouse.move(0, 0)
    expect(face).to_have_attribute("src", re.compile(re.escape(still)))

    page = window.open("/gallery-moving")
    page.evaluate(insert, [still, moving])
    expect(face).to_have_attribute("src", moving)


def test_keys_walk_through_posts_and_rest_inside_of_fields(window: Window) -> None:
    page = window.open("/home")

    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("article").nth(1)
    assert second.evaluate("post => post === document.activeElement")
    page.locator("textarea[name=text]").focus()
    page.keyboard.press("j")
    assert page.locator("textarea[name=text]").input_value() == "j"


def test_a_failed_favourite_is_taken_back_and_explained(window: Window) -> None:
    page = window.open("/home")
    button = page.locator("article").nth(1).locator("[data-act=favourite]")
    before = button.get_attribute("aria-label")

    button.click()

    page.locator("#live p").first.wait_for()
    assert button.get_attribute("aria-pressed") == "false"
    assert button.get_attribute("aria-label") == before


def test_the_counter_counts_as_the_server_does(window: Window) -> None:
    page = window.open("/compose-plain")
    text = page.locator("textarea[name=text]")

    text.fill("https://example.test/" + "x" * 100 + " @ines@heathland.example 👩‍👩‍👧")
    assert page.locator("output.count").inner_text() == str(500 - 23 - 1 - 5 - 1 - 1)
    text.fill("x" * 501)
    assert page.locator("output.count.over").inner_text() == "-1"


def test_a_page_begins_at_its_top_and_shows_the_chosen_tab(window: Window) -> None:
    window.look(width=320, height=500, dark=False)

    page = window.open("/profile-about")  # whose last tab is the chosen one, below the edge of the window

    assert page.evaluate("() => scrollY") == 0
    assert page.locator(".tabs").evaluate("bar => bar.scrollWidth > bar.clientWidth && bar.scrollLeft > 0")
