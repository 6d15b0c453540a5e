"""Every template, with what its contract says: it renders, it is sound HTML, it is small, it is safe."""

import gzip
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Parser

from node import clock
from web.gallery import sample_posts
from web.gallery.samples import all_pages
from web.pages.entries import entries
from web.rendering import environment, static, times

_FOLDER = Path(environment.__file__).parents[1] / "templates"
_PIECES = ("layout/", "parts/", "settings/layout.html")
_SAMPLES = all_pages()
_NOW_MS = clock.now_ms()


@cache
def html(name: str) -> str:
    template, page, context = _SAMPLES[name]
    with clock.frozen(_NOW_MS):
        return environment.render(template, page, **context)


@pytest.fixture(params=sorted(_SAMPLES))
def tree(request: pytest.FixtureRequest) -> Parser:
    return Parser(html(request.param))


def test_every_template_is_looked_at() -> None:
    there = {str(path.relative_to(_FOLDER)) for path in _FOLDER.rglob("*.html")}
    shown = {template for template, _, _ in _SAMPLES.values()}

    assert {name for name in there - shown if not name.startswith(_PIECES)} == set()


def test_every_template_is_in_the_contract() -> None:
    contract = (_FOLDER / "README.md").read_text()

    assert {template for template, _, _ in _SAMPLES.values() if f"`{template}`" not in contract} == set()


def test_a_page_has_one_heading_and_one_main_part(tree: Parser) -> None:
    assert len(tree.css("h1")) == 1
    assert len(tree.css("main#main")) == 1
    assert tree.css_first("a.skip[href='#main'], main.frame") is not None
    assert tree.css_first("title").text().endswith("Whinmoor")


def test_what_is_wrong_leads_to_its_field() -> None:
    """To the first of them; here all fields of the page are, so that each is seen to have a place that can be led to."""
    lost, marked = [], 0
    for name, (template, page, context) in _SAMPLES.items():
        errors = context.get("errors") or {"": ""}
        if "" in errors:
            continue
        names = {str(field.attributes["name"]) for field in Parser(html(name)).css("main [name]")}
        wrong = context | {"errors": errors | dict.fromkeys(names, "Wrong.")}
        tree = Parser(environment.render(template, page, **wrong))
        said = [str(one.attributes["id"]).removesuffix("-error") for one in tree.css("main .error[id]")]
        led = str(tree.css_first("[role=alert] a").attributes["href"])
        marked += len(said)
        lost += [(name, where) for where in [led, *(f"#f-{one}" for one in said)] if tree.css_first(where) is None]

    assert marked > 30
    assert lost == []


def test_no_page_needs_an_exception_from_the_content_policy(tree: Parser) -> None:
    assert tree.css("[style], style") == []
    scripts = [script.attributes.get("src") for script in tree.css("script")]
    assert scripts[0] == static.address("framed.js" if tree.css_first("main.frame") else "begin.js")
    assert set(scripts[1:]) <= {static.address("passkeys.js"), static.address("push.js")}
    handlers = [name for node in tree.css("*") for name in node.attributes if name.startswith("on")]
    assert handlers == []


def test_no_page_loads_anything_from_elsewhere(tree: Parser) -> None:
    loaded = [
        node.attributes.get("src") or node.attributes.get("href") for node in tree.css("[src], link[href], use")
    ]

    assert [address for address in loaded if address and not address.startswith(("/", "data:"))] == [
        node.attributes["href"]
        for node in tree.css("link[rel=alternate]")
        if "://" in (node.attributes["href"] or "")
    ]


def test_ids_are_unique_and_labels_name_what_is_there(tree: Parser) -> None:
    ids = Counter(node.attributes["id"] for node in tree.css("[id]"))

    assert [one for one, times in ids.items() if times > 1] == []
    assert [label.attributes["for"] for label in tree.css("label[for]") if label.attributes["for"] not in ids] == []
    named = [node.attributes["popovertarget"] for node in tree.css("[popovertarget]")]
    assert [one for one in named if one not in ids] == []


