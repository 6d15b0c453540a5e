"""RFC 9421: signing by http-message-signatures, and a strict reader of the part that the network uses.

The reader is our own because the library asks the machine's clock and not ours, looks the key up in the middle of
verifying, and takes five times as long as RSA itself. In the tests the library is the independent witness.
"""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256

from federation.signatures import digests
from federation.signatures.claim import (
    LARGEST_COVERAGE,
    ReceivedRequest,
    SignatureClaim,
    SignedHeaders,
    check_key_id,
    check_time,
    our_host,
)
from node import keys
from node.config import Config
from node.errors import BadInput, Unauthorized
from node.keys import HashName, KeyKind, PrivateKey

LABEL = "sig1"
POST_COMPONENTS = ("@method", "@target-uri", "content-digest")
GET_COMPONENTS = ("@method", "@target-uri")

_SIGNED = {name.encode() for name in POST_COMPONENTS}
# What every request of ours has, and can be asked for.
_SIGNABLE = _SIGNED | {b"@authority", b"@scheme", b"@path", b"@request-target", b"host", b"date"}
_SIGNING_ALGORITHMS = {KeyKind.RSA: RSA_V1_5_SHA256, KeyKind.ED25519: ED25519}


# ── out ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, key: PrivateKey) -> None:
        self._key = key.key

    def resolve_private_key(self, key_id: str) -> object:
        return self._key


class _Message:
    """What the library wants to see of a request."""

    def __init__(self, method: str, url: str, headers: dict[str, str]) -> None:
        self.method = method
        self.url = url
        self.headers = headers


@lru_cache(2048)
def _signer_for(private_pem: str) -> HTTPMessageSigner:
    key = keys.load_private(private_pem)
    return HTTPMessageSigner(signature_algorithm=_SIGNING_ALGORITHMS[key.kind], key_resolver=_OneKey(key))


@dataclass(frozen=True, slots=True)
class Asked:
    """How a peer wants to be signed for (section 5.1), as far as it is more than we do anyway."""

    components: tuple[str, ...] = ()
    nonce: str | None = None
    tag: str | None = None


NOTHING_MORE = Asked()


