"""The outgoing door against a real server on loopback."""

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from federation.errors import BadStatus, FetchError, NetworkFailure, Refused, TimedOut, TooLarge
from federation.http.answers import Response, successful
from federation.http.door import ACCEPT_ACTIVITY, Door
from federation.http.knocks import Knocks
from federation.signatures import ReceivedRequest, Signer, Style, parse_signature
from federation.signatures.signer import http_date
from node import clock
from node.config import Config
from node.errors import BadInput, Unauthorized
from tests.federation import signed
from tests.federation.loopback import Peer, door_and_peer, local_config
from tests.loop_clock import forward, forward_by_steps, outlasting, standing

SIGNER = Signer("http://a.test/ap/actor#main-key", signed.rsa().private_pem)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        yield peer


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with Door(local_config()) as door:
        yield door


def is_well_signed(request: web.Request, body: bytes, peer: Peer) -> bool:
    """As the peer itself would judge."""
    received = ReceivedRequest(request.method, request.raw_path, request.raw_headers, body)
    config = Config.for_tests(domain=peer.authority, plain_http=True)
    try:
        return parse_signature(received, config, clock.now_ms()).verify(signed.public(signed.rsa()))
    except (BadInput, Unauthorized):
        return False


# ── asking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_get_says_who_asks_and_what_for(door: Door, peer: Peer) -> None:
    peer.on("/x", text="hello", content_type="text/plain")

    response = await door.fetch(peer.url("/x?page=1#part"))

    assert response.status == 200
    assert response.body == b"hello"
    assert response.url == peer.url("/x?page=1")
    assert response.content_type == "text/plain; charset=utf-8"
    request = peer.received[0]
    assert request.raw_path == "/x?page=1"
    assert request.headers["Host"] == peer.authority
    assert request.headers["User-Agent"].startswith("Linnet/")
    assert request.headers["User-Agent"].endswith(" (+http://a.test/)")
    assert request.headers["Accept"] == ACCEPT_ACTIVITY


async def test_gets_and_posts_are_signed_so_that_a_peer_believes_them(door: Door, peer: Peer) -> None:
    peer.on("/x", text="hello")
    peer.on("/inbox", status=202)

    await door.fetch(peer.url("/x?page=1"), signer=SIGNER)
    await door.post(peer.url("/inbox"), b'{"type":"Create"}', signer=SIGNER)

    assert is_well_signed(peer.received[0], b"", peer)
    assert is_well_signed(peer.received[1], peer.bodies[1], peer)
    assert peer.bodies[1] == b'{"type":"Create"}'
    assert peer.received[1].headers["Content-Type"] == "application/activity+json"