def test_every_form_that_changes_something_carries_its_token(tree: Parser) -> None:
    forms = [form for form in tree.css("form[method=post]") if form.css_first("input[name=csrf]") is None]

    assert [form.attributes.get("action") for form in forms] == []
    outside = [node.attributes["formaction"] for node in tree.css("[formaction][form=acts]")]
    assert not outside or tree.css_first("form#acts input[name=csrf]") is not None


def test_pictures_have_alternatives_and_sizes(tree: Parser) -> None:
    assert [node.html for node in tree.css("img") if "alt" not in node.attributes] == []
    unsized = [node for node in tree.css("img:not(.media img)") if "width" not in node.attributes]
    assert [node.html for node in unsized] == []


def test_a_picture_shows_its_description_or_that_it_has_none(tree: Parser) -> None:
    for figure in tree.css(".media figure:has(img)"):
        described, missing = figure.css_first("details.alt p"), figure.css_first(".alt.missing")
        said = figure.css_first("img").attributes["alt"]
        assert (described.text() if described else "") == said
        assert (missing is not None and missing.text() == "No description") is (not said)


@pytest.mark.parametrize(
    ("name", "things"),
    [
        *(("home-oldest", "entries"), ("local", "statuses"), ("federated", "statuses"), ("list-members", "members")),
        *(("tag", "statuses"), ("bookmarks", "statuses"), ("quotes", "statuses")),
        *(
            ("profile-collections", "collections"),
            ("followers", "accounts"),
            ("people", "accounts"),
            ("lists", "lists"),
        ),
        *(("notifications", "groups"), ("conversations", "conversations"), ("held-back", "requests")),
        *(
            ("follow-requests", "accounts"),
            ("requests", "requests"),
            ("drafts", "drafts"),
            ("collections", "collections"),
        ),
        *(("scheduled", "scheduled"), ("own-reports", "reports"), ("announcements", "announcements")),
        *(("admin-accounts", "people"), ("admin-announcements", "announcements"), ("admin-appeals", "appeals")),
        *(("admin-audit", "log"), ("admin-deliveries", "servers"), ("admin-domains", "blocks")),
        *(("admin-emoji", "emoji"), ("admin-presets", "presets"), ("admin-reports", "reports")),
        *(("admin-rules", "rules"), ("admin-servers", "servers"), ("admin-sign-ups", "people")),
    ],
)
def test_where_there_is_nothing_a_sentence_says_what_will_be_there(name: str, things: str) -> None:
    template, page, context = _SAMPLES[name]

    shown = Parser(environment.render(template, page, **(context | {things: []})))

    assert context[things]
    assert shown.css_first("main .empty").text().strip()


def test_an_icon_stands_in_the_line_that_it_begins(tree: Parser) -> None:
    """Icons are blocks: in a paragraph of no other kind they stand alone, above the words."""
    rows = {"lined", "row", "why", "fetch", "known", "facts", "error", "empty"}
    alone = [icon.parent for icon in tree.css("p > svg.i") if icon.parent and icon.parent.text().strip()]

    assert [one.html for one in alone if not rows & set((one.attributes.get("class") or "").split())] == []


def test_a_page_says_on_a_telephone_what_it_is(tree: Parser) -> None:
    """Its heading is hidden there: the bar above has it. At home it is the name of the server."""
    bar = tree.css_first("body.app-page:not(.home) .topbar > b")

    if tree.css_first("body.app-page:not(.home)") is not None:
        assert bar is not None
        assert bar.text().strip()


def test_a_number_within_a_sentence_has_marks_between_thousands() -> None:
    assert "12,345 people have come and stayed." in html("statistics")
    assert "4,200,000 favourites" in html("embed-hostile")


def test_icons_are_in_the_sprite(tree: Parser) -> None:
    names = {(node.attributes["href"] or "").partition("#")[2] for node in tree.css("use")}
    sprite = (_FOLDER.parent / "static" / "icons.svg").read_text()

    assert {name for name in names if f'id="{name}"' not in sprite} == set()


