"""Serving files: our own, and those of other servers through our own address."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientError, web
from aiohttp.test_utils import TestServer
from obstore.store import MemoryStore
from selectolax.lexbor import LexborHTMLParser

from node import clock, store
from node.config import Config
from node.media.storage import Storage, new_key, still_key
from node.models import Account, MediaAttachment, Severity
from node.services.community import settings
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from node.services.statuses.facts import MediaFacts
from tests.factories import Person
from tests.factories_posts import make_status
from tests.federation.loopback import LOOPBACK, Peer
from tests.node.media.pictures import animation, noise, opened, picture
from tests.web.conftest import Client, complete_app
from web.files import passing, remote_files, remote_media
from web.files.remote_files import REMOTE_FILES, Bounds, RemoteFiles, bounds_now, sniffed
from web.keys import STORAGE

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


def copies(client: Client) -> list[Path]:
    return list(client.app[REMOTE_FILES]._folder.glob("*/*"))


def served_in_parts(data: bytes) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        part = request.http_range
        if part.start is None:
            return web.Response(body=data)
        if part.start >= len(data):
            return web.Response(status=416)
        told = {"Content-Range": f"bytes {part.start}-{part.stop - 1}/{len(data)}"}
        return web.Response(status=206, body=data[part], headers=told)

    return serve


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


@pytest.mark.parametrize(
    ("wanted", "status", "part", "says"),
    [
        ("", 200, slice(0, None), None),
        ("bytes=0-", 206, slice(0, None), "bytes 0-2999999/3000000"),
        ("bytes=2-4", 206, slice(2, 5), "bytes 2-4/3000000"),
        ("bytes=1000-2500000", 206, slice(1000, 2_500_001), "bytes 1000-2500000/3000000"),
        ("bytes=-5", 206, slice(-5, None), "bytes 2999995-2999999/3000000"),
        ("bytes=9000000-", 416, slice(0, 0), "bytes */3000000"),
        ("chapters=1", 200, slice(0, None), None),
    ],
)
async def test_films_in_object_storage_are_played_in_parts(
    client: Client, wanted: str, status: int, part: slice, says: str | None
) -> None:
    data = bytes(range(250)) * 12_000
    elsewhere = Storage(MemoryStore(), "https://a.test")
    client.app[STORAGE]._store, client.app[STORAGE]._folder = elsewhere._store, None
    path = stored(client, "video/mp4", data)

    response = await client.get(path, headers={"Range": wanted} if wanted else {})

    assert (response.status, await response.read()) == (status, data[part])
    assert response.headers.get("Content-Range") == says
    assert (await client.get(f"/media/{new_key('media', 'video/mp4')}")).status == 404


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


async def test_what_moves_elsewhere_has_a_first_frame_here(reaching: Client, peer: Peer) -> None:
    peer.on("/cat.gif", body=animation(".gif"), content_type="image/gif")
    moving, still = path_of(peer.url("/cat.gif")), path_of(peer.url("/cat.png"))

    frames = [await reaching.get(f"{moving}/still") for _ in range(2)]
    whole, png = await reaching.get(moving), await reaching.get(f"{still}/still")

    first, again = [await one.read() for one in frames]
    assert first == again
    assert frames[0].headers["Content-Type"] == "image/webp"
    assert opened(first).get_n_pages() == 1
    assert opened(await whole.read()).get("n-pages") == 3
    assert await png.read() == PNG
    assert len(peer.received) == 2
    assert (await reaching.get(f"{moving[:-2]}/still")).status == 404


async def test_a_picture_that_moves_elsewhere_rests_in_a_post(
    reaching: Client, peer: Peer, remote: Callable[..., Account]
) -> None:
    peer.on("/cat.gif", body=animation(".gif"), content_type="image/gif")
    carol = remote("carol")
    gif, png = (
        MediaFacts(remote_url=peer.url(f"/cat.{kind}"), kind="image", mime=f"image/{kind}") for kind in ("gif", "png")
    )
    status = make_status(carol, "Look.", media=(gif, png))

    page = await (await reaching.get(f"/@carol@{carol.domain}/{status.id}", headers={"Accept": "text/html"})).text()

    moves, lies = (one.attributes for one in LexborHTMLParser(page).css(".media img"))
    files = [await reaching.get(str(moves[name]).removeprefix("https://a.test")) for name in ("src", "data-moving")]
    assert [opened(await one.read()).get_n_pages() for one in files] == [1, 3]
    assert str(lies["src"]).endswith(f"{path_of(peer.url('/cat.png'))}/small")
    assert "data-moving" not in lies


async def test_a_heavy_picture_elsewhere_has_a_light_copy_here(
    reaching: Client, peer: Peer, remote: Callable[..., Account]
) -> None:
    heavy = noise(".jpg", width=1600, height=1200)
    peer.on("/cat.jpg", body=heavy, content_type="image/jpeg")
    carol = remote("carol")
    facts = [
        MediaFacts(remote_url=peer.url(f"/cat.{kind}"), kind="image", mime=f"image/{kind}") for kind in ("jpg", "png")
    ]
    made = make_status(carol, "Look.", media=tuple(facts))

    shown = (await (await reaching.get(f"/api/v1/statuses/{made.id}")).json())["media_attachments"]

    paths = [path_of(one.remote_url) for one in facts]
    assert [one["preview_url"] for one in shown] == [f"https://a.test{path}/small" for path in paths]
    light, again, whole, small = [
        await (await reaching.get(path)).read() for path in (f"{paths[0]}/small", f"{paths[0]}/small", *paths)
    ]
    assert light == again
    assert (opened(light).width, whole, small) == (640, heavy, PNG)
    assert await (await reaching.get(f"{paths[1]}/small")).read() == PNG  # is light already
    for path, content_type in zip(paths, ("image/avif", "image/png"), strict=True):
        answer = await reaching.get(f"{path}/small", headers={"Accept": "image/avif,*/*"})
        assert (answer.content_type, answer.headers["Vary"]) == (content_type, "Accept")
    assert len(peer.received) == 2


async def test_a_face_from_elsewhere_is_no_larger_than_it_stands_beside_posts(
    reaching: Client, peer: Peer, remote: Callable[..., Account]
) -> None:
    peer.on("/carol.gif", body=animation(".gif", width=400, height=400), content_type="image/gif")
    carol = remote("carol", avatar_remote_url=peer.url("/carol.gif"))
    status = make_status(carol, "Hello.")

    page = await (await reaching.get(f"/@carol@{carol.domain}/{status.id}", headers={"Accept": "text/html"})).text()

    avatar = LexborHTMLParser(page).css_first("article img.av").attributes
    assert (avatar["src"], avatar["data-moving"]) == (
        f"{avatar['data-moving']}/face",
        remote_media.address(carol.avatar_remote_url),
    )
    small, whole = [
        opened(await (await reaching.get(str(avatar[name]).removeprefix("https://a.test"))).read())
        for name in ("src", "data-moving")
    ]
    assert (small.width, small.get_n_pages()) == (132, 1)
    assert (whole.width, whole.get_n_pages()) == (400, 3)


async def test_an_own_face_is_as_small_beside_posts_and_gone_with_the_picture(
    reaching: Client, alice: Person, bob: Person
) -> None:
    moves, lies, broken = (new_key(folder, "image/webp") for folder in ("avatarsmoving", "avatars", "avatars"))
    storage, large = reaching.app[STORAGE], noise(".webp", width=400, height=400)
    for key, data in ((moves, animation(".webp", width=400, height=400)), (still_key(moves), large), (lies, large)):
        storage.put(key, data)
    storage.put(broken, large[:100])

    async def shown(person: Person, key: str) -> dict[str, str | None]:
        with store.transaction():
            Account.update(avatar_key=key).where(Account.id == person.account.id).execute()
        path = f"/@{person.account.username}/{make_status(person, 'Hello.').id}"
        page = await (await reaching.get(path, headers={"Accept": "text/html"})).text()
        return LexborHTMLParser(page).css_first("article img.av").attributes

    async def get(key: str) -> tuple[int, bytes]:
        answer = await reaching.get(f"/media/{key}/face")
        return answer.status, await answer.read()

    resting, lying = await shown(alice, moves), await shown(bob, lies)
    assert (resting["src"], resting["data-moving"]) == (
        f"https://a.test/media/{still_key(moves)}/face",
        f"https://a.test/media/{moves}",
    )
    assert (lying["src"], "data-moving" in lying) == (f"https://a.test/media/{lies}/face", False)
    for key in (still_key(moves), lies):
        status_code, data = await get(key)
        assert (status_code, opened(data).width, len(data) < len(large) / 3) == (200, 132, True)
    assert await get(broken) == (200, large[:100])  # looked into by nobody, it is shown as it is
    assert (await get(stored(reaching).removeprefix("/media/")))[0] == 404  # no avatar
    await store.write(settings.change, {"remote_media": "proxy"}, None)  # no copies are kept
    assert await get(lies) == (200, large)
    storage.delete(lies)
    assert (await get(lies))[0] == 404


async def test_what_cannot_be_looked_into_is_shown_as_it_is(reaching: Client, peer: Peer) -> None:
    broken = animation(".gif")[:40]
    peer.on("/cat.gif", body=broken, content_type="image/gif")

    answer = await reaching.get(f"{path_of(peer.url('/cat.gif'))}/still")

    assert (answer.status, await answer.read()) == (200, broken)


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


async def test_what_is_too_large_to_be_kept_is_passed_on_in_parts(
    reaching: Client, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_files, "MAX_BYTES", 100)
    film = b"\0\0\0\x18ftypmp42" + bytes(range(200))
    peer.on("/large.mp4", served_in_parts(film))
    path = path_of(peer.url("/large.mp4"))

    whole = await reaching.get(path)
    middle = await reaching.get(path, headers={"Range": "bytes=100-149"})
    beyond = await reaching.get(path, headers={"Range": "bytes=5000-"})
    again = await reaching.get(path)

    assert (whole.status, await whole.read()) == (200, film)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert (middle.status, await middle.read()) == (206, film[100:150])
    assert middle.headers["Content-Range"] == f"bytes 100-149/{len(film)}"
    assert (beyond.status, again.status) == (404, 200)
    assert copies(reaching) == []


async def test_what_is_beyond_every_limit_is_not_passed_on(
    reaching: Client, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_files, "MAX_BYTES", 100)
    monkeypatch.setattr(passing, "MOST_BYTES", 150)
    for length, status in ((140, 200), (160, 404)):
        peer.on(f"/{length}.gif", body=b"GIF89a".ljust(length, b"\0"))

        assert (await reaching.get(path_of(peer.url(f"/{length}.gif")))).status == status


async def test_a_community_may_keep_no_copies(reaching: Client, peer: Peer) -> None:
    await store.write(settings.change, {"remote_media": "proxy"}, None)
    peer.on("/bad.png", body=b"<svg/>", content_type="image/png")
    path = path_of(peer.url("/cat.png"))

    shown = [await reaching.get(path) for _ in range(2)]
    refused = [await reaching.get(path_of(peer.url("/bad.png"))) for _ in range(2)]

    assert [(one.status, await one.read()) for one in shown] == [(200, PNG)] * 2
    assert shown[0].headers["Content-Type"] == "image/png"
    assert [one.status for one in refused] == [404, 404]
    assert [one.path for one in peer.received] == ["/cat.png", "/cat.png", "/bad.png"]
    assert copies(reaching) == []


async def test_a_community_may_neither_keep_nor_pass_on(
    reaching: Client, peer: Peer, remote: Callable[..., Account]
) -> None:
    carol = remote("carol")
    status = make_status(carol, "far away")
    with store.transaction():
        Account.update(avatar_remote_url=peer.url("/cat.png")).where(Account.id == carol.id).execute()
        facts = {"remote_url": peer.url("/cat.png"), "blurhash": "LEHV6nWB2yk8", "created_at": clock.now_ms()}
        MediaAttachment.create(account=carol.id, status=status.id, kind="image", **facts)
    path = path_of(peer.url("/cat.png"))
    address = f"/api/v1/statuses/{status.id}"
    before = await (await reaching.get(address)).json()
    await store.write(settings.change, {"remote_media": "none"}, None)

    refused = await reaching.get(path)
    shown = await (await reaching.get(address)).json()
    page = await (await reaching.get(f"/@carol@{carol.domain}/{status.id}", headers={"Accept": "text/html"})).text()
    await store.write(settings.change, {"remote_media": "cache"}, None)
    after = await (await reaching.get(address)).json()

    assert refused.status == 404
    assert peer.received == []
    (media,), (was,) = shown["media_attachments"], before["media_attachments"]
    assert (media["type"], media["url"], media["preview_url"]) == ("unknown", None, None)
    assert (media["remote_url"], media["blurhash"]) == (peer.url("/cat.png"), "LEHV6nWB2yk8")
    assert "/proxy/" in was["url"]
    assert "/proxy/" in before["account"]["avatar"]
    assert shown["account"]["avatar"].endswith("/static/avatar.svg")
    assert "/proxy/" not in page
    assert f'href="{peer.url("/cat.png")}"' in page
    assert after == before


async def test_a_disk_that_is_nearly_full_is_left_alone(reaching: Client, peer: Peer) -> None:
    files: RemoteFiles = reaching.app[REMOTE_FILES]
    await reaching.get(path_of(peer.url("/cat.png")))
    kept = files.usage()
    await store.write(settings.change, {"least_free_gib": 1_000_000}, None)
    full = Bounds(is_kept=True, most_bytes=1 << 30, least_free_bytes=1_000_000 << 30, kept_seconds=7 * 86_400)

    gone = files.prune(full)
    shown = await reaching.get(path_of(peer.url("/cat.png")))

    assert kept == gone == (1, len(PNG))
    assert (shown.status, await shown.read()) == (200, PNG)
    assert files.usage() == (0, 0)
    assert copies(reaching) == []


async def test_few_files_of_a_server_are_passed_on_at_once(reaching: Client, peer: Peer) -> None:
    await store.write(settings.change, {"remote_media": "proxy"}, None)
    going = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        await going.wait()
        return web.Response(body=PNG)

    peer.on("/slow.png", slow)
    path = path_of(peer.url("/slow.png"))
    waiting = [asyncio.create_task(reaching.get(path)) for _ in range(2)]
    async with asyncio.timeout(60):
        while len(peer.received) < 2:
            await asyncio.sleep(0.01)

    one_more = await reaching.get(path)
    going.set()
    served = await asyncio.gather(*waiting)

    assert (one_more.status, [one.status for one in served]) == (503, [200, 200])
    assert (await reaching.get(path)).status == 200


async def test_a_server_that_breaks_off_is_not_taken_for_the_whole(reaching: Client, peer: Peer) -> None:
    await store.write(settings.change, {"remote_media": "proxy"}, None)

    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = 200_000
        await response.prepare(request)
        await response.write(PNG.ljust(100_000, b"\0"))
        request.transport.close()
        return response

    peer.on("/broken.png", broken)

    with pytest.raises(ClientError):
        await (await reaching.get(path_of(peer.url("/broken.png")))).read()


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
    await store.write(domain_blocks.block, "127.0.0.1", severity, Terms(reject_media=reject_media), None)

    assert (await reaching.get(path_of(peer.url("/cat.png")))).status == 404
    assert peer.received == []


def test_the_community_decides_how_much_is_kept_and_how_long(db: None) -> None:
    with store.transaction():
        settings.change({"remote_media_gib": 3, "least_free_gib": 2, "media_days": 9}, None)

    assert bounds_now() == Bounds(is_kept=True, most_bytes=3 << 30, least_free_bytes=2 << 30, kept_seconds=9 * 86_400)


async def test_what_is_too_much_goes_by_itself_as_more_comes(
    reaching: Client, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_files, "_PRUNED_EVERY", 1 << 40)  # after each copy, not after a part of a GiB
    await store.write(settings.change, {"remote_media_gib": 1, "least_free_gib": 0}, None)
    await reaching.get(path_of(peer.url("/cat.png")))
    (first,) = copies(reaching)
    large = first.with_name("unseen.mp4")
    large.touch()
    os.truncate(large, 1 << 30)  # a hole, of which nothing is written
    os.utime(large, (1, time.time()))
    peer.on("/new.png", body=PNG)

    await reaching.get(path_of(peer.url("/new.png")))

    assert len(copies(reaching)) == 2
    assert (first.exists(), large.exists()) == (True, False)


async def test_copies_are_deleted_when_they_are_old_or_too_many(reaching: Client, peer: Peer) -> None:
    for name in ("old", "middle", "new"):
        peer.on(f"/{name}.png", body=PNG)
        await reaching.get(path_of(peer.url(f"/{name}.png")))
    files: RemoteFiles = reaching.app[REMOTE_FILES]
    old, unseen, seen = sorted(files._folder.glob("*/*"), key=lambda path: path.stat().st_mtime_ns)
    now, bounds = time.time(), Bounds(is_kept=True, most_bytes=1 << 30, least_free_bytes=0, kept_seconds=7 * 86_400)
    os.utime(old, (now, now - 8 * 86_400))
    os.utime(unseen, (now - 7200, now))
    os.utime(seen, (now - 86_400, now - 86_400))
    await reaching.get(path_of(peer.url("/new.png")))  # the third, which was looked at longest ago until now

    assert files.usage() == (3, 3 * len(PNG))
    assert files.prune(bounds) == (1, len(PNG))
    assert [old.exists(), unseen.exists(), seen.exists()] == [False, True, True]
    assert files.prune(replace(bounds, most_bytes=len(PNG))) == (1, len(PNG))
    assert [unseen.exists(), seen.exists()] == [False, True]
    assert files.prune(replace(bounds, is_kept=False)) == (1, len(PNG))


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