async def test_more_headers_can_go_with_a_post(door: Door, peer: Peer) -> None:
    peer.on("/hook", status=200)

    await door.post(peer.url("/hook"), b"{}", content_type="application/json", headers={"X-Event": "test"})

    assert peer.received[0].headers["X-Event"] == "test"
    assert peer.received[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/a%2Fb", "/%7Ealice", "/caf%C3%A9", "/x?q=a%20b&c=%2F", "/a//b", "/x?"])
async def test_escapes_are_sent_to_the_letter(door: Door, peer: Peer, path: str) -> None:
    with pytest.raises(BadStatus):
        await door.fetch(peer.url(path), signer=SIGNER)

    assert peer.received[0].raw_path.rstrip("?") == path.rstrip("?")
    assert is_well_signed(peer.received[0], b"", peer)


async def test_an_address_with_letters_beyond_ascii_is_asked_escaped_and_keeps_its_name(
    door: Door, peer: Peer
) -> None:
    peer.on("/ü", text="hello")

    response = await door.fetch(peer.url("/ü"))

    assert response.url == peer.url("/ü")
    assert peer.received[0].raw_path == "/%C3%BC"


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "temporary"),
    [
        *((status, False) for status in (400, 403, 404, 410, 418, 501)),
        *((status, True) for status in (401, 408, 429, 500, 502, 503)),
    ],
)
async def test_an_answer_that_is_no_success_says_whether_it_may_pass(
    door: Door, peer: Peer, status: int, temporary: bool
) -> None:
    peer.on("/x", status=status)

    for asking in (door.fetch(peer.url("/x")), door.post(peer.url("/x"), b"{}")):
        with pytest.raises(BadStatus) as caught:
            await asking
        assert caught.value.status == status
        assert caught.value.temporary is temporary


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("99999999999999", 7 * 24 * 3600),
        ("Tue, 24 Nov 2026 18:40:51 GMT", 60),
        ("Tue, 24 Nov 2020 18:40:51 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
async def test_retry_after_is_read_in_both_forms(door: Door, peer: Peer, value: str, seconds: int | None) -> None:
    peer.on("/x", status=429, headers={"Retry-After": value})

    with clock.frozen(signed.NOW), pytest.raises(BadStatus) as caught:
        await door.fetch(peer.url("/x"))

    assert caught.value.retry_after == seconds


async def test_a_body_up_to_the_limit_is_read_and_one_byte_more_is_not(door: Door, peer: Peer) -> None:
    peer.on("/fits", body=b"x" * 1000)
    peer.on("/plain", body=b"x" * 1001)
    peer.on("/chunked", chunked(b"x" * 500, b"x" * 501))

    assert len((await door.fetch(peer.url("/fits"), max_bytes=1000)).body) == 1000
    for path in ("/plain", "/chunked"):
        with pytest.raises(TooLarge):
            await door.fetch(peer.url(path), max_bytes=1000)


def chunked(*chunks: bytes, **headers: str):  # type: ignore[no-untyped-def]
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={name.replace("_", "-"): value for name, value in headers.items()})
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
        await response.write_eof()
        return response

    return answer


async def test_compressed_bodies_are_read(door: Door, peer: Peer) -> None:
    peer.on("/gzip", body=gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    peer.on("/deflate", body=zlib.compress(b"hello"), headers={"Content-Encoding": "deflate"})

    assert (await door.fetch(peer.url("/gzip"))).body == b"hello"
    assert (await door.fetch(peer.url("/deflate"))).body == b"hello"


async def test_a_small_answer_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked(
    door: Door, peer: Peer
) -> None:
    peer.on("/bomb", body=gzip.compress(b"\0" * (200 << 20)), headers={"Content-Encoding": "gzip"})
    peer.on("/fits", body=gzip.compress(b"\0" * (1 << 20)), headers={"Content-Encoding": "gzip"})
    peer.on("/over", body=gzip.compress(b"\0" * ((1 << 20) + 1)), headers={"Content-Encoding": "gzip"})

    assert len((await door.fetch(peer.url("/fits"))).body) == 1 << 20
    for path in ("/bomb", "/over"):
        with pytest.raises(TooLarge):
            await door.fetch(peer.url(path))


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(b"not gzip", "gzip"), (gzip.compress(b"hello" * 100)[:-20], "gzip"), (b"hello", "br"), (b"x", "gzip, gzip")],
    # A compressed body holds the time, and tests that run in several processes need names that do not.
    ids=["not compressed", "cut off", "unknown", "twice"],
)
async def test_broken_and_unknown_encodings_are_refused(door: Door, peer: Peer, body: bytes, encoding: str) -> None:
    peer.on("/x", body=body, headers={"Content-Encoding": encoding})

    with pytest.raises(FetchError):
        await door.fetch(peer.url("/x"))


async def test_an_answer_without_end_is_cut_off(door: Door, peer: Peer) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    peer.on("/x", endless)

    with pytest.raises(TooLarge):
        await door.fetch(peer.url("/x"))
    peer.on("/x", status=202)
    await door.post(peer.url("/x"), b"{}")


# ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_peer_that_never_answers_costs_the_deadline_and_no_more(door: Door, peer: Peer) -> None:
    released = asyncio.Event()
    begun = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        begun.set()
        await released.wait()
        return web.Response()

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x")
        begun.set()
        await released.wait()
        return response

    peer.on("/silent", silent)
    peer.on("/dripping", dripping)

    # The door itself would give each 30 seconds.
    for path in ("/silent", "/dripping"):
        begun.clear()
        with pytest.raises(TimedOut) as caught:
            await outlasting(door.fetch(peer.url(path), deadline_seconds=5), begun, 6)
        assert caught.value.temporary
    begun.clear()
    with pytest.raises(TimedOut):
        await outlasting(door.post(peer.url("/silent"), b"{}", deadline_seconds=5), begun, 6)

    released.set()


async def test_who_answers_within_the_deadline_is_heard(door: Door, peer: Peer) -> None:
    released = asyncio.Event()
    begun = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        begun.set()
        await released.wait()
        return web.Response(text="hello")

    peer.on("/slow", slow)
    fetching = asyncio.ensure_future(door.fetch(peer.url("/slow"), deadline_seconds=5))
    await begun.wait()
    forward(4)
    released.set()

    assert (await fetching).body == b"hello"


async def test_a_host_to_which_no_connection_comes_about_costs_five_seconds_of_the_deadline(door: Door) -> None:
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = full.getsockname()
    # Nobody accepts, and this one fills the queue: what comes after it is dropped by the kernel, as by a firewall.
    with full, socket.create_connection(address), standing():
        fetching = asyncio.create_task(door.fetch(f"http://127.0.0.1:{address[1]}/"))
        await forward_by_steps(4.5, 0.1)
        assert not fetching.done()

        await forward_by_steps(1, 0.1)

        with pytest.raises(NetworkFailure, match="does not accept connections") as caught:
            await fetching
    assert caught.value.temporary


async def test_four_requests_at_once_reach_a_host_and_others_wait(door: Door, peer: Peer) -> None:
    released = asyncio.Event()
    at_once = 0
    most = 0

    async def slow(request: web.Request) -> web.StreamResponse:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await released.wait()
        at_once -= 1
        return web.Response()

    peer.on("/x", slow)
    async with Peer() as other:
        other.on("/x", text="hello")
        waiting = [asyncio.create_task(door.fetch(peer.url("/x"))) for _ in range(12)]
        async with asyncio.timeout(60):
            while most < 4:
                await asyncio.sleep(0.01)

        assert (await door.fetch(other.url("/x"))).body == b"hello"
        released.set()
        await asyncio.gather(*waiting)

    assert most == 4
    assert len(peer.received) == 12


async def test_a_closed_port_and_a_broken_connection_are_failures_that_may_pass(door: Door) -> None:
    answers = [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"HTTP/1.1 200"]

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    while answers:
        with pytest.raises(NetworkFailure) as caught:
            await door.fetch(url)
        assert caught.value.temporary
    server.close()
    await server.wait_closed()
    with pytest.raises(NetworkFailure):
        await door.fetch(url)


