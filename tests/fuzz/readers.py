"""One function for each reader: given any bytes, it lets pass the refusals that the reader promises, and checks what the
reader promises of what it lets through. Everything else that is raised is a finding.
"""

import json
from collections.abc import Callable
from contextlib import suppress

from yarl import URL

from federation import follower_digests, uris
from federation.follower_digests import Claim
from federation.http.answers import Response
from federation.http.documents import alternate_of, is_activity_type
from federation.parse import strict_json
from federation.parse.handle import parse_handle
from federation.parse.page import parse_oembed, parse_page, text_of
from federation.parse.webfinger import parse_host_meta
from federation.proofs import parse_proof
from federation.signatures import ReceivedRequest, parse_signature, rfc9421
from node import keys
from node.config import Config
from node.errors import BadInput, Invalid, Unauthorized
from node.media.films import HEAD_BYTES, demuxer_of
from node.media.probe import Limits, probe
from node.models import Account
from node.text.names import clean_line
from node.text.plain import plain_text
from node.text.sanitize import LINK_SCHEMES, sanitize, sanitize_inline
from tests.federation.parsers import check_shape, parse_all
from tests.node.text.payloads import dangers_in

CONFIG = Config.for_tests(domain="a.test")
NOW = 1_795_545_591_000  # Tue, 24 Nov 2026 18:39:51 GMT

_KEY = keys.load_public(keys.generate_ed25519().public_pem)
_FOLLOWEE = Account(uri="https://b.example/users/eve", followers_uri="https://b.example/users/eve/followers")


def strict(data: bytes) -> None:
    """What is read says the same to every other reader of JSON, and every database can hold it."""
    with suppress(BadInput):
        value = strict_json.loads(data)
        assert json.loads(data) == value
        assert b"\\u0000" not in json.dumps(value).encode().replace(b"\\\\", b"")
        json.dumps(value, ensure_ascii=False).encode("utf-8")


def documents(data: bytes) -> None:
    """Every parser of ActivityStreams ends in its dataclass, within the limits, or in a refusal."""
    try:
        document = strict_json.loads(data)
    except BadInput:
        return
    for result in parse_all(document):
        check_shape(result)
    proof = parse_proof(document, NOW)
    assert proof is None or not proof.verify(_KEY)


def signatures(data: bytes) -> None:
    """Lines of headers, a blank line, the body. Nobody has signed anything, so nothing is proved."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    pairs = [(name, value) for name, _, value in (line.partition(b":") for line in lines)]
    method, _, target = first.decode("utf-8", "surrogateescape").partition(" ")
    with suppress(BadInput, Unauthorized):
        claim = parse_signature(ReceivedRequest(method, target, pairs, body), CONFIG, NOW)
        assert not claim.verify(_KEY)
        assert claim.key_id.isascii()


def header_values(data: bytes) -> None:
    """Other headers with a grammar of their own."""
    text = data.decode("latin-1")
    asked = rfc9421.asked_for(text)
    assert asked is None or not {"\r", "\n", '"'} & set((asked.nonce or "") + (asked.tag or ""))
    is_activity_type(text)
    found = alternate_of(Response("https://b.example/", 200, {"Link": text, "Content-Type": "text/html"}, data))
    assert found is None or uris.is_http_uri(found)
    claim = follower_digests.claim_of(text, _FOLLOWEE)
    assert claim is None or (isinstance(claim, Claim) and uris.same_origin(claim.url, _FOLLOWEE.uri))


def markup(data: bytes) -> None:
    """Sanitised, it holds nothing dangerous, is the same when it is sanitised again, and has words."""
    html = data.decode("utf-8", "replace")
    once = sanitize(html)
    assert _worse_than_links(dangers_in(once)) == []
    assert _worse_than_links(dangers_in(sanitize(once))) == []
    assert _worse_than_links(dangers_in(sanitize_inline(html))) == []
    assert "\n" not in clean_line(plain_text(once))


def _worse_than_links(dangers: list[str]) -> list[str]:
    """`dangers_in` knows fewer schemes than we let through."""
    return [one for one in dangers if one.removeprefix("href=").partition(":")[0].lower() not in LINK_SCHEMES]


def discovery(data: bytes) -> None:
    """Handles, host-meta, and what an answer of WebFinger may name."""
    template = parse_host_meta(data)
    assert not template or uris.host_of(template.replace("{uri}", "x")) == uris.host_of(
        template.replace("{uri}", "y")
    )
    handle = parse_handle(data.decode("utf-8", "replace"))
    if handle is not None:
        assert uris.normal_host(handle.domain) == handle.domain
        assert uris.host_of(f"https://{handle.domain}/.well-known/webfinger") == handle.domain


def addresses(data: bytes) -> None:
    """Where we say that an address leads, it leads for whoever opens the connection, too."""
    text = data.decode("utf-8", "replace")
    parts = uris.split(text)
    if parts is None:
        return
    assert uris.host_of(f"{parts.scheme}://{parts.host}{parts.rest}") == parts.host
    path = parts.rest if parts.rest.startswith("/") else f"/{parts.rest}"
    try:
        url = URL(f"{parts.scheme}://{parts.host}{path}", encoded=path.isascii())
    except ValueError:
        return  # the door refuses it
    assert url.host_port_subcomponent == parts.host
    assert url.user is None
    uris.parse_local(CONFIG, text)


def pages(data: bytes) -> None:
    """Web pages and oEmbed answers: plain text, cut, and addresses that may be asked for."""
    stated, _, body = data.partition(b"\n")
    found = [parse_page(text_of(body, stated.decode("latin-1")), "https://b.example/page")]
    with suppress(BadInput):
        found.append(parse_oembed(strict_json.loads(body), "https://b.example/page"))
    for page in found:
        check_shape(page)
        for address in (page.author_url, page.image_url, page.oembed_url):
            assert not address or uris.is_http_uri(address)
        assert "\n" not in page.title + page.description + page.author_name + page.provider_name


def public_keys(data: bytes) -> None:
    """Keys of strangers: of the two kinds that are used, and of a size that is cheap to verify with."""
    text = data.decode("latin-1")
    for load in (keys.load_public, keys.load_multikey):
        with suppress(BadInput):
            key = load(text)
            assert not key.verify(b"\x00" * 256, b"")
            assert keys.load_public(key.pem).pem == keys.load_multikey(key.multikey).pem


def pictures(data: bytes) -> None:
    """Only the headers, which are read within the node itself: of a picture, or of what is a film then."""
    limits = Limits()
    assert demuxer_of(data[:HEAD_BYTES]) in (None, "aac", "flac", "gif", "matroska", "mov", "mp3", "ogg", "wav")
    with suppress(Invalid):
        found = probe(data, limits)
        assert 0 < found.width * found.height <= limits.max_pixels
        assert 0 < found.frames <= limits.max_frames


READERS: dict[str, Callable[[bytes], None]] = {
    "strict": strict,
    "documents": documents,
    "signatures": signatures,
    "header_values": header_values,
    "markup": markup,
    "discovery": discovery,
    "addresses": addresses,
    "pages": pages,
    "public_keys": public_keys,
    "pictures": pictures,
}
