"""What an edit changed, word by word: HTML of today with `<ins>` and `<del>` in it."""

import re
from difflib import SequenceMatcher

# Comparing takes the longer the more there is; nobody reads the differences of a book.
MAX_WORDS = 1_500

_PIECE = re.compile(r"<[^>]*>|\s+|[^<\s]+")


def marked(before: str, after: str) -> str:
    """`after` with its new words marked, and those of `before` that went. Both are sanitised HTML, and so is the result.

    Tags are those of `after`; a change of these alone is not shown.
    """
    pieces = _PIECE.findall(after)
    old, new = ([one for one in found if _is_word(one)] for found in (_PIECE.findall(before), pieces))
    if max(len(old), len(new)) > MAX_WORDS:
        return after
    added, gone = _compared(old, new)
    out, at, end = [], 0, 0
    for piece in pieces:
        if _is_word(piece):
            # Beside a word, and never between two tags, so that everything stays well nested.
            if at in gone:
                out.append(f"<del>{gone.pop(at)}</del> ")
            out.append(f"<ins>{piece}</ins>" if at in added else piece)
            at, end = at + 1, len(out)
        else:
            out.append(piece)
    for words in gone.values():
        out.insert(end, f" <del>{words}</del>")
    return "".join(out).replace("</ins> <ins>", " ")


def _is_word(piece: str) -> bool:
    return piece[0] != "<" and not piece.isspace()


def _compared(old: list[str], new: list[str]) -> tuple[set[int], dict[int, str]]:
    """Positions of new words, and what went before each position."""
    added: set[int] = set()
    gone: dict[int, str] = {}
    for what, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            continue
        added.update(range(new_start, new_end))
        if old_end > old_start:
            gone[new_start] = " ".join(old[old_start:old_end])
    return added, gone
