import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.text.render import Format, tokens_of
from node.text.tokens import (
    Hashtag,
    Link,
    Mention,
    hashtag_key,
    hashtag_name,
    hashtags_in,
    mentions_in,
    shortcodes_in,
    tokens,
)

PIECES = [*"@#:/.ab1_-() \n[]é中＃\u200d\u202e", "http"]
TRIGGERS = st.lists(st.sampled_from(PIECES), max_size=200).map("".join)


def handles(text: str) -> list[str]:
    return [token.key for token in tokens(text) if isinstance(token, Mention)]


def tags(text: str) -> list[str]:
    return [token.name for token in tokens(text) if isinstance(token, Hashtag)]


def links(text: str) -> list[str]:
    return [token.url for token in tokens(text) if isinstance(token, Link)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@alice", ["alice"]),
        ("hello @Alice, and @bob!", ["alice", "bob"]),
        ("(@alice@example.com)", ["alice@example.com"]),
        ("@alice@Example.COM.", ["alice@example.com"]),
        ("@alice@example.com: hi", ["alice@example.com"]),
        ("@alice@localhost:8421 hi", ["alice@localhost:8421"]),
        ("@alice@127.0.0.1:8421", ["alice@127.0.0.1:8421"]),
        ("@a@[::1]:8420", ["a@[::1]:8420"]),
        ("@alice@bücher.example", ["alice@xn--bcher-kva.example"]),
        ("@alice@xn--bcher-kva.example", ["alice@xn--bcher-kva.example"]),
        ("@alice@example.comさん", ["alice@example.com"]),
        ("@aliceさん", ["alice"]),
        ("@名前@example.jp", ["名前@example.jp"]),
        ("@名前", []),
        ("@first.last-name_@example.com", ["first.last-name_@example.com"]),
        ("@alice.", ["alice"]),
        ("mail@example.com", []),
        ("https://example.com/@alice", []),
        ("@@alice", []),
        ("a=@alice", []),
        ("@ alice", []),
        ("@alice@", ["alice"]),
        ("@community@lemmy.example/comments", ["community@lemmy.example"]),
    ],
)
def test_a_mention_is_found_as_mastodon_finds_it(text: str, expected: list[str]) -> None:
    assert handles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#Birds and #bees.", ["Birds", "bees"]),
        ("＃鳥 と #とり。", ["鳥", "とり"]),
        ("#हिन्दी", ["हिन्दी"]),
        ("#ภาษาไทย", ["ภาษาไทย"]),
        ("#2026", []),
        ("#2026news", ["2026news"]),
        ("#snake_case", ["snake_case"]),
        ("#a·b·", ["a·b"]),
        ("#️⃣", []),
        ("##double", []),
        ("word#tag", []),
        ("https://example.com/#anchor", []),
        ("&#39;", []),
        ("#", []),
        ("#_", []),
        ("(#ok)", ["ok"]),
        ("#C++", ["C"]),
        ("#" + "x" * 101, []),
        ("#ЁЖ", ["ЁЖ"]),
    ],
)
def test_a_hashtag_is_of_any_script_and_never_a_bare_number(text: str, expected: list[str]) -> None:
    assert tags(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.com.", ["https://example.com"]),
        ("see HTTPS://Example.com/Path?", ["HTTPS://Example.com/Path"]),
        ("(https://en.wikipedia.org/wiki/Lark_(bird))", ["https://en.wikipedia.org/wiki/Lark_(bird)"]),
        ("https://en.wikipedia.org/wiki/Lark_(bird), so", ["https://en.wikipedia.org/wiki/Lark_(bird)"]),
        ("[https://a.example/x]", ["https://a.example/x"]),
        ('"https://a.example/x"', ["https://a.example/x"]),
        ("<https://a.example/x>", ["https://a.example/x"]),
        ("https://a.example/x?y=1&z=@w#frag", ["https://a.example/x?y=1&z=@w#frag"]),
        ("https://例え.テスト/鳥。次", ["https://例え.テスト/鳥"]),
        ("https://example.comは", ["https://example.com"]),
        ("https://a.example/x、https://b.example", ["https://a.example/x", "https://b.example"]),
        ("http://localhost:8420/x", ["http://localhost:8420/x"]),
        ("http://[::1]:8420/x", ["http://[::1]:8420/x"]),
        ("https://bank.example@evil.example/", []),
        ("javascript://example.com/%0aalert(1)", []),
        ("http://word", []),
        ("xhttps://a.example", []),
        ("https://", []),
        ("https://a.example/" + "x" * 3000, []),
        ("https://a.example/@alice", ["https://a.example/@alice"]),
        ("https://a.example/\u202egnp.exe", ["https://a.example/"]),
    ],
)
def test_a_link_ends_where_a_reader_would_say_so(text: str, expected: list[str]) -> None:
    assert links(text) == expected


def test_custom_emoji_stand_apart_from_letters() -> None:
    assert shortcodes_in(":blob: a:not: 12:30:45 (:blob_cat:) :a: ::no:: :yes:.") == {"blob", "blob_cat", "yes"}


def test_spellings_of_one_hashtag_have_one_key() -> None:
    assert hashtag_key("Ｂｉｒｄｓ") == hashtag_key("birds") == hashtag_key("BIRDS")
    assert hashtag_key("Straße") == hashtag_key("STRASSE")


def test_each_mention_and_hashtag_counts_once() -> None:
    text = "@a @A @a@b.example #X #x #y"

    assert [mention.key for mention in mentions_in(text)] == ["a", "a@b.example"]
    assert hashtags_in(text) == ["X", "y"]


def test_what_markdown_shows_as_code_mentions_nobody() -> None:
    text = "`@alice` and @bob\n\n    #code\n\n#tag [#not](https://a.example)"

    found = tokens_of(text, Format.MARKDOWN)

    assert [mention.key for mention in mentions_in(text, found)] == ["bob"]
    assert hashtags_in(text, found) == ["tag"]


def test_a_tag_told_by_another_server_is_taken_whole_or_not_at_all() -> None:
    assert hashtag_name("#Vögel") == "Vögel"
    assert hashtag_name("birds") == "birds"
    assert hashtag_name("#two words") is None
    assert hashtag_name("#<script>") is None
    assert hashtag_name("") is None


@given(TRIGGERS | st.text(max_size=300))
def test_tokens_never_fail_and_never_overlap(text: str) -> None:
    found = tokens(text)

    end = 0
    for token in found:
        assert end <= token.start < token.end <= len(text)
        end = token.end


@given(TRIGGERS)
def test_markdown_finds_tokens_in_any_text(text: str) -> None:
    tokens_of(text, Format.MARKDOWN)


HOSTILE = ("@", "@a", "#", "http://", "http://a.b/", ":a", "@a@", "@a.", "@é.", "#é", "é#", "http://a.é", "(", "#⁂")


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_hostile_text_takes_linear_time(piece: str) -> None:
    """Of the processor, whatever else the machine does: backtracking over this would take minutes."""
    text = "http://a.b/" + piece * (100_000 // len(piece))

    started = time.thread_time()
    tokens(text)

    assert time.thread_time() - started < 20
