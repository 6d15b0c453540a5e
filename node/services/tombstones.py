"""What is gone is remembered, so that it does not come back when its beginning arrives after its end."""

from typing import Any

from node import clock
from node.models import Tombstone
from node.models.paged import one_id
from node.models.rows import Insert
from node.store import Prepared, param

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
