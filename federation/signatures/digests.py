"""Digests of bodies: `Digest` (RFC 3230) for draft-cavage, `Content-Digest` (RFC 9530) for RFC 9421."""

import base64
import binascii
import hashlib
import re

from node.errors import BadInput, Unauthorized

_DIGEST = re.compile(rb"\s*([A-Za-z0-9-]{1,32})=([A-Za-z0-9+/=_-]{1,256})\s*(?:,|$)")
_CONTENT_DIGEST = re.compile(rb"[ \t]*([a-z*][a-z0-9_.*-]{0,31})=:([A-Za-z0-9+/=]{1,256}):[ \t]*(?:,|$)")


def digest_of(body: bytes) -> str:
    """`Digest` of `body`. Its name is in capitals and alone: Threads and Misskey want it so."""
    return "SHA-256=" + _sha256(body)


def content_digest_of(body: bytes) -> str:
    return f"sha-256=:{_sha256(body)}:"


def _sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")


def check_digest(header: bytes, body: bytes) -> None:
    """Unauthorized unless the header's SHA-256 is that of `body`; other algorithms may stand beside it."""
    _check({name.lower(): value for name, value in _pairs(_DIGEST, header)}, body)


def check_content_digest(header: bytes, body: bytes) -> None:
    """Unauthorized unless the header's sha-256 or sha-512, or both if both stand there, are those of `body`."""
    _check(dict(_pairs(_CONTENT_DIGEST, header)), body)


def _check(stated: dict[bytes, bytes], body: bytes) -> None:
    known = [(stated[name], algorithm) for name, algorithm in _ALGORITHMS.items() if name in stated]
    if not known:
        raise Unauthorized("The digest of the body must be SHA-256.")
    for value, algorithm in known:
        if from_base64(value) != algorithm(body).digest():
            raise Unauthorized("The digest is not that of the body.")


_ALGORITHMS = {b"sha-256": hashlib.sha256, b"sha-512": hashlib.sha512}


def _pairs(pattern: re.Pattern[bytes], header: bytes) -> list[tuple[bytes, bytes]]:
    pairs: list[tuple[bytes, bytes]] = []
    position = 0
    while position < len(header):
        match = pattern.match(header, position)
        if match is None:
            raise BadInput("The digest header cannot be read.")
        pairs.append((match[1], match[2]))
        position = match.end()
    if len({name.lower() for name, _ in pairs}) != len(pairs):
        raise BadInput("The digest header names an algorithm twice.")
    return pairs


def from_base64(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadInput("The base64 of a signature header is broken.") from error