@asynccontextmanager
async def tls_server(certificate: Path) -> AsyncIterator[str]:
    """Says hello over TLS; gives its address."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(greet, "0.0.0.0", 0, ssl=context)
    yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()
    await server.wait_closed()


async def test_a_certificate_that_nobody_vouches_for_is_a_failure_that_may_pass(door: Door, tmp_path: Path) -> None:
    async with tls_server(signed.self_signed(tmp_path)) as url:
        with pytest.raises(NetworkFailure, match="certificate") as caught:
            await door.fetch(url)

    assert caught.value.temporary


async def test_private_certificate_authorities_are_named_by_ssl_cert_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = signed.self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async with Door(local_config(plain_http=False)) as door, tls_server(certificate) as url:
        assert (await door.fetch(url)).body == b"hello"
        with pytest.raises(Refused):
            await door.fetch(url.replace("https", "http"))


async def test_a_certificate_that_ran_out_or_is_for_another_name_is_a_failure_until_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = signed.self_signed(tmp_path, days=-1), tmp_path / "new.pem"
    expired = old.rename(tmp_path / "expired.pem")
    signed.self_signed(tmp_path).rename(new)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    (tmp_path / "trusted.pem").write_bytes(expired.read_bytes() + new.read_bytes())

    async with Door(local_config()) as door, tls_server(expired) as old_url, tls_server(new) as new_url:
        for url in (old_url, new_url.replace("127.0.0.1", "127.0.0.2")):
            with pytest.raises(NetworkFailure, match="certificate") as caught:
                await door.fetch(url)
            assert caught.value.temporary
        assert (await door.fetch(new_url)).body == b"hello"


async def test_a_handshake_that_does_not_end_costs_the_deadline_and_no_more(door: Door) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
    begun = asyncio.Event()

    async def listen() -> None:
        """It hears how the client begins, and says nothing."""
        connection, _ = await asyncio.to_thread(silent.accept)
        with connection:
            await asyncio.to_thread(connection.recv, 1)
            begun.set()
            await asyncio.to_thread(connection.recv, 1 << 16)

    spoken = asyncio.create_task(listen())

    with pytest.raises(TimedOut):
        await outlasting(door.fetch(url, deadline_seconds=5), begun, 6)
    silent.close()
    await spoken


# ── redirects ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_three_redirects_are_followed_each_signed_anew_and_a_fourth_is_not(door: Door, peer: Peer) -> None:
    for number in range(4):
        peer.on(f"/{number}", status=302, headers={"Location": f"/{number + 1}"})
    peer.on("/4", text="hello")

    response = await door.fetch(peer.url("/1"), signer=SIGNER)

    assert response.body == b"hello"
    assert response.url == peer.url("/4")
    assert [request.path for request in peer.received] == ["/1", "/2", "/3", "/4"]
    assert all(is_well_signed(request, b"", peer) for request in peer.received)
    with pytest.raises(Refused):
        await door.fetch(peer.url("/0"), signer=SIGNER)


async def test_a_redirect_to_another_host_is_signed_for_that_host(door: Door, peer: Peer) -> None:
    async with Peer() as other:
        peer.on("/x", status=301, headers={"Location": other.url("/y")})
        other.on("/y", text="hello")

        response = await door.fetch(peer.url("/x"), signer=SIGNER)

        assert response.url == other.url("/y")
        assert is_well_signed(other.received[0], b"", other)


@pytest.mark.parametrize("target", ["/x", "/y"])
async def test_redirects_in_a_circle_are_refused(door: Door, peer: Peer, target: str) -> None:
    peer.on("/x", status=302, headers={"Location": target})
    peer.on("/y", status=302, headers={"Location": "/x#again"})

    with pytest.raises(Refused, match="circle"):
        await door.fetch(peer.url("/x"))

    assert len(peer.received) <= 2


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/", "ftp://127.0.0.1/", "//user@127.0.0.1/", "http://[", "http://"]
)
async def test_redirects_to_another_scheme_or_nowhere_are_refused(door: Door, peer: Peer, target: str) -> None:
    peer.on("/x", status=302, headers={"Location": target})

    with pytest.raises(Refused):
        await door.fetch(peer.url("/x"))


async def test_a_redirect_without_a_target_is_a_bad_answer(door: Door, peer: Peer) -> None:
    peer.on("/x", status=302)

    with pytest.raises(BadStatus):
        await door.fetch(peer.url("/x"))


async def test_a_post_follows_one_redirect_that_keeps_the_method_on_its_own_host(door: Door, peer: Peer) -> None:
    peer.on("/old", status=308, headers={"Location": "/new"})
    peer.on("/new", status=202)

    await door.post(peer.url("/old"), b"{}", signer=SIGNER)

    assert [request.path for request in peer.received] == ["/old", "/new"]
    assert is_well_signed(peer.received[1], b"{}", peer)
    assert peer.bodies[1] == b"{}"


async def test_a_post_follows_no_other_redirect(door: Door, peer: Peer) -> None:
    async with Peer() as other:
        other.on("/new", status=202)
        for status, target in [(302, "/new"), (301, "/new"), (303, "/new"), (307, other.url("/new")), (307, "/old")]:
            peer.on("/old", status=status, headers={"Location": target})
            with pytest.raises(BadStatus):
                await door.post(peer.url("/old"), b"{}", signer=SIGNER)
        peer.on("/new", status=307, headers={"Location": "/newer"})
        peer.on("/old", status=307, headers={"Location": "/new"})
        with pytest.raises(BadStatus):
            await door.post(peer.url("/old"), b"{}", signer=SIGNER)

        assert other.received == []
    assert "/newer" not in [request.path for request in peer.received]


# ── knocks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def understanding(*styles: Style, refusal: int = 401, **headers: str):  # type: ignore[no-untyped-def]
    """A peer that understands these styles alone."""

    async def answer(request: web.Request) -> web.Response:
        if style_of(request) in styles:
            return web.Response(status=200)
        return web.Response(status=refusal, headers={key.replace("_", "-"): value for key, value in headers.items()})

    return answer


def style_of(request: web.Request) -> Style | None:
    if "Signature-Input" in request.headers:
        return Style.RFC9421
    return Style.CAVAGE if "Signature" in request.headers else None


@pytest.mark.parametrize("refusal", [400, 401])
async def test_a_host_that_refuses_the_old_way_is_asked_the_new_way_and_remembered(
    door: Door, peer: Peer, refusal: int
) -> None:
    peer.on("/inbox", understanding(Style.RFC9421, refusal=refusal))

    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)
    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)

    assert [style_of(request) for request in peer.received] == [Style.CAVAGE, Style.RFC9421, Style.RFC9421]
    assert is_well_signed(peer.received[1], b"{}", peer)
    assert "Digest" not in peer.received[1].headers


async def test_a_host_that_says_how_it_wants_to_be_signed_for_is_asked_so_once(door: Door, peer: Peer) -> None:
    """As Fedify may: RFC 9421, section 5."""

    async def answer(request: web.Request) -> web.Response:
        stated = request.headers.get("Signature-Input", "")
        if '"@authority"' in stated and 'nonce="n-1"' in stated:
            return web.Response(status=202)
        wanted = 'sig1=("@method" "@target-uri" "@authority" "content-digest");created;nonce="n-1"'
        return web.Response(status=401, headers={"Accept-Signature": wanted})

    peer.on("/inbox", answer)
    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)

    assert [style_of(request) for request in peer.received] == [Style.CAVAGE, Style.RFC9421]


async def test_a_host_that_is_never_content_is_not_asked_for_ever(door: Door, peer: Peer) -> None:
    wanted = 'sig1=("@method" "@target-uri" "@authority");nonce="n"'
    peer.on("/inbox", status=401, headers={"Accept-Signature": wanted})

    with pytest.raises(BadStatus):
        await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)

    assert len(peer.received) == 2


async def test_what_was_remembered_is_forgotten_when_it_fails(door: Door, peer: Peer) -> None:
    peer.on("/inbox", understanding(Style.RFC9421))
    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)

    peer.on("/inbox", understanding(Style.CAVAGE))
    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)
    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)

    assert [style_of(request) for request in peer.received[2:]] == [Style.RFC9421, Style.CAVAGE, Style.CAVAGE]


async def test_what_was_remembered_is_forgotten_when_every_way_fails(door: Door, peer: Peer) -> None:
    peer.on("/inbox", understanding(Style.RFC9421))
    await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)
    peer.on("/inbox", understanding())
    for _ in range(2):
        with pytest.raises(BadStatus):
            await door.post(peer.url("/inbox"), b"{}", signer=SIGNER)

    first, second = [Style.RFC9421, Style.CAVAGE], [Style.CAVAGE, Style.RFC9421]
    assert [style_of(request) for request in peer.received[2:]] == [*first, *second]


async def test_a_host_that_always_refuses_is_asked_once_in_each_way(door: Door, peer: Peer) -> None:
    peer.on("/x", understanding())

    with pytest.raises(BadStatus):
        await door.fetch(peer.url("/x"), signer=SIGNER)
    assert len(peer.received) == 2
    with pytest.raises(BadStatus):
        await door.fetch(peer.url("/x?page=1"), signer=SIGNER)
    assert len(peer.received) == 5
    with pytest.raises(BadStatus):
        await door.fetch(peer.url("/x"))
    assert len(peer.received) == 6


async def test_a_403_ends_the_matter_unless_the_host_asks_for_another_signature(door: Door, peer: Peer) -> None:
    peer.on("/no", understanding(Style.RFC9421, refusal=403))
    peer.on("/yes", understanding(Style.RFC9421, refusal=403, Accept_Signature='sig1=("@method" "@target-uri")'))

    with pytest.raises(BadStatus):
        await door.fetch(peer.url("/no"), signer=SIGNER)
    await door.fetch(peer.url("/yes"), signer=SIGNER)

    assert [request.path for request in peer.received] == ["/no", "/yes", "/yes"]


async def test_a_host_that_signs_paths_alone_is_asked_without_the_query_in_the_signature(
    door: Door, peer: Peer
) -> None:
    async def path_alone(request: web.Request) -> web.Response:
        """As BookWyrm verifies: the target is `request.path`."""
        bare = ReceivedRequest(request.method, request.path, request.raw_headers)
        config = Config.for_tests(domain=peer.authority, plain_http=True)
        good = style_of(request) is Style.CAVAGE and parse_signature(bare, config, clock.now_ms()).verify(
            signed.public(signed.rsa())
        )
        return web.Response(status=200 if good else 401)

    peer.on("/x", path_alone)

    await door.fetch(peer.url("/x?page=1"), signer=SIGNER)
    await door.fetch(peer.url("/x?page=2"), signer=SIGNER)
    await door.fetch(peer.url("/x"), signer=SIGNER)

    assert len(peer.received) == 4


def test_a_knock_is_remembered_for_seven_days() -> None:
    knocks = Knocks()
    with clock.frozen(signed.NOW):
        knocks.worked("peer.example", Style.RFC9421)

    with clock.frozen(signed.NOW + 6 * clock.DAY):
        assert knocks.order("peer.example", has_query=False)[0] is Style.RFC9421
        assert knocks.order("other.example", has_query=False)[0] is Style.CAVAGE
    with clock.frozen(signed.NOW + 8 * clock.DAY):
        assert knocks.order("peer.example", has_query=True) == list(Style)


async def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")

    async with door_and_peer() as (door, peer):
        peer.on("/x", text="hello")

        assert (await door.fetch(peer.url("/x"))).body == b"hello"


@pytest.mark.parametrize(
    ("date_ms", "told"),
    [
        (-clock.HOUR, ", and our clock is 60 minutes ahead of its"),
        (clock.HOUR, ", and our clock is 60 minutes behind its"),
        (4 * clock.MINUTE, ""),
        (None, ""),
    ],
)
def test_a_refused_signature_is_told_with_how_wrong_our_clock_may_be(date_ms: int | None, told: str) -> None:
    with clock.frozen(1_700_000_000_000):
        date = "soon" if date_ms is None else http_date(clock.now_ms() + date_ms)
        with pytest.raises(BadStatus) as refused:
            successful(Response("https://far.test/inbox", 401, {"Date": date}, b""))

    assert str(refused.value) == f"far.test answers 401: it does not accept our signature{told}."
