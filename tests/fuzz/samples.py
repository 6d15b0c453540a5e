"""What the search starts with: inputs that each reader understands, and the words of its language."""

import base64
import functools
import hashlib

from federation.signatures import Style
from node import clock, keys
from tests.federation.signed import INBOX, Wire, outgoing
from tests.federation.wire_files import FOLDER
from tests.fuzz.readers import NOW
from tests.node.media import pictures
from tests.node.text.payloads import PAYLOADS


@functools.cache
def samples(reader: str) -> list[bytes]:
    return _SAMPLES[reader]()


def words(reader: str) -> list[bytes]:
    return _WORDS.get(reader, [])


def _documents() -> list[bytes]:
    return [path.read_bytes() for path in sorted(FOLDER.glob("*/*.json"))]


def _signatures() -> list[bytes]:
    with clock.frozen(NOW):
        wires = [outgoing(INBOX, body, style) for style in (Style.CAVAGE, Style.RFC9421) for body in (b"{}", None)]
    return [_on_the_wire(wire) for wire in wires]


def _on_the_wire(wire: Wire) -> bytes:
    lines = [f"{name}: {value}" for name, value in ({"Host": "a.test"} | wire.headers).items()]
    return "\n".join([f"{wire.method} {wire.target}", *lines, "", ""]).encode("latin-1") + wire.body


def _header_values() -> list[bytes]:
    digest = hashlib.sha256(b"").hexdigest()
    eve = "https://b.example/users/eve"
    return [
        b'sig1=("@method" "@target-uri" "content-digest");created',
        b'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        b'<https://b.example/1>; rel="alternate"; type="application/activity+json"',
        f'collectionId="{eve}/followers", url="{eve}/sync", digest="{digest}"'.encode(),
    ]


def _discovery() -> list[bytes]:
    link = b'<Link rel="lrdd" template="https://b.example/webfinger?resource={uri}"/>'
    return [b"@eve@b.example", b"acct:eve@xn--bcher-kva.example:8443", b"<XRD>" + link + b"</XRD>", b"a@[::1]:80"]


def _addresses() -> list[bytes]:
    hosts = [
        "b.example",
        "B\u00dcCHER.example:443",
        "[::1]:8080",
        "127.1",
        "0x7f.1",
        "a.test",
        "xn--bcher-kva.example",
    ]
    return [f"https://{host}/a%2Fb?c=d#e".encode() for host in hosts] + [
        b"http://b.example?x@a.test",
        b"http://[:.]:7",
    ]


def _pages() -> list[bytes]:
    head = (
        "<html lang=en><meta charset=utf-8><title>T</title><meta property='og:title' content='O'>"
        "<meta property='og:image' content='/i.png'><meta name='fediverse:creator' content='@eve@b.example'>"
        "<meta property='article:published_time' content='2026-01-01T00:00:00Z'>"
        "<link rel=alternate type='application/json+oembed' href='/oembed'>"
    )
    oembed = '{"type":"photo","url":"https://b.example/x.png","width":"20","height":10,"title":"T"}'
    return [b"text/html; charset=utf-8\n" + head.encode(), b"application/json\n" + oembed.encode()]


def _public_keys() -> list[bytes]:
    pairs = [keys.generate_rsa(), keys.generate_ed25519()]
    public = [keys.load_public(pair.public_pem) for pair in pairs]
    return [text.encode() for key in public for text in (key.pem, key.pem.replace("\n", "\\n"), key.multikey)]


def _pictures() -> list[bytes]:
    kinds = [pictures.picture(suffix, 24, 16) for suffix in (".jpg", ".png", ".gif", ".webp", ".avif")]
    return [*kinds, pictures.animation(".gif"), pictures.animation(".webp"), pictures.heic()]


_SAMPLES = {
    "strict": _documents,
    "documents": _documents,
    "signatures": _signatures,
    "header_values": _header_values,
    "markup": lambda: [text.encode() for text in PAYLOADS],
    "discovery": _discovery,
    "addresses": _addresses,
    "pages": _pages,
    "public_keys": _public_keys,
    "pictures": _pictures,
}

_MEMBERS = (
    "@context id type actor object target result instrument to cc audience tag attachment url href name content summary"
    " contentMap nameMap published updated attributedTo inReplyTo oneOf anyOf endTime closed votersCount replies items"
    " orderedItems first next totalItems icon image publicKey publicKeyPem owner assertionMethod controller"
    " publicKeyMultibase inbox endpoints sharedInbox preferredUsername alsoKnownAs movedTo featured links rel template"
    " subject quote quoteUrl quoteAuthorization interactionPolicy canQuote automaticApproval proof blurhash focalPoint"
    " duration mediaType source language width height Note Question Create Announce Person Mention Hashtag Emoji Link"
    " Video Collection OrderedCollectionPage PropertyValue Multikey self"
)
_MARKUP = (
    "<a <p> </p> <svg> <math> <style> <script> <!-- --> <![CDATA[ ]]> <h1 <td href= class= javascript: &#x &quot;"
)
_SIGNED = (
    'keyId=" algorithm=" headers=" signature=" created= expires= (request-target) (created) host date digest hs2019'
    ' rsa-sha256 SHA-256= sha-256=: @method @target-uri @path @authority content-digest ;keyid=" ;alg=" ;created= sig1='
)
_WORDS = {
    "strict": [b'"a":', b"\\ud800", b"\\u0000", b"1e999", b"NaN", b"[[[[[[[[", b"-9223372036854775808"],
    "documents": [*(f'"{name}"'.encode() for name in _MEMBERS.split()), b"null", b"[]", b"{}", b"1e308"],
    "signatures": _SIGNED.encode().split(),
    "header_values": b'collectionId=" url=" digest=" rel=alternate profile= ;created sig1=( <https:// >;'.split(),
    "markup": _MARKUP.encode().split(),
    "discovery": [b"acct:", b"@", b"<Link ", b'rel="lrdd"', b'template="', b"{uri}", b"xn--", b"https://"],
    "addresses": [
        b"https://",
        b"http://",
        b"xn--",
        b"@",
        b"[::1]",
        b":443",
        b"%2f",
        b"#",
        b"?",
        b"\\",
        b"..",
        b"\xe3\x80\x82",
    ],
    "pages": [
        b"<meta ",
        b"property=",
        b"content=",
        b"og:title",
        b"og:image",
        b"charset=",
        b"utf-16",
        b"<title>",
        b"<base ",
    ],
    "public_keys": [
        b"-----BEGIN PUBLIC KEY-----",
        b"-----BEGIN RSA PUBLIC KEY-----",
        b"\\n",
        b"z6Mk",
        base64.b64encode(b"0\x82"),
    ],
}
