"""What somebody reported, and what came of it."""

from node import store
from node.models import Account, Report, Role
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.statuses import deletion
from tests.factories import Person, make_person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor

PAGE = "/reports"


def reported(reporter: Person, target: Person, *status_ids: int) -> Report:
    with store.transaction():
        complaint = Complaint(target_id=target.account.id, status_ids=status_ids, comment="Look.", category="spam")
        return reports.file(reporter.account.id, complaint)


async def test_without_reports_the_page_says_what_it_is_for(reader: Visitor, visitor: Visitor) -> None:
    assert (await reader.get(PAGE)).words(".empty")
    assert (await visitor.get(PAGE)).location.startswith("/auth/sign-in")


async def test_who_reports_is_told_how_far_it_is(reader: Visitor, alice: Person, bob: Person) -> None:
    report, staff = reported(alice, bob), make_person("mod", role=Role.MODERATOR)

    waits = await reader.get(PAGE)
    with store.transaction():
        reports.assign(report.id, staff.account)
    taken = await reader.get(PAGE)
    with store.transaction():
        reports.resolve(report.id, staff.account)
    closed = await reader.get(PAGE)

    assert "bob Spam" in waits.words(".rows")
    assert "It waits for the staff." in waits.words(".rows")
    assert "has taken it on" in taken.words(".rows")
    assert "closed it on" in closed.words(".rows")
    assert "mod" not in closed.words(".rows")


async def test_what_everybody_can_see_is_said(reader: Visitor, alice: Person, bob: Person) -> None:
    first, second = make_status(bob, "One"), make_status(bob, "Two")
    reported(alice, bob, first.id, second.id)

    pages = [await reader.get(PAGE)]
    for status in (first, second):
        await store.write(deletion.delete, bob.account.id, status.id)
        pages.append(await reader.get(PAGE))

    words = [page.words(".rows") for page in pages]
    assert "removed" not in words[0]
    assert "Part of what you reported has been removed." in words[1]
    assert "What you reported has been removed." in words[2]


async def test_reports_of_others_are_theirs(reader: Visitor, other: Visitor, alice: Person, bob: Person) -> None:
    reported(bob, alice)

    assert (await reader.get(PAGE)).words(".empty")
    assert "alice" in (await other.get(PAGE)).words(".rows")


async def test_a_report_outlives_the_account(reader: Visitor, alice: Person, bob: Person) -> None:
    reported(alice, bob)
    with store.transaction():
        Account.update(deleted_at=1).where(Account.id == bob.account.id).execute()

    page = await reader.get(PAGE)

    assert page.status == 200
    assert "Somebody who is not here any more" in page.words(".rows")
