"""One property, many shapes: text, an object, a list, nulls among them. Whichever it is, the same is understood."""

from typing import Any

import pytest

from federation.parse.activity import parse_activity
from federation.parse.actor import parse_actor
from federation.parse.as2 import PUBLIC, BadActivity
from federation.parse.note import ParsedNote, parse_note
from node.models import Visibility

EVE = "https://a.example/users/eve"
BO = "https://b.example/users/bo"
PAGE = "https://a.example/@eve/1"
FILE = {"type": "Image", "url": "https://a.example/1.png", "name": "A heron"}
TAG = {"type": "Mention", "href": BO, "name": "@bo@b.example"}
NOTE: dict[str, Any] = {
    "id": "https://a.example/notes/1",
    "type": "Note",
    "attributedTo": EVE,
    "published": "2026-01-01T00:00:00Z",
    "content": "<p>hello</p>",
    "to": [PUBLIC],
    "cc": [f"{EVE}/followers", BO],
    "url": PAGE,
    "inReplyTo": "https://b.example/notes/2",
    "tag": [TAG],
    "attachment": [FILE],
}
ACTOR: dict[str, Any] = {
    "id": EVE,
    "type": "Person",
    "preferredUsername": "eve",
    "inbox": f"{EVE}/inbox",
    "url": "https://a.example/@eve",
    "icon": {"type": "Image", "url": "https://a.example/eve.png"},
}


def shapes_of(name: str) -> list[Any]:
    """A uri alone, within an object, and in lists."""
    return [name, {"id": name}, {"type": "Link", "href": name}, [name], [None, {"id": name}, None]]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        *(("attributedTo", shape) for shape in shapes_of(EVE)),
        *(("inReplyTo", shape) for shape in shapes_of("https://b.example/notes/2")),
        *(("to", shape) for shape in shapes_of(PUBLIC)),
        ("cc", [f"{EVE}/followers", {"id": BO}]),
        ("cc", [None, {"href": f"{EVE}/followers"}, None, BO]),
        ("url", PAGE),
        ("url", {"type": "Link", "href": PAGE}),
        ("url", [None, {"type": "Link", "mediaType": "text/html", "href": PAGE}]),
        ("tag", TAG),
        ("tag", [None, TAG, None, "#nothing"]),
        ("attachment", FILE),
        ("attachment", [None, FILE, 5]),
        ("attachment", FILE | {"url": {"type": "Link", "href": FILE["url"]}}),
        ("attachment", FILE | {"url": [{"type": "Link", "href": FILE["url"], "mediaType": "image/png"}]}),
    ],
)
def test_a_post_is_the_same_in_every_shape(name: str, shape: object) -> None:
    assert parse_note(NOTE | {name: shape}) == parse_note(NOTE)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        *(("inbox", shape) for shape in shapes_of(ACTOR["inbox"])),
        ("url", [{"type": "Link", "mediaType": "text/html", "href": ACTOR["url"]}]),
        ("type", ["Person"]),
        ("type", ["https://schema.example/Author", "Person"]),
        ("icon", [ACTOR["icon"], {"type": "Image", "url": "https://a.example/small.png"}]),
        ("icon", ACTOR["icon"] | {"url": [{"type": "Link", "href": ACTOR["icon"]["url"]}]}),
        ("icon", ACTOR["icon"]["url"]),
    ],
)
def test_an_actor_is_the_same_in_every_shape(name: str, shape: object) -> None:
    assert parse_actor(ACTOR | {name: shape}) == parse_actor(ACTOR)


@pytest.mark.parametrize("shape", shapes_of(EVE)[1:])
@pytest.mark.parametrize("name", ["actor", "object"])
def test_an_activity_names_the_same_in_every_shape_but_who_acts_is_no_list(name: str, shape: object) -> None:
    follow = {"id": "https://a.example/follows/1", "type": "Follow", "actor": EVE, "object": EVE} | {name: shape}

    if name == "actor" and isinstance(shape, list):
        with pytest.raises(BadActivity, match="actor"):
            parse_activity(follow)
    else:
        activity = parse_activity(follow)
        assert (activity.actor_uri, activity.object_uri) == (EVE, EVE)


def read(**changes: Any) -> ParsedNote:
    return parse_note(NOTE | changes)


@pytest.mark.parametrize(
    ("stated", "warning", "sensitive"),
    [
        ({}, "", False),
        ({"summary": None}, "", False),
        ({"summary": ""}, "", False),
        ({"summary": "Care"}, "Care", False),
        ({"summary": "Care", "sensitive": False}, "Care", False),
        ({"summary": "<b>Care</b>", "sensitive": True}, "<b>Care</b>", True),
        ({"summaryMap": {"en": "Care"}}, "Care", False),
        ({"sensitive": None}, "", False),
        ({"sensitive": "yes"}, "", False),
    ],
)
def test_a_warning_needs_no_sensitive_and_sensitive_no_warning(
    stated: dict[str, Any], warning: str, sensitive: bool
) -> None:
    note = read(**stated)

    assert (note.summary, note.sensitive) == (warning, sensitive)


@pytest.mark.parametrize(
    "source",
    [
        {"source": "**hello**"},
        {"source": {"content": "[b]hello[/b]", "mediaType": "text/bbcode"}},
        {"_misskey_content": "$[spin hello]"},
    ],
)
def test_what_a_text_was_written_in_is_not_shown(source: dict[str, Any]) -> None:
    assert read(**source) == read()


@pytest.mark.parametrize("missing", ["to", "cc"])
def test_an_address_that_is_missing_is_nobody(missing: str) -> None:
    note = read(**{missing: None})

    expected = {"to": Visibility.PRIVATE, "cc": Visibility.PUBLIC}[missing]
    assert note.visibility(f"{EVE}/followers") == expected
