"""Browsers that are told: until their session ends, and not in quiet hours."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from node import clock, jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind, TakenJob
from node.models import NotificationKind, PushPolicy, PushSubscription, Session
from node.services.access import sessions
from node.services.notifications import browser_push, push, push_delivery
from node.services.notifications import telling as notifications
from node.services.notifications.browser_push import Choice, Quiet
from node.services.notifications.push import Wish
from tests.factories import Person, waiting_jobs
from tests.pushed import Phone

pytestmark = pytest.mark.usefixtures("unit")

CHOICE = Choice(alerts=frozenset({NotificationKind.FOLLOW}))
NIGHT = Quiet(since=22 * 60 + 30, until=7 * 60, time_zone="Europe/Berlin")


def session_of(person: Person) -> Session:
    sessions.open(person.user, person.account, "127.0.0.1", "a browser")
    return Session.select().where(Session.user == person.user.id).order_by(Session.id.desc()).get()


def subscribe(person: Person, choice: Choice = CHOICE, *, endpoint: str = "https://push.test/1") -> Session:
    phone, session = Phone(), session_of(person)
    wish = Wish(endpoint=endpoint, p256dh=phone.p256dh, auth=phone.auth, standard=True)
    browser_push.subscribe(session.id, person.account.id, wish, choice)
    return session


def the_job() -> TakenJob:
    (job,) = [job for job in jobs.take(1, 100) if job.kind == JobKind.PUSH]
    return job


def test_a_browser_is_told_of_what_it_chose(alice: Person, bob: Person) -> None:
    push.ensure_key()
    subscribe(alice)

    notifications.notify(alice.account.id, NotificationKind.FOLLOW_REQUEST, bob.account.id)
    assert waiting_jobs(JobKind.PUSH) == []
    notifications.notify(alice.account.id, NotificationKind.FOLLOW, bob.account.id)

    found = push_delivery.load(the_job())
    assert found is not None
    assert (found.subscription.id, found.locale) == (PushSubscription.get().id, alice.user.locale)


def test_it_ends_with_the_session(alice: Person) -> None:
    first, second = subscribe(alice), subscribe(alice, endpoint="https://push.test/2")
    assert browser_push.others(alice.user.id, first.id) == 1

    sessions.end(alice.user.id, first.id)

    assert [row.session_id for row in PushSubscription.select()] == [second.id]


def test_a_session_has_one_subscription_and_may_change_it(alice: Person) -> None:
    session = subscribe(alice)
    phone = Phone()
    wish = Wish(endpoint="https://push.test/2", p256dh=phone.p256dh, auth=phone.auth, standard=True)

    browser_push.subscribe(session.id, alice.account.id, wish, CHOICE)
    browser_push.change(session.id, Choice(alerts=frozenset(), policy=PushPolicy.FOLLOWER, quiet=NIGHT))

    row = PushSubscription.get()
    assert (row.endpoint, row.alerts, row.policy) == ("https://push.test/2", "", PushPolicy.FOLLOWER)
    assert (row.quiet_from, row.quiet_until, row.time_zone) == (1350, 420, "Europe/Berlin")
    browser_push.end(session.id)
    with pytest.raises(NotFound):
        browser_push.change(session.id, CHOICE)


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(20, 29, False), (20, 30, True), (23, 30, True), (4, 59, True), (5, 0, False), (12, 0, False)],
)
def test_at_night_nothing_is_heard_by_the_clocks_there(
    alice: Person, bob: Person, hour: int, minute: int, quiet: bool
) -> None:
    push.ensure_key()
    subscribe(alice, replace(CHOICE, quiet=NIGHT))
    summer = datetime(2026, 7, 1, hour, minute, tzinfo=UTC)  # two hours behind Berlin

    with clock.frozen(int(summer.timestamp() * 1000)):
        notifications.notify(alice.account.id, NotificationKind.FOLLOW, bob.account.id)
        assert (push_delivery.load(the_job()) is None) is quiet


def test_by_day_it_may_be_quiet_too(alice: Person) -> None:
    subscribe(alice, replace(CHOICE, quiet=Quiet(since=60, until=120, time_zone="UTC")))
    row = PushSubscription.get()

    heard = {}
    for minute in (59, 60, 119, 120):
        with clock.frozen(int(datetime(2026, 7, 1, tzinfo=UTC).timestamp() * 1000) + minute * clock.MINUTE):
            heard[minute] = browser_push.is_quiet(row)
    assert heard == {59: False, 60: True, 119: True, 120: False}


@pytest.mark.parametrize(
    "quiet",
    [
        replace(NIGHT, since=1440),
        replace(NIGHT, until=-1),
        replace(NIGHT, time_zone=""),
        replace(NIGHT, time_zone="Middle/Earth"),
        replace(NIGHT, time_zone="../etc/passwd"),
        replace(NIGHT, time_zone="x" * 10_000),
        replace(NIGHT, time_zone="a\0b"),
    ],
)
def test_hours_that_are_none_change_nothing(alice: Person, quiet: Quiet) -> None:
    session = subscribe(alice)

    with pytest.raises(Invalid):
        browser_push.change(session.id, replace(CHOICE, quiet=quiet))

    assert PushSubscription.get().quiet_from is None
