"""Telling people what concerns them: the one place that decides whether they want to hear it."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import msgspec
import peewee
from peewee import fn

from node import clock, ids, streams
from node.errors import NotFound
from node.models import (
    Account,
    Block,
    Decision,
    Membership,
    Mute,
    Notification,
    NotificationKind,
    NotificationPolicy,
    PushSubscription,
    Status,
    ThreadMute,
)
from node.models.access import blocked, domain_blocked, exists, follows, present, readable
from node.models.notification import OF_NOBODY
from node.models.paged import Paged
from node.paging import Page
from node.services.notifications import policy as notification_policy
from node.services.notifications import push
from node.services.notifications import requests as notification_requests
from node.store import Prepared, in_ids, param

UNREAD_MAX = 1_000
NOT_FOUND = "Record not found"


class Told(msgspec.Struct, frozen=True, gc=False):
    """A notification as it is read: an instance of the model costs tenfold."""

    id: int
    sender_id: int
    kind: str
    status_id: int | None
    report_id: int | None
    collection_id: int | None
    warning_id: int | None
    severance_id: int | None
    created_at: int


def _insert(with_status: bool) -> Any:
    """`INSERT … SELECT` of the recipient and the sender, if nothing speaks against it."""
    recipient, sender = Account.alias(), Account.alias()
    who, by = recipient.id, sender.id
    muting = exists(
        Mute,
        Mute.account == who,
        Mute.target == by,
        Mute.hide_notifications,
        Mute.expires_at.is_null() | (Mute.expires_at > param("now")),
    )
    # Whoever follows somebody of a domain it blocks has said what it wants.
    unknown = ~follows(who, by) & domain_blocked(who, sender)
    policy = NotificationPolicy.alias()
    dropped, held = (
        notification_policy.matches(decision, policy, who, sender, with_status)
        for decision in (Decision.DROP, Decision.FILTER)
    )
    query = (
        recipient.select(
            param("id").cast("BIGINT"),
            who,
            by,
            param("kind").cast("TEXT"),
            param("status").cast("BIGINT") if with_status else peewee.SQL("NULL"),
            param("report").cast("BIGINT"),
            param("collection").cast("BIGINT"),
            param("warning").cast("BIGINT"),
            param("severance").cast("BIGINT"),
            param("now").cast("BIGINT"),
            peewee.Case(None, [(held, True)], False),
        )
        .join(sender, on=(sender.id == param("sender")))
        .switch(recipient)
        .join(policy, peewee.JOIN.LEFT_OUTER, on=(policy.account == who))
        .where(
            recipient.id == param("account"),
            exists(Membership, Membership.account == who),
            present(sender),
            ~blocked(who, by),
            ~muting,
            ~unknown,
            ~dropped,
            ~_thread_muted(who) if with_status else ~_told(who, by),
        )
    )
    fields = [
        Notification.id,
        Notification.account,
        Notification.sender,
        Notification.kind,
        Notification.status,
        Notification.report,
        Notification.collection,
        Notification.warning,
        Notification.severance,
        Notification.created_at,
        Notification.filtered,
    ]
    # Whether anybody is to be told by Web Push costs no question of its own.
    pushed = exists(PushSubscription, PushSubscription.account == param("account"))
    made = Notification.insert_from(query, fields).on_conflict_ignore()
    return made.returning(Notification.id, Notification.filtered, pushed)


def _thread_muted(account: Any) -> Any:
    query = ThreadMute.select(peewee.SQL("1")).join(Status, on=(Status.thread == ThreadMute.thread))
    return fn.EXISTS(query.where(ThreadMute.account == account, Status.id == param("status")))


def _told(account: Any, sender: Any) -> Any:
    """A unique key does not hold for what is about no status: null equals nothing."""
    return exists(
        Notification,
        Notification.account == account,
        Notification.sender == sender,
        Notification.kind == param("kind"),
        Notification.status.is_null(),
        fn.COALESCE(Notification.report, 0) == fn.COALESCE(param("report").cast("BIGINT"), 0),
        fn.COALESCE(Notification.collection, 0) == fn.COALESCE(param("collection").cast("BIGINT"), 0),
        fn.COALESCE(Notification.warning, 0) == fn.COALESCE(param("warning").cast("BIGINT"), 0),
        fn.COALESCE(Notification.severance, 0) == fn.COALESCE(param("severance").cast("BIGINT"), 0),
    )


_ABOUT_STATUS: Prepared[tuple[int, bool, bool]] = Prepared(lambda: _insert(True), lambda *row: row)
_ABOUT_SENDER: Prepared[tuple[int, bool, bool]] = Prepared(lambda: _insert(False), lambda *row: row)


def notify(
    account_id: int,
    kind: NotificationKind,
    sender_id: int,
    *,
    status_id: int | None = None,
    report_id: int | None = None,
    collection_id: int | None = None,
    warning_id: int | None = None,
    severance_id: int | None = None,
) -> int | None:
    """Tell a local account, unless it does not want to hear it or was told before; the notification's id."""
    if account_id == sender_id and kind is not NotificationKind.POLL and kind not in OF_NOBODY:
        return None
    values = {
        "id": ids.new_id(),
        "account": account_id,
        "sender": sender_id,
        "kind": str(kind),
        "report": report_id,
        "collection": collection_id,
        "warning": warning_id,
        "severance": severance_id,
        "now": clock.now_ms(),
    }
    made = _ABOUT_SENDER.all(**values) if status_id is None else _ABOUT_STATUS.all(**values, status=status_id)
    if not made:
        return None
    notification_id, is_held, is_pushed = made[0]
    if is_held:
        notification_requests.note(account_id, sender_id)
        return notification_id
    topics = (f"user:{account_id}", f"notifications:{account_id}")
    streams.publish(topics, "notification", notification_id, str(kind))
    if is_pushed:
        push.announce(account_id, kind, sender_id, notification_id)
    return notification_id


