"""Rows for tests: each function fills in everything that a test does not care about.

Outside of a unit of work each makes its own; inside of one they take part in it.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import msgspec

from node import clock, ids, passwords, store
from node.jobs import JobKind
from node.keys import KeyPair, generate_rsa
from node.models import Account, Job, Membership, RemoteKey, Role, User
from node.models.rows import Insert
from node.services import accounts
from node.services.follows import rows as follow_rows
from node.text.names import fold_name

PASSWORD = "a password of nine words is hard to guess"

_numbers = itertools.count(1)


class Person(NamedTuple):
    """A local account and the login that speaks for it."""

    account: Account
    user: User


@cache
def rsa_keys() -> KeyPair:
    """One pair for a whole run: making one takes longer than most tests."""
    return generate_rsa()


@cache
def other_rsa_keys() -> KeyPair:
    """Another one, for those who sign with the wrong key."""
    return generate_rsa()


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`."""
    return passwords.hash_password(PASSWORD)


@contextmanager
def in_unit() -> Iterator[None]:
    """In the unit of work that is open, or in one of its own."""
    if store.database.in_transaction():
        yield
    else:
        with store.transaction():
            yield


def make_person(username: str = "", *, role: Role = Role.USER, **columns: Any) -> Person:
    """An approved and confirmed login with an account; `columns` are of the account."""
    username = username or f"person{next(_numbers)}"
    with in_unit():
        account = make_account(username, **columns)
        now = clock.now_ms()
        email = f"{username}@mail.test"
        user = _create(
            User,
            email=email,
            email_key=email,
            password_hash=password_hash(),
            role=role,
            approved_at=now,
            confirmed_at=now,
            last_active_at=now,
            created_at=now,
        )
        _create(Membership, user=user.id, account=account.id, created_at=now)
    return Person(account, user)


def make_account(username: str = "", **columns: Any) -> Account:
    """A local account that nobody signs in to."""
    with in_unit():
        account = accounts.create_local(username or f"account{next(_numbers)}", keys=rsa_keys())
        return _changed(account, columns)


def make_remote(username: str = "", domain: str = "remote.test", **columns: Any) -> Account:
    """A remote account with its key, as if its actor had been fetched."""
    username = username or f"remote{next(_numbers)}"
    uri = columns.pop("uri", f"https://{domain}/users/{username}")
    now = clock.now_ms()
    row = {
        "id": ids.new_id(),
        "username": username,
        "username_key": fold_name(username),
        "domain": domain,
        "uri": uri,
        "url": f"https://{domain}/@{username}",
        "inbox": f"{uri}/inbox",
        "shared_inbox": f"https://{domain}/inbox",
        "outbox": f"{uri}/outbox",
        "followers_uri": f"{uri}/followers",
        "following_uri": f"{uri}/following",
        "featured_uri": f"{uri}/collections/featured",
        "created_at": now,
        "fetched_at": now,
    }
    with in_unit():
        account: Account = _create(Account, **row | columns)
        _create(
            RemoteKey,
            key_id=f"{uri}#main-key",
            account=account.id,
            kind="rsa",
            public_pem=rsa_keys().public_pem,
            fetched_at=now,
        )
    return account


def _create(model: Any, **values: Any) -> Any:
    """As `model.create`, with SQL that is built once for a run: most tests begin with some people."""
    assert values.keys() <= model._meta.fields.keys()
    return _insert(model).make(values)


@cache
def _insert(model: Any) -> Insert:
    return Insert(model)


def _changed(account: Account, columns: dict[str, Any]) -> Account:
    if not columns:
        return account
    Account.update(**columns).where(Account.id == account.id).execute()
    return Account.get_by_id(account.id)


def waiting_jobs(kind: JobKind) -> list[Job]:
    """What is in the queue of that kind, the first enqueued first."""
    return list(Job.select().where(Job.kind == kind).order_by(Job.id))


def payload_of(job: Job) -> dict[str, Any]:
    return dict(msgspec.json.decode(job.payload))


def befriend(follower: Account, target: Account) -> None:
    """`follower` follows `target`, whoever they are."""
    with in_unit():
        follow_rows.add(follower.id, target.id)
