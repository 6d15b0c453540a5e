"""What is one emoji, and how it is spelled."""

import pytest

from node.text.emoji import one_emoji


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("👍", "👍"),
        ("👍🏽", "👍🏽"),
        ("❤", "❤️"),
        ("❤️", "❤️"),
        ("⭐", "⭐"),
        ("🏳‍🌈", "🏳️‍🌈"),
        ("👩‍❤️‍👩", "👩‍❤️‍👩"),
        ("🇳🇱", "🇳🇱"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ("5⃣", "5️⃣"),
        ("\U0001fae9", "\U0001fae9"),  # younger than the Unicode of some Pythons
    ],
)
def test_an_emoji_has_one_spelling(text: str, spelled: str) -> None:
    assert one_emoji(text) == spelled


@pytest.mark.parametrize("text", ["", "a", "5", "👍👍", "👍a", "🇳", "\u200d", "\ufe0f", "漢", "👍" + "\u200d👍" * 40])
def test_anything_else_is_none(text: str) -> None:
    assert one_emoji(text) is None
