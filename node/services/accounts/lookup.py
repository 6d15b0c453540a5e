"""Finding accounts. These run for each request and each activity, so the queries are prepared."""

from typing import Any

import msgspec

from node import clock, site
from node.errors import NotFound
from node.models import Account, FormerName, MemberRole, Membership, RemoteKey
from node.models.account import Standing
from node.models.rows import columns, row_of, rows_of
from node.store import Prepared, in_ids, param
from node.text.names import fold_name

NOT_FOUND = "Record not found"
FORMER_NAME_MS = 365 * clock.DAY  # an old name leads to its owner so long


class Glance(Standing, msgspec.Struct, frozen=True, gc=False):
    """Whether an account is there, and which version of it: asked for each document, and no more than that needs."""

    id: int
    version: int
    username: str
    domain: str
    uri: str
    kind: str
    suspended_at: int | None
    deleted_at: int | None
    created_at: int


_GLANCE = Prepared(
    lambda: Account.select(*(getattr(Account, name) for name in Glance.__struct_fields__)).where(
        Account.id == param("id")
    ),
    Glance,
)
_BY_ID = Prepared(lambda: Account.select(*columns(Account)).where(Account.id == param("id")), row_of(Account))
_BY_IDS = Prepared(lambda: Account.select(*columns(Account)).where(in_ids(Account.id, param("ids"))), row_of(Account))
_BY_URI = Prepared(lambda: Account.select(*columns(Account)).where(Account.uri == param("uri")), row_of(Account))
_BY_NAME = Prepared(
    lambda: Account.select(*columns(Account)).where(
        (Account.username_key == param("name")) & (Account.domain == param("domain"))
    ),
    row_of(Account),
)
_BY_FORMER_NAME = Prepared(
    lambda: (
        Account.select(*columns(Account))
        .join(FormerName, on=(FormerName.account == Account.id))
        .where((FormerName.username_key == param("name")) & (FormerName.created_at > param("since")))
    ),
    row_of(Account),
)
_KEY: Prepared[tuple[RemoteKey, Account]] = Prepared(
    lambda: (
        RemoteKey.select(*columns(RemoteKey), *columns(Account))
        .join(Account, on=(Account.id == RemoteKey.account))
        .where(RemoteKey.key_id == param("key_id"))
    ),
    rows_of(RemoteKey, Account),
)


def by_id(account_id: int) -> Account | None:
    """Whatever its state: deleted and suspended ones too."""
    return _BY_ID.first(id=account_id)


def glance(account_id: int) -> Glance | None:
    """The same, narrow."""
    return _GLANCE.first(id=account_id)


def by_ids(account_ids: list[int]) -> dict[int, Account]:
    """Those that exist, by id."""
    return {account.id: account for account in _BY_IDS.all(ids=account_ids)} if account_ids else {}


def by_uri(uri: str) -> Account | None:
    return _BY_URI.first(uri=uri)


def find(username: str, domain: str = "") -> Account | None:
    """By handle, in any case; `domain` is normalised already, and may be our own."""
    return _BY_NAME.first(name=fold_name(username), domain="" if site.is_local_domain(domain) else domain)


def former(username: str) -> Account | None:
    """The account of this node that had this name during the last year, and has another one now."""
    return _BY_FORMER_NAME.first(name=fold_name(username), since=clock.now_ms() - FORMER_NAME_MS)


def find_here(username: str) -> Account | None:
    """The account of this node with this name, now or before."""
    return find(username) or former(username)


def is_taken(username: str) -> bool:
    """Somebody here has this name, or ever had it."""
    return (
        find(username) is not None
        or FormerName.select().where(FormerName.username_key == fold_name(username)).exists()
    )


def visible(viewer_id: int | None, account_id: int) -> Account:
    """NotFound for deleted and suspended accounts, as for those that never were; one sees oneself in any state."""
    account = by_id(account_id)
    if account is None or account.deleted_at is not None or (account.is_gone and account_id != viewer_id):
        raise NotFound(NOT_FOUND)
    return account


def account_of(user_id: int) -> Account | None:
    """The account that a login speaks for when it does not say which: its own."""
    query = Account.select().join(Membership, on=(Membership.account == Account.id))
    return query.where(Membership.user == user_id, Membership.role == MemberRole.SELF).first()


def accounts_of(user_ids: list[int]) -> dict[int, Account]:
    """The same of many logins, by their ids."""
    query: Any = Membership.select(Membership.user, Membership.account)
    rows = query.where(in_ids(Membership.user, user_ids), Membership.role == MemberRole.SELF).tuples()
    owned: dict[int, int] = dict(rows)
    found = by_ids(list(owned.values()))
    return {user_id: found[account_id] for user_id, account_id in owned.items()}


def remote_key(key_id: str) -> tuple[RemoteKey, Account] | None:
    """A key that was found to be its owner's, and the owner."""
    return _KEY.first(key_id=key_id)
