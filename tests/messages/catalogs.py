"""The catalogs as Babel reads and writes them."""

import io
import re
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from node import speech
from tests.messages import extract

LANGUAGES = tuple(language for language in speech.OFFERED if language != "en")

_PLURALS = {
    "de": "nplurals=2; plural=(n != 1)",
    "es": "nplurals=2; plural=(n != 1)",
    "fr": "nplurals=2; plural=(n > 1)",
}
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals};\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
_VALUE = re.compile(r"%%|%\((\w+)\)s")


def path_of(language: str) -> Path:
    return Path("node/locales") / language / "LC_MESSAGES/linnet.po"


def template() -> Catalog:
    """What the code says, without translations; where it says it, by file: lines change all the time."""
    catalog = Catalog(fuzzy=False)
    for message in extract.messages():
        known = catalog.get(message.text[0] if isinstance(message.text, tuple) else message.text)
        places = [] if known is None else known.locations
        catalog.add(message.text, locations=sorted({*places, (message.file, None)}))
    return catalog


def read(language: str) -> Catalog:
    path = extract.ROOT / path_of(language)
    with path.open("rb") as file:
        return read_po(file)


def update(language: str) -> Catalog:
    """The sentences of the code as it is now, with the translations that are known."""
    catalog = read(language) if (extract.ROOT / path_of(language)).exists() else Catalog()
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(language, catalog)
    return catalog


def write(language: str, catalog: Catalog) -> None:
    """Without what changes each time: two people who add sentences meet where they added them, not in the header."""
    path = extract.ROOT / path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, width=118, omit_header=True)
    path.write_text(
        _HEADER.format(language=language, plurals=_PLURALS[language]) + written.getvalue().decode(), "utf-8"
    )


def unfinished(catalog: Catalog) -> list[Message]:
    """What is not translated, not looked at, or says other values than the English."""
    return [message for message in catalog if message.id and (message.fuzzy or not _is_whole(message))]


def _is_whole(message: Message) -> bool:
    ids = message.id if isinstance(message.id, list | tuple) else [message.id]
    texts = message.string if isinstance(message.string, list | tuple) else [message.string]
    if not all(texts):
        return False
    # One of two forms may do without its number: "a post".
    needed = set.intersection(*(_values(one) for one in ids)) - ({"num"} if len(ids) > 1 else set())
    known = set.union(*(_values(one) for one in ids))
    return all(needed <= _values(one) <= known for one in texts)


def _values(text: str) -> set[str]:
    return {name for name in _VALUE.findall(text) if name}
