"""Notifications with all that is shown of them, in a fixed number of queries."""

from collections.abc import Iterable, Sequence

import msgspec

from node.models import Account, NotificationKind, Report, Severance
from node.services.accounts import authors
from node.services.accounts import view as account_view
from node.services.accounts.authors import Author
from node.services.accounts.view import AccountView
from node.services.collections import view as collection_view
from node.services.collections.view import CollectionView
from node.services.interactions import reactions
from node.services.moderation import warning_rows
from node.services.moderation.warning_rows import Decided
from node.services.notifications import groups as notification_groups
from node.services.notifications.groups import NotificationGroup
from node.services.notifications.telling import Told
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from node.store import in_ids

_Reports = dict[int, tuple[Report, AccountView]]


class NotificationView(msgspec.Struct, eq=False):
    notification: Told
    group_key: str
    sender: Author
    status: StatusView | None
    report: tuple[Report, AccountView] | None
    emoji: str = ""  # of a reaction
    collection: CollectionView | None = None
    warning: Decided | None = None
    severance: Severance | None = None


class GroupView(msgspec.Struct, eq=False):
    group: NotificationGroup
    report: tuple[Report, AccountView] | None
    collection: CollectionView | None = None
    sender: Author | None = None  # of the newest
    warning: Decided | None = None
    severance: Severance | None = None
    emoji: str = ""  # of one reaction by itself


class GroupsView(msgspec.Struct, eq=False):
    """Groups, and the accounts and statuses that they name, each once."""

    groups: list[GroupView]
    accounts: list[Author]
    statuses: list[StatusView]


def load(account_id: int, rows: Sequence[Told]) -> list[NotificationView]:
    """In the order given; what is about a status that is gone is left out."""
    statuses = status_view.by_id(_status_ids(rows), account_id)
    senders = authors.by_ids(list({row.sender_id for row in rows}))
    reports = _load_reports(rows)
    emoji = _load_emoji(rows)
    collections = _load_collections(account_id, rows)
    warnings, severances = _load_warnings(rows), _load_severances(rows)
    return [
        NotificationView(
            row,
            notification_groups.key_of(row),
            senders[row.sender_id],
            None if row.status_id is None else statuses[row.status_id],
            None if row.report_id is None else reports.get(row.report_id),
            emoji.get((row.sender_id, row.status_id or 0), ""),
            collections.get(row.collection_id or 0),
            warnings.get(row.warning_id or 0),
            severances.get(row.severance_id or 0),
        )
        for row in rows
        if row.sender_id in senders and (row.status_id is None or row.status_id in statuses)
    ]


def load_groups(account_id: int, groups: Sequence[NotificationGroup]) -> GroupsView:
    newest = [group.newest for group in groups]
    statuses = status_view.by_id(_status_ids(newest), account_id)
    reports = _load_reports(newest)
    collections = _load_collections(account_id, newest)
    warnings, severances = _load_warnings(newest), _load_severances(newest)
    emoji = _load_emoji(group.newest for group in groups if group.count == 1)
    shown = [group for group in groups if group.newest.status_id is None or group.newest.status_id in statuses]
    wanted = dict.fromkeys(sender_id for group in shown for sender_id in group.sender_ids)
    # Whoever is told of for what they wrote has come with it.
    writers = {view.author.id: view.author for view in statuses.values()}
    others = authors.by_ids([sender_id for sender_id in wanted if sender_id not in writers])
    senders = {i: author for i in wanted if (author := writers.get(i) or others.get(i)) is not None}
    return GroupsView(
        [
            GroupView(
                group,
                None if (i := group.newest.report_id) is None else reports.get(i),
                collections.get(group.newest.collection_id or 0),
                senders.get(group.newest.sender_id),
                warnings.get(group.newest.warning_id or 0),
                severances.get(group.newest.severance_id or 0),
                emoji.get((group.newest.sender_id, group.newest.status_id or 0), "") if group.count == 1 else "",
            )
            for group in shown
        ],
        list(senders.values()),
        list(statuses.values()),
    )


def _status_ids(rows: Iterable[Told]) -> list[int]:
    return [row.status_id for row in rows if row.status_id is not None]


def _load_emoji(rows: Iterable[Told]) -> dict[tuple[int, int], str]:
    """By sender and status; no query if there are no reactions."""
    kind = NotificationKind.EMOJI_REACTION
    return reactions.newest((row.sender_id, row.status_id) for row in rows if row.kind == kind and row.status_id)


def _load_collections(account_id: int, rows: Iterable[Told]) -> dict[int, CollectionView]:
    ids = {row.collection_id for row in rows if row.collection_id is not None}
    return collection_view.by_ids(account_id, list(ids)) if ids else {}


def _load_warnings(rows: Iterable[Told]) -> dict[int, Decided]:
    return warning_rows.by_ids({row.warning_id for row in rows if row.warning_id is not None})


def _load_severances(rows: Iterable[Told]) -> dict[int, Severance]:
    ids = [row.severance_id for row in rows if row.severance_id is not None]
    return {row.id: row for row in Severance.select().where(in_ids(Severance.id, ids))} if ids else {}


def _load_reports(rows: Iterable[Told]) -> _Reports:
    ids = [row.report_id for row in rows if row.report_id is not None]
    if not ids:
        return {}
    reports = list(Report.select().where(in_ids(Report.id, ids)))
    # A report stays to be read when its target has been suspended.
    accounts = list(Account.select().where(in_ids(Account.id, [report.target_id for report in reports])))
    targets = {view.account.id: view for view in account_view.views(accounts)}
    return {report.id: (report, targets[report.target_id]) for report in reports if report.target_id in targets}