def test_times_are_written_as_the_script_writes_them(tree: Parser) -> None:
    """static/scripts/times.js goes on with what is there: another form of it would be put anew, and lines would jump."""
    whole = {one.mem_id for one in tree.css(".facts time, .versions time")}
    others = []

    with clock.frozen(_NOW_MS):
        for one in tree.css("time[datetime]"):
            by_the_clock = one.attributes.get("class") == "clock"
            written = times.moment if one.mem_id in whole else times.when if by_the_clock else times.ago
            if one.text() != written(one.attributes["datetime"] or ""):
                others.append(one.html)

    assert others == []


def _with_twenty_posts(name: str) -> str:
    template, page, context = _SAMPLES[name]
    there = [one for one in vars(sample_posts).values() if isinstance(one, dict) and "favourites_count" in one][:20]
    shown = {"profile": {"statuses": there}, "home": {"entries": entries(there, 0, {}, {})}}.get(name, {})
    return environment.render(template, page, **(context | shown))


@pytest.mark.parametrize(
    ("name", "kilobytes", "posts"),
    [("profile", 15, 20), ("thread-public", 15, 8), ("home", 25, 20), ("admin-overview", 20, 0)],
)
def test_pages_are_small(name: str, kilobytes: int, posts: int) -> None:
    without_sample_pictures = re.sub(r"data:image/svg\+xml,[^\"]*", "/media/picture.webp", _with_twenty_posts(name))
    tree = Parser(without_sample_pictures)
    sheets = [sheet.attributes["href"] or "" for sheet in tree.css("link[rel=stylesheet]")]

    assert len(tree.css("article.post")) >= posts
    assert len(gzip.compress(without_sample_pictures.encode())) <= kilobytes * 1024
    assert sum(len(static.find(one.removeprefix("/static/")).packed or b"") for one in sheets) <= 12 * 1024


@pytest.mark.parametrize(
    ("name", "kilobytes"),
    [
        ("linnet.css", 12),
        ("settings.css", 1),
        ("embed.css", 7),
        ("embed.js", 1),
        ("framed.js", 1),
        ("begin.js", 1),
        ("app.js", 19),
        ("passkeys.js", 2),
        ("push.js", 2),
        ("sw.js", 4),
    ],
)
def test_what_pages_load_is_small(name: str, kilobytes: int) -> None:
    body = static.find(name).packed

    assert body is not None
    assert len(body) <= kilobytes * 1024


def test_the_script_leaves_the_way_to_what_is_seen() -> None:
    """Nothing that is painted first waits for it."""
    script = Parser(html("home")).css_first("script")

    assert (script.attributes["type"], script.attributes["fetchpriority"]) == ("module", "low")
    assert (script.attributes["src"], script.attributes["data-app"]) == (
        static.address("begin.js"),
        static.address("app.js"),
    )


def test_names_and_texts_of_others_are_escaped() -> None:
    template, page, context = _SAMPLES["profile"]
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    account = context["account"] | {"display_name": evil, "username": evil, "acct": evil, "url": evil, "uri": evil}

    shown = environment.render(template, page, **(context | {"account": account, "error": evil, "feed": evil}))

    tree = Parser(shown)
    assert len(tree.css("script")) == 1
    assert tree.css("[onerror]") == []


def test_what_a_handler_forgets_is_an_error_and_not_an_empty_page() -> None:
    template, page, _ = _SAMPLES["thread"]

    with pytest.raises(Exception, match="is undefined"):
        environment.render(template, page)


def test_what_was_typed_is_shown_again_beside_what_is_wrong() -> None:
    tree = Parser(html("sign-up-errors"))

    field = tree.css_first("input[name=username]")
    assert field.attributes["value"] == "admin"
    assert field.attributes["aria-invalid"] == "true"
    assert "kept for the node itself" in tree.css_first("#username-error").text()
    assert tree.css_first("input[name=password]").attributes["value"] == ""
