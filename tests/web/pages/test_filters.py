"""How values are shown."""

import pytest
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser as Parser

from node import clock
from web.gallery.sample_entities import INES, status
from web.rendering import charts, filters, numbers, times, words

_NOW = clock.parse_iso("2026-11-22T12:00:00Z") or 0


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with clock.frozen(_NOW):
        yield


@pytest.mark.parametrize(
    ("passed_ms", "shown", "sentence"),
    [
        (0, "now", "just now"),
        (59_000, "now", "just now"),
        (clock.MINUTE, "1 min", "1 min ago"),
        (59 * clock.MINUTE, "59 min", "59 min ago"),
        (clock.HOUR, "1 h", "1 h ago"),
        (clock.DAY, "yesterday", "yesterday"),
        (2 * clock.DAY, "2 d", "2 d ago"),
        (19 * clock.DAY, "3 Nov", "on 3 Nov"),
        (384 * clock.DAY, "3 Nov 2025", "on 3 Nov 2025"),
        (-2 * clock.HOUR, "in 2 h", "in 2 h"),
    ],
)
def test_times_are_told_by_how_long_ago_they_were(passed_ms: int, shown: str, sentence: str) -> None:
    assert times.ago(clock.iso(_NOW - passed_ms)) == shown
    assert times.past(clock.iso(_NOW - passed_ms)) == sentence


def test_moments_are_told_in_full_where_there_is_room() -> None:
    assert times.moment("2026-11-22T07:10:00Z") == "Sunday 22 November 2026, 07:10"
    assert times.month("2024-03-04T00:00:00.000Z") == "March 2024"
    assert times.when("2026-11-22T07:10:00Z") == "07:10"
    assert times.when("2026-11-21T23:40:00Z") == "yesterday 23:40"
    assert times.when("2026-11-19T23:40:00Z") == "Thu 23:40"
    assert times.when("2026-11-24T23:40:00Z") == "Tue 23:40"
    assert times.when("2026-11-03T23:40:00Z") == "3 Nov 23:40"


def test_the_months_of_some_weeks_are_named() -> None:
    november = clock.parse_iso("2026-11-22T19:30:00.000Z")
    assert november is not None

    with clock.frozen(november):
        assert times.months(16) == "August to November"
        assert times.months(1) == "November"


@pytest.mark.parametrize(
    ("content", "is_long"),
    [
        ("<p>" + "word " * 140 + "</p>", False),
        ("<p>" + "word " * 150 + "</p>", True),
        ("<p>A line.<br>" + "A line.<br/>" * 11 + "</p>", False),
        ("<p>A line.</p>" * 13, True),
        ('<p><a href="https://w.test/' + "x" * 2000 + '">w.test</a></p>', False),
        ("", False),
    ],
)
def test_more_than_twelve_lines_are_long(content: str, is_long: bool) -> None:
    assert filters.is_long({"content": content}) is is_long


@pytest.mark.parametrize("show", [times.ago, times.past, times.date, times.month, times.moment, times.when])
@pytest.mark.parametrize("text", ["", "never", "2026-13-99T00:00:00Z"])
def test_what_is_no_time_is_shown_as_nothing(show: object, text: str) -> None:
    assert show(text) == ""  # type: ignore[operator]


def test_lengths_of_time_are_rough() -> None:
    assert times.duration(12 * clock.MINUTE) == "12 min"
    assert times.duration(9 * clock.HOUR + 12 * clock.MINUTE) == "9 h 12 min"
    assert times.duration(5 * clock.DAY) == "5 days"


@pytest.mark.parametrize(
    ("number", "short"),
    [(0, "0"), (9_999, "9,999"), (12_345, "12.3k"), (20_000, "20k"), (212_000, "212k"), (4_100_000, "4.1M")],
)
def test_large_numbers_are_short_in_small_places(number: int, short: str) -> None:
    assert numbers.compact(number) == short


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 KiB"),
        (1_500, "1.5 KiB"),
        (1_048_063, "1023 KiB"),
        (1_048_064, "1 MiB"),
        (1_900_000, "1.8 MiB"),
        (1_073_217_535, "1023 MiB"),
        (1_073_217_536, "1 GiB"),
    ],
)
def test_sizes_are_told_in_the_largest_unit_that_fits(size_bytes: int, text: str) -> None:
    assert numbers.size(size_bytes) == text


