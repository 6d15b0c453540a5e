"""The words of shown names, in the kind of index that each engine has. The database keeps it by itself."""

from typing import Any

import peewee
from peewee import fn

from node.models.account import Account
from node.models.search import words_of
from node.store import is_sqlite

_TABLE = peewee.Table("account_search")


def wanted(text: str) -> str:
    """All words of `text`, the last perhaps only begun, as the engine is asked for them; empty for none."""
    words = words_of(text)
    if not words:
        return ""
    return (
        " ".join(f'"{word}"' for word in words) + "*"
        if is_sqlite()
        else " & ".join(f"'{word}'" for word in words) + ":*"
    )


def ids(text: Any) -> Any:
    """A query for the ids of accounts whose shown name has `text`, as `wanted` gives it; in no order."""
    if is_sqlite():
        return _TABLE.select(_TABLE.c.rowid.alias("id")).where(
            peewee.Expression(_TABLE.c.account_search, "MATCH", text)
        )
    # As the index has it, to the letter: another parameter would be another expression.
    simple, account = peewee.SQL("'simple'"), Account.alias()
    words = fn.to_tsvector(simple, account.display_name)
    return account.select(account.id).where(peewee.Expression(words, "@@", fn.to_tsquery(simple, text)))
