"""Whatever is sent, properly signed or not: an answer of 202 or 4xx, and no job that fails (docs/threat-model.md)."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.models import Job
from tests.factories import Person
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
    st.sampled_from(
        [
            "Create",
            "Note",
            "http://x",
            "https://a.test/ap/users/1",
            PUBLIC,
            "bear:?u=x",
            "\x00",
            "#",
            "http://xn--999999999.example/1",
        ]
    ),
)
_names = st.sampled_from(
    [
        "@context",
        "id",
        "type",
        "actor",
        "object",
        "to",
        "cc",
        "content",
        "name",
        "tag",
        "attachment",
        "published",
        "attributedTo",
        "inReplyTo",
        "url",
        "target",
        "summary",
        "oneOf",
        "anyOf",
        "endTime",
        "href",
        "icon",
        "replies",
        "source",
        "updated",
    ]
)
_json = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_names | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)

_KINDS = [
    "Accept",
    "Add",
    "Announce",
    "Block",
    "Create",
    "Delete",
    "Dislike",
    "EmojiReact",
    "Flag",
    "Follow",
    "Ignore",
    "Like",
    "Move",
    "QuoteRequest",
    "Reject",
    "Remove",
    "Undo",
    "Update",
    "View",
]


async def _refuses_or_ignores(here: Here, carol: Somebody, activity: Any) -> None:
    body = json.dumps(activity).encode()
    answer = await here.post(body, here.signed(carol, body))
    assert answer == 202 or 400 <= answer < 500
    await here.work()
    assert Job.select().where(Job.kind == "process_activity").count() == 0


@EXAMPLES
@given(document=st.dictionaries(_names | st.text(max_size=8), _json, max_size=8))
async def test_any_json_at_all(here: Here, carol: Somebody, document: dict[str, Any]) -> None:
    await _refuses_or_ignores(here, carol, document)


@EXAMPLES
@given(kind=st.sampled_from(_KINDS), thing=_json, more=st.dictionaries(_names, _json, max_size=4))
async def test_any_object_of_every_activity(
    here: Here, carol: Somebody, kind: str, thing: Any, more: dict[str, Any]
) -> None:
    kept = ("id", "type", "actor")
    await _refuses_or_ignores(
        here, carol, carol.does(kind, thing, **{name: value for name, value in more.items() if name not in kept})
    )


@EXAMPLES
@given(name=_names, value=_json, update=st.booleans())
async def test_anything_at_any_place_of_a_post(
    here: Here, carol: Somebody, name: str, value: Any, update: bool
) -> None:
    note = carol.note(
        tag=[{"type": "Hashtag", "name": "#x"}], attachment=[{"type": "Image", "url": "http://x.test/y"}]
    )

    await _refuses_or_ignores(here, carol, carol.does("Update" if update else "Create", note | {name: value}))


@EXAMPLES
@given(name=st.sampled_from(["Signature", "Digest", "Date", "Host", "Content-Type"]), value=st.text(max_size=60))
async def test_anything_in_a_header(here: Here, carol: Somebody, name: str, value: str) -> None:
    clean = "".join(char for char in value if char.isascii() and char.isprintable())
    body = json.dumps(carol.creates(carol.note())).encode()

    answer = await here.post(body, here.signed(carol, body) | {name: clean})

    assert answer == 202 or 400 <= answer < 500


@EXAMPLES
@given(document=st.dictionaries(_names | st.just("publicKey") | st.just("inbox"), _json, max_size=6))
async def test_anything_in_an_actor_document(
    here: Here, there: Elsewhere, alice: Person, document: dict[str, Any]
) -> None:
    dave = there.somebody()
    there.serve(dave.document() | {name: value for name, value in document.items() if name != "id"})
    body = json.dumps(dave.does("Follow", alice.account.uri)).encode()

    answer = await here.post(body, here.signed(dave, body))

    assert answer == 202 or 400 <= answer < 500 or answer == 503
    await here.work()


@pytest.mark.parametrize("kind", _KINDS)
async def test_every_activity_about_a_post_from_here_ends(
    here: Here, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice)
    activity = carol.does(kind, status.uri)

    await here.receive(carol, activity, carol.does("Undo", activity), carol.does(kind, activity))

    assert Job.select().where(Job.kind == "process_activity").count() == 0
