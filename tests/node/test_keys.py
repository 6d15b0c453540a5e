"""Key pairs: ours are made and used, other people's are read in all their forms or refused."""

import functools

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from node import keys
from node.errors import BadInput
from node.keys import KeyKind


@functools.cache
def rsa_pair() -> keys.KeyPair:
    return keys.generate_rsa()


@functools.cache
def ed25519_pair() -> keys.KeyPair:
    return keys.generate_ed25519()


def rsa_pem(bits: int, exponent: int = 65537) -> str:
    """The public key of made-up numbers: reading it does not ask whether anybody could sign with it."""
    numbers = rsa.RSAPublicNumbers(exponent, (1 << (bits - 1)) | 1)
    return pem_of(numbers.public_key())


def pem_of(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("pair", [rsa_pair, ed25519_pair])
def test_what_a_private_key_signs_its_public_key_verifies(pair: functools.partial[keys.KeyPair]) -> None:
    private, public = keys.load_private(pair().private_pem), keys.load_public(pair().public_pem)

    signature = private.sign(b"hello")

    assert private.kind == public.kind
    assert public.verify(signature, b"hello")
    assert not public.verify(signature, b"hallo")
    assert not public.verify(signature[:-1], b"hello")
    assert not public.verify(b"", b"hello")


def test_rsa_keys_of_ours_have_2048_bits_and_stand_as_spki() -> None:
    public = keys.load_public(rsa_pair().public_pem)

    assert isinstance(public.key, rsa.RSAPublicKey)
    assert public.key.key_size == 2048
    assert rsa_pair().public_pem.startswith("-----BEGIN PUBLIC KEY-----\n")


def test_rsa_is_checked_with_the_hash_that_is_asked_for() -> None:
    private = keys.load_private(rsa_pair().private_pem).key
    assert isinstance(private, rsa.RSAPrivateKey)
    public = keys.load_public(rsa_pair().public_pem)

    signature = private.sign(b"hello", padding.PKCS1v15(), hashes.SHA512())

    assert public.verify(signature, b"hello", "sha512")
    assert not public.verify(signature, b"hello", "sha256")


def test_a_pss_signature_is_not_taken_for_pkcs1() -> None:
    private = keys.load_private(rsa_pair().private_pem).key
    assert isinstance(private, rsa.RSAPrivateKey)

    signature = private.sign(b"hello", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())

    assert not keys.load_public(rsa_pair().public_pem).verify(signature, b"hello")


@pytest.mark.parametrize(
    "change",
    [
        lambda pem: pem,
        lambda pem: pem.replace("\n", "\r\n"),
        lambda pem: pem.replace("\n", "\\n"),
        lambda pem: pem.replace("\n", "\\r\\n"),
        lambda pem: pem.strip(),
        lambda pem: f"\n  {pem}\n\n",
    ],
)
@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
def test_public_keys_are_read_in_the_forms_that_peers_send(form: PublicFormat, change: object) -> None:
    public = keys.load_public(rsa_pair().public_pem)
    pem = public.key.public_bytes(Encoding.PEM, form).decode()

    read = keys.load_public(change(pem))  # type: ignore[operator]

    assert read.kind == KeyKind.RSA
    assert read.pem == rsa_pair().public_pem


@pytest.mark.parametrize("bits", [2048, 3072, 4096, 8192])
def test_rsa_keys_of_usual_sizes_are_taken(bits: int) -> None:
    assert keys.load_public(rsa_pem(bits)).kind == KeyKind.RSA


@pytest.mark.parametrize("bits", [1024, 2047, 8193, 16384])
def test_weak_and_huge_rsa_keys_are_refused(bits: int) -> None:
    with pytest.raises(BadInput):
        keys.load_public(rsa_pem(bits))


def test_exponents_made_to_burn_our_cpu_are_refused() -> None:
    assert keys.load_public(rsa_pem(2048, 3)).kind == KeyKind.RSA
    with pytest.raises(BadInput):
        keys.load_public(rsa_pem(2048, (1 << 2000) | 1))


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "nonsense",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nbücher\n-----END PUBLIC KEY-----\n",
        "\ud800",
        "x" * 100_000,
        pem_of(ec.generate_private_key(ec.SECP256R1()).public_key()),
    ],
)
def test_what_is_no_key_of_a_known_kind_is_refused(pem: str) -> None:
    with pytest.raises(BadInput):
        keys.load_public(pem)


def test_a_private_key_is_not_taken_for_a_public_one() -> None:
    with pytest.raises(BadInput):
        keys.load_public(rsa_pair().private_pem)


@pytest.mark.parametrize("pair", [rsa_pair, ed25519_pair])
def test_multikeys_are_read_back(pair: functools.partial[keys.KeyPair]) -> None:
    public = keys.load_public(pair().public_pem)

    assert keys.load_multikey(public.multikey).pem == pair().public_pem


def test_the_multikey_of_a_known_key_is_the_published_one() -> None:
    # The example of W3C "Controlled Identifiers" 1.0, section 2.2.2.
    text = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu"

    public = keys.load_multikey(text)

    assert public.kind == KeyKind.ED25519
    assert public.multikey == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu",
        "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cx",
        "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu0",
        "z6Mkü",
        "u7QFsomething",
        "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        "z" + "2" * 100_000,
    ],
)
def test_what_is_no_multikey_of_a_known_kind_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        keys.load_multikey(text)
