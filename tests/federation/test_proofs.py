"""Integrity proofs: the vector of FEP-8b32, and what proves nothing beside what does."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.proofs import parse_proof, with_proof
from federation.proofs.proof import CONTEXT
from node import clock, keys
from node.errors import BadInput
from node.keys import KeyKind, PrivateKey
from tests.federation.signed import NOW, ed25519, public, rsa

KEY_ID = "https://server.example/users/alice#ed25519-key"
AS2 = "https://www.w3.org/ns/activitystreams"

VECTOR = {
    "@context": [AS2, CONTEXT],
    "id": "https://server.example/activities/1",
    "type": "Create",
    "actor": "https://server.example/users/alice",
    "object": {
        "id": "https://server.example/objects/1",
        "type": "Note",
        "attributedTo": "https://server.example/users/alice",
        "content": "Hello world",
        "location": {"type": "Place", "longitude": -71.184902, "latitude": 25.273962},
    },
    "proof": {
        "@context": [AS2, CONTEXT],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": KEY_ID,
        "proofPurpose": "assertionMethod",
        "proofValue": "zLaewdp4H9kqtwyrLatK4cjY5oRHwVcw4gibPSUDYDMhi4M49v8pcYk3ZB6D69dNpAPbUmY8ocuJ3m9KhKJEEg7z",
        "created": "2023-02-24T23:36:38Z",
    },
}
VECTOR_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"


def vector_key() -> PrivateKey:
    seed = keys.from_multibase(VECTOR_SECRET)[2:]
    return PrivateKey(KeyKind.ED25519, Ed25519PrivateKey.from_private_bytes(seed))


def proves(document: dict[str, Any], key: keys.PublicKey, now_ms: int = NOW) -> bool:
    proof = parse_proof(document, now_ms)
    return proof is not None and proof.key_id == KEY_ID and proof.verify(key)


def changed(**proof: Any) -> dict[str, Any]:
    return VECTOR | {"proof": {**VECTOR["proof"], **proof}}  # type: ignore[dict-item]


def test_the_vector_of_the_fep_is_verified() -> None:
    assert proves(VECTOR, vector_key().public)


def test_the_vector_of_the_fep_is_made() -> None:
    document = {name: value for name, value in VECTOR.items() if name != "proof"} | {"@context": [AS2]}
    with clock.frozen(clock.parse_iso("2023-02-24T23:36:38Z") or 0):
        made = with_proof(document, KEY_ID, vector_key())

    assert made == VECTOR


def test_a_proof_is_dated_without_fractions_which_peers_write_anew_and_differently() -> None:
    with clock.frozen(NOW // 1000 * 1000 + 120):
        made = with_proof({"@context": [AS2], "type": "Create"}, KEY_ID, vector_key())

        assert made["proof"]["created"] == clock.iso_seconds(NOW)
        assert "." not in made["proof"]["created"]
        assert proves(made, vector_key().public, clock.now_ms())


def test_an_older_signature_beside_it_does_not_count() -> None:
    assert proves(VECTOR | {"signature": {"type": "RsaSignature2017"}}, vector_key().public)


@pytest.mark.parametrize(
    "document",
    [
        VECTOR | {"actor": "https://server.example/users/mallory"},
        VECTOR | {"to": ["https://server.example/users/mallory"]},
        changed(created="2023-02-24T23:36:39Z"),
        changed(proofPurpose="authentication"),
        changed(cryptosuite="eddsa-rdfc-2022"),
        changed(type="Ed25519Signature2020"),
        changed(verificationMethod=f"{KEY_ID}2"),
        changed(**{"@context": [AS2]}),
        changed(proofValue="z"),
        changed(proofValue="z" + "1" * 80),
        changed(proofValue="uAAAA"),
        changed(proofValue="z" + "2" * 5_000),
        changed(proofValue=7),
        changed(expires="2023-02-25T23:36:38Z"),
        changed(expires="tomorrow"),
        VECTOR | {"proof": [VECTOR["proof"]]},
        VECTOR | {"proof": "z"},
        {name: value for name, value in VECTOR.items() if name != "proof"},
    ],
)
def test_what_was_changed_proves_nothing(document: dict[str, Any]) -> None:
    assert not proves(document, vector_key().public)


def test_times_are_signed_and_hold() -> None:
    day = clock.DAY
    key = keys.load_private(ed25519().private_pem)
    with clock.frozen(NOW):
        made = with_proof({"@context": [AS2], "type": "Create"}, KEY_ID, key)

    assert proves(made, public(ed25519()), NOW)
    assert proves(made, public(ed25519()), NOW + 400 * day)
    assert not proves(made, public(ed25519()), NOW - day)


def test_a_key_of_another_person_or_kind_proves_nothing() -> None:
    assert not proves(VECTOR, public(ed25519()))
    assert not proves(VECTOR, public(rsa()))


def test_numbers_that_no_double_holds_prove_nothing() -> None:
    assert not proves(VECTOR | {"x": 10**400}, vector_key().public)


@pytest.mark.parametrize("data", [b"\0\0\1", b"\0", b"", b"\xff" * 64, b"\0" * 64])
def test_bytes_survive_their_letters(data: bytes) -> None:
    assert keys.from_multibase(keys.multibase(data)) == data


@pytest.mark.parametrize("text", ["", "uAA", "z0", "zO", "zl", "z "])
def test_other_letters_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        keys.from_multibase(text)
