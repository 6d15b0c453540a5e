"""Servers that lie about what they serve (docs/threat-model.md). Carol boosts dave's post, which is fetched where it
lives; each lie is the honest answer with one thing wrong.
"""

import gzip
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web

from federation.errors import FetchError
from node.models import Status
from tests.federation.incoming.fediverse import (
    ACTIVITY_JSON,
    CONTEXT,
    Document,
    Elsewhere,
    Here,
    Somebody,
    account,
    stranger_keys,
)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
PATH = "/notes/true"


@pytest.fixture
def dave(there: Elsewhere) -> Somebody:
    return there.somebody("dave", keys=stranger_keys())


@pytest.fixture
def note(there: Elsewhere, dave: Somebody) -> Document:
    return dave.note("True.", id=there.url(PATH))


def body_of(document: Document) -> bytes:
    return json.dumps({"@context": CONTEXT} | document).encode()


async def boosted(here: Here, carol: Somebody, thing: Any) -> list[str]:
    """What dave's posts say here once carol has boosted `thing`, beside the boost itself."""
    activity = carol.does("Announce", thing, to=["as:Public"])
    assert await here.deliver(carol, activity) == 202
    with suppress(FetchError):  # what may pass: the queue would try it again
        await here.work()
    return [row.content for row in Status.select().where(Status.reblog_of.is_null()).order_by(Status.id)]


async def becomes_true(here: Here, there: Elsewhere, carol: Somebody, note: Document) -> None:
    """The twin of each lie."""
    there.serve(note)
    here.forget(note["id"])
    assert await boosted(here, carol, note["id"]) == ["<p>True.</p>"]


# ── what it is ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "text/plain",
        "application/json",
        "application/octet-stream",
        "application/ld+json",
        'application/ld+json; profile="https://evil.example/ns"',
        "image/png",
        "application/activity+json-not",
    ],
)
async def test_json_of_another_type_is_nothing(
    here: Here, there: Elsewhere, carol: Somebody, note: Document, content_type: str
) -> None:
    """Whoever may upload files to a server must not speak for its people."""
    there.on(PATH, body=body_of(note), headers={"Content-Type": content_type})

    assert await boosted(here, carol, note["id"]) == []
    await becomes_true(here, there, carol, note)


@pytest.mark.parametrize("disposition", ["attachment", 'Attachment; filename="1.json"'])
async def test_a_download_is_nothing(
    here: Here, there: Elsewhere, carol: Somebody, note: Document, disposition: str
) -> None:
    headers = {"Content-Type": ACTIVITY_JSON, "Content-Disposition": disposition}
    there.on(PATH, body=body_of(note), headers=headers)

    assert await boosted(here, carol, note["id"]) == []
    there.on(PATH, body=body_of(note), headers=headers | {"Content-Disposition": "inline"})
    here.forget(note["id"])
    assert await boosted(here, carol, note["id"]) == ["<p>True.</p>"]


@pytest.mark.parametrize("status", [201, 204, 206, 304, 401, 403, 404, 500])
async def test_only_a_plain_200_shows_a_document(
    here: Here, there: Elsewhere, carol: Somebody, note: Document, status: int
) -> None:
    there.on(PATH, body=b"" if status in (204, 304) else body_of(note), status=status, content_type=ACTIVITY_JSON)

    assert await boosted(here, carol, note["id"]) == []
    await becomes_true(here, there, carol, note)


# ── whose it is ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        {"id": "http://127.0.0.9:1/notes/1"},
        {"id": "https://a.test/ap/users/1/statuses/1"},
        {"id": None},
        {"id": [1]},
        {"id": "notes/true"},
        {"attributedTo": "http://127.0.0.9:1/users/dave"},
        {"attributedTo": "https://a.test/ap/users/1"},
        {"attributedTo": [], "actor": "https://a.test/ap/users/1"},
        {"attributedTo": {"id": {"id": "x"}}},
        {"type": "Person"},
        {"type": ["Tombstone"]},
    ],
)
async def test_a_document_that_is_somebody_elses_is_nothing(
    here: Here, there: Elsewhere, carol: Somebody, note: Document, change: Document
) -> None:
    there.serve(note | change, at=PATH)

    assert await boosted(here, carol, note["id"]) == []
    await becomes_true(here, there, carol, note)


