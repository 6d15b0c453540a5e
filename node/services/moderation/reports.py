"""Reports: from people here, and from other nodes."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from node import clock, ids
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, NotificationKind, Report, Role, Rule, Status
from node.paging import Page
from node.services.accounts import lookup
from node.services.collections import rows as collection_rows
from node.services.moderation import audit, evidence, roles
from node.services.notifications import telling as notifications
from node.services.servers import domains
from node.services.statuses import loading
from node.speech import said
from node.store import in_ids

CATEGORIES = ("spam", "legal", "violation", "other")
MAX_COMMENT_CHARS = 1_000
MAX_RECEIVED_COMMENT_CHARS = 5_000  # of a Flag
MAX_RECEIVED_A_DAY = 100  # of one host: more is nobody's work, and keeps the staff from that of others
MAX_STATUSES = 100
MAX_COLLECTIONS = 50


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody reports about an account."""

    target_id: int
    status_ids: tuple[int, ...] = ()
    comment: str = ""
    category: str = "other"
    rule_ids: tuple[int, ...] = ()
    collection_ids: tuple[int, ...] = ()
    forward: bool = False


def file(reporter_id: int, complaint: Complaint) -> Report:
    """By somebody here; with `forward` the target's own node is told too, not by whom."""
    target = lookup.visible(reporter_id, complaint.target_id)
    if target.id == reporter_id:
        raise Forbidden("Nobody can report themselves.")
    _check(complaint)
    rule_ids = [rule.id for rule in Rule.select(Rule.id).where(Rule.id.in_(complaint.rule_ids))]
    forward = complaint.forward and not target.is_local
    named = _statuses(reporter_id, target.id, complaint.status_ids)
    report = Report.create(
        account=reporter_id,
        target=target.id,
        category="violation" if rule_ids else complaint.category,
        comment=complaint.comment,
        status_ids=_json(named),
        evidence=evidence.of(named),
        rule_ids=_json(rule_ids),
        collection_ids=_json(_collections(reporter_id, target.id, complaint.collection_ids)),
        forwarded=forward,
        created_at=clock.now_ms(),
    )
    if forward:
        enqueue(JobKind.SEND_FLAG, report.id)
    _tell_moderators(report)
    return report


def receive(
    sender: Account,
    target_id: int,
    status_ids: Iterable[int],
    comment: str,
    uri: str,
    *,
    collection_ids: Iterable[int] = (),
) -> Report | None:
    """By another node. None when it is about nobody here, when it came before, or when its domain may not report."""
    rule = domains.rule_of(sender.domain)
    target = lookup.by_id(target_id)
    if rule is not None and rule.reject_reports:
        return None
    if target is None or not target.is_local or target.is_gone:
        return None
    if (
        uri
        and Report.select().where(Report.account == sender.id, Report.uri == uri, Report.target == target_id).exists()
    ):
        return None
    own = Status.select(Status.id).where(
        in_ids(Status.id, list(status_ids)[:MAX_STATUSES]), Status.account == target_id
    )
    named = [status.id for status in own]
    report = Report.create(
        account=sender.id,
        target=target_id,
        uri=uri,
        comment=comment[:MAX_RECEIVED_COMMENT_CHARS],
        status_ids=_json(named),
        evidence=evidence.of(named),
        collection_ids=_json(
            one.id
            for one in collection_rows.all_visible(None, list(collection_ids)[:MAX_COLLECTIONS])
            if one.account_id == target_id
        ),
        created_at=clock.now_ms(),
    )
    _tell_moderators(report)
    return report


def had_enough_of(domain: str) -> bool:
    """Whether another node has reported here in a day what it may."""
    query = Report.select(Report.id).join(Account, on=(Account.id == Report.account))
    lately = query.where(Report.id >= ids.first_id_at(clock.now_ms() - clock.DAY), Account.domain == domain)
    return int(lately.count()) >= MAX_RECEIVED_A_DAY


def get(report_id: int) -> Report:
    report = Report.get_or_none(Report.id == report_id)
    if report is None:
        raise NotFound("Record not found")
    return report


def page(
    page: Page, *, resolved: bool = False, target_id: int | None = None, reporter_id: int | None = None
) -> list[Report]:
    """Newest first: those that wait, or those that are done with."""
    query = Report.select().where(Report.resolved_at.is_null(not resolved))
    if target_id is not None:
        query = query.where(Report.target == target_id)
    if reporter_id is not None:
        query = query.where(Report.account == reporter_id)
    return page.of(query, Report.id)


def of_reporter(reporter_id: int, page: Page) -> list[Report]:
    """What somebody reported, newest first, whatever came of it."""
    return page.of(Report.select().where(Report.account == reporter_id), Report.id)


