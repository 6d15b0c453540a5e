"""What a year of somebody's came to, on both databases."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from node import clock, jobs
from node.cli.process import ENDINGS
from node.errors import NodeError
from node.jobs import JobKind, TakenJob
from node.models import AnnualReport, Status, Visibility
from node.services.accounts import annual_reports
from node.services.accounts.annual_reports import Archetype, Posts, State
from node.services.interactions import reblogs
from node.services.statuses.drafts import PollDraft
from tests.factories import Person, waiting_jobs
from tests.factories_posts import make_follow, make_status

pytestmark = pytest.mark.usefixtures("unit")

YEAR = clock.now().year


def moment(year: int, month: int = 1, day: int = 1) -> int:
    return int(datetime(year, month, day, 12, tzinfo=UTC).timestamp()) * clock.SECOND


def next_year() -> Any:
    """Ids grow with the clock: what the tests write is of this year, and looked back upon in the next."""
    return clock.frozen(moment(YEAR + 1))


def taken() -> TakenJob:
    (job,) = (job for job in jobs.take(1, 99) if job.kind == JobKind.MAKE_ANNUAL_REPORT)
    return job


def made(person: Person, year: int = YEAR) -> AnnualReport:
    """As the job makes it."""
    with clock.frozen(moment(year + 1)):
        annual_reports.ask(person.account.id, year)
        job = taken()
        annual_reports.made(job, annual_reports.compute(job.subject))
    report = annual_reports.get(person.account.id, year)
    assert report is not None
    return report


def test_a_report_tells_what_the_year_came_to(alice: Person, bob: Person) -> None:
    make_status(alice, "One about #birds.")
    liked = make_status(alice, "Another about #birds and #seeds.")
    make_status(alice, "For few.", visibility=Visibility.PRIVATE)
    theirs = make_status(bob, "#bob #bob")
    reblogs.add(bob.account.id, liked.id)
    reblogs.add(alice.account.id, theirs.id)
    make_follow(bob, alice)

    report = made(alice)

    assert (report.archetype, report.statuses, report.followers) == (Archetype.LURKER, 3, 1)
    assert (report.top_status_id, report.tag, report.tag_uses) == (liked.id, "birds", 2)


def test_other_years_and_what_few_may_read_are_left_out(alice: Person, bob: Person) -> None:
    make_status(alice, "The year before #birds")
    reblogs.add(bob.account.id, make_status(alice, "The year before #birds").id)
    make_follow(bob, alice)
    with clock.frozen(moment(YEAR + 1, 6)):
        make_status(alice, "This year.")
        few = make_status(alice, "This year, for few.", visibility=Visibility.PRIVATE)
        Status.update(reblogs_count=9).where(Status.id == few.id).execute()

    report = made(alice, YEAR + 1)

    assert (report.statuses, report.followers, report.top_status_id, report.tag_uses) == (2, 0, None, 0)


@pytest.mark.parametrize(
    ("posts", "archetype"),
    [
        (Posts(standalone=100, replies=10, reblogs=2, polls=90), Archetype.LURKER),
        (Posts(standalone=50, replies=10, reblogs=101, polls=9), Archetype.BOOSTER),
        (Posts(standalone=50, replies=101, reblogs=100, polls=6), Archetype.POLLSTER),
        (Posts(standalone=50, replies=101, reblogs=100, polls=5), Archetype.REPLIER),
        (Posts(standalone=50, replies=100, reblogs=100, polls=5), Archetype.ORACLE),
    ],
)
def test_people_are_named_by_what_they_post_most(posts: Posts, archetype: Archetype) -> None:
    assert annual_reports.archetype_of(posts) == archetype


def test_each_kind_of_post_is_counted(alice: Person, bob: Person) -> None:
    own = make_status(alice, "Which?", poll=PollDraft(options=("a", "b"), expires_in_ms=clock.DAY))
    make_status(alice, "More of it.", in_reply_to_id=own.id)
    theirs = make_status(bob, "Hello")
    make_status(alice, "Hello!", in_reply_to_id=theirs.id)
    reblogs.add(alice.account.id, theirs.id)

    assert annual_reports.posts_of(alice.account.id, YEAR) == Posts(standalone=2, replies=1, reblogs=1, polls=1)


def test_asking_twice_makes_one_and_reading_takes_it_off_the_list(alice: Person) -> None:
    make_status(alice)
    me = alice.account.id

    with next_year():
        before = annual_reports.state(me, YEAR)
        first, again = annual_reports.ask(me, YEAR), annual_reports.ask(me, YEAR)
        meanwhile = annual_reports.state(me, YEAR)
        assert annual_reports.unread(me) == []
        report = made(alice)
        after, asked_again = annual_reports.state(me, YEAR), annual_reports.ask(me, YEAR)
    listed = annual_reports.unread(me)
    annual_reports.mark_read(me, YEAR)
    annual_reports.mark_read(me, YEAR)

    assert before == (State.ELIGIBLE, 0)
    assert first == again == report.id
    assert meanwhile == (State.GENERATING, report.id)
    assert (after, asked_again) == ((State.AVAILABLE, 0), 0)
    assert listed == [report]
    assert annual_reports.unread(me) == []
    assert annual_reports.get(me, YEAR) is not None


def test_the_year_that_ends_may_be_looked_back_upon_in_december(alice: Person) -> None:
    make_status(alice)

    with clock.frozen(moment(YEAR, 12, 9)):
        early = (annual_reports.campaign(), annual_reports.state(alice.account.id, YEAR)[0])
    with clock.frozen(moment(YEAR, 12, 10)):
        then = (annual_reports.campaign(), annual_reports.state(alice.account.id, YEAR)[0])

    assert (early, then) == ((None, State.INELIGIBLE), (YEAR, State.ELIGIBLE))


@pytest.mark.parametrize("year", [0, 1969, YEAR - 1, YEAR + 1, 9_999])
def test_a_year_in_which_nothing_was_said_has_no_report(alice: Person, year: int) -> None:
    make_status(alice)
    make_status(alice, "For few.", visibility=Visibility.PRIVATE)

    assert annual_reports.state(alice.account.id, year) == (State.INELIGIBLE, 0)
    assert annual_reports.ask(alice.account.id, year) == 0
    assert waiting_jobs(JobKind.MAKE_ANNUAL_REPORT) == []


def test_a_report_that_could_not_be_made_may_be_asked_for_once_more(alice: Person) -> None:
    make_status(alice)
    with next_year():
        first = annual_reports.ask(alice.account.id, YEAR)
        job = taken()
        assert jobs.postpone(msgspec.structs.replace(job, attempts=jobs.GIVE_UP_AFTER), NodeError("never"))
        ENDINGS[JobKind.MAKE_ANNUAL_REPORT](job)

        assert annual_reports.compute(first) is None
        assert annual_reports.ask(alice.account.id, YEAR) not in (0, first)
