"""Serving files: our own, and those of other servers through our own address."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import store
from node.config import Config
from node.media.storage import new_key
from node.models import Severity
from node.services import domains
from node.services.domains import Terms
from tests.federation.loopback import LOOPBACK, Peer
from tests.node.media.pictures import picture
from tests.web.conftest import Client, complete_app
from web import remote_files, remote_media
from web.keys import STORAGE
from web.remote_files import REMOTE_FILES, RemoteFiles, sniffed

PNG = picture(".png", 8, 8)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        peer.on("/cat.png", body=PNG, content_type="text/html")
        yield peer


@pytest.fixture
async def reaching(db: None, config: Config) -> AsyncIterator[Client]:
    """A client of a node that may ask servers on this machine."""
    near = msgspec.structs.replace(config, plain_http=True, outgoing_allow=(LOOPBACK,))
    async with complete_app(near) as app, Client(TestServer(app)) as client:
        yield client


def path_of(url: str) -> str:
    return remote_media.address(url).removeprefix("https://a.test")


def stored(client: Client, mime: str = "image/png", data: bytes = PNG) -> str:
    key = new_key("media", mime)
    client.app[STORAGE].put(key, data)
    return f"/media/{key}"


async def test_a_stored_file_can_do_nothing_and_is_kept_for_ever(client: Client) -> None:
    response = await client.get(stored(client, data=b"<script>alert(1)</script>"))

    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_what_is_no_picture_is_downloaded_rather_than_shown(client: Client) -> None:
    response = await client.get(stored(client, "text/csv", b"a,b"))

    assert response.headers["Content-Disposition"] == "attachment"


async def test_a_part_of_a_file_can_be_asked_for(client: Client) -> None:
    response = await client.get(stored(client, data=b"0123456789"), headers={"Range": "bytes=2-4"})

    assert (response.status, await response.read()) == (206, b"234")
    assert response.headers["Content-Range"] == "bytes 2-4/10"


async def test_who_has_a_file_already_gets_it_no_second_time(client: Client) -> None:
    path = stored(client)
    tag = (await client.get(path)).headers["ETag"]

    assert (await client.get(path, headers={"If-None-Match": tag})).status == 304


@pytest.mark.parametrize(
    "key", ["x", "../secret", "media/..%2f..%2fsecret", "media/ab/cd.png", "%00", "media/ab/" + "a" * 30 + ".svg"]
)
async def test_only_keys_of_stored_files_reach_the_disk(client: Client, key: str) -> None:
    (Path(client.app[STORAGE]._folder).parent / "secret").write_text("secret")

    response = await client.get(f"/media/{key}")

    assert response.status == 404


async def test_a_remote_file_comes_through_us_once(reaching: Client, peer: Peer) -> None:
    path = path_of(peer.url("/cat.png"))

    first, again = await reaching.get(path), await reaching.get(path)

    assert await first.read() == await again.read() == PNG
    # What its server called it does not count.
    assert first.headers["Content-Type"] == "image/png"
    assert "sandbox" in first.headers["Content-Security-Policy"]
    assert len(peer.received) == 1
    assert "Cookie" not in peer.received[0].headers


async def test_only_addresses_that_this_node_wrote_are_fetched(reaching: Client, peer: Peer) -> None:
    signature, encoded = path_of(peer.url("/cat.png")).removeprefix("/proxy/").split("/")
    other = path_of(peer.url("/other.png")).rpartition("/")[2]

    for path in (f"/proxy/{signature}/{other}", f"/proxy/x/{encoded}", f"/proxy/{signature}/%00", "/proxy/a/b"):
        assert (await reaching.get(path)).status == 404
    assert peer.received == []


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "content_type": "image/png"},
        {"body": b"<html>", "content_type": "image/png"},
        {"body": b""},
        {"status": 500},
        {"status": 404},
    ],
)
async def test_what_is_no_picture_or_cannot_be_had_is_not_found_and_not_asked_for_again(
    reaching: Client, peer: Peer, answer: dict[str, object]
) -> None:
    peer.on("/odd", **answer)
    path = path_of(peer.url("/odd"))

    answers = [await reaching.get(path) for _ in range(2)]

    assert [one.status for one in answers] == [404, 404]
    assert len(peer.received) == 1


async def test_what_is_too_large_is_not_taken(reaching: Client, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_files, "MAX_BYTES", 100)
    peer.on("/large.png", body=PNG + b"\0" * 100)

    assert (await reaching.get(path_of(peer.url("/large.png")))).status == 404


async def test_this_network_is_out_of_reach(client: Client, peer: Peer) -> None:
    for url in (
        peer.url("/cat.png"),
        "https://127.0.0.1/cat.png",
        "https://[::1]/x",
        "http://[",
        "file:///etc/passwd",
    ):
        assert (await client.get(path_of(url))).status == 404
    assert peer.received == []


@pytest.mark.parametrize("terms", [(Severity.SILENCE, True), (Severity.SUSPEND, False)])
async def test_files_of_domains_that_the_community_refuses_are_not_shown(
    reaching: Client, peer: Peer, terms: tuple[Severity, bool]
) -> None:
    severity, reject_media = terms
    await store.write(domains.block, "127.0.0.1", severity, Terms(reject_media=reject_media), None)

    assert (await reaching.get(path_of(peer.url("/cat.png")))).status == 404
    assert peer.received == []


async def test_copies_are_deleted_when_they_are_old_or_too_many(
    reaching: Client, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("old", "middle", "new"):
        peer.on(f"/{name}.png", body=PNG)
        await reaching.get(path_of(peer.url(f"/{name}.png")))
    files: RemoteFiles = reaching.app[REMOTE_FILES]
    old, middle, new = sorted(files._folder.glob("*/*"), key=lambda path: path.stat().st_mtime_ns)
    os.utime(old, (0, time.time() - 8 * 24 * 3600))
    os.utime(middle, (0, time.time() - 3600))

    files.prune()
    assert [old.exists(), middle.exists(), new.exists()] == [False, True, True]
    monkeypatch.setattr(remote_files, "KEPT_BYTES", len(PNG))
    files.prune()
    assert [middle.exists(), new.exists()] == [False, True]


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (PNG, "image/png"),
        (picture(".jpg", 8, 8), "image/jpeg"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 20, "video/mp4"),
        (b"\x1a\x45\xdf\xa3rest", "video/webm"),
        (b"OggSrest", "audio/ogg"),
        (b"ID3rest", "audio/mpeg"),
        (b"fLaCrest", "audio/flac"),
        (b"%PDF-1.7", None),
        (b"<svg", None),
        (b"", None),
        (b"\0\0\0\x18ftyp", "video/mp4"),
    ],
)
def test_the_type_is_what_the_content_says(data: bytes, mime: str | None) -> None:
    assert sniffed(data) == mime
