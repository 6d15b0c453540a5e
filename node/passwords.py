"""Secrets: passwords are hashed slowly, random tokens once.

`hash_password` and `verify` cost 40 ms of CPU: call them in a thread, before the transaction.
"""

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's least; argon2-cffi's own default costs six times as much, which is a lever for attackers.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

MIN_PASSWORD_CHARS = 8
MAX_PASSWORD_CHARS = 1_000  # hashing reads all of it


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed. None, for nobody, takes as long as somebody does."""
    if len(password) > MAX_PASSWORD_CHARS:
        return False
    try:
        return _HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def token() -> str:
    """256 random bits for a URL or a header."""
    return secrets.token_urlsafe(32)


def token_hash(text: str) -> str:
    """What is stored of a token. It is random enough that guessing from its hash is hopeless without any salt."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
