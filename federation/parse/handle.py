"""`name@domain`, as people write it and WebFinger answers it (RFC 7565)."""

import re
from typing import NamedTuple

from federation import uris
from federation.parse import as2
from node.text.names import fold_name

_HANDLE = re.compile(r"(?:acct:)?@?([^@]+)@([^@]+)")
# A name stands in handles and addresses. Any script may write it, and some of them are whole domains.
_USERNAME = re.compile(r"[^\s@/\\:?#<>\"'&\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class Handle(NamedTuple):
    """`domain` is normalised; names are compared folded."""

    username: str
    domain: str

    @property
    def key(self) -> tuple[str, str]:
        return fold_name(self.username), self.domain

    def __str__(self) -> str:
        return f"{self.username}@{self.domain}"


def parse_handle(text: object, scheme: str = "https") -> Handle | None:
    """`@name@domain`, `name@domain` or `acct:name@domain`; None for anything else."""
    match = _HANDLE.fullmatch(text.strip()) if type(text) is str and len(text) <= as2.MAX_NAME else None
    domain = uris.normal_host(match[2], scheme) if match else None
    return Handle(match[1], domain) if match and domain and is_username(match[1]) else None


def is_username(name: str) -> bool:
    return 0 < len(name) <= as2.MAX_NAME and _USERNAME.fullmatch(name) is not None
