"""The `@context` of our documents."""

from typing import get_args

import pytest

from federation.parse.as2 import ACTIVITYSTREAMS
from federation.render.context import CONTEXT, TERMS, Kind, context

KINDS = get_args(Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_activitystreams_comes_first(kind: Kind) -> None:
    assert context(kind)[0] == ACTIVITYSTREAMS == CONTEXT[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_prefix_is_defined_where_it_is_used(kind: Kind) -> None:
    defined = {name: term for part in context(kind) if isinstance(part, dict) for name, term in part.items()}

    addresses = [term["@id"] if isinstance(term, dict) else term for term in defined.values()]

    prefixes = {address.partition(":")[0] for address in addresses if not address.startswith("http")}
    assert prefixes - {"as"} <= set(defined)


def test_a_document_carries_only_the_terms_of_its_kind() -> None:
    actor_terms, note_terms = context("actor")[-1], context("note")[-1]

    assert isinstance(actor_terms, dict)
    assert isinstance(note_terms, dict)
    assert "PropertyValue" in actor_terms
    assert "PropertyValue" not in note_terms
    assert "votersCount" in note_terms
    assert "votersCount" not in actor_terms


def test_plain_activities_need_activitystreams_alone() -> None:
    assert context("activity") == [ACTIVITYSTREAMS]


def test_the_context_of_a_kind_is_made_once() -> None:
    assert context("note") is context("note")


def test_the_whole_context_defines_every_term() -> None:
    assert CONTEXT[-1] is TERMS