def sign(
    key_id: str,
    private_pem: str,
    *,
    method: str,
    url: str,
    headers: dict[str, str],
    now_ms: int,
    asked: Asked = NOTHING_MORE,
) -> None:
    """Add `Signature-Input` and `Signature` to `headers`, covering `Content-Digest` if it is there.

    No `alg`: Mastodon sends none, and a verifier knows the key.
    """
    has_body = "Content-Digest" in headers
    usual = POST_COMPONENTS if has_body else GET_COMPONENTS
    _signer_for(private_pem).sign(
        _Message(method, url, headers),
        key_id=key_id,
        created=datetime.datetime.fromtimestamp(now_ms // 1000, datetime.UTC),
        label=LABEL,
        include_alg=False,
        nonce=asked.nonce,
        tag=asked.tag,
        covered_component_ids=(*usual, *(name for name in asked.components if name not in usual)),
        use_existing_digest=has_body,
    )


def asked_for(accept_signature: str | None) -> Asked | None:
    """What an `Accept-Signature` header (section 5) asks for; None if it asks for nothing, or for what we cannot sign.

    Fedify wants `@authority` besides what Mastodon does, and a nonce of its own where it is told to.
    """
    if not accept_signature or len(accept_signature) > 2048:
        return None
    header = accept_signature.encode("latin-1", "replace").strip()
    head = _HEAD.match(header)
    if head is None or not set(_COMPONENT.findall(head[2])) <= _SIGNABLE:
        return None
    parameters = dict(_ASKED_PARAMETER.findall(header[head.end() :].partition(b",")[0]))
    return Asked(
        components=tuple(name.decode() for name in _COMPONENT.findall(head[2]) if name not in _SIGNED),
        nonce=parameters[b"nonce"].decode("latin-1") if b"nonce" in parameters else None,
        tag=parameters[b"tag"].decode("latin-1") if b"tag" in parameters else None,
    )


# ── in ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_SHA256: tuple[HashName, ...] = ("sha256",)
_ALGORITHMS: dict[bytes, dict[KeyKind, tuple[HashName, ...]]] = {
    b"": {KeyKind.RSA: _SHA256, KeyKind.ED25519: _SHA256},
    b"rsa-v1_5-sha256": {KeyKind.RSA: _SHA256},
    b"ed25519": {KeyKind.ED25519: _SHA256},
}

# The head of a dictionary member (RFC 8941) whose value is an inner list of strings without parameters or escapes.
# Components with parameters (`;sf`, `;bs`, `;req` …) have no use in a request between nodes.
_HEAD = re.compile(
    rb'([a-z*][a-z0-9_.*-]{0,63})=(\( *(?:"[!#-\[\]-~]{1,64}"(?: +"[!#-\[\]-~]{1,64}"){0,63})? *\))',
)
_COMPONENT = re.compile(rb'"([^"]*)"')
_STRING_PARAMETER = re.compile(rb'; *(keyid|alg|nonce|tag)="([ !#-\[\]-~]*)"')
_ASKED_PARAMETER = re.compile(rb'; *(nonce|tag)="([ !#-\[\]-~]{0,256})"')
_INTEGER_PARAMETER = re.compile(rb"; *(created|expires)=(\d{1,12})")
_SIGNATURE = re.compile(rb"([a-z*][a-z0-9_.*-]{0,63})=:([A-Za-z0-9+/=]{1,4096}):")


def parse(request: ReceivedRequest, headers: SignedHeaders, config: Config, now_ms: int) -> SignatureClaim:
    """The claim of a request with a `Signature-Input` header; BadInput or Unauthorized if it proves nothing."""
    label, covered, parameters = _input(headers.once(b"signature-input"))
    hashes = _ALGORITHMS.get(parameters.get(b"alg", b""))
    if hashes is None:
        raise Unauthorized("The signature's algorithm is not one that proves anything.")
    _check_coverage(covered, request.method)
    host = our_host(headers, config)
    signed_at = _seconds(parameters, b"created")
    check_time(signed_at, now_ms)
    if b"expires" in parameters and _seconds(parameters, b"expires") <= now_ms:
        raise Unauthorized("The signature has expired.")
    if b"content-digest" in covered:
        digests.check_content_digest(headers.once(b"content-digest"), request.body)
    return SignatureClaim(
        key_id=check_key_id(parameters.get(b"keyid", b"")),
        signature=_signature(headers.once(b"signature"), label),
        covered=tuple(name.decode("ascii") for name in covered),
        signed_at=signed_at,
        signing_strings=(_signature_base(request, headers, covered, parameters, f"{config.scheme}://{host}"),),
        hashes=hashes,
    )


def _input(header: bytes) -> tuple[bytes, list[bytes], dict[bytes, bytes]]:
    """Label, covered components and parameters of the one signature that a request may carry."""
    head = _HEAD.match(header)
    if head is None:
        raise BadInput("The Signature-Input header cannot be read.")
    parameters: dict[bytes, bytes] = {}
    position = head.end()
    while position < len(header):
        match = _STRING_PARAMETER.match(header, position) or _INTEGER_PARAMETER.match(header, position)
        if match is None and header[position : position + 1] == b",":
            raise Unauthorized("A request must carry one signature, not several.")
        if match is None or match[1] in parameters:
            raise BadInput("The Signature-Input header cannot be read.")
        parameters[match[1]] = match[2]
        position = match.end()
    return head[1], _COMPONENT.findall(head[2]), parameters


def _check_coverage(covered: list[bytes], method: str) -> None:
    if len(covered) > LARGEST_COVERAGE or len(set(covered)) != len(covered):
        raise Unauthorized("The signature names a component twice.")
    whole = b"@target-uri" in covered or (b"@path" in covered and b"@authority" in covered)
    if b"@method" not in covered or not whole:
        raise Unauthorized("The signature must cover @method and @target-uri.")
    if method not in ("GET", "HEAD") and b"content-digest" not in covered:
        raise Unauthorized("The signature must cover content-digest.")


def _seconds(parameters: dict[bytes, bytes], name: bytes) -> int:
    if name not in parameters:
        raise Unauthorized("The signature must say when it was created.")
    return int(parameters[name]) * 1000


def _signature(header: bytes, label: bytes) -> bytes:
    match = _SIGNATURE.fullmatch(header)
    if match is None:
        raise BadInput("The Signature header cannot be read.")
    if match[1] != label:
        raise Unauthorized("Signature and Signature-Input have different labels.")
    return digests.from_base64(match[2])


def _signature_base(
    request: ReceivedRequest,
    headers: SignedHeaders,
    covered: list[bytes],
    parameters: dict[bytes, bytes],
    origin: str,
) -> bytes:
    """RFC 9421, section 2.5; the parameters are serialised anew, in the order in which they came."""
    target = request.target.encode("utf-8", "surrogateescape")
    path, _, query = target.partition(b"?")
    scheme, _, host = origin.encode().partition(b"://")
    derived = {
        b"@method": request.method.encode("utf-8", "surrogateescape"),
        b"@target-uri": origin.encode() + target,
        b"@authority": host,
        b"@scheme": scheme,
        b"@request-target": target,
        b"@path": path,
        b"@query": b"?" + query,
    }
    lines = []
    for name in covered:
        if name.startswith(b"@"):
            if name not in derived:
                raise Unauthorized("The signature covers a component that is not known here.")
            lines.append(b'"%b": %b' % (name, derived[name]))
        elif name != name.lower():
            raise BadInput("The Signature-Input header cannot be read.")
        else:
            lines.append(b'"%b": %b' % (name, headers.once(name)))
    lines.append(b'"@signature-params": ' + _serialised(covered, parameters))
    return b"\n".join(lines)


def _serialised(covered: list[bytes], parameters: dict[bytes, bytes]) -> bytes:
    inner = b" ".join(b'"%b"' % name for name in covered)
    stated = b"".join(
        b";%b=%d" % (name, int(value)) if name in (b"created", b"expires") else b';%b="%b"' % (name, value)
        for name, value in parameters.items()
    )
    return b"(%b)%b" % (inner, stated)
