"""Accounts of other nodes, as their actors say they are.

Whoever calls has fetched the actor from its origin and has confirmed its handle by WebFinger in both directions.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from node import clock, ids, site
from node.errors import Forbidden, Invalid
from node.models import Account, ActorKind, RemoteKey, Severity
from node.models.rows import Insert, columns, row_of
from node.services.access import signed_in
from node.services.accounts import verified
from node.services.accounts.erasure import erase
from node.services.accounts.lookup import by_uri
from node.services.moderation import audit
from node.services.servers import domains
from node.store import Prepared, param
from node.text.names import fold_name


@dataclass(frozen=True, kw_only=True, slots=True)
class ActorKey:
    """A public key that the actor lists and that lists the actor."""

    key_id: str
    kind: str  # rsa or ed25519
    pem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileField:
    """One extra line of a profile; `value` is sanitised HTML."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActorFacts:
    """A remote actor, parsed, limited and sanitised."""

    uri: str
    username: str
    domain: str
    url: str = ""
    kind: ActorKind = ActorKind.PERSON
    display_name: str = ""
    note: str = ""
    fields: tuple[ProfileField, ...] = ()
    emoji: tuple[str, ...] = ()
    also_known_as: tuple[str, ...] = ()
    attribution_domains: tuple[str, ...] = ()
    feature_policy: str = ""
    avatar_remote_url: str = ""
    avatar_description: str = ""
    header_remote_url: str = ""
    header_description: str = ""
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    hides_public: bool = False
    hides_unlisted: bool = False
    hide_collections: bool = False
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    memorial: bool = False
    moved_to_id: int | None = None
    inbox: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers_uri: str = ""
    following_uri: str = ""
    featured_uri: str = ""
    created_at: int | None = None
    statuses_count: int | None = None
    followers_count: int | None = None
    following_count: int | None = None
    keys: tuple[ActorKey, ...] = field(default=())


# What is stored in another form than it is told in.
_CONVERTED = frozenset(
    {"fields", "emoji", "also_known_as", "attribution_domains", "keys", "created_at", "moved_to_id"}
)
_PLAIN = tuple(name for name in ActorFacts.__dataclass_fields__ if name not in _CONVERTED)


# First-seen actors come by the thousand, so what each of them needs is prepared.
_HOLDER = Prepared(
    lambda: Account.select(Account.id).where(
        (Account.username_key == param("name")) & (Account.domain == param("domain")) & (Account.uri != param("uri"))
    ),
    int,
)
_SEEN = Prepared(
    lambda: Account.update({Account.fetched_at: param("now")}).where(Account.id == param("id")), lambda *row: row
)
_KEYS = Prepared(
    lambda: RemoteKey.select(*columns(RemoteKey)).where(RemoteKey.account == param("account")), row_of(RemoteKey)
)
_INSERT = Insert(Account, ignore=True)
_INSERT_KEY = Insert(RemoteKey, ignore=True)


def introduce(facts: ActorFacts) -> Account:
    """Keep the keys of an actor that nobody has confirmed yet, so that what it signed can be told from forgeries.

    It goes by no handle, and nothing of what it says about itself is kept, before `receive`.
    """
    block = _check_domain(facts)
    known = by_uri(facts.uri)
    if known is not None and known.is_confirmed:
        return known
    account = known
    if account is None:
        row_id = ids.new_id()
        row = {name: getattr(facts, name) for name in ("uri", "username", "domain", "inbox", "shared_inbox")}
        account = _insert(facts, row | {"id": row_id, "username_key": f"#{row_id}"}, block, None)
    _store_keys(account.id, facts.keys)
    return account


def receive(facts: ActorFacts) -> Account:
    """Make or renew the account of an actor. Forbidden for suspended domains; what was deleted stays deleted."""
    block = _check_domain(facts)
    known = by_uri(facts.uri)
    if known is not None and known.deleted_at is not None:
        return known
    row = _row(facts)
    _free_handle(row, facts.uri)
    if known is None:
        account = _insert(facts, row, block, clock.now_ms())
    else:
        account = _renew(known, row, block)
    _store_keys(account.id, facts.keys)
    return account


def _check_domain(facts: ActorFacts) -> domains.Rule | None:
    if site.is_local_domain(facts.domain) or facts.uri.startswith(f"{site.base_url}/"):
        raise Invalid("This actor claims to live here.")
    block = domains.rule_of(facts.domain)
    if block is not None and block.severity is Severity.SUSPEND:
        raise Forbidden("This node does not speak with that domain.")
    return block


def suspend_received(uri: str) -> None:
    """Its own node says that it is suspended."""
    account = by_uri(uri)
    if account is not None and not account.is_local and not account.is_gone:
        _set_suspended(account, clock.now_ms())
        audit.record(None, "suspend.account", audit.handle(account), {"by": "origin"})


