"""Key pairs of actors: making them, and reading our own and other people's.

RSA signs with PKCS#1 v1.5, as the whole network does; Ed25519 keys travel as Multikeys (FEP-521a).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from node.errors import BadInput

SMALLEST_RSA_BITS = 2048
LARGEST_RSA_BITS = 8192

_LONGEST_KEY_TEXT = 4096  # an RSA key of 8192 bits takes 1 500 characters
_PADDING = padding.PKCS1v15()
_HASHES = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}

HashName = Literal["sha256", "sha512"]


class KeyKind(StrEnum):
    RSA = "rsa"
    ED25519 = "ed25519"


class KeyPair(NamedTuple):
    private_pem: str
    public_pem: str


def generate_rsa() -> KeyPair:
    """RSA of 2048 bits: larger ones break nothing, but slow every peer down. Takes up to a second of CPU."""
    return _pair(generate_private_key(public_exponent=65537, key_size=2048))


def generate_ed25519() -> KeyPair:
    return _pair(Ed25519PrivateKey.generate())


def _pair(key: RSAPrivateKey | Ed25519PrivateKey) -> KeyPair:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(private.decode("ascii"), public.decode("ascii"))


# ── our own private keys ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PrivateKey:
    kind: KeyKind
    key: RSAPrivateKey | Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519. Releases the GIL while OpenSSL works."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, _PADDING, _HASHES["sha256"])
        return self.key.sign(data)

    @property
    def public(self) -> "PublicKey":
        return PublicKey(self.kind, self.key.public_key())


@lru_cache(2048)
def load_private(pem: str) -> PrivateKey:
    """A key that we made ourselves: checking that its primes are primes would take 40 ms."""
    key = load_pem_private_key(pem.encode("ascii"), None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, RSAPrivateKey):
        return PrivateKey(KeyKind.RSA, key)
    if isinstance(key, Ed25519PrivateKey):
        return PrivateKey(KeyKind.ED25519, key)
    raise ValueError("This private key is neither RSA nor Ed25519.")


# ── anybody's public keys ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Its kind, never the request, decides by which algorithm a signature is checked."""

    kind: KeyKind
    key: RSAPublicKey | Ed25519PublicKey

    def verify(self, signature: bytes, data: bytes, hash_name: HashName = "sha256") -> bool:
        """`hash_name` matters to RSA alone."""
        try:
            if isinstance(self.key, RSAPublicKey):
                self.key.verify(signature, data, _PADDING, _HASHES[hash_name])
            else:
                self.key.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    @property
    def pem(self) -> str:
        """SubjectPublicKeyInfo, whatever form the key came in."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    @property
    def multikey(self) -> str:
        """`publicKeyMultibase` of FEP-521a: `z` and base58btc of the multicodec prefix and the key."""
        if isinstance(self.key, RSAPublicKey):
            return multibase(_RSA_PREFIX + self.key.public_bytes(Encoding.DER, PublicFormat.PKCS1))
        return multibase(_ED25519_PREFIX + self.key.public_bytes_raw())


@lru_cache(8192)
def load_public(pem: str) -> PublicKey:
    """A key of PEM text, SPKI or PKCS#1, its lines ended in any way; BadInput if it is broken, weak or huge."""
    if len(pem) > _LONGEST_KEY_TEXT:
        raise BadInput("The public key is too long.")
    # Some servers escape the line ends twice, so that a backslash and an n arrive.
    text = pem.replace("\\r", "").replace("\\n", "\n") if "\\" in pem else pem
    try:
        return _checked(load_pem_public_key(text.encode("ascii")))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInput("The public key cannot be read.") from error


def load_multikey(text: str) -> PublicKey:
    """A key of `publicKeyMultibase`; BadInput if it is of another kind, broken, weak or huge."""
    if len(text) > _LONGEST_KEY_TEXT:
        raise BadInput("The Multikey is too long.")
    data = from_multibase(text)
    try:
        if data.startswith(_ED25519_PREFIX):
            return _checked(Ed25519PublicKey.from_public_bytes(data.removeprefix(_ED25519_PREFIX)))
        if data.startswith(_RSA_PREFIX):
            return _checked(load_der_public_key(data.removeprefix(_RSA_PREFIX)))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInput("The Multikey cannot be read.") from error
    raise BadInput("The Multikey is of a kind that is not used here.")


def _checked(key: object) -> PublicKey:
    if isinstance(key, Ed25519PublicKey):
        return PublicKey(KeyKind.ED25519, key)
    if not isinstance(key, RSAPublicKey):
        raise BadInput("The public key is neither RSA nor Ed25519.")
    if not SMALLEST_RSA_BITS <= key.key_size <= LARGEST_RSA_BITS:
        raise BadInput(f"RSA keys must have {SMALLEST_RSA_BITS} to {LARGEST_RSA_BITS} bits.")
    exponent = key.public_numbers().e
    # Verifying costs as many squarings as the exponent has bits: a long one is an attack on our CPU.
    if exponent < 3 or exponent.bit_length() > 32:
        raise BadInput("The RSA key has an exponent that nobody uses.")
    return PublicKey(KeyKind.RSA, key)


# ── base58btc, the one encoding that Multikeys and proofs use ──────────────────────────────────────────────────────

_ED25519_PREFIX = b"\xed\x01"  # varint of multicodec 0xed, ed25519-pub
_RSA_PREFIX = b"\x85\x24"  # varint of multicodec 0x1205, rsa-pub

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {letter: digit for digit, letter in enumerate(_ALPHABET)}


def multibase(data: bytes) -> str:
    """`z` and base58btc; zero bytes at the beginning are a letter each."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data, "big")
    letters = []
    while number:
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    return "z" + _ALPHABET[0] * zeros + "".join(reversed(letters))


def from_multibase(text: str) -> bytes:
    """The bytes of `multibase`; BadInput for any other encoding. Takes the square of the text's length in time."""
    if not text.startswith("z"):
        raise BadInput("This is not base58btc.")
    number = 0
    for letter in text[1:]:
        digit = _DIGITS.get(letter)
        if digit is None:
            raise BadInput("This is not base58btc.")
        number = number * 58 + digit
    zeros = len(text) - 1 - len(text[1:].lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
