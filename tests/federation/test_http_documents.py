"""Which fetched documents count: only what an origin says about itself, as ActivityStreams."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from federation.errors import BadDocument, BadStatus, FetchError, TimedOut
from federation.http.documents import fetch_from_page, fetch_json, fetch_json_ld, is_activity_type
from federation.http.door import Door
from federation.signatures import Signer
from tests.federation import signed
from tests.federation.loopback import Peer, local_config
from tests.loop_clock import outlasting

ACTIVITY = "application/activity+json"
AS2 = "https://www.w3.org/ns/activitystreams"
SIGNER = Signer("http://a.test/ap/actor#main-key", signed.rsa().private_pem)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        yield peer


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with Door(local_config()) as door:
        yield door


def note(uri: str, **more: Any) -> bytes:
    return json.dumps({"id": uri, "type": "Note"} | more).encode()


@pytest.mark.parametrize(
    ("content_type", "counts"),
    [
        ("application/activity+json", True),
        ("application/activity+json; charset=utf-8", True),
        ("Application/Activity+JSON", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ('application/ld+json;charset=utf-8;profile="https://www.w3.org/ns/activitystreams"', True),
        ("application/ld+json; profile=https://www.w3.org/ns/activitystreams; charset=utf-8", True),
        ('application/ld+json; profile="https://other.example/ https://www.w3.org/ns/activitystreams"', True),
        ("application/ld+json", False),
        ('application/ld+json; profile="https://other.example/"', False),
        ("application/json", False),
        ("text/plain", False),
        ("text/html; profile=application/activity+json", False),
        ("application/octet-stream", False),
        ("application/activity+json-patch", False),
        ("", False),
        ("nonsense", False),
        ("application/activity+json" * 1000, False),
    ],
)
def test_only_types_of_activitystreams_count(content_type: str, counts: bool) -> None:
    assert is_activity_type(content_type) is counts


async def test_a_document_whose_id_is_where_it_was_found_is_believed(door: Door, peer: Peer) -> None:
    peer.on("/1", body=note(peer.url("/1")), content_type=ACTIVITY)

    document = await fetch_json_ld(door, peer.url("/1"), SIGNER)

    assert document == {"id": peer.url("/1"), "type": "Note"}
    assert len(peer.received) == 1
    assert "Signature" in peer.received[0].headers


@pytest.mark.parametrize(
    "context",
    [
        None,
        [],
        {"as": "x"},
        "https://schema.org",
        ["https://join-lemmy.org/context.json", "http://127.0.0.1/contexts"],
    ],
)
async def test_a_document_is_what_its_media_type_says_whatever_context_it_names(
    door: Door, peer: Peer, context: Any
) -> None:
    """Mbin names contexts of others alone. None is ever asked for."""
    peer.on("/1", body=note(peer.url("/1"), **{"@context": context}), content_type=ACTIVITY)
    peer.on("/2", body=note(peer.url("/2"), **{"@context": AS2}), content_type="application/json")

    assert (await fetch_json_ld(door, peer.url("/1")))["@context"] == context
    with pytest.raises(BadDocument):
        await fetch_json_ld(door, peer.url("/2"))
    assert [request.path for request in peer.received] == ["/1", "/2"]


async def test_the_fragment_of_a_key_id_is_not_asked_for(door: Door, peer: Peer) -> None:
    peer.on("/users/1", body=note(peer.url("/users/1")), content_type=ACTIVITY)

    assert (await fetch_json_ld(door, peer.url("/users/1#main-key")))["id"] == peer.url("/users/1")


async def test_an_id_beyond_ascii_is_compared_as_it_is_written(door: Door, peer: Peer) -> None:
    peer.on("/ü", body=note(peer.url("/ü")), content_type=ACTIVITY)

    assert (await fetch_json_ld(door, peer.url("/ü")))["id"] == peer.url("/ü")
    assert len(peer.received) == 1


async def test_a_document_that_calls_itself_otherwise_is_asked_for_there_once(door: Door, peer: Peer) -> None:
    peer.on("/users/1/main-key", body=note(peer.url("/users/1"), stub=True), content_type=ACTIVITY)
    peer.on("/users/1", body=note(peer.url("/users/1")), content_type=ACTIVITY)

    document = await fetch_json_ld(door, peer.url("/users/1/main-key"), SIGNER)

    assert "stub" not in document
    assert [request.path for request in peer.received] == ["/users/1/main-key", "/users/1"]


async def test_a_document_that_calls_itself_otherwise_each_time_is_refused(door: Door, peer: Peer) -> None:
    peer.on("/1", body=note(peer.url("/2")), content_type=ACTIVITY)
    peer.on("/2", body=note(peer.url("/3")), content_type=ACTIVITY)
    peer.on("/3", body=note(peer.url("/3")), content_type=ACTIVITY)

    with pytest.raises(BadDocument):
        await fetch_json_ld(door, peer.url("/1"))
    assert len(peer.received) == 2


async def test_a_host_cannot_speak_for_another(door: Door, peer: Peer) -> None:
    async with Peer() as evil:
        evil.on("/1", body=note(peer.url("/1"), content="forged"), content_type=ACTIVITY)

        with pytest.raises(BadStatus):
            await fetch_json_ld(door, evil.url("/1"))
        peer.on("/1", body=note(peer.url("/1"), content="true"), content_type=ACTIVITY)
        document = await fetch_json_ld(door, evil.url("/1"))

    assert document["content"] == "true"


async def test_an_open_redirect_does_not_speak_for_its_host(door: Door, peer: Peer) -> None:
    async with Peer() as evil:
        evil.on("/1", body=note(peer.url("/go")), content_type=ACTIVITY)
        peer.on("/go", status=302, headers={"Location": evil.url("/1")})

        with pytest.raises(BadDocument):
            await fetch_json_ld(door, peer.url("/go"))


async def test_a_redirect_to_the_documents_own_address_is_followed(door: Door, peer: Peer) -> None:
    peer.on("/old", status=301, headers={"Location": "/new"})
    peer.on("/new", body=note(peer.url("/new")), content_type=ACTIVITY)

    assert (await fetch_json_ld(door, peer.url("/old")))["id"] == peer.url("/new")
    assert len(peer.received) == 2


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "text/html", "image/png"])
async def test_json_that_is_served_as_something_else_is_nothing(door: Door, peer: Peer, content_type: str) -> None:
    peer.on("/1", body=note(peer.url("/1")), content_type=content_type)

    with pytest.raises(BadDocument):
        await fetch_json_ld(door, peer.url("/1"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"<html>",
        b"{}",
        b'{"id": null}',
        b'{"id": 5}',
        b'{"id": ["http://127.0.0.1/1"]}',
        b'{"id": "1"}',
        b'{"id": "javascript:alert(1)"}',
        b'{"id": "http://127.0.0.1/1", "id": "http://127.0.0.1/1"}',
        b'{"id": NaN}',
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"id": "http://10.0.0.1/1"}',
        b'{"id": "http://a.test/ap/users/1"}',
    ],
)
async def test_what_is_no_document_with_a_name_is_refused(door: Door, peer: Peer, body: bytes) -> None:
    peer.on("/1", body=body, content_type=ACTIVITY)

    with pytest.raises(FetchError):
        await fetch_json_ld(door, peer.url("/1"))


async def test_the_deadline_is_for_both_fetches_together(door: Door, peer: Peer) -> None:
    released = asyncio.Event()
    begun = asyncio.Event()

    async def silent(request: web.Request) -> web.Response:
        begun.set()
        await released.wait()
        return web.Response()

    peer.on("/1", body=note(peer.url("/2")), content_type=ACTIVITY)
    peer.on("/2", silent)

    with pytest.raises(TimedOut):
        await outlasting(fetch_json_ld(door, peer.url("/1"), deadline_seconds=5), begun, 6)
    released.set()


# ── what people paste ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_leads_to_its_document_by_link_element_or_header(door: Door, peer: Peer) -> None:
    uri = peer.url("/1")
    peer.on("/1", body=note(uri), content_type=ACTIVITY)
    page = f'<html><head><link rel="alternate" type="{ACTIVITY}" href="{uri}"></head></html>'
    peer.on("/@carol/1", text=page, content_type="text/html")
    peer.on("/@carol/2", headers={"Link": f'<{uri}>; rel="alternate"; type="{ACTIVITY}"'}, content_type="text/html")
    peer.on("/@carol/3", headers={"Link": f"</x>; rel=me, <{uri}>; type={ACTIVITY}; rel=alternate"})

    for path in ("/@carol/1", "/@carol/2", "/@carol/3", "/1"):
        assert (await fetch_from_page(door, peer.url(path), SIGNER))["id"] == uri


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<p>nothing",
        f'<link rel="alternate" type="{ACTIVITY}">',
        f'<link rel="alternate" type="{ACTIVITY}" href="javascript:alert(1)">',
        f'<link rel="alternate" type="{ACTIVITY}" href="http://10.0.0.1/">',
        f'<link rel="stylesheet" type="{ACTIVITY}" href="http://127.0.0.1/">',
        '<link rel="alternate" type="application/rss+xml" href="http://127.0.0.1/">',
    ],
)
async def test_a_page_that_leads_nowhere_is_refused(door: Door, peer: Peer, page: str) -> None:
    peer.on("/@carol", text=page, content_type="text/html")

    with pytest.raises(FetchError):
        await fetch_from_page(door, peer.url("/@carol"))


async def test_a_page_is_followed_once(door: Door, peer: Peer) -> None:
    async def page(request: web.Request) -> web.Response:
        link = f'<link rel="alternate" type="{ACTIVITY}" href="{peer.url("/again")}">'
        return web.Response(text=link, content_type="text/html")

    peer.on("/@carol", page)
    peer.on("/again", page)

    with pytest.raises(BadDocument):
        await fetch_from_page(door, peer.url("/@carol"))
    assert len(peer.received) == 2


# ── other JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_other_json_is_read_when_it_is_called_json(door: Door, peer: Peer) -> None:
    peer.on("/jrd", body=b'{"subject": "acct:carol@peer.example"}', content_type="application/jrd+json")
    peer.on("/json", body=b'{"links": []}', content_type="application/json")
    peer.on("/html", body=b"{}", content_type="text/html")
    peer.on("/broken", body=b"{", content_type="application/json")

    assert (await fetch_json(door, peer.url("/jrd"), accept="application/jrd+json"))["subject"]
    assert await fetch_json(door, peer.url("/json"), accept="application/json") == {"links": []}
    assert peer.received[0].headers["Accept"] == "application/jrd+json"
    for path in ("/html", "/broken"):
        with pytest.raises(BadDocument):
            await fetch_json(door, peer.url(path), accept="application/json")
