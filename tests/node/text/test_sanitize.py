import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.text.plain import plain_text
from node.text.render import MentionTarget, render
from node.text.sanitize import MAX_REFERENCES, MAX_TAGS, sanitize, sanitize_inline
from tests.node.text.payloads import PAYLOADS, dangers_in

PIECES = [
    *"<>\"'= /ap&#;\x00\n",
    "</",
    "h1",
    "div",
    "td",
    "svg",
    "math",
    "style",
    "script",
    "href",
    "onload",
    "javascript:",
]
MARKUP = st.lists(st.sampled_from([*PIECES, "<!--", "-->", "img"]), max_size=80).map("".join)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_script_survives(payload: str) -> None:
    for html in (payload, f"<p>{payload}</p>", f"<a href='{payload}'>x</a>", f"<h1>{payload}</h1>", payload * 3):
        assert dangers_in(sanitize(html)) == []
        assert dangers_in(sanitize_inline(html)) == []


@given(MARKUP | st.text(max_size=200))
def test_any_text_becomes_harmless_and_stays_so(html: str) -> None:
    once = sanitize(html)

    assert dangers_in(once) == []
    assert dangers_in(sanitize(once)) == []
    plain_text(once)
    plain_text(html)


def test_what_mastodon_sends_is_kept() -> None:
    html = (
        '<p><span class="h-card" translate="no"><a href="https://m.example/@a" class="u-url mention">@<span>a</span>'
        '</a></span> <a href="https://m.example/tags/x" class="mention hashtag" rel="tag">#<span>x</span></a><br>'
        '<span class="invisible">https://</span><span class="ellipsis">e.example</span></p>'
        '<p class="quote-inline">RE: x</p>'
    )

    clean = sanitize(html)

    for kept in ('class="h-card"', 'translate="no"', 'class="u-url mention"', 'class="mention hashtag"', "<br>"):
        assert kept in clean
    assert 'class="invisible"' in clean
    assert 'class="ellipsis"' in clean
    assert '<p class="quote-inline">' in clean


def test_our_own_posts_pass_other_servers_that_do_the_same() -> None:
    html = render(
        "@a #b https://e.example <x>", {"a": MentionTarget("https://a.test/@a", "a")}, "https://a.test/t/{}".format
    )

    assert plain_text(sanitize(html)) == plain_text(html) == "@a #b https://e.example <x>"


def test_every_link_opens_apart_and_gives_no_credit() -> None:
    clean = sanitize('<a href="https://e.example" rel="opener" target="_top">x</a>')

    assert 'rel="nofollow noopener"' in clean
    assert 'target="_blank"' in clean
    assert "_top" not in clean


def test_formatting_is_kept() -> None:
    html = (
        '<blockquote><pre><code>x</code></pre></blockquote><ol start="3"><li value="4"><b>a</b></li></ol>'
        "<ul><li><del>b</del> <u>c</u></li></ul><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"
    )

    assert sanitize(html) == html


def test_headings_become_strong_paragraphs() -> None:
    assert sanitize('<h1 class="x">Title</h1><p>text</p>') == "<p><strong>Title</strong></p><p>text</p>"


def test_layout_becomes_paragraphs_so_that_words_stay_apart() -> None:
    assert sanitize("<div>one</div><div>two</div>") == "<p>one</p><p>two</p>"
    assert plain_text(sanitize("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")).split() == [*"abc"]


def test_a_line_has_no_paragraphs() -> None:
    assert sanitize_inline("<p>a <a href='https://e.example'>e</a></p><ul><li>b</li></ul>").count("<p>") == 0


@pytest.mark.parametrize(
    "piece",
    [
        "<b>",
        "<b><p>",
        "<a><b><i><p>",
        "<table><td>",
        "<h1",
        "<div ",
        '<a"',
        "<a'\"",
        "&",
        "<!--",
        '<a href="',
        "<b a=b ",
    ],
)
def test_a_huge_hostile_document_takes_little_time(piece: str) -> None:
    """Of the processor, whatever else the machine does: anything but one pass over this would take minutes."""
    html = piece * (200_000 // len(piece))

    started = time.thread_time()
    plain_text(sanitize(html))
    plain_text(html)

    assert time.thread_time() - started < 20


def test_a_document_is_cut_at_its_limits() -> None:
    assert len(sanitize("x" * 300_000)) == 200_000
    assert sanitize("<b>x</b>" * 10_000).count("<b>") <= MAX_TAGS
    assert sanitize("&" * 200_000) == "&amp;" * MAX_REFERENCES
    assert sanitize("&#1078;" * MAX_REFERENCES) == "ж" * MAX_REFERENCES
