"""How long a post is, the way clients count before they send it (Mastodon's StatusLengthValidator)."""

import re
from unicodedata import category, normalize

from node.text.tokens import Link, Mention, tokens

URL_LENGTH = 23

# A letter may carry any number of marks; this many code points of one visible character are free.
_CODE_POINTS_PER_CHARACTER = 16

_ZERO_WIDTH_JOINER = "\u200d"
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
# Skin tones, the tags of subnational flags, and the non-joiner extend what stands before them.
_EXTENDERS = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u200c]")


def post_length(text: str) -> int:
    """Visible characters; a link counts 23 whatever its length, a mention counts without its domain."""
    saved = 0
    rest = []
    end = 0
    for token in tokens(text):
        if isinstance(token, Link):
            rest.append(text[end : token.start])
            saved += URL_LENGTH
        elif isinstance(token, Mention) and token.domain is not None:
            rest.append(text[end : token.start + 1 + len(token.name)])
        else:
            continue
        end = token.end
    rest.append(text[end:])
    return saved + characters("".join(rest))


def characters(text: str) -> int:
    """Grapheme clusters of `text` (Unicode annex 29, as far as posts need it)."""
    text = text.replace("\r\n", "\n")
    if text.isascii():
        return len(text)
    text = normalize("NFC", text)
    counted = _REGIONAL.sub("x", text)
    counted = _EXTENDERS.sub("", counted)
    count = 0
    joined = False
    for char in counted:
        if char < "\u0300":
            count += 1
            joined = False
        elif char == _ZERO_WIDTH_JOINER:
            joined = count > 0
        elif category(char)[0] != "M":
            # Pictures join to one picture; letters of a script do not.
            count += not (joined and category(char) == "So")
            joined = False
    return max(count, -(-len(text) // _CODE_POINTS_PER_CHARACTER))
