"""The only clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node import clock


def test_time_is_told_in_the_one_form_that_everybody_reads() -> None:
    assert clock.iso(0) == "1970-01-01T00:00:00.000Z"
    assert clock.iso(1_795_544_391_007) == "2026-11-24T18:19:51.007Z"
    assert clock.iso_seconds(1_795_544_391_007) == "2026-11-24T18:19:51Z"
    assert clock.iso(clock.LATEST_MS) == "9999-12-31T23:59:59.999Z"
    assert clock.day(1_795_544_391_007) == "2026-11-24"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T18:19:51.007Z", 1_795_544_391_007),
        ("2026-11-24T18:19:51Z", 1_795_544_391_000),
        ("2026-11-24T18:19:51.0071234Z", 1_795_544_391_007),
        ("2026-11-24T19:19:51+01:00", 1_795_544_391_000),
        ("2026-11-24T13:19:51-0500", 1_795_544_391_000),
        ("2026-11-24T18:19:51", 1_795_544_391_000),
        ("2026-11-24 18:19:51", 1_795_544_391_000),
        ("2026-11-24t18:19z", 1_795_544_340_000),
        ("2026-11-24", 1_795_478_400_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799_000),
        ("9999-12-31T23:59:59.999Z", clock.LATEST_MS),
    ],
)
def test_the_forms_of_other_servers_are_read(text: str, expected: int) -> None:
    assert clock.parse_iso(text) == expected


@pytest.mark.parametrize(
    "text",
    [None, 5, "", "yesterday", "2026-13-01", "2026-02-30", "0000-01-01", "1969-12-31", "10000-01-01", "2026-11-24T25:00Z",
     "9999-12-31T23:59:59-01:00", "٢٠٢٦-11-24", "2026-11-24T18:19:51Z" + " " * 50, "2026-11-24T18:19:51ZZ"],
)  # fmt: skip
def test_everything_else_is_no_time(text: object) -> None:
    assert clock.parse_iso(text) is None


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    clock.parse_iso(text)


@given(st.integers(0, clock.LATEST_MS))
def test_what_is_told_is_read_back(ms: int) -> None:
    assert clock.parse_iso(clock.iso(ms)) == ms


def test_it_can_stand_still_for_a_while() -> None:
    with clock.frozen(5):
        with clock.frozen(7):
            assert clock.now_ms() == 7
        assert clock.now_ms() == 5
        assert clock.now().year == 1970

    assert clock.now_ms() > 1_700_000_000_000
