"""Web Push subscriptions: an app's wish to be told of some kinds of notifications while it is closed."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from node import clock, ids, web_push
from node.errors import BadInput, Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import NotificationKind, PushKey, PushPolicy, PushSubscription
from node.models.access import follows
from node.store import Prepared, param

NOT_FOUND = "Record not found"
# Each costs a request for every notification, and anybody may have any number of tokens.
MOST_PER_ACCOUNT = 20


@dataclass(frozen=True, kw_only=True)
class Wish:
    """`endpoint` is an address that may be asked (federation/delivery/push.py).

    `sealed_token` opens with the node's secret.
    """

    endpoint: str
    p256dh: str
    auth: str
    standard: bool = False
    policy: PushPolicy = PushPolicy.ALL
    alerts: Set[NotificationKind] = frozenset()
    sealed_token: str = ""


# ── the node's key ──


def ensure_key() -> None:
    """The VAPID key is made on the first start; of two processes that start at once, one makes it."""
    if PushKey.get_or_none() is None:
        private_pem, public_key = web_push.generate()
        PushKey.insert(
            id=1, private_pem=private_pem, public_key=public_key, created_at=clock.now_ms()
        ).on_conflict_ignore().execute()


def key() -> PushKey:
    """RuntimeError before the first `ensure_key`."""
    row = PushKey.get_or_none()
    if row is None:
        raise RuntimeError("The key for Web Push is made when the node starts.")
    return row


# ── subscriptions ──


def subscribe(token_id: int, account_id: int, wish: Wish) -> PushSubscription:
    """In place of what this token had. Invalid for keys that nothing can be encrypted for."""
    return replace(account_id, wish, PushSubscription.token, token_id)


def replace(account_id: int, wish: Wish, owner: Any, owner_id: int) -> PushSubscription:
    """The same for a token or a session: `owner` is the column that refers to it."""
    try:
        keys = web_push.receiver(wish.p256dh, wish.auth)
    except BadInput as error:
        raise Invalid(f"The keys of the subscription cannot be used: {error}", {"keys": str(error)}) from error
    values = {
        "id": ids.new_id(),  # what is still to be told to the one before is not for this one
        "account": account_id,
        "endpoint": wish.endpoint,
        "p256dh": keys.p256dh_text,
        "auth": keys.auth_text,
        "standard": wish.standard,
        "policy": wish.policy,
        "alerts": _words(wish.alerts),
        "sealed_token": wish.sealed_token,
        "refusals": 0,
        "created_at": clock.now_ms(),
    }
    insert = PushSubscription.insert(**{owner.name: owner_id}, **values)
    insert.on_conflict(conflict_target=[owner], update=values).execute()
    _make_room(account_id)
    made: PushSubscription = PushSubscription.get(owner == owner_id)
    return made


def of_token(token_id: int) -> PushSubscription:
    row = PushSubscription.get_or_none(PushSubscription.token == token_id)
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def change(
    token_id: int, *, alerts: Set[NotificationKind] | None = None, policy: PushPolicy | None = None
) -> PushSubscription:
    """What is None stays."""
    row = of_token(token_id)
    if alerts is not None:
        row.alerts = _words(alerts)
    if policy is not None:
        row.policy = policy
    PushSubscription.update(alerts=row.alerts, policy=row.policy).where(PushSubscription.id == row.id).execute()
    return row


def end(token_id: int) -> None:
    PushSubscription.delete().where(PushSubscription.token == token_id).execute()


def kinds_of(row: PushSubscription) -> frozenset[str]:
    return frozenset(row.alerts.split())


def _words(alerts: Set[NotificationKind]) -> str:
    return " ".join(sorted(alerts))


def _make_room(account_id: int) -> None:
    newest = PushSubscription.select(PushSubscription.id).where(PushSubscription.account == account_id)
    too_old = [row.id for row in newest.order_by(PushSubscription.id.desc()).offset(MOST_PER_ACCOUNT).limit(100)]
    if too_old:
        PushSubscription.delete().where(PushSubscription.id.in_(too_old)).execute()


# ── telling ──


def _subscribed() -> Any:
    account, sender = param("account"), param("sender")
    return PushSubscription.select(
        PushSubscription.id,
        PushSubscription.alerts,
        PushSubscription.policy,
        follows(account, sender),
        follows(sender, account),
    ).where(PushSubscription.account == account)


_SUBSCRIBED: Prepared[tuple[int, str, str, bool, bool]] = Prepared(_subscribed, lambda *row: row)


def announce(account_id: int, kind: str, sender_id: int, notification_id: int) -> None:
    """A job for each subscription that wants this notification, in the unit of work that made it."""
    for number, alerts, policy, is_followed, is_follower in _SUBSCRIBED.all(account=account_id, sender=sender_id):
        allowed = {
            PushPolicy.ALL: True,
            PushPolicy.FOLLOWED: is_followed,
            PushPolicy.FOLLOWER: is_follower,
            PushPolicy.NONE: False,
        }
        if kind in alerts.split() and allowed[PushPolicy(policy)]:
            enqueue(JobKind.PUSH, number, payload={"notification_id": notification_id})
