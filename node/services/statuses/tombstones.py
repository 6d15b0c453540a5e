"""What is gone is remembered, so that it does not come back when its beginning arrives after its end."""

from typing import Any
from urllib.parse import urlsplit

from node import clock, site
from node.models import Tombstone
from node.models.paged import one_id
from node.models.rows import Insert
from node.services.servers import software
from node.store import Prepared, in_ids, param

# Long after the last try to deliver what was deleted, and after all that carries a proof of its own.
KEPT_MS = 90 * clock.DAY
_AT_ONCE = 5_000

_INSERT = Insert(Tombstone, ignore=True)
_FIND: Prepared[Any] = Prepared(
    lambda: Tombstone.select(Tombstone.id).where(
        Tombstone.uri == param("uri"), Tombstone.account_uri == param("account_uri")
    ),
    one_id,
)

_DELETED_AT = Prepared(
    lambda: Tombstone.select(Tombstone.deleted_at).where(
        Tombstone.uri == param("uri"), Tombstone.account_uri == param("account_uri")
    ),
    lambda at: int(at),
)


def bury(uri: str, account_uri: str) -> None:
    """From now on what `account_uri` calls `uri` is gone. It says nothing of what others call so."""
    _INSERT.run(uri=uri, account_uri=account_uri, deleted_at=clock.now_ms())


def is_buried(uri: str, account_uri: str) -> bool:
    return _FIND.first(uri=uri, account_uri=account_uri) is not None


def deleted_at(uri: str, account_uri: str) -> int | None:
    """When what `account_uri` called `uri` was deleted; None if it is not buried."""
    return _DELETED_AT.first(uri=uri, account_uri=account_uri)


def forget_old() -> int:
    """Those of other servers: whoever asks there hears the truth. Ours answer 410 for ever. Run hourly."""
    ours = Tombstone.account_uri.startswith(f"{site.base_url}/")
    old = Tombstone.select(Tombstone.id).where(Tombstone.deleted_at < clock.now_ms() - KEPT_MS, ~ours)
    found = [row.id for row in old.order_by(Tombstone.deleted_at).limit(_AT_ONCE)]
    count: int = Tombstone.delete().where(in_ids(Tombstone.id, found)).execute() if found else 0
    return count


# ── for a while ────────────────────────────────────────────────────────────────────────────────────────────────────

# An Undo that overtook what it undoes is remembered so long. Not for ever: Misskey gives the follows of a pair one id.
OVERTAKEN_MS = clock.HOUR
# Where ids are never used again, for as long as somebody may try to deliver what was overtaken.
_NEVER_AGAIN_MS = 14 * clock.DAY


def remember_undone(uri: str, account_uri: str) -> None:
    """`account_uri` took back what it calls `uri`, and what is not known here: it may still come."""
    now = clock.now_ms()
    if not _INSERT.run(uri=uri, account_uri=account_uri, deleted_at=now):
        own = (Tombstone.uri == uri) & (Tombstone.account_uri == account_uri)
        Tombstone.update(deleted_at=now).where(own).execute()


def was_undone(uri: str, account_uri: str) -> bool:
    at = deleted_at(uri, account_uri)
    if at is None:
        return False
    age = clock.now_ms() - at
    return age < OVERTAKEN_MS or (
        age < _NEVER_AGAIN_MS and software.names_each_act(urlsplit(account_uri).netloc.lower())
    )
