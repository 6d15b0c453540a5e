"""Which link of a post is shown with a preview."""

import pytest

from node.text.links import first_link
from node.text.sanitize import sanitize


@pytest.mark.parametrize(
    ("content", "url"),
    [
        ('<p>See <a href="https://a.example/1">this</a> and <a href="https://a.example/2">that</a></p>', "1"),
        (
            '<p><a href="https://a.example/@bob" class="u-url mention">@bob</a> <a href="https://a.example/3">x</a></p>',
            "3",
        ),
        ('<p><a href="https://a.example/tags/x" class="mention hashtag">#x</a></p>', ""),
        (
            '<p><a href="mailto:bob@a.example">write</a> <a href="https://a.example/4?a=1&amp;b=2">x</a></p>',
            "4?a=1&b=2",
        ),
        (
            '<p class="quote-inline">RE: <a href="https://a.example/5">x</a></p><p><a href="https://a.example/6">y</a>',
            "6",
        ),
        ("<p>No link, but <b>a</b> &lt;a href=&quot;https://a.example/7&quot;&gt;</p>", ""),
        ('<a data-href="https://a.example/8" title="href=https://a.example/9">x</a>', ""),
        ("", ""),
    ],
)
def test_the_first_page_that_is_linked_to_counts(content: str, url: str) -> None:
    assert first_link(sanitize(content)) == (f"https://a.example/{url}" if url else "")
