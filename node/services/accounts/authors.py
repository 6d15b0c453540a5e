"""Accounts as lists of posts and notifications show them: remembered until something that is shown of them changes.

authors.by_ids([…])      # one narrow query; whole rows are read of those alone that are not remembered
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from node.models import Account
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.caching.remembered import Remembered
from node.store import Prepared, in_ids, param

# All that is shown of an account changes one of these; what does not, such as a badge, is seen a minute later.
_COLUMNS = (
    "id",
    "version",
    "statuses_count",
    "followers_count",
    "following_count",
    "last_status_at",
    "silenced_at",
    "suspended_at",
    "sensitized_at",
    "moved_to",
)

Key = tuple[Any, ...]  # the values of `columns()`


class Author(msgspec.Struct, eq=False):
    """An account as it was a moment ago, with what outer layers made of it."""

    id: int
    view: AccountView
    memo: dict[str, Any] = {}

    @property
    def account(self) -> Account:
        return self.view.account


def columns() -> list[Any]:
    """What a query of something else selects of its author, to be found by."""
    return [getattr(Account, name) for name in _COLUMNS]


_known: Remembered[Key, Author] = Remembered(entries=3_000, seconds=60)
_KEYS: Prepared[Key] = Prepared(
    lambda: Account.select(*columns()).where(in_ids(Account.id, param("ids"))), lambda *values: values
)


def by_keys(keys: Iterable[Key]) -> dict[Key, Author]:
    """Without those that are suspended or deleted."""
    _known.tidy()
    wanted = set(keys)
    found = {key: author for key in wanted if (author := _known.get(key)) is not None}
    missing = [key for key in wanted if key not in found]
    if missing:
        views = {view.account.id: view for view in account_view.load(list({key[0] for key in missing}))}
        for key in missing:
            if key[0] in views:
                found[key] = Author(id=key[0], view=views[key[0]])
                _known.put(key, found[key])
    return found


def by_ids(account_ids: Sequence[int]) -> dict[int, Author]:
    """The same by id, in the order given."""
    if not account_ids:
        return {}
    keys = {key[0]: key for key in _KEYS.all(ids=list(account_ids))}
    found = by_keys(keys.values())
    return {i: found[keys[i]] for i in account_ids if i in keys and keys[i] in found}