def _of_account() -> Any:
    account = param("account")
    lasts = Mute.expires_at.is_null() | (Mute.expires_at > param("now")) | domain_blocked(account, Account)
    hidden = exists(Mute, Mute.account == account, Mute.target == Account.id, Mute.hide_notifications, lasts)
    return (
        Notification.select(*(getattr(Notification, name) for name in Told.__struct_fields__))
        .join(Account, on=(Account.id == Notification.sender))
        .where(
            Notification.account == account,
            present(Account),
            # Most people block and mute nobody. That is asked once, and who did nothing of it costs no look at each row.
            ~(
                (exists(Block, Block.account == account) | exists(Block, Block.target == account))
                & blocked(account, Account.id)
            ),
            ~(exists(Mute, Mute.account == account) & hidden),
            Notification.status.is_null() | readable(Notification.status, account),
        )
    )


_PAGE = Paged(lambda: _of_account().where(~Notification.filtered), Notification.id, Told)
_GET = Prepared(lambda: _of_account().where(Notification.id == param("id")), Told)


def page(
    account_id: int,
    page: Page,
    types: Iterable[str] = (),
    exclude: Iterable[str] = (),
    sender_id: int | None = None,
    *,
    include_held: bool = False,
) -> list[Told]:
    """Newest first: of `types` if any are named, without those of `exclude`, by `sender_id` if one is given.

    Those that the account's policy holds back are left out, unless they are asked for.
    """
    query = _query(types, exclude, sender_id, include_held)
    return query.page(page, account=account_id, now=clock.now_ms(), sender=sender_id)


def walk(
    account_id: int,
    page: Page,
    types: Iterable[str] = (),
    exclude: Iterable[str] = (),
    sender_id: int | None = None,
    *,
    include_held: bool = False,
) -> AbstractContextManager[Iterator[tuple[Any, ...]]]:
    """The columns of the same, in the order of `Told`, one after the other: for whoever may stop before the end."""
    query = _query(types, exclude, sender_id, include_held)
    return query.walk(page, account=account_id, now=clock.now_ms(), sender=sender_id)


def _query(types: Iterable[str], exclude: Iterable[str], sender_id: int | None, include_held: bool) -> Paged[Told]:
    if not types and not exclude and sender_id is None and not include_held:
        return _PAGE
    return _chosen(tuple(sorted(types)), tuple(sorted(exclude)), sender_id is not None, include_held)


_choices: dict[tuple[tuple[str, ...], bool, bool], Paged[Told]] = {}
_KINDS = frozenset(NotificationKind)


def _chosen(types: tuple[str, ...], exclude: tuple[str, ...], by_sender: bool, include_held: bool) -> Paged[Told]:
    """The query for one choice of kinds; apps ask for the same few again and again, and unknown kinds are dropped."""
    kinds = (set(types) & _KINDS if types else set(_KINDS)) - set(exclude)
    key = (tuple(sorted(kinds)), by_sender, include_held)

    def build() -> Any:
        query = _of_account().where(Notification.kind.in_(list(map(str, key[0]))))
        if by_sender:
            query = query.where(Notification.sender == param("sender"))
        return query if include_held else query.where(~Notification.filtered)

    if key not in _choices:
        _choices[key] = Paged(build, Notification.id, Told)
    return _choices[key]


def get(account_id: int, notification_id: int) -> Told:
    """NotFound for those of others."""
    row = _GET.first(account=account_id, id=notification_id, now=clock.now_ms())
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def dismiss(account_id: int, notification_ids: Iterable[int]) -> None:
    """Those of others stay."""
    Notification.delete().where(
        (Notification.account == account_id) & Notification.id.in_(list(notification_ids))
    ).execute()


def clear(account_id: int) -> None:
    Notification.delete().where(Notification.account == account_id).execute()


def unread_count(account_id: int, last_read_id: int, limit: int = 100) -> int:
    """How many are newer than what was read; counting ends at `limit`."""
    newest = Page(limit=min(limit, UNREAD_MAX), since_id=last_read_id)
    return len(_PAGE.page(newest, account=account_id, now=clock.now_ms()))


def withdraw(kind: NotificationKind, sender_id: int, status_id: int) -> None:
    """What was done is undone: nobody needs to hear of it."""
    _WITHDRAW.run(kind=str(kind), sender=sender_id, status=status_id)


def withdraw_from(account_id: int, kind: NotificationKind, sender_id: int) -> None:
    """The same for what is about no post, of one reader."""
    Notification.delete().where(
        (Notification.account == account_id) & (Notification.sender == sender_id) & (Notification.kind == kind)
    ).execute()


def withdraw_follows_of(sender_ids: list[int]) -> None:
    """None of these follows anybody here any more, or asks to."""
    kinds = [NotificationKind.FOLLOW, NotificationKind.FOLLOW_REQUEST]
    Notification.delete().where(in_ids(Notification.sender, sender_ids), Notification.kind.in_(kinds)).execute()


_WITHDRAW = Prepared(
    lambda: Notification.delete().where(
        (Notification.status == param("status"))
        & (Notification.sender == param("sender"))
        & (Notification.kind == param("kind"))
    ),
    tuple,
)
