"""The node's own secret: 32 random bytes in a file that only its user can read, made on the first start."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from node.config import Config, ConfigError

_SIZE_BYTES = 32
_NONCE_BYTES = 12


def load(config: Config) -> bytes:
    """ConfigError when the file cannot be read, or holds something else."""
    path = config.secret_file
    try:
        if not path.exists():
            _make(path)
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise ConfigError(f"The secret file {path} cannot be used: {error}.") from error
    if len(secret) < _SIZE_BYTES:
        raise ConfigError(f"The secret file {path} is too short. Delete it, and a new one is made at the next start.")
    return secret


def sign(secret: bytes, purpose: str, message: str) -> str:
    """Proves that this node wrote `message` for `purpose`: 32 characters for a URL or a form."""
    data = f"{purpose}\0{message}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, data, hashlib.sha256).hexdigest()[:32]


def is_signed(secret: bytes, purpose: str, message: str, signature: str) -> bool:
    expected = sign(secret, purpose, message)
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass"))


def seal(secret: bytes, purpose: str, text: str) -> str:
    """`text` for a row that is worth nothing without the secret (AES-256-GCM)."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(secret, purpose).encrypt(nonce, text.encode(), None)).decode("ascii")


def unseal(secret: bytes, purpose: str, sealed: str) -> str | None:
    """None for what another secret sealed, or for another purpose."""
    data = base64.b64decode(sealed)
    try:
        return _cipher(secret, purpose).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None).decode()
    except InvalidTag:
        return None


def _cipher(secret: bytes, purpose: str) -> AESGCM:
    return AESGCM(hmac.new(secret, f"seal\0{purpose}".encode(), hashlib.sha256).digest())


def _make(path: Path) -> None:
    """Complete under another name first: whoever sees the file, sees all of it, and the first process wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_SIZE_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
