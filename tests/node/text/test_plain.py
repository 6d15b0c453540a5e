from node.text.plain import excerpt, plain_text


def test_breaks_and_paragraphs_become_lines() -> None:
    assert plain_text("<p>a<br />b</p><p>c &amp; &lt;d&gt;</p>") == "a\nb\n\nc & <d>"


def test_lists_keep_their_points() -> None:
    assert plain_text("<ul><li>a</li><li>b</li></ul>") == "• a\n• b"


def test_hidden_parts_of_a_link_are_part_of_the_text() -> None:
    html = '<a href="https://e.example/?a>b"><span class="invisible">https://</span><span>e.example</span></a>'

    assert plain_text(html) == "https://e.example"


def test_text_without_markup_is_only_unescaped() -> None:
    assert plain_text("1 &lt; 2 &amp;amp;") == "1 < 2 &amp;"


def test_an_excerpt_ends_between_words() -> None:
    assert excerpt("one two\nthree", 50) == "one two three"
    assert excerpt("one two three four", 12) == "one two…"
    assert excerpt("鳥" * 30, 10) == "鳥" * 9 + "…"
