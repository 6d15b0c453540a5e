"""Follows that end because of what was decided about a domain or an account: whose they were hears of it."""

import pytest

from node import clock
from node.errors import NotFound
from node.jobs import JobKind
from node.models import (
    Account,
    Follow,
    Notification,
    NotificationKind,
    Severance,
    SeveranceKind,
    SeveredFollow,
    Severity,
)
from node.paging import Page
from node.services.accounts import delete_local
from node.services.community import housekeeping
from node.services.follows import severances
from node.services.moderation import decisions
from node.services.notifications import telling as notifications
from node.services.portability import severed
from node.services.relationships import domain_blocks as own_blocks
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from tests.factories import Person, befriend, make_account, make_remote, waiting_jobs

pytestmark = pytest.mark.usefixtures("unit")


@pytest.fixture
def carol(unit: None, alice: Person, bob: Person) -> Account:
    """Of loud.test. Alice and she follow each other, and she follows Bob."""
    carol = make_remote("carol", "loud.test")
    befriend(alice.account, carol)
    befriend(carol, alice.account)
    befriend(carol, bob.account)
    befriend(alice.account, bob.account)
    return carol


def events() -> list[tuple[int, str, str, int, int]]:
    rows = Severance.select().order_by(Severance.account)
    return [(row.account_id, row.kind, row.target_name, row.following_count, row.followers_count) for row in rows]


def file(event: Severance, name: str) -> list[tuple[str, ...]]:
    return [cells for _, cells in severed.page(event.id, severed.FILES[name][1])]


def test_who_loses_follows_to_a_blocked_domain_is_told_and_keeps_the_lists(
    alice: Person, bob: Person, carol: Account
) -> None:
    Follow.update(languages="de,en", notify=True).where(Follow.account == alice.account.id).execute()
    befriend(make_account("nobodys"), carol)
    domain_blocks.block("loud.test", Severity.SUSPEND, Terms(), None)
    domain_blocks.block("loud.test", Severity.SUSPEND, Terms(), None)

    kind = SeveranceKind.DOMAIN_BLOCK
    assert events() == [
        (alice.account.id, kind, "loud.test", 1, 1),
        (bob.account.id, kind, "loud.test", 0, 1),
    ]
    event = Severance.get(Severance.account == alice.account.id)
    assert file(event, "following.csv") == [("carol@loud.test", "true", "true", "de, en")]
    assert file(event, "followers.csv") == [("carol@loud.test",)]
    (told,) = notifications.page(alice.account.id, Page(limit=10))
    assert (told.kind, told.sender_id, told.severance_id) == (
        NotificationKind.SEVERED_RELATIONSHIPS,
        alice.account.id,
        event.id,
    )


def test_a_limited_domain_ends_nothing(carol: Account) -> None:
    domain_blocks.block("loud.test", Severity.SILENCE, Terms(), None)

    assert events() == []


def test_who_hides_a_server_is_told_what_that_ended(alice: Person, bob: Person, carol: Account) -> None:
    for _ in range(2):
        own_blocks.add(alice.account.id, "loud.test")

    assert events() == [(alice.account.id, SeveranceKind.USER_DOMAIN_BLOCK, "loud.test", 1, 1)]
    assert Notification.select().count() == 1
    assert Follow.select().where(Follow.account == carol.id, Follow.target == bob.account.id).exists()


def test_who_is_suspended_elsewhere_follows_nobody_here_any_more(alice: Person, bob: Person, carol: Account) -> None:
    for _ in range(2):
        decisions.suspend(carol.id, None)
    decisions.unsuspend(carol.id, None)

    kind = SeveranceKind.ACCOUNT_SUSPENSION
    assert events() == [
        (alice.account.id, kind, "carol@loud.test", 0, 1),
        (bob.account.id, kind, "carol@loud.test", 0, 1),
    ]
    assert not Follow.select().where(Follow.account == carol.id).exists()
    assert Follow.select().where(Follow.account == alice.account.id, Follow.target == carol.id).exists()
    assert len(waiting_jobs(JobKind.SEND_REJECT)) == 2


def test_follows_of_people_here_wait_for_the_end_of_a_suspension(alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    befriend(bob.account, alice.account)

    decisions.suspend(alice.account.id, None)

    assert events() == []
    assert Follow.select().count() == 2


def test_lists_are_forgotten_after_half_a_year(alice: Person, carol: Account) -> None:
    own_blocks.add(alice.account.id, "loud.test")
    assert severances.forget_old() == 0

    with clock.frozen(clock.now_ms() + 181 * clock.DAY):
        assert severances.forget_old() == 1
        assert severances.forget_old() == 0

    assert not SeveredFollow.select().exists()
    assert Severance.get().purged
    assert "forget lists of follows that ended" in {task.name for task in housekeeping.TASKS}


def test_they_are_ones_own_and_go_with_the_account(alice: Person, bob: Person, carol: Account) -> None:
    own_blocks.add(alice.account.id, "loud.test")
    event = Severance.get()

    with pytest.raises(NotFound):
        severances.get(bob.account.id, event.id)
    assert severances.get(alice.account.id, event.id) == event
    delete_local(alice.account.id)

    assert not Severance.select().exists()
