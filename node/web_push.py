"""What Web Push puts on the wire: messages that the app alone can read, and proof of who sent them.

Two encryptions are in use: `aes128gcm` (RFC 8291 and RFC 8188), and the draft before it, `aesgcm`
(draft-ietf-webpush-encryption-04), which apps get unless they ask for the standard. VAPID is RFC 8292 and its draft.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from node.errors import BadInput

# RFC 8030, section 7.2: services take 4096 bytes; header, padding and tag are part of them.
MOST_BYTES: Final = 4096 - 86 - 1 - 16
_RECORD_SIZE = 4096
_POINT_BYTES, _AUTH_BYTES, _SALT_BYTES = 65, 16, 16


@dataclass(frozen=True, slots=True)
class Receiver:
    """The keys of an app's subscription."""

    point: bytes
    auth: bytes

    @property
    def p256dh_text(self) -> str:
        return to_text(self.point)

    @property
    def auth_text(self) -> str:
        return to_text(self.auth)


class Message(NamedTuple):
    body: bytes
    headers: dict[str, str]


def receiver(p256dh: str, auth: str) -> Receiver:
    """From base64, of either alphabet; BadInput unless it is a point of P-256 and 16 bytes."""
    keys = Receiver(_bytes(p256dh, _POINT_BYTES), _bytes(auth, _AUTH_BYTES))
    _public(keys.point)
    return keys


def generate() -> tuple[str, str]:
    """A VAPID key: the private one as PEM, the public one as apps are told."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    return pem, to_text(_point(key.public_key()))


def encrypt(text: bytes, to: Receiver, *, standard: bool) -> Message:
    """`text` for `to`, in the standard form or in that of the draft."""
    return _seal(text, to, ec.generate_private_key(ec.SECP256R1()), os.urandom(_SALT_BYTES), standard)


def authorization(private_pem: str, public_key: str, claims: dict[str, str | int], *, standard: bool) -> str:
    """The `Authorization` header: a JWT of `claims` (`aud`, `exp`, `sub`) that this node signed with ES256."""
    token = _jwt(private_pem, claims)
    return f"vapid t={token}, k={public_key}" if standard else f"WebPush {token}"


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


# ── encryption ──


def _seal(text: bytes, to: Receiver, key: ec.EllipticCurvePrivateKey, salt: bytes, standard: bool) -> Message:
    if len(text) > MOST_BYTES:
        raise ValueError("The message is too long for Web Push.")
    shared = key.exchange(ec.ECDH(), _public(to.point))
    sender = _point(key.public_key())
    if standard:
        secret = _derive(to.auth, shared, b"WebPush: info\0" + to.point + sender, 32)
        # A record that ends with 2 is the last one (RFC 8188, section 2).
        record = _encrypt(secret, salt, b"aes128gcm\0", b"nonce\0", text + b"\x02")
        header = salt + _RECORD_SIZE.to_bytes(4, "big") + bytes([len(sender)]) + sender
        return Message(header + record, {"Content-Encoding": "aes128gcm"})
    secret = _derive(to.auth, shared, b"Content-Encoding: auth\0", 32)
    context = b"P-256\0" + _with_length(to.point) + _with_length(sender)
    # Two bytes say how much padding follows: none.
    record = _encrypt(secret, salt, b"aesgcm\0" + context, b"nonce\0" + context, b"\0\0" + text)
    headers = {
        "Content-Encoding": "aesgcm",
        "Encryption": f"salt={to_text(salt)}",
        "Crypto-Key": f"dh={to_text(sender)}",
    }
    return Message(record, headers)


def _encrypt(secret: bytes, salt: bytes, key_info: bytes, nonce_info: bytes, text: bytes) -> bytes:
    key = _derive(salt, secret, b"Content-Encoding: " + key_info, 16)
    nonce = _derive(salt, secret, b"Content-Encoding: " + nonce_info, 12)
    return AESGCM(key).encrypt(nonce, text, None)


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _with_length(point: bytes) -> bytes:
    return len(point).to_bytes(2, "big") + point


# ── signing ──


def _jwt(private_pem: str, claims: dict[str, str | int]) -> str:
    head = to_text(b'{"typ":"JWT","alg":"ES256"}')
    signed = f"{head}.{to_text(msgspec.json.encode(claims))}"
    der = _private(private_pem).sign(signed.encode("ascii"), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)  # a JWT has the two numbers side by side (RFC 7518, section 3.4)
    return f"{signed}.{to_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


# ── keys ──


@lru_cache(8)
def _private(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode("ascii"), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("This is no key for Web Push.")
    return key


def _public(point: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise BadInput("The public key is not a point of P-256.") from error


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _bytes(text: str, size: int) -> bytes:
    plain = text.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadInput("A key is not base64.") from error
    if len(data) != size:
        raise BadInput(f"A key has {len(data)} bytes where {size} are needed.")
    return data
