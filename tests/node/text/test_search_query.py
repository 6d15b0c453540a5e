"""Words and operators of a search."""

import pytest

from node import clock
from node.text.search_query import MAX_TERMS, Term, parse, span


@pytest.mark.parametrize(
    ("text", "words", "unwanted", "terms"),
    [
        ("two words", "two words", (), ()),
        ("bird from:@Alice@b.test", "bird", (), (Term("from", "@alice@b.test", is_negated=False),)),
        (
            "-has:media is:reply",
            "",
            (),
            (Term("has", "media", is_negated=True), Term("is", "reply", is_negated=False)),
        ),
        ("storm -rain well-known", "storm well-known", ("rain",), ()),
        ("note: to:me https://a.test/x", "note: to:me https://a.test/x", (), ()),
        ('language:"de" before:', "before:", (), (Term("language", "de", is_negated=False),)),
    ],
)
def test_operators_are_told_from_words(text: str, words: str, unwanted: tuple[str, ...], terms: tuple[Term]) -> None:
    assert parse(text) == (words, unwanted, terms)


def test_operators_without_end_become_words() -> None:
    assert len(parse("has:media " * 500).terms) == MAX_TERMS


@pytest.mark.parametrize(
    ("text", "starts", "days"),
    [
        ("2024-02", "2024-02-01", 29),
        ("2023-12", "2023-12-01", 31),
        ("2024", "2024-01-01", 366),
        ("2026-11-28",) * 2 + (1,),
    ],
)
def test_days_months_and_years_are_spans(text: str, starts: str, days: int) -> None:
    starts_at = clock.parse_iso(starts)
    assert starts_at is not None

    assert span(text) == (starts_at, starts_at + days * clock.DAY)


@pytest.mark.parametrize("text", ["", "yesterday", "1969", "9999-12-31", "2024-13", "2024-02-30", "٢٠٢٤", "2024-1"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert span(text) is None
