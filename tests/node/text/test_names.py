import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import Invalid
from node.text.names import check_local_name, clean_display_name, clean_line, fold_name, is_reserved


@pytest.mark.parametrize("name", ["alice", "Alice_2", "a", "x" * 30])
def test_a_plain_name_is_accepted_as_spelt(name: str) -> None:
    assert check_local_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "a b", "a-b", "a.b", "älice", "аlice", "x" * 31, "a@b", "٣", "<a>"])
def test_a_name_that_others_could_not_type_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_local_name(name)

    assert refusal.value.fields["username"] == str(refusal.value)


@pytest.mark.parametrize("name", ["admin", "ADMIN", "_admin_", "admin1", "ad_min", "api", "Support", "www"])
def test_a_name_of_the_node_itself_is_refused(name: str) -> None:
    assert is_reserved(name)
    with pytest.raises(Invalid):
        check_local_name(name)


def test_a_name_that_only_contains_such_a_word_is_free() -> None:
    assert check_local_name("administrative_amy") == "administrative_amy"


def test_upper_and_lower_case_are_one_name() -> None:
    assert fold_name("Alice") == fold_name("ALICE") == "alice"


def test_a_display_name_cannot_turn_or_hide_the_text_around_it() -> None:
    assert clean_display_name("Al\u202eice\u2066\x07\n B\u200b") == "Alice B"
    assert clean_display_name("a" + "\u0301" * 50) == "a" + "\u0301" * 4


def test_emoji_and_scripts_with_joiners_stay_whole() -> None:
    for name in ("👩🏽‍🚀 Ada", "می‌خواهم", "हिन्दी", ":blob: ok"):
        assert clean_display_name(name) == name


def test_a_name_of_nothing_visible_is_empty() -> None:
    assert clean_display_name("\u200b\u202e \u3164\u2066") == ""
    assert clean_display_name("\u200d") == ""


@given(st.text())
def test_any_text_becomes_one_line_within_its_limit(text: str) -> None:
    line = clean_line(text, 20)

    assert len(line) <= 20
    assert not set(line) & set("\n\r\t\x00\u202e\u2067")
    line.encode()
