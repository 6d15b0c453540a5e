import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.errors import Invalid
from node.media.focus import focus_of, parse_focus


def test_two_numbers_are_a_focal_point() -> None:
    assert parse_focus("0.5,-0.25") == (0.5, -0.25)
    assert parse_focus(" 2 , -1e9 ") == (1.0, -1.0)
    assert parse_focus("") is None


@pytest.mark.parametrize("text", ["x", "1", "1,2,3", "nan,0", "0,", "1;2", "0," + "1" * 200])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_focus(text)


@pytest.mark.parametrize("value", [None, "0,0", [0], [0, 0, 0], [0, 2], ["0", 0], [True, 0], [float("nan"), 0], {}])
def test_a_focal_point_of_another_server_is_right_or_nothing(value: object) -> None:
    assert focus_of(value) is None


def test_a_focal_point_of_another_server_is_taken() -> None:
    assert focus_of([0, -0.5]) == (0.0, -0.5)


@given(st.text(max_size=40))
def test_any_text_is_a_point_within_bounds_or_refused(text: str) -> None:
    try:
        focus = parse_focus(text)
    except Invalid:
        return
    assert focus is None or all(-1 <= part <= 1 for part in focus)
