"""Which texts are one emoji (Unicode Technical Standard 51), and one spelling for each."""

import re

_LONGEST = 32  # code points; a family with skin tones has ten, a flag of tags seven

_VARIATION = "\ufe0f"
_KEYCAP = "\u20e3"

# Whole blocks rather than the list of each year: a symbol there that is no emoji does no harm.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934"
    "\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_ONE = f"{_PICTURE}{_VARIATION}?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = re.compile(rf"(?:{_ONE}(?:\u200d{_ONE})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]{_VARIATION}?{_KEYCAP})")
# Those beyond the old symbols that are shown as text without the selector.
_PLAIN = (
    "\U0001f170-\U0001f171\U0001f17e-\U0001f17f\U0001f202\U0001f237\U0001f321\U0001f324-\U0001f32c"
    "\U0001f336\U0001f37d\U0001f396-\U0001f397\U0001f399-\U0001f39b\U0001f39e-\U0001f39f"
    "\U0001f3cb-\U0001f3ce\U0001f3d4-\U0001f3df\U0001f3f3\U0001f3f5\U0001f3f7\U0001f43f\U0001f441"
    "\U0001f4fd\U0001f549-\U0001f54a\U0001f56f-\U0001f570\U0001f573-\U0001f579\U0001f587"
    "\U0001f58a-\U0001f58d\U0001f590\U0001f595\U0001f5a5\U0001f5a8\U0001f5b1-\U0001f5b2\U0001f5bc"
    "\U0001f5c2-\U0001f5c4\U0001f5d1-\U0001f5d3\U0001f5dc-\U0001f5de\U0001f5e1\U0001f5e3\U0001f5e8"
    "\U0001f5ef\U0001f5f3\U0001f5fa\U0001f6cb\U0001f6cd-\U0001f6cf\U0001f6e0-\U0001f6e5\U0001f6e9"
    "\U0001f6f0\U0001f6f3"
)
_SHOWN_AS_TEXT = re.compile(
    "([\u00a9-\u3299"
    f"{_PLAIN}"
    "](?<![\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755"
    "\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u200d]))(?![\U0001f3fb-\U0001f3ff])"
)


def one_emoji(text: str) -> str | None:
    """The emoji that `text` is, in the one spelling by which it is counted; None for anything else."""
    if not 0 < len(text) <= _LONGEST or _EMOJI.fullmatch(text) is None:
        return None
    bare = text.replace(_VARIATION, "")
    if bare.endswith(_KEYCAP):
        return f"{bare[0]}{_VARIATION}{_KEYCAP}"
    return _SHOWN_AS_TEXT.sub(rf"\1{_VARIATION}", bare)
