"""A language that nobody speaks, for looking at pages: longer than English by two fifths, with letters beyond ASCII."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po

from node import catalogs
from tests.messages.catalogs import template

NAME = "vo"  # Volapük: nobody asks for it, and browsers know no invented ones
# Each of these gets an accent, so an English word with one of them has not been translated.
LETTERS = "aeiouycnszAEIOUYCNSZ"

_ACCENTS = str.maketrans(LETTERS, "àéîöüÿçñšžÀÉÎÖÜŸÇÑŠŽ")
# Values and markup stay what they are.
_FIXED = re.compile(r"(%%|%\(\w+\)s|<[^>]*>|&\w+;)")
_HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@contextmanager
def offered(folder: Path) -> Iterator[str]:
    """The node speaks it as long as this lasts, and no other but English."""
    place = folder / NAME / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "linnet.po").write_text(catalog(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogs, "_LOCALES", folder)
        catalogs.catalog.cache_clear()
        yield NAME
    catalogs.catalog.cache_clear()


def catalog() -> str:
    """Of all sentences of the code, as a `.po` file."""
    made = Catalog(fuzzy=False)
    for message in template():
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(stretched(text) for text in message.id))
        elif message.id:
            made.add(message.id, stretched(message.id))
    written = io.BytesIO()
    write_po(written, made, omit_header=True)
    return _HEADER + written.getvalue().decode()


def stretched(text: str) -> str:
    """`[Ìñvîtàtîöñš öööö]`: what is added are words of ten letters at most."""
    parts = [part if _FIXED.fullmatch(part) else part.translate(_ACCENTS) for part in _FIXED.split(text)]
    more = "ö" * max(len(text) * 2 // 5, 2)
    words = " ".join(more[start : start + 10] for start in range(0, len(more), 10))
    return f"[{''.join(parts)} {words}]"
