"""The one reader of strangers' JSON."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.parse import strict_json
from node.errors import BadInput


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b' {"a": [1, -2.5e3, true, false, null, "x"]}\n', {"a": [1, -2500.0, True, False, None, "x"]}),
        (b'{"a": 1, "b": {"a": 1}}', {"a": 1, "b": {"a": 1}}),
        ('{"name": "bücher 🐦"}'.encode(), {"name": "bücher 🐦"}),
        (rb'{"a": "\ud83d\udc26"}', {"a": "🐦"}),
        (rb'{"a": "\\u0000 and \\ud800 are only talked about"}', {"a": r"\u0000 and \ud800 are only talked about"}),
        (b'{"a": 9223372036854775807}', {"a": 2**63 - 1}),
    ],
)
def test_what_is_sound_is_read(body: bytes, value: object) -> None:
    assert strict_json.loads(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b'"text"',
        b"1",
        b"null",
        b'{"a": 1, "a": 2}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"x": {"id": 1, "id": 1}}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": 9223372036854775808}',
        b'{"a": ' + b"9" * 5000 + b"}",
        rb'{"a": "\ud800"}',
        rb'{"a": "\udc00\ud800"}',
        rb'{"\uD800": 1}',
        rb'{"a": [{"b": "\u0000"}]}',
        rb'{"\u0000": 1}',
        b'{"a": "\x00"}',
        b'{"a": "\n"}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xff\xfe{\x00}\x00",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 01}',
        b'{"a": 1} {}',
        b'{"a": 1',
        b"// comment\n{}",
    ],
)
def test_what_is_broken_or_ambiguous_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        strict_json.loads(body)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_fifty_levels_are_read_and_one_more_is_not(opening: bytes, closing: bytes) -> None:
    def nested(levels: int) -> bytes:
        return b'{"top":' + opening * (levels - 1) + b"1" + closing * (levels - 1) + b"}"

    assert strict_json.loads(nested(50))
    for levels in (51, 500, 5_000, 100_000):
        with pytest.raises(BadInput):
            strict_json.loads(nested(levels))


def test_a_forbidden_character_is_found_at_the_deepest_level() -> None:
    body = b'{"top":' + b"[" * 49 + rb'"\ud800"' + b"]" * 49 + b"}"

    with pytest.raises(BadInput):
        strict_json.loads(body)


def test_many_brackets_side_by_side_are_not_depth() -> None:
    body = json.dumps({"a": [[] for _ in range(1000)], "b": "[" * 1000}).encode()

    assert len(strict_json.loads(body)["a"]) == 1000


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadInput):
        strict_json.loads(body)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), JSON), st.booleans())
def test_it_agrees_with_the_standard_library_on_what_both_accept(value: dict[str, object], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    if "\x00" in str(value) or r"\u0000" in text:
        return

    assert strict_json.loads(text.encode()) == value
