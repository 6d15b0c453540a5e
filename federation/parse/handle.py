"""`name@domain`, as people write it and WebFinger answers it (RFC 7565)."""

import re
from typing import NamedTuple

from federation import uris
from node.text.names import fold_name

_HANDLE = re.compile(r"@?([^@/\s:?#\x00-\x1f\x7f]{1,256})@([^@/\s?#\x00-\x1f\x7f]{1,261})")


class Handle(NamedTuple):
    """`domain` is normalised; names are compared folded."""

    username: str
    domain: str

    @property
    def key(self) -> tuple[str, str]:
        return fold_name(self.username), self.domain

    def __str__(self) -> str:
        return f"{self.username}@{self.domain}"


def parse_handle(text: str, scheme: str = "https") -> Handle | None:
    """`@name@domain`, `name@domain` or `acct:name@domain`; None for anything else."""
    match = _HANDLE.fullmatch(text.strip().removeprefix("acct:"))
    if match is None:
        return None
    domain = uris.normal_host(match[2], scheme)
    return Handle(match[1], domain) if domain else None
