"""Phrases in texts, as filters look for them."""

import time

import pytest

from node.text.phrases import MOST_CHARS, folded, phrase


def found(keyword: str, text: str, *, whole_word: bool = True) -> bool:
    return phrase(keyword, whole_word=whole_word).is_in(folded(text))


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("cat", "A cat."),
        ("CAT", "the Cat, that is"),
        ("cat", "concat cat"),
        ("big cat", "Big\n  CAT"),
        ("#cat", "see#cat now"),
        ("c++", "C++11"),
        ("straße", "STRASSE"),
        ("trump", "𝓣𝓻𝓾𝓶𝓹 again"),
        ("cat", "cat"),
        ("猫", "猫。"),
        ("हिन्दी", "यह हिन्दी है"),
    ],
)
def test_a_word_is_found_however_it_is_written(keyword: str, text: str) -> None:
    assert found(keyword, text)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [("cat", "concatenate"), ("cat", "cats"), ("cat", "cat_food"), ("#cat", "#cats"), ("हिन्द", "हिन्दी"), ("cat", "")],
)
def test_a_whole_word_is_not_a_part_of_one(keyword: str, text: str) -> None:
    assert not found(keyword, text)


def test_part_of_a_word_is_enough_where_somebody_says_so() -> None:
    assert found("cat", "concatenate", whole_word=False)
    assert found(".*", "a.*b", whole_word=False)
    assert not found(".*", "anything", whole_word=False)


def test_hostile_texts_cost_little() -> None:
    """Of the processor, whatever else the machine does: anything but one pass over this would take minutes."""
    keyword, text = phrase("a" * 500, whole_word=True), folded("a" * 1_000_000)

    started = time.thread_time()
    assert not keyword.is_in(text)

    assert len(text) == MOST_CHARS
    assert time.thread_time() - started < 20
