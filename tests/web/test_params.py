"""Whatever is sent, fits the struct or is refused in words."""

from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import BadInput
from web import params
from web.brackets import nested
from web.params import Upload


class Colour(StrEnum):
    RED = "red"


class Poll(msgspec.Struct):
    options: list[str] = []
    expires_in: params.Count | None = None
    multiple: bool = False


class Everything(msgspec.Struct):
    text: str = "nothing"
    number: params.Count = 7
    flag: bool = False
    ids: list[params.Id] = []
    poll: Poll | None = None
    colour: Colour = Colour.RED
    file: Upload | None = None
    limit: params.Limit = 5


def fitted(pairs: list[tuple[str, Any]]) -> Everything:
    return params._fit(params._checked(nested(pairs)), Everything)


def test_brackets_build_lists_and_structs() -> None:
    pairs = [("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[multiple]", "true"), ("ids[]", "5")]

    result = fitted(pairs)

    assert result.poll == Poll(["a", "b"], None, True)
    assert result.ids == [5]


def test_lists_may_be_numbered_or_single() -> None:
    assert fitted([("ids[1]", "9"), ("ids[0]", "8")]).ids == [8, 9]
    assert fitted([("ids", "3")]).ids == [3]


def test_entries_of_a_list_of_structs_begin_when_a_name_comes_again() -> None:
    pairs = [("a[][x]", "1"), ("a[][y]", "2"), ("a[][x]", "3")]

    assert nested(pairs) == {"a": [{"x": "1", "y": "2"}, {"x": "3"}]}


def test_a_list_in_a_list_is_the_list() -> None:
    assert nested([("id[][]", "1"), ("id[][]", "2"), ("id[]", "3")]) == {"id": ["1", "2", "3"]}


@pytest.mark.parametrize(
    ("sent", "limit"),
    [("40", 40), (40, 40), ("0", 0), ("1" + "0" * 17, 1 << 31), ("9" * 5000, 1 << 31), (10**17, 1 << 31)]
    + [(junk, 5) for junk in ("-1", -1, "many", "1.5", "²", "", None, ["1"], {"a": "1"})],
)
def test_a_limit_is_a_number_or_nothing_and_never_refused(sent: Any, limit: int) -> None:
    assert params._fit({"limit": sent}, Everything).limit == limit


@pytest.mark.parametrize("word", ["1", "true", "TRUE", "on", "t"])
def test_forms_say_yes_in_many_ways(word: str) -> None:
    assert fitted([("flag", word)]).flag is True


@pytest.mark.parametrize("word", ["0", "false", "off", "f", ""])
def test_forms_say_no_in_many_ways(word: str) -> None:
    assert fitted([("flag", word)]).flag is False


def test_empty_values_count_as_absent_except_texts() -> None:
    result = fitted([("number", ""), ("colour", ""), ("text", ""), ("file", "")])

    assert (result.number, result.colour, result.text, result.file) == (7, Colour.RED, "", None)


def test_numbers_are_texts_where_a_text_is_wanted() -> None:
    assert params._fit({"text": 140}, Everything).text == "140"


@pytest.mark.parametrize(
    "pairs",
    [
        [("number", "many")],
        [("number", "-1")],
        [("number", "9" * 5000)],
        [("number[]", "1")],
        [("flag", "perhaps")],
        [("ids[]", "x")],
        [("ids[][a]", "x")],
        [("poll", "x")],
        [("poll[options][a][b]", "x")],
        [("colour", "blue")],
        [("text[a]", "x")],
        [("text", "a"), ("text[b]", "c")],
        [("text", "nul\0")],
        [("text", "half\ud800")],
        [("a" + "[b]" * 20, "x")],
    ],
)
def test_what_does_not_fit_is_refused(pairs: list[tuple[str, Any]]) -> None:
    with pytest.raises(BadInput):
        fitted(pairs)


def test_the_refusal_names_the_parameter() -> None:
    with pytest.raises(BadInput, match=r"The parameter poll\.expires_in is not valid"):
        fitted([("poll[expires_in]", "soon")])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["1", "true", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["0", "options", "multiple", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(Everything.__struct_fields__)), _JSON))
def test_any_type_at_any_place_is_a_value_or_a_refusal(values: dict[str, Any]) -> None:
    try:
        result = params._fit(params._checked(values), Everything)
    except BadInput:
        return

    assert isinstance(result, Everything)


@given(st.lists(st.tuples(st.text("ab[]01", max_size=12), st.text(max_size=3))))
def test_any_brackets_are_a_tree_or_a_refusal(pairs: list[tuple[str, str]]) -> None:
    try:
        result = nested(pairs)
    except BadInput:
        return

    assert isinstance(result, dict)
