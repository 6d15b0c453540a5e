"""Making a proof and reading one: top level only, by Ed25519, over SHA-256 of the canonical form (vc-di-eddsa 3.3)."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from federation import uris
from federation.proofs.jcs import canonical
from federation.signatures.claim import LONGEST_FUTURE_MS
from node import clock, keys
from node.errors import BadInput
from node.keys import KeyKind, PrivateKey, PublicKey

CONTEXT: Final = "https://w3id.org/security/data-integrity/v1"

_TYPE = "DataIntegrityProof"
_SUITE = "eddsa-jcs-2022"
_PURPOSE = "assertionMethod"
_LONGEST_VALUE = 128  # 64 bytes are 88 letters
# Not under the proof: itself, and the older kind of signature beside it, which is over something else.
_OUTSIDE = frozenset({"proof", "signature"})

Document = dict[str, Any]


def with_proof(document: Document, key_id: str, key: PrivateKey) -> Document:
    """`document`, which has a `@context` of several, with a proof by the owner of the key, made now."""
    first, *others = document["@context"]
    signed = document | {"@context": [first, CONTEXT, *others]}
    config = {
        "@context": signed["@context"],
        "type": _TYPE,
        "cryptosuite": _SUITE,
        "verificationMethod": key_id,
        "proofPurpose": _PURPOSE,
        # Fedify writes the time anew before it verifies, without zeros at its end.
        "created": clock.iso_seconds(clock.now_ms()),
    }
    value = keys.multibase(key.sign(_hashed(config, signed)))
    return signed | {"proof": config | {"proofValue": value}}


@dataclass(frozen=True, slots=True)
class ParsedProof:
    """In order in every way that does not need the key: whoever has that of `key_id` said `document`, if it verifies."""

    key_id: str
    signature: bytes
    config: Document
    document: Document
    created_at: int | None  # unix milliseconds; None: nothing said

    def verify(self, key: PublicKey) -> bool:
        """Costs a walk through the whole document, so find out first whose key it is."""
        try:
            return key.kind is KeyKind.ED25519 and key.verify(self.signature, _hashed(self.config, self.document))
        except BadInput:
            return False


def parse_proof(document: Document, now_ms: int) -> ParsedProof | None:
    """The proof of a document that was parsed strictly; None if it has none, or one that proves nothing."""
    proof = document.get("proof")
    if type(proof) is not dict:
        return None
    key_id, value = proof.get("verificationMethod"), proof.get("proofValue")
    if (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose")) != (_TYPE, _SUITE, _PURPOSE):
        return None
    if not uris.is_http_uri(key_id) or type(value) is not str or len(value) > _LONGEST_VALUE:
        return None
    if proof.get("@context", document.get("@context")) != document.get("@context") or not _is_timely(proof, now_ms):
        return None
    try:
        signature = keys.from_multibase(value)
    except BadInput:
        return None
    config = _without(proof, frozenset({"proofValue"}))
    return ParsedProof(key_id, signature, config, document, clock.parse_iso(proof.get("created")))


def _is_timely(proof: Document, now_ms: int) -> bool:
    """Made before now, as far as clocks agree, and still to be believed, where it says so."""
    created, expires = proof.get("created"), proof.get("expires")
    if created is not None:
        made_at = clock.parse_iso(created)
        if made_at is None or made_at > now_ms + LONGEST_FUTURE_MS:
            return False
    until = clock.parse_iso(expires)
    return expires is None or (until is not None and until > now_ms)


def _hashed(config: Document, document: Document) -> bytes:
    return sha256(canonical(config)).digest() + sha256(canonical(_without(document, _OUTSIDE))).digest()


def _without(document: Document, names: frozenset[str]) -> Document:
    return {name: value for name, value in document.items() if name not in names}
