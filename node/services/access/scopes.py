"""OAuth scopes, as Mastodon has them: a wide one holds everything under it.

`read` holds `read:statuses`; `admin:read` holds `admin:read:reports`; `follow` is an old word for the relationships.
"""

from collections.abc import Iterable

from node.errors import BadInput

_SHARED = ["accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes", "notifications"]
_READ = [*_SHARED, "collections", "search", "statuses"]
_WRITE = [*_SHARED, "collections", "conversations", "media", "reports", "statuses"]
_BLOCKS = ["canonical_email_blocks", "domain_allows", "domain_blocks", "email_domain_blocks", "ip_blocks"]
_ADMIN = ["accounts", "reports", *_BLOCKS]

_FOLLOW = frozenset(f"{verb}:{noun}" for verb in ("read", "write") for noun in ("blocks", "follows", "mutes"))

SCOPES: frozenset[str] = frozenset(
    ["profile", "read", "write", "follow", "push", "admin:read", "admin:write"]
    + [f"read:{noun}" for noun in _READ]
    + [f"write:{noun}" for noun in _WRITE]
    + [f"admin:read:{noun}" for noun in _ADMIN]
    + [f"admin:write:{noun}" for noun in _ADMIN]
)
DEFAULT = "read"


def parse(text: str) -> tuple[str, ...]:
    """The scopes that `text` lists, each once, in order; BadInput (`invalid_scope`) if one is not known."""
    asked = tuple(dict.fromkeys(text.replace("+", " ").split())) or (DEFAULT,)
    if len(text) > 2_000 or any(scope not in SCOPES for scope in asked):
        raise BadInput("The requested scope is invalid, unknown, or malformed.")
    return asked


def allows(granted: Iterable[str], needed: str) -> bool:
    """Whether one of `granted` is `needed` or holds it."""
    granted = granted if isinstance(granted, frozenset | set) else frozenset(granted)
    if needed in granted:
        return True
    if needed in _FOLLOW and "follow" in granted:
        return True
    # What `profile` allows is a part of what `read:accounts` allows.
    if needed == "profile":
        return "read" in granted or "read:accounts" in granted
    wide = needed
    while ":" in wide:
        wide = wide.rpartition(":")[0]
        if wide in granted:
            return True
    return False


def within(asked: Iterable[str], registered: Iterable[str]) -> bool:
    """Whether an application that registered some scopes may ask for these."""
    registered = frozenset(registered)
    return all(allows(registered, scope) for scope in asked)
