"""In which language a document says that it is written."""

import re

from federation.parse import as2
from federation.parse.as2 import Document

_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)
_UNDETERMINED = frozenset({"und", "mul", "zxx", "mis"})


def language_of(document: Document, content: str) -> str | None:
    """The key of the map entry that is the content (GoToSocial's rule), else the first; else `language`.

    Lemmy and PeerTube send `language` as an object with an `identifier`.
    """
    mapped = as2.languages(document, "content")
    for code, text in mapped.items():
        if text == content and (found := _code(code)):
            return found
    for code in mapped:
        if found := _code(code):
            return found
    stated = as2.one(document.get("language"))
    return _code(stated.get("identifier") if type(stated) is dict else stated)


def _code(value: object) -> str | None:
    """A language tag (RFC 5646) with its language in lower case."""
    if type(value) is not str or len(value) > 40 or not _CODE.fullmatch(value):
        return None
    language, dash, rest = value.partition("-")
    language = language.lower()
    return None if language in _UNDETERMINED else language + dash + rest
