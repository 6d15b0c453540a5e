import pytest

from node.text.length import characters, post_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("hello", 5),
        ("https://example.com/" + "x" * 200, 23),
        ("https://e.io", 23),
        ("@alice@very.long.domain.example hi", len("@alice hi")),
        ("@alice hi", 9),
        ("a\r\nb", 3),
        ("e\u0301", 1),
        ("한국", 2),
        ("👨‍👩‍👧‍👦", 1),
        ("👩🏽‍🚀", 1),
        ("❤️‍🔥", 1),
        ("🇩🇪🇫🇷", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("हिन्दी", 3),
        ("", 0),
    ],
)
def test_length_is_what_a_person_would_count(text: str, length: int) -> None:
    assert post_length(text) == length


def test_marks_without_end_are_not_free() -> None:
    assert characters("a" + "\u0301" * 16_000) >= 1_000
