"""A telephone that Web Push reaches: its keys, and how it reads what comes."""

import base64
import os
from collections.abc import Mapping

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Phone:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def p256dh(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    @property
    def auth(self) -> str:
        return base64.urlsafe_b64encode(self._auth).decode().rstrip("=")

    def decrypt(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """By http-ece, which knows both forms."""
        if headers["Content-Encoding"] == "aes128gcm":
            return bytes(http_ece.decrypt(body, private_key=self.key, auth_secret=self._auth))
        salt = _of(headers["Encryption"], "salt")
        sender = _of(headers["Crypto-Key"], "dh")
        return bytes(
            http_ece.decrypt(
                body, salt=salt, dh=sender, private_key=self.key, auth_secret=self._auth, version="aesgcm"
            )
        )


def _of(header: str, name: str) -> bytes:
    """The value of `name` in `a=…;b=…`."""
    text = dict(part.split("=", 1) for part in header.split(";"))[name]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
