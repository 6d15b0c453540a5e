"""Reports."""

import pytest

from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, AuditEntry, Notification, NotificationKind, Report, Severity, Visibility
from node.paging import Page
from node.services.community import rules
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from tests.factories import make_person, make_remote, waiting_jobs
from tests.factories_posts import make_status


def person(**columns: object) -> Account:
    return make_person(**columns).account  # type: ignore[arg-type]


def test_moderators_hear_of_a_report(unit: None) -> None:
    moderator, alice, bob = person(role="moderator"), person(), person()
    status = make_status(bob)

    report = reports.file(alice.id, Complaint(target_id=bob.id, status_ids=(status.id,), comment="rude"))

    told = Notification.get(Notification.kind == NotificationKind.REPORT)
    assert (told.account, told.sender, told.report) == (moderator.id, alice.id, report.id)
    assert report.status_ids == f"[{status.id}]"
    assert reports.open_count() == 1


def test_a_second_report_is_told_too(unit: None) -> None:
    person(role="moderator")
    alice, bob = person(), person()

    for _ in range(2):
        reports.file(alice.id, Complaint(target_id=bob.id))

    assert Notification.select().count() == 2


def test_forwarding_is_for_remote_accounts_alone(unit: None) -> None:
    alice, bob, carol = person(), person(), make_remote()

    reports.file(alice.id, Complaint(target_id=bob.id, forward=True))
    report = reports.file(alice.id, Complaint(target_id=carol.id, forward=True))

    assert [job.subject for job in waiting_jobs(JobKind.SEND_FLAG)] == [report.id]


def test_statuses_of_others_and_hidden_ones_cannot_be_reported(unit: None) -> None:
    alice, bob, carol = person(), person(), person()
    hidden = make_status(bob, visibility=Visibility.DIRECT)

    for status in (make_status(carol), hidden):
        with pytest.raises(NotFound):
            reports.file(alice.id, Complaint(target_id=bob.id, status_ids=(status.id,)))

    assert not Report.select().exists()


def test_a_broken_rule_is_the_category(unit: None) -> None:
    rule = rules.add("Be kind", "", None)

    report = reports.file(person().id, Complaint(target_id=person().id, rule_ids=(rule.id, 1)))

    assert (report.category, report.rule_ids) == ("violation", f"[{rule.id}]")


def test_senseless_reports_are_refused(unit: None) -> None:
    alice = person()

    with pytest.raises(Forbidden):
        reports.file(alice.id, Complaint(target_id=alice.id))
    with pytest.raises(NotFound):
        reports.file(alice.id, Complaint(target_id=1))
    with pytest.raises(Invalid):
        reports.file(alice.id, Complaint(target_id=person().id, comment="x" * 1_001))
    with pytest.raises(Invalid):
        reports.file(alice.id, Complaint(target_id=person().id, category="boring"))


def test_a_received_report_is_kept_once_and_cut(unit: None) -> None:
    bob, carol = person(), make_remote()
    status, other = make_status(bob), make_status(person())

    report = reports.receive(carol, bob.id, [status.id, other.id], "x" * 6_000, "https://remote.test/flag/1")

    assert report is not None
    assert (len(report.comment), report.status_ids) == (5_000, f"[{status.id}]")
    assert reports.receive(carol, bob.id, [], "again", "https://remote.test/flag/1") is None


def test_reports_about_nobody_here_or_from_unwanted_domains_are_dropped(unit: None) -> None:
    bob, carol = person(), make_remote()

    assert reports.receive(carol, make_remote().id, [], "", "") is None
    domain_blocks.block("remote.test", Severity.NOOP, Terms(reject_reports=True), None)

    assert reports.receive(carol, bob.id, [], "", "") is None


def test_moderators_take_resolve_and_reopen_reports_and_it_is_recorded(unit: None) -> None:
    moderator = person(role="moderator")
    report = reports.file(person().id, Complaint(target_id=person().id))

    reports.assign(report.id, moderator)
    reports.resolve(report.id, moderator)
    reports.resolve(report.id, moderator)

    assert reports.page(Page()) == []
    assert [row.resolved_by for row in reports.page(Page(), resolved=True)] == [moderator.id]
    reports.reopen(report.id, moderator)
    reports.unassign(report.id, moderator)
    assert [row.id for row in reports.page(Page())] == [report.id]
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        "assign.report",
        "resolve.report",
        "reopen.report",
        "unassign.report",
    ]


def test_others_do_not_touch_reports(unit: None) -> None:
    report = reports.file(person().id, Complaint(target_id=person().id))

    with pytest.raises(Forbidden):
        reports.resolve(report.id, person())
    with pytest.raises(NotFound):
        reports.resolve(1, person(role="moderator"))


def test_rules_keep_their_order(unit: None) -> None:
    first, second = rules.add("Be kind", "", None), rules.add("Say who drew it", "", None)

    rules.change(second.id, "Say who drew it", "Alt text too", 0, None)

    assert [rule.id for rule in rules.all_rules()] == [second.id, first.id]
    rules.remove(first.id, None)
    with pytest.raises(NotFound):
        rules.remove(first.id, None)
    with pytest.raises(Invalid):
        rules.add(" ", "", None)
