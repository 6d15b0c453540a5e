"""Catalogs are whole, say what the code says, and are read as their makers read them."""

import ast
import re

import pytest
from babel.messages import Catalog

from node import catalogs as spoken
from node import speech
from tests.messages import catalogs, extract

_READS_LIKE_A_SENTENCE = re.compile(r"^[A-Z].* .*[.?!]$| [a-z]+ [a-z]+ [a-z]+ ", re.DOTALL)
_LANGUAGES = pytest.mark.parametrize("language", catalogs.LANGUAGES)


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogs.template()


@_LANGUAGES
def test_every_sentence_is_translated_with_the_values_of_the_english(language: str) -> None:
    """`make messages` lists what is left."""
    assert [message.id for message in catalogs.unfinished(catalogs.read(language))] == []


def test_a_number_of_things_is_said_in_the_form_that_goes_with_it(template: Catalog) -> None:
    """`ngettext` in templates, `say_number` in Python. Limits, which are named otherwise, are never one."""
    things = re.compile(r"%\((?:n|num|number|count|all|total)\)s (?!(?:is|was|has|names|megapixels)\b)[a-z]+s\b")

    assert [message.id for message in template if isinstance(message.id, str) and things.search(message.id)] == []


@_LANGUAGES
def test_every_sentence_of_the_code_is_in_the_catalog(template: Catalog, language: str) -> None:
    """`make messages` puts new ones there."""
    known = {message.id for message in catalogs.read(language)}

    assert {message.id for message in template} - known == set()


@_LANGUAGES
def test_a_catalog_is_read_as_babel_reads_it(language: str) -> None:
    ours = spoken.catalog(language)

    for message in catalogs.read(language):
        if isinstance(message.id, tuple):
            one, many = message.id
            # What 0, 1 and 5 take: French counts nothing as one.
            assert [ours.ngettext(one, many, n) for n in (0, 1, 5)] == [
                message.string[0 if n == 1 or (n == 0 and language == "fr") else 1] for n in (0, 1, 5)
            ]
        elif message.id:
            assert ours.gettext(message.id) == message.string


def test_what_is_not_in_a_catalog_is_said_in_english() -> None:
    assert speech.said_in("de", "Nobody has written this sentence.") == "Nobody has written this sentence."
    assert spoken.Catalog("").ngettext("%(num)s bird", "%(num)s birds", 2) == "%(num)s birds"


def test_what_nobody_has_looked_at_is_not_said() -> None:
    catalog = spoken.Catalog('#, fuzzy\nmsgid "Yes"\nmsgstr "Nein"\n\nmsgid "No"\nmsgstr ""\n"Ne"\n"in"\n')

    assert catalog.gettext("Yes") == "Yes"
    assert catalog.gettext("No") == "Nein"


def test_values_of_people_are_not_translated_and_sentences_inside_of_sentences_are() -> None:
    first = speech.said("The line is too long.")

    assert speech.said_in("de", speech.said("Nothing could be read. %(first)s", first=first)) == (
        "Nichts war lesbar. Die Zeile ist zu lang."
    )
    assert speech.said_in("de", speech.said("Nothing could be read. %(first)s", first="Public")) == (
        "Nichts war lesbar. Public"
    )


def test_pages_say_nothing_that_is_not_in_the_catalog(template: Catalog) -> None:
    """Whatever reads like a sentence in their modules, however it comes to be said."""
    known = {text for message in template for text in ([message.id] if isinstance(message.id, str) else message.id)}
    others = []
    for path in (extract.ROOT / "web/pages").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        others += [
            f"{path.name}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in docs and isinstance(node.value, str)
            if _READS_LIKE_A_SENTENCE.search(node.value) and node.value not in known
        ]

    assert others == []


def test_sentences_are_found_where_they_are_said() -> None:
    found = {message.text for message in extract.messages()}

    assert "Saved." in found  # told after a form
    assert "This is not your password." in found  # a constant
    assert ("%(num)s post", "%(num)s posts") in found  # in a template
    assert "Validation failed" not in " ".join(text for text in found if isinstance(text, str))
