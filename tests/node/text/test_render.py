import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from node.text.render import Format, MentionTarget, render, render_inline
from tests.node.text.payloads import PAYLOADS, dangers_in

ALICE = MentionTarget("https://a.test/@alice", "alice")
BOB = MentionTarget("https://b.test/@bob", "bob", "b.test")
PEOPLE = {"alice": ALICE, "bob@b.test": BOB}


def tag_url(name: str) -> str:
    return f"https://a.test/tags/{name.lower()}"


def plain(text: str) -> str:
    return render(text, PEOPLE, tag_url)


def markdown(text: str) -> str:
    return render(text, PEOPLE, tag_url, Format.MARKDOWN)


def test_paragraphs_and_line_breaks_are_kept() -> None:
    assert plain("a\r\nb\n\n\n\nc & <d>") == "<p>a<br />b</p><p>c &amp; &lt;d&gt;</p>"


def test_nothing_renders_to_nothing() -> None:
    assert plain(" \n\x00 ") == ""


def test_a_mention_is_written_as_mastodon_writes_it() -> None:
    assert plain("@Alice") == (
        '<p><span class="h-card" translate="no"><a href="https://a.test/@alice" class="u-url mention">'
        "@<span>alice</span></a></span></p>"
    )


def test_two_people_of_one_name_are_told_apart() -> None:
    people = {"alice": ALICE, "alice@b.test": MentionTarget("https://b.test/@alice", "alice", "b.test")}

    html = render("@alice @alice@b.test", people, tag_url)

    assert "@<span>alice</span>" in html
    assert "@<span>alice@b.test</span>" in html


def test_a_mention_of_nobody_stays_text() -> None:
    assert plain("@nobody@c.test") == "<p>@nobody@c.test</p>"


def test_a_hashtag_links_to_its_page() -> None:
    assert plain("#Birds") == (
        '<p><a href="https://a.test/tags/birds" class="mention hashtag" rel="tag">#<span>Birds</span></a></p>'
    )


def test_a_long_link_hides_its_scheme_and_its_tail() -> None:
    html = plain("https://www.example.com/a/rather/long/path/to/something")

    assert html == (
        '<p><a href="https://www.example.com/a/rather/long/path/to/something" target="_blank"'
        ' rel="nofollow noopener" translate="no"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.com/a/rather/long/path</span>'
        '<span class="invisible">/to/something</span></a></p>'
    )


def test_a_short_link_is_shown_whole() -> None:
    assert '<span class="">e.example/x</span><span class="invisible"></span>' in plain("https://e.example/x")


def test_emoji_shortcodes_stay_text() -> None:
    assert plain(":blob_cat:") == "<p>:blob_cat:</p>"


def test_a_profile_field_can_claim_a_page_as_its_own() -> None:
    html = render_inline("https://e.example/me\nhi", {}, tag_url, rel_me=True)

    assert 'rel="nofollow noopener me"' in html
    assert "<p>" not in html
    assert "<br" not in html


def test_markdown_keeps_what_it_marks() -> None:
    html = markdown("# Head\n\n**b** *i* ~~s~~ `c`\nnext\n\n> q\n\n1. x\n2. y\n\n```py\n<z>\n```")

    assert "<p><strong>Head</strong></p>" in html
    assert "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code><br />" in html
    assert "<blockquote>" in html
    assert "<ol>\n<li>x</li>" in html
    assert "<pre><code>&lt;z&gt;\n</code></pre>" in html


def test_markdown_finds_mentions_tags_and_links_outside_of_code() -> None:
    html = markdown("**@alice** #a_b_c https://e.example/x_y_z_ `@alice #no`")

    assert html.count("u-url mention") == 1
    assert "#<span>a_b_c</span>" in html
    assert 'href="https://e.example/x_y_z_"' in html
    assert "<code>@alice #no</code>" in html


def test_markdown_links_are_forced_open_and_harmless() -> None:
    html = markdown(
        "[ok](https://e.example 'title') [no](javascript:alert(1)) [no](data:text/html,x) <https://f.example>"
    )

    assert '<a href="https://e.example" target="_blank" rel="nofollow noopener">ok</a>' in html
    assert '<a href="https://f.example" target="_blank" rel="nofollow noopener">' in html
    assert html.count("<a ") == 2


def test_markdown_with_html_shows_the_html() -> None:
    assert markdown("<b onclick=x>hi</b>") == "<p>&lt;b onclick=x&gt;hi&lt;/b&gt;</p>"


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("text_format", list(Format))
def test_no_script_comes_out_of_what_people_write(payload: str, text_format: Format) -> None:
    people = {"alice": MentionTarget('https://a.test/"><script>alert(1)</script>', payload)}

    for text in (payload, f"@alice {payload}", f"#x{payload}", f"https://e.example/{payload}", f"[a]({payload})"):
        assert dangers_in(render(text, people, lambda _: f"https://a.test/tags/{payload}", text_format)) == []


@given(st.text(st.sampled_from(list("<>\"'&@#:/ab.\n*_`[]()!~\\-1")) | st.characters(), max_size=200))
def test_any_text_reads_the_same_after_rendering(text: str) -> None:
    html = plain(text)

    seen = LexborHTMLParser(html).body
    words = seen.text() if seen is not None else ""
    source = text.encode("utf-8", "ignore").decode()
    assert "".join(filter(str.isalnum, words)) == "".join(filter(str.isalnum, source))
    assert dangers_in(html) == []
    assert dangers_in(markdown(text)) == []
