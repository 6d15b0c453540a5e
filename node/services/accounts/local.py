"""Accounts of this node."""

from node import clock, ids, site
from node.errors import Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.keys import KeyPair, generate_ed25519
from node.models import Account, ActorKind, FormerName, SigningKey
from node.models.rows import Insert
from node.services.accounts.lookup import NOT_FOUND, by_id, by_uri
from node.services.moderation import audit
from node.store import Prepared, param
from node.text.names import check_local_name, fold_name

NAME_TAKEN = "This name is taken. Choose another one."

_WAS_TAKEN = Prepared(lambda: FormerName.select(FormerName.id).where(FormerName.username_key == param("key")), int)
_INSERT = Insert(Account, ignore=True)
_INSERT_KEY = Insert(SigningKey)


def create_local(
    username: str,
    *,
    keys: KeyPair,
    display_name: str = "",
    kind: ActorKind = ActorKind.PERSON,
    at: int | None = None,
) -> Account:
    """A new account; `keys` were made before, in a thread. Invalid when the name cannot be had, or ever was."""
    name = check_local_name(username)
    account_id = ids.new_id()
    uri = site.actor_uri(account_id)
    row = {
        "id": account_id,
        "username": name,
        "uri": uri,
        "url": site.profile_url(name),
        "kind": kind,
        "display_name": display_name,
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers_uri": f"{uri}/followers",
        "following_uri": f"{uri}/following",
        "featured_uri": f"{uri}/collections/featured",
    }
    return _insert(row, keys, at)


def ensure_instance_actor(keys: KeyPair) -> Account:
    """The actor that signs what nobody in particular asks for, made on the first start. It cannot be followed."""
    actor = by_uri(site.instance_actor_uri())
    if actor is not None:
        return actor
    uri = site.instance_actor_uri()
    row = {
        "id": ids.new_id(),
        # Its handle is the domain twice, as Mastodon's is: no person can have a name with a dot.
        "username": site.instance_actor_name(),
        "uri": uri,
        "url": f"{site.base_url}/about",
        "kind": ActorKind.APPLICATION,
        "inbox": site.shared_inbox_uri(),
        "outbox": f"{uri}/outbox",
        "locked": True,
    }
    return _insert(row, keys, None)


def instance_actor() -> Account:
    """RuntimeError before the first `ensure_instance_actor`."""
    actor = by_uri(site.instance_actor_uri())
    if actor is None:
        raise RuntimeError("The instance actor is made when the node starts.")
    return actor


def signing_key(account_id: int) -> SigningKey | None:
    """None for remote accounts, and once a deleted account's goodbyes are delivered."""
    return SigningKey.get_or_none(SigningKey.account == account_id)


def rotate_keys(account_id: int, keys: KeyPair) -> None:
    """New keys, told to followers; `keys` were made before, in a thread. Others look again when a signature fails."""
    account = Account.get_or_none(Account.id == account_id, Account.domain == "", Account.deleted_at.is_null())
    if account is None:
        raise NotFound(NOT_FOUND)
    SigningKey.delete().where(SigningKey.account == account_id).execute()
    _store_keys(account_id, keys)
    Account.update(version=Account.version + 1).where(Account.id == account_id).execute()
    audit.record(None, "rotate.keys", account.username)
    enqueue(JobKind.SEND_PROFILE, account_id, once=True)


def _insert(row: dict[str, object], keys: KeyPair, at: int | None) -> Account:
    now = clock.now_ms() if at is None else at
    row |= {
        "username_key": fold_name(str(row["username"])),
        "shared_inbox": site.shared_inbox_uri(),
        "created_at": now,
    }
    if _WAS_TAKEN.first(key=row["username_key"]) is not None:
        raise Invalid(NAME_TAKEN, {"username": NAME_TAKEN})
    # The unique index decides, so that two who want one name at one moment cannot both get it.
    if not _INSERT.run(**row):
        raise Invalid(NAME_TAKEN, {"username": NAME_TAKEN})
    account = by_id(int(str(row["id"])))
    assert account is not None  # noqa: S101 - inserted just now
    _store_keys(account.id, keys)
    return account


def _store_keys(account_id: int, keys: KeyPair) -> None:
    _INSERT_KEY.run(
        account=account_id,
        private_pem=keys.private_pem,
        public_pem=keys.public_pem,
        ed25519_pem=generate_ed25519().private_pem,  # takes 50 µs, where RSA keys are made in a thread before
        created_at=clock.now_ms(),
    )