def remaining(reports: Iterable[Report]) -> dict[int, tuple[int, int]]:
    """Of each report's posts: how many there were, and how many are still there."""
    named: dict[int, list[int]] = {one.id: msgspec.json.decode(one.status_ids) for one in reports}
    everything = [status_id for status_ids in named.values() for status_id in status_ids]
    query = Status.select(Status.id).where(in_ids(Status.id, everything))
    there = {row.id for row in query} if everything else set()
    return {report_id: (len(found), len(there.intersection(found))) for report_id, found in named.items()}


def open_count() -> int:
    return int(Report.select().where(Report.resolved_at.is_null()).count())


def resolve(report_id: int, by: Account) -> Report:
    return _change(report_id, by, "resolve.report", resolved_at=clock.now_ms(), resolved_by=by.id)


def reopen(report_id: int, by: Account) -> Report:
    return _change(report_id, by, "reopen.report", resolved_at=None, resolved_by=None)


def assign(report_id: int, by: Account) -> Report:
    """`by` takes care of it."""
    return _change(report_id, by, "assign.report", assigned=by.id)


def unassign(report_id: int, by: Account) -> Report:
    return _change(report_id, by, "unassign.report", assigned=None)


def recategorise(report_id: int, category: str | None, rule_ids: tuple[int, ...] | None, by: Account) -> Report:
    """What is None stays; only a violation is one of rules."""
    roles.require(by, Role.MODERATOR)
    report = get(report_id)
    wanted = report.category if category is None else category
    if wanted not in CATEGORIES:
        raise Invalid("There is no such category.", {"category": "is not included in the list"})
    named = msgspec.json.decode(report.rule_ids) if rule_ids is None else sorted(set(rule_ids))
    known = {rule.id for rule in Rule.select(Rule.id)}
    kept = [rule_id for rule_id in named if rule_id in known] if wanted == "violation" else []
    if (wanted, _json(kept)) != (report.category, report.rule_ids):
        Report.update(category=wanted, rule_ids=_json(kept)).where(Report.id == report_id).execute()
        audit.record(by, "change.report", f"#{report_id}", {"category": wanted})
    return get(report_id)


def _change(report_id: int, by: Account, action: str, **columns: int | None) -> Report:
    roles.require(by, Role.MODERATOR)
    report = get(report_id)
    name, value = next(iter(columns.items()))
    unchanged = getattr(report, name) == value or (name == "resolved_at" and report.resolved_at and value)
    if not unchanged:
        Report.update(**columns).where(Report.id == report_id).execute()
        audit.record(by, action, f"#{report_id}")
    return get(report_id)


def _check(complaint: Complaint) -> None:
    if len(complaint.comment) > MAX_COMMENT_CHARS:
        message = said("is too long (maximum is %(most)s characters)", most=MAX_COMMENT_CHARS)
        raise Invalid(f"Validation failed: Comment {message}", {"comment": message})
    if complaint.category not in CATEGORIES:
        raise Invalid("Validation failed: Category is not included in the list", {"category": "is not in the list"})
    if len(complaint.status_ids) > MAX_STATUSES:
        raise Invalid("Validation failed: Statuses are too many", {"status_ids": "are too many"})
    if len(complaint.collection_ids) > MAX_COLLECTIONS:
        raise Invalid("Validation failed: Collections are too many", {"collection_ids": "are too many"})


def _statuses(reporter_id: int, target_id: int, asked: tuple[int, ...]) -> list[int]:
    """Those that the target wrote and the reporter can see. NotFound for others, as if they did not exist."""
    wanted = list(dict.fromkeys(asked))
    seen = loading.visible_ids(reporter_id, wanted)
    own = {s.id for s in Status.select(Status.id).where(in_ids(Status.id, seen), Status.account == target_id)}
    if set(wanted) - own:
        raise NotFound("Record not found")
    return wanted


def _collections(reporter_id: int, target_id: int, asked: tuple[int, ...]) -> list[int]:
    """The same of collections: the target's own, or such as it is in."""
    wanted = list(dict.fromkeys(asked))
    seen = collection_rows.all_visible(reporter_id, wanted)
    about = [one.id for one in seen if one.account_id == target_id or collection_rows.is_in(one.id, target_id)]
    if set(wanted) - set(about):
        raise NotFound("Record not found")
    return wanted


def _tell_moderators(report: Report) -> None:
    for staff_id in roles.accounts_with(Role.MODERATOR):
        notifications.notify(staff_id, NotificationKind.REPORT, report.account, report_id=report.id)


def _json(ids: Iterable[int]) -> str:
    return msgspec.json.encode(list(ids)).decode()
