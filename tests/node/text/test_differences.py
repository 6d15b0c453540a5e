"""Which words an edit changed."""

import pytest

from node.text import differences
from node.text.differences import marked


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("<p>One two</p>", "<p>One two</p>", "<p>One two</p>"),
        ("<p>One two</p>", "<p>One or two</p>", "<p>One <ins>or</ins> two</p>"),
        ("<p>One</p>", "<p>One and two</p>", "<p>One <ins>and two</ins></p>"),
        ("<p>One or two</p>", "<p>One two</p>", "<p>One <del>or</del> two</p>"),
        ("<p>One two</p>", "<p>One</p>", "<p>One <del>two</del></p>"),
        ("<p>A wren</p>", "<p>A linnet</p>", "<p>A <del>wren</del> <ins>linnet</ins></p>"),
        ("", "<p>New</p>", "<p><ins>New</ins></p>"),
        ("<p>Old</p>", "<p></p>", " <del>Old</del><p></p>"),
        ("<p>a &lt;b&gt;</p>", "<p>a &lt;i&gt;</p>", "<p>a <del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins></p>"),
        ("<p>x</p>", '<p><a href="/1">x y</a></p>', '<p><a href="/1">x <ins>y</ins></a></p>'),
        ("<p>x</p><p>z</p>", "<p>x</p><p>y</p>", "<p>x</p><p><del>z</del> <ins>y</ins></p>"),
    ],
)
def test_words_that_came_and_went_are_marked(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


def test_a_book_is_shown_without_marks() -> None:
    book = "<p>" + "word " * (differences.MAX_WORDS + 1) + "</p>"

    assert marked("<p>word</p>", book) == book
    assert "<ins>" in marked("<p>word</p>", "<p>" + "word " * differences.MAX_WORDS + "</p>")
