"""Reads the catalogs of node/locales: what the sentences of this node are called in other languages.

They are read as translators write them (`.po`), once for each language, when it is first spoken: nothing has to be
compiled, and so nothing can be out of date (docs/adr/0037-languages.md).
"""

import gettext
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

_LOCALES = Path(__file__).parent / "locales"

Message = dict[str, str]  # `msgid`, `msgid_plural`, `msgstr`, `msgstr[0]` …, as they stand in the file


class Catalog(gettext.NullTranslations):
    """The sentences of one language. What is not translated is said in English."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._sentences: dict[str, str] = {}
        self._plurals: dict[tuple[str, int], str] = {}
        # What C says of plurals, as a function: the standard library has it for its own catalogs.
        self._form_of = gettext.c2py("n != 1")
        for message in messages(text):
            self._keep(message)

    def gettext(self, message: str) -> str:
        return self._sentences.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._plurals.get((msgid1, self._form_of(n))) or (msgid1 if n == 1 else msgid2)

    def _keep(self, message: Message) -> None:
        msgid = message["msgid"]
        if not msgid:
            self._form_of = gettext.c2py(_plural_forms(message["msgstr"]))
        elif "msgid_plural" in message:
            for field, text in message.items():
                if field.startswith("msgstr["):
                    self._plurals[msgid, int(field[7:-1])] = text
        else:
            self._sentences[msgid] = message["msgstr"]


@cache
def catalog(language: str) -> gettext.NullTranslations:
    """Of a language that this node has; English is what stands in the code."""
    if language == "en":
        return gettext.NullTranslations()
    return Catalog((_LOCALES / language / "LC_MESSAGES" / "linnet.po").read_text("utf-8"))


def messages(text: str) -> Iterator[Message]:
    """The entries of a `.po` file, without comments, and without those that nobody has looked at yet (fuzzy)."""
    message: Message = {}
    field, is_fuzzy = "", False
    for line in text.splitlines():
        if line.startswith('"'):
            message[field] += _unquoted(line)
        elif line.startswith("msg"):
            field, _, quoted = line.partition(" ")
            message[field] = _unquoted(quoted)
        elif line.startswith("#,") and "fuzzy" in line:
            is_fuzzy = True
        elif not line.strip():
            if message and not is_fuzzy:
                yield message
            message, is_fuzzy = {}, False
    if message and not is_fuzzy:
        yield message


def _unquoted(text: str) -> str:
    return msgspec.json.decode(text, type=str)  # the same escapes


def _plural_forms(header: str) -> str:
    """The expression after `plural=`."""
    return header.partition("plural=")[2].partition(";")[0]
