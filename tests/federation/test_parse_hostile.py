"""Any JSON, any type at any place: parsed, or refused as `BadActivity`, and nothing else (docs/threat-model.md)."""

import copy
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import uris
from federation.parse.activity import inner, parse_activity
from federation.parse.as2 import BadActivity, Document
from federation.parse.note import is_post, parse_note
from federation.parse.webfinger import parse_host_meta
from tests.federation.parsers import check_shape, parse_all
from tests.federation.places import holder_of, places
from tests.federation.wire_files import NAMES, wire

# These are here to be refused: a portable id, a bearcap, links to elsewhere.
REFUSED = {"hubzilla/portable_note", "pixelfed/story", "mastodon/nodeinfo_elsewhere"}
PAYLOADS = {name: wire(name) for name in NAMES}
FOLLOWERS = "https://a.example/followers"

# What an attacker would put where something else is expected.
NASTY = [
    *("", " ", "Public", "as:Public", "https://", "https://a.example/x", "https://b.example/x#y", "http://[::1]/x"),
    *("javascript:alert(1)", "bear:?t=1&u=https://a.example/x", "Note", "Person", "Collection", "PropertyValue"),
    *(
        ":blob:",
        "#tag",
        "@eve@a.example",
        "9999-12-31T23:59:59Z",
        "PT1S",
        "x" * 3000,
        "\x00",
        "\u202e",
        "%00",
        "{uri}",
    ),
    *(0, -1, 1.5, 2**63 - 1, -(2**63), 1e308, True, False, None, [], {}, [[]], [None], [[["x"]]], {"id": {}}),
    *({"id": "https://a.example/x"}, {"href": ["https://a.example/x"]}, {"type": ["Note", {}]}, {"type": {}}),
]
# One of each kind, for trying all of them everywhere.
ODD = ["", "https://b.example/x", 7, True, None, [], {}, [[{}]], {"id": {}, "type": [{}]}]
NAMES_OF_MEMBERS = [
    "id",
    "type",
    "actor",
    "object",
    "to",
    "cc",
    "tag",
    "href",
    "name",
    "url",
    "content",
    "icon",
    "items",
]
TREES = st.recursive(
    st.sampled_from(NASTY) | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False) | st.booleans(),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES_OF_MEMBERS),
            children,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", NAMES)
def test_every_payload_is_understood_by_some_parser(name: str) -> None:
    results = [result for result in parse_all(PAYLOADS[name]) if dataclasses.is_dataclass(result)]

    assert bool(results) == (name not in REFUSED)


@pytest.mark.parametrize("name", NAMES)
def test_anything_odd_at_any_place_is_parsed_or_refused(name: str) -> None:
    document = copy.deepcopy(PAYLOADS[name])

    for path in places(document):
        holder, key = holder_of(document, path)
        before = holder[key]
        for value in ODD:
            holder[key] = value
            for result in parse_all(document):
                check_shape(result)
        holder[key] = before


@given(st.sampled_from(NAMES), st.data())
def test_any_tree_at_any_place_is_parsed_or_refused(name: str, data: st.DataObject) -> None:
    document = copy.deepcopy(PAYLOADS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = holder_of(document, data.draw(st.sampled_from(places(document))))
        holder[key] = copy.deepcopy(data.draw(TREES))  # the samples are shared, and the next turn may change this one

    for result in parse_all(document):
        check_shape(result)


@given(st.dictionaries(st.text(max_size=10), TREES, max_size=5))
def test_any_object_at_all_is_parsed_or_refused(document: Document) -> None:
    for result in parse_all(document):
        check_shape(result)


@given(st.sampled_from(NAMES), st.data())
def test_what_is_inside_an_activity_never_breaks_it(name: str, data: st.DataObject) -> None:
    activity = {"id": "https://a.example/1", "type": "Undo", "actor": "https://a.example/e"}
    within = data.draw(TREES | st.just(PAYLOADS[name]))

    parsed = parse_activity(activity | {"object": within})

    check_shape(parsed)
    check_shape(inner(parsed))


def posts() -> dict[str, Document]:
    """Those that are looked up, and those in activities."""
    inner_most = {name: document.get("object", document) for name, document in PAYLOADS.items()}
    return {name: note for name, note in inner_most.items() if isinstance(note, dict) and is_post(note)}


@given(st.sampled_from(sorted(posts())), st.data())
def test_a_post_is_never_anybodys_on_another_host(name: str, data: st.DataObject) -> None:
    note = posts()[name]
    for member in ("id", "attributedTo", "actor"):
        note = note | {member: data.draw(TREES | st.sampled_from([note.get(member)]))}

    try:
        parsed = parse_note(note, "https://b.example/x#y")
    except BadActivity:
        return

    assert uris.host_of(parsed.uri) == uris.host_of(parsed.author_uri) is not None
    parsed.visibility(FOLLOWERS)


@given(st.binary(max_size=300) | st.text(alphabet="<>/=\"'&;{}Linkrel template:", max_size=300).map(str.encode))
def test_any_bytes_are_host_meta_or_nothing(body: bytes) -> None:
    assert "{uri}" in (parse_host_meta(body) or "{uri}")


def test_a_deep_document_costs_no_recursion() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    document = copy.deepcopy(PAYLOADS["mastodon/create_note"])

    for path in places(document):
        holder, key = holder_of(document, path)
        before, holder[key] = holder[key], deep
        parse_all(document)
        holder[key] = before


@pytest.mark.parametrize("member", ["to", "cc", "tag", "attachment", "object", "attributedTo", "url", "alsoKnownAs"])
def test_a_huge_list_is_cut_before_it_is_read(member: str) -> None:
    document = {"id": "https://a.example/1", "type": "Note", "attributedTo": "https://a.example/e"}
    huge = [f"https://b.example/{number}" for number in range(100_000)]

    for result in parse_all(document | {member: huge}):
        check_shape(result)
