"""Requests as a peer would sign them, for tests of both kinds of signatures."""

import datetime
import functools
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from yarl import URL

from federation.signatures import OutgoingRequest, ReceivedRequest, Signer, Style
from node import keys

KEY_ID = "https://peer.example/users/carol#main-key"
INBOX = "https://a.test/ap/inbox"
ACTOR = "https://a.test/ap/users/1"
BODY = b'{"type":"Create"}'
NOW = 1_795_545_591_000  # Tue, 24 Nov 2026 18:39:51 GMT


@functools.cache
def rsa() -> keys.KeyPair:
    return keys.generate_rsa()


@functools.cache
def other_rsa() -> keys.KeyPair:
    return keys.generate_rsa()


@functools.cache
def ed25519() -> keys.KeyPair:
    return keys.generate_ed25519()


def public(pair: keys.KeyPair) -> keys.PublicKey:
    return keys.load_public(pair.public_pem)


@dataclass(frozen=True)
class Wire:
    """A request on the wire, easy to tamper with."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    more: tuple[tuple[bytes, bytes], ...] = ()

    def with_header(self, name: str, value: str) -> "Wire":
        return replace(self, headers={**self.headers, name: value})

    def without(self, name: str) -> "Wire":
        return replace(self, headers={key: value for key, value in self.headers.items() if key != name})

    def received(self) -> ReceivedRequest:
        return ReceivedRequest(self.method, self.target, [*raw(self.headers.items()), *self.more], self.body)


def raw(pairs: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def outgoing(url: str, body: bytes | None, style: Style = Style.CAVAGE, *, pair: keys.KeyPair | None = None) -> Wire:
    """Signed by our own signer; freeze the clock around it."""
    request = OutgoingRequest(URL(url, encoded=True), body)
    headers = Signer(KEY_ID, (pair or rsa()).private_pem).headers(request, style)
    return Wire(request.method, request.url.raw_path_qs, headers, body or b"")


def self_signed(folder: Path, *, days: int = 1) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself alone, with its key, in one file; good for so many days more."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=9))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "peer.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    return file
