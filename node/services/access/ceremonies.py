"""The two ceremonies of WebAuthn: what a browser is asked, and whether its authenticator's answer holds (ADR 32).

A challenge leaves nothing behind here: it says when it was made, and is signed for one purpose and one browser (`holder`).
Whoever takes an answer sees to it that it counts once. The library is loaded when the first answer comes: most processes
never see one. Verifying takes a while: it is done outside of units of work.
"""

import base64
import secrets
import struct
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm

from node import clock, secret, site
from node.config import host_without_port
from node.errors import Invalid

CHALLENGE_MS = 15 * clock.MINUTE
MAX_ANSWER_CHARS = 16_000

_TOO_LATE = "That took too long. Please try again."
_WRONG = "This passkey could not be used here. Please try again, or take another one."
# What the library raises at bytes that are none of an authenticator's.
_BROKEN = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError, RecursionError,
    NotImplementedError, UnsupportedAlgorithm, struct.error,
)  # fmt: skip


class Purpose(StrEnum):
    ENROL = "enrol a passkey"
    ENTER = "enter with a passkey"
    SECOND_FACTOR = "passkey as second factor"


class Asked(NamedTuple):
    """A challenge of ours that came back."""

    challenge: bytes
    made_at: int
    verifies: bool  # the authenticator must know its owner, by a PIN or a finger


class Credential(NamedTuple):
    """What an authenticator made: `data` holds the public key."""

    credential_id: bytes
    data: bytes
    sign_count: int


class Assertion(NamedTuple):
    """A signature, not yet verified, and whose it says it is."""

    credential_id: bytes
    response: dict[str, Any]


class _Client(msgspec.Struct):
    challenge: str


class _Response(msgspec.Struct, rename="camel", omit_defaults=True):
    client_data: str = msgspec.field(name="clientDataJSON")
    attestation_object: str | None = None
    authenticator_data: str | None = None
    signature: str | None = None
    user_handle: str | None = None


class _Answer(msgspec.Struct, rename="camel"):
    raw_id: str
    response: _Response
    id: str
    type: str


def challenge(key: bytes, purpose: Purpose, holder: str) -> bytes:
    """`key` is the node's secret."""
    stamp = f"{clock.now_ms()}.{secrets.token_hex(16)}"
    return f"{stamp}.{secret.sign(key, purpose, f'{holder} {stamp}')}".encode()


def asked(key: bytes, purpose: Purpose, holder: str, answer: str) -> Asked:
    """Invalid, unless `answer` is to a challenge that was made for this browser not long ago."""
    client = _decoded(_answer(answer).response.client_data)
    try:
        given = _unwrapped(msgspec.json.decode(client, type=_Client).challenge)
        stamp, _, signature = given.decode("ascii").rpartition(".")
        made_at = int(stamp.partition(".")[0][:16])
    except (msgspec.DecodeError, ValueError) as error:
        raise Invalid(_WRONG) from error
    if not secret.is_signed(key, purpose, f"{holder} {stamp}", signature):
        raise Invalid(_TOO_LATE)
    if clock.now_ms() - made_at > CHALLENGE_MS:
        raise Invalid(_TOO_LATE)
    return Asked(given, made_at, purpose is not Purpose.SECOND_FACTOR)


def to_enrol(asking: bytes, user_id: int, handle: str, name: str, known: Iterable[bytes]) -> str:
    """What the browser is to make, as JSON (`PublicKeyCredentialCreationOptionsJSON`)."""
    options, _ = _server().register_begin(
        {"id": str(user_id).encode(), "name": handle, "displayName": name or handle},
        [{"type": "public-key", "id": credential_id} for credential_id in known],
        # Kept with the account's name in the authenticator, so that signing in needs no name.
        resident_key_requirement="required",
        user_verification="required",
        challenge=asking,
    )
    return _json(options.public_key)


def to_sign(asking: bytes, known: Iterable[bytes] | None) -> str:
    """What the browser is to sign (`PublicKeyCredentialRequestOptionsJSON`): with one of `known`, or any it has."""
    options: dict[str, Any] = {
        "challenge": text_of(asking),
        "rpId": host_without_port(site.web_domain),
        "userVerification": "required" if known is None else "discouraged",
    }
    if known is not None:
        options["allowCredentials"] = [
            {"type": "public-key", "id": text_of(credential_id)} for credential_id in known
        ]
    return _json(options)


def made(asking: Asked, answer: str) -> Credential:
    """The new credential. Invalid for what is no answer to `asking`."""
    from fido2.cose import UnsupportedKey

    try:
        data = _server().register_complete(_state(asking), msgspec.to_builtins(_answer(answer)))
        credential = data.credential_data
        if isinstance(credential.public_key, UnsupportedKey):
            raise Invalid(_WRONG)  # nothing that it signs could be verified
        return Credential(bytes(credential.credential_id), bytes(credential), int(data.counter))
    except _BROKEN as error:
        raise Invalid(_WRONG) from error


def assertion(answer: str) -> Assertion:
    read = _answer(answer)
    return Assertion(_decoded(read.raw_id), msgspec.to_builtins(read))


def verified(asking: Asked, given: Assertion, data: bytes) -> int:
    """How often the authenticator has signed, 0 if it does not count. Invalid, unless the key in `data` signed."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        _server().authenticate_complete(_state(asking), [AttestedCredentialData(data)], given.response)
        return int(AuthenticationResponse.from_dict(given.response).response.authenticator_data.counter)
    except _BROKEN as error:
        raise Invalid(_WRONG) from error


def text_of(data: bytes) -> str:
    """As WebAuthn writes bytes: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _server() -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialRpEntity

    party = PublicKeyCredentialRpEntity(id=host_without_port(site.web_domain), name=site.domain)
    return Fido2Server(
        party,
        # Who made the authenticator is nobody's business.
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: origin == site.base_url,
    )


def _state(asking: Asked) -> dict[str, str]:
    """What the library keeps between the question and the answer."""
    wanted = "required" if asking.verifies else "discouraged"
    return {"challenge": text_of(asking.challenge), "user_verification": wanted}


def _answer(text: str) -> _Answer:
    if not text or len(text) > MAX_ANSWER_CHARS:
        raise Invalid(_WRONG)
    try:
        return msgspec.json.decode(text, type=_Answer)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Invalid(_WRONG) from error


def _decoded(text: str) -> bytes:
    try:
        return _unwrapped(text)
    except ValueError as error:
        raise Invalid(_WRONG) from error


def _unwrapped(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")


def _json(options: Any) -> str:
    return msgspec.json.encode(dict(options)).decode()