async def test_a_server_that_redirects_anybody_anywhere_says_nothing_by_that(
    here: Here, there: Elsewhere, carol: Somebody, note: Document
) -> None:
    """The redirect is dave's server's own; what is at its end calls itself dave's."""
    async with Elsewhere() as evil:
        evil.serve(note | {"content": "<p>False.</p>"}, at="/claim")
        there.on("/out", status=302, headers={"Location": evil.url("/claim")})

        assert await boosted(here, carol, there.url("/out")) == []
        assert len(evil.received) == 1

        there.serve(note)
        assert await boosted(here, carol, there.url("/out?again")) == ["<p>True.</p>"]


async def test_what_comes_along_is_not_believed(
    here: Here, there: Elsewhere, carol: Somebody, note: Document
) -> None:
    there.serve(note)
    forged = note | {"content": "<p>False.</p>", "signature": {"type": "RsaSignature2017", "creator": note["id"]}}

    assert await boosted(here, carol, forged) == ["<p>True.</p>"]


@pytest.mark.parametrize(
    "trick",
    [
        {"@graph": [{"id": "http://127.0.0.9:1/x", "content": "<p>False.</p>"}]},
        {"@reverse": {"attributedTo": "http://127.0.0.9:1/x"}},
        {"@id": "http://127.0.0.9:1/x", "@type": "Person", "as:content": "<p>False.</p>"},
        {"@context": [CONTEXT, {"content": "as:summary", "said": "as:content"}], "said": "<p>False.</p>"},
        {"@context": {"content": None, "x": "as:content"}, "x": "<p>False.</p>"},
        {"https://www.w3.org/ns/activitystreams#content": [{"@value": "<p>False.</p>"}]},
        {"proof": {"type": "DataIntegrityProof", "verificationMethod": "http://127.0.0.9:1/x"}},
    ],
)
async def test_linked_data_changes_no_meaning(
    here: Here, there: Elsewhere, carol: Somebody, note: Document, trick: Document
) -> None:
    there.serve(note | trick)

    assert await boosted(here, carol, note["id"]) == ["<p>True.</p>"]


async def test_of_two_contents_neither_counts(here: Here, there: Elsewhere, carol: Somebody, note: Document) -> None:
    twice = body_of(note)[:-1] + b',"content":"<p>False.</p>"}'
    there.on(PATH, body=twice, content_type=ACTIVITY_JSON)

    assert await boosted(here, carol, note["id"]) == []
    await becomes_true(here, there, carol, note)


# ── how much it is ─────────────────────────────────────────────────────────────────────────────────────────────────

_MEBIBYTE = b" " * (1 << 20)


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": ACTIVITY_JSON})
    await response.prepare(request)
    for _ in range(64):
        await response.write(_MEBIBYTE)
    return response


async def compressed(request: web.Request) -> web.StreamResponse:
    """64 MiB that travel as 64 KiB."""
    bomb = gzip.compress(_MEBIBYTE * 64)
    return web.Response(body=bomb, headers={"Content-Type": ACTIVITY_JSON, "Content-Encoding": "gzip"})


async def compressed_twice(request: web.Request) -> web.StreamResponse:
    bomb = gzip.compress(gzip.compress(_MEBIBYTE * 64))
    return web.Response(body=bomb, headers={"Content-Type": ACTIVITY_JSON, "Content-Encoding": "gzip, gzip"})


async def deep(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b'{"a":' * 20_000 + b"1" + b"}" * 20_000, content_type=ACTIVITY_JSON)


async def round_and_round(request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": f"{PATH}?{len(request.query_string) * 'x'}y"})


@pytest.mark.parametrize("answer", [endless, compressed, compressed_twice, deep, round_and_round])
async def test_too_much_is_nothing_and_soon_over(
    here: Here, there: Elsewhere, carol: Somebody, note: Document, answer: Answer
) -> None:
    there.on(PATH, answer)

    assert await boosted(here, carol, note["id"]) == []
    assert there.asked_for(PATH) <= 4
    await becomes_true(here, there, carol, note)
    assert account(carol).is_confirmed
