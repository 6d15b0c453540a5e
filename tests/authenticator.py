"""An authenticator as browsers speak for it: keeps P-256 keys, makes them and signs with them (WebAuthn, level 3).

`Authenticator(origin).make(options)` and `.sign(options)` answer what web/static/passkeys.js would send.
"""

import hashlib
import json
import os
import struct
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

_PRESENT, _VERIFIED, _NEW_KEY = 1, 4, 64


class Authenticator:
    """`counts` is what it says of how often it signed; `verifies` whether it asks who its owner is."""

    def __init__(self, origin: str, *, party: str = "", verifies: bool = True) -> None:
        self.origin = origin
        self.party = party or (urlsplit(origin).hostname or "")
        self.verifies = verifies
        self.count = 0
        self.credential_id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        new = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(_NEW_KEY) + new})
        return self._answer(self._client("webauthn.create", options), attestationObject=made)

    def sign(self, options: str) -> str:
        client, data = self._client("webauthn.get", options), self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, authenticatorData=data, signature=signature)

    def _data(self, more: int = 0) -> bytes:
        flags = _PRESENT | more | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.party.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, options: str) -> bytes:
        asked = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": asked, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, client: bytes, **parts: bytes) -> str:
        own = websafe_encode(self.credential_id)
        response: dict[str, Any] = {name: websafe_encode(part) for name, part in parts.items()}
        response["clientDataJSON"] = websafe_encode(client)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