def unsuspend_received(uri: str) -> None:
    """Its own node has taken that back. What was decided here stays."""
    account = by_uri(uri)
    if account is None or account.is_local or account.suspended_at is None:
        return
    decision = audit.latest("suspend.account", audit.handle(account))
    if decision is not None and msgspec.json.decode(decision.detail).get("by") == "origin":
        _set_suspended(account, None)
        audit.record(None, "unsuspend.account", audit.handle(account), {"by": "origin"})


def delete_received(uri: str) -> None:
    """The actor is gone for good, and so is everything of it. Unknown ones cost one look."""
    account = by_uri(uri)
    if account is not None and not account.is_local and account.deleted_at is None:
        erase(account)


def _row(facts: ActorFacts) -> dict[str, Any]:
    row = {name: getattr(facts, name) for name in _PLAIN if getattr(facts, name) is not None}
    row["username_key"] = fold_name(facts.username)
    row["fields"] = _json([_field(one) for one in facts.fields])
    row["emoji"] = _json(list(facts.emoji))
    row["also_known_as"] = _json(list(facts.also_known_as))
    row["attribution_domains"] = _json(list(facts.attribution_domains))
    row["moved_to"] = facts.moved_to_id
    return row


def _field(one: ProfileField) -> dict[str, Any]:
    return {"name": one.name, "value": one.value, "source": "", "verified_at": None, "checked_at": None}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _free_handle(row: dict[str, Any], uri: str) -> None:
    """The handle belongs to this actor now (WebFinger says so); who had it before keeps its posts under no handle."""
    former_id = _HOLDER.first(name=row["username_key"], domain=row["domain"], uri=uri)
    if former_id is not None:
        Account.update(username_key=f"{row['username_key']}#{former_id}").where(Account.id == former_id).execute()


def _insert(facts: ActorFacts, row: dict[str, Any], block: domains.Rule | None, fetched_at: int | None) -> Account:
    now = clock.now_ms()
    _INSERT.run(
        **row,
        created_at=min(facts.created_at or now, now),
        fetched_at=fetched_at,
        silenced_at=_silenced_at(block),
    )
    account = by_uri(facts.uri)
    assert account is not None  # noqa: S101 - inserted just now, by us or by somebody as quick
    return account


def _silenced_at(block: domains.Rule | None) -> int | None:
    """The time of the block marks what it did, so that lifting it undoes exactly that."""
    return block.created_at if block is not None and block.severity is Severity.SILENCE else None


def _renew(known: Account, row: dict[str, Any], block: domains.Rule | None) -> Account:
    if not known.is_confirmed:
        # Only now it is known which domain it belongs to.
        row = row | {"silenced_at": _silenced_at(block)}
    if "<a " in known.fields:  # what is known of its links does not come from there
        row = row | {"fields": _json(verified.carried(known.fields, verified.lines_of(row["fields"])))}
    changes = {name: value for name, value in row.items() if getattr(known, name) != value}
    now = clock.now_ms()
    if not changes:
        _SEEN.run(id=known.id, now=now)
        known.fetched_at = now
        return known
    # A new picture is fetched anew; until then there is none, rather than a wrong one.
    for picture in ("avatar", "header"):
        if f"{picture}_remote_url" in changes:
            changes[f"{picture}_key"] = ""
    _renewal(tuple(sorted(changes))).run(**changes, id=known.id, fetched_at=now)
    return by_uri(known.uri) or known


@lru_cache(maxsize=64)  # nearly all are for the few sets of columns that a first confirmation fills
def _renewal(names: tuple[str, ...]) -> Prepared[tuple[Any, ...]]:
    """Sets these columns, and says so: who has rendered the account before renders it anew."""
    changes = {getattr(Account, name): param(name) for name in (*names, "fetched_at")}
    return Prepared(
        lambda: Account.update(changes | {Account.version: Account.version + 1}).where(Account.id == param("id")),
        tuple,
    )


def _store_keys(account_id: int, keys: tuple[ActorKey, ...]) -> None:
    """The actor's keys are these and no others. A key that is another account's already stays theirs."""
    listed = {key.key_id: key for key in keys}
    known = {row.key_id: row for row in _KEYS.all(account=account_id)}
    for key_id, row in known.items():
        key = listed.get(key_id)
        if key is None:
            RemoteKey.delete().where(RemoteKey.id == row.id).execute()
        elif (key.kind, key.pem) != (row.kind, row.public_pem):
            RemoteKey.update(kind=key.kind, public_pem=key.pem, fetched_at=clock.now_ms()).where(
                RemoteKey.id == row.id
            ).execute()
    for key_id in listed.keys() - known.keys():
        key = listed[key_id]
        _INSERT_KEY.run(
            key_id=key_id, account=account_id, kind=key.kind, public_pem=key.pem, fetched_at=clock.now_ms()
        )


def _set_suspended(account: Account, at: int | None) -> None:
    Account.update(suspended_at=at, version=Account.version + 1).where(Account.id == account.id).execute()
    signed_in.account_suspended(account.id)
