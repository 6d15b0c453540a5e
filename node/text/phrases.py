"""Whether a text has a phrase in it, however it is written: what filters search with.

Plain search, no regular expressions: a phrase is somebody's input, the text is everybody's.
"""

import unicodedata
from typing import NamedTuple

MOST_CHARS = 20_000  # of a text; the rest is not looked at
_MOST_PLACES = 50  # where a phrase is part of longer words, before we stop looking


def folded(text: str) -> str:
    """`text` without what makes no difference: case, styled letters, kinds and numbers of blanks."""
    return " ".join(unicodedata.normalize("NFKC", text[:MOST_CHARS]).casefold().split())


class Phrase(NamedTuple):
    """`folded` is searched for. Where it begins or ends with a word, the text's word may have to do so, too."""

    keyword: str  # as it was written
    folded: str
    begins_word: bool
    ends_word: bool

    def is_in(self, text: str) -> bool:
        """`text` is folded."""
        at = text.find(self.folded)
        for _ in range(_MOST_PLACES):
            if at < 0:
                return False
            end = at + len(self.folded)
            inside = self.begins_word and at > 0 and _is_of_word(text[at - 1])
            if not inside and not (self.ends_word and end < len(text) and _is_of_word(text[end])):
                return True
            at = text.find(self.folded, at + 1)
        return False


def phrase(keyword: str, *, whole_word: bool) -> Phrase:
    """A boundary is asked for only where the keyword itself has a letter or digit: `#cat` is in `x#cat`."""
    text = folded(keyword)
    return Phrase(
        keyword,
        text,
        whole_word and text != "" and _is_of_word(text[0]),
        whole_word and text != "" and _is_of_word(text[-1]),
    )


def _is_of_word(char: str) -> bool:
    """Letters, the marks on them, digits, and what joins words (Unicode's `Pc`, such as the underscore)."""
    kind = unicodedata.category(char)
    return kind[0] in "LMN" or kind == "Pc"
