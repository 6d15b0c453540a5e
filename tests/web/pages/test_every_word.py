"""No template says a word that cannot be said in other languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as Parser

from node import speech
from tests.messages import pseudo
from web.gallery.samples import all_pages
from web.languages import LANGUAGES
from web.rendering import environment

# The gallery is for tests, and so in English.
_SAMPLES = {name: sample for name, sample in all_pages().items() if name not in ("gallery", "gallery-moving")}
_NOT_READ = "script, style, code, kbd, svg"
_SHOWN_ATTRIBUTES = re.compile(
    r"title|alt|placeholder|aria-label|data-(words|label|done|on|hint|failed|refused|missing)"
)
_WORD = re.compile(r"[^\W\d_]+")
# Names, units, and examples of what somebody types.
_SAME_EVERYWHERE = {
    "linnet",
    "mib",
    "utc",
    "alt",
    *("name", "server", "you", "your"),
    *("de", "sei", "freundlich", "wir", "duzen", "uns"),
}


@pytest.fixture(scope="module", autouse=True)
def _long_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo.offered(tmp_path_factory.mktemp("locales")):
        yield


@pytest.fixture
def _spoken() -> Iterator[None]:
    """For this test alone: what is said in one is said in all that follow."""
    before = speech.spoken()
    speech.speak(pseudo.NAME)
    yield
    speech.speak(before)


@pytest.mark.usefixtures("_spoken")
@pytest.mark.parametrize("name", _SAMPLES)
def test_a_page_says_nothing_in_english_alone(name: str) -> None:
    template, page, context = _SAMPLES[name]
    given = _words([*_strings(context), *_strings(page), *LANGUAGES.values()])

    shown = Parser(environment.render(template, replace(page, locale=pseudo.NAME), **context))

    assert {word for word in _words(_texts(shown)) - given - _SAME_EVERYWHERE if _is_english(word)} == set()


def _texts(tree: Parser) -> Iterator[str]:
    """What people read or hear, also later, from the script."""
    for one in tree.css(_NOT_READ):
        one.decompose()
    assert tree.root is not None
    yield tree.root.text(separator=" ")
    for element in tree.css("*"):
        for attribute, value in element.attributes.items():
            if _SHOWN_ATTRIBUTES.fullmatch(attribute) and value:
                yield " ".join(json.loads(value).values()) if value.startswith('{"') else value


def _strings(value: Any) -> Iterator[str]:
    """All texts that a template was given."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _strings(getattr(value, part.name))


def _words(texts: Any) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text.lower())}


def _is_english(word: str) -> bool:
    """Letters alone are marks; very long words are what people typed, cut off."""
    return 1 < len(word) < 30 and any(letter in pseudo.LETTERS for letter in word)