def test_a_name_is_escaped_and_its_emoji_are_pictures() -> None:
    emoji = [{"shortcode": "bird", "url": "/media/bird.png", "static_url": "/media/bird.png"}]
    account = INES | {"display_name": "<b>Ines</b> :bird:", "emojis": emoji}

    assert filters.name(account).startswith("&lt;b&gt;Ines&lt;/b&gt; <img")
    assert filters.plain_name(account) == "<b>Ines</b>"
    assert filters.plain_name(account | {"display_name": ":bird:"}) == "ines"
    assert filters.name(account | {"display_name": " "}) == "ines"


def test_emoji_inside_of_tags_are_left_alone() -> None:
    emoji = [{"shortcode": "x", "url": "/x.png", "static_url": "/x.png"}]

    shown = filters.emojify(Markup('<a href="/:x:">:x: :y:</a>'), emoji)

    assert shown.startswith('<a href="/:x:"><img')
    assert shown.endswith(":y:</a>")


def test_an_address_of_emoji_cannot_break_out_of_its_attribute() -> None:
    evil = '"><script>'
    for still in (evil, evil * 2):
        shown = filters.emojify(Markup(":x:"), [{"shortcode": "x", "url": evil, "static_url": still}])

        assert "<script>" not in shown


def test_only_hashtags_that_the_post_has_lead_to_us() -> None:
    text = '<p><a href="https://other.test/tags/a">#a</a> <a href="https://other.test/tags/b">#<span>B</span></a></p>'
    post = status(INES, text, tags=[{"name": "b", "url": ""}])

    assert filters.content(post).count('href="/tags/b"') == 1
    assert 'href="https://other.test/tags/a"' in filters.content(post)


def test_excerpts_are_text() -> None:
    assert filters.excerpt("<p>One &amp; two</p><p>three<br>four</p>") == "One & two three four"
    assert filters.excerpt("<p>" + "word " * 50 + "</p>", 12) == "word word…"


def test_scopes_are_sentences() -> None:
    assert words.scope_sentence("write:statuses") == "Post, edit, boost and delete for you"
    assert words.scope_sentence("read:lists") == "See your lists"
    assert words.scope_sentence("admin:write:reports") == "Change reports of this server, as its staff"


def test_actions_are_the_middle_of_a_sentence() -> None:
    assert words.action_words("suspend.account") == "suspended"
    assert words.action_words("add.rule") == "added the rule"
    assert words.action_words("frobnicate.server_thing") == "frobnicate the server thing"


def test_language_codes_are_names() -> None:
    assert words.language_name("de-AT") == "Deutsch"
    assert words.language_name("tlh") == "tlh"


def test_charts_say_in_words_what_they_show() -> None:
    assert charts.spark([1]) == ""
    assert 'aria-hidden="true"' in charts.spark([1, 2, 3])
    assert charts.bars([], "nothing") == ""
    assert 'aria-label="&lt;posts&gt;"' in charts.bars([1, 0, 2], "<posts>")
    assert charts.bars([0, 0], "none").count("<rect") == 2
    assert charts.areas([[1], [2]], "too little") == ""
    assert "<path" not in charts.meter(3, 0, "of nothing")
    assert 'd="M0 4H75"' in charts.meter(3, 4, "of little")


def test_areas_stand_on_round_figures_and_name_what_is_below() -> None:
    shown = charts.areas([[900, 2000], [0, 127]], "<deliveries>", [(0.5, "<Mon>")])

    assert [one.text() for one in Parser(shown).css("text")] == ["0", "1,000", "2,000", "3,000", "<Mon>"]
    assert 'aria-label="&lt;deliveries&gt;"' in shown
