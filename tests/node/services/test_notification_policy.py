"""Notifications by strangers: told, held back or dropped, and what becomes of those that were held back."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock
from node.errors import NotFound
from node.jobs import JobKind
from node.models import (
    Account,
    ActorKind,
    Decision,
    Notification,
    NotificationKind,
    NotificationRequest,
    Role,
    User,
    Visibility,
)
from node.paging import Page
from node.services.follows import local as follows
from node.services.notifications import policy as notification_policy
from node.services.notifications import request_view as notification_request_view
from node.services.notifications import requests as notification_requests
from node.services.notifications import telling as notifications
from node.services.notifications.policy import NAMES
from node.services.relationships import blocks
from tests.factories import Person, make_person, waiting_jobs
from tests.factories_posts import make_follow, make_status
from tests.node.services.test_push import subscribe
from tests.queries import counted_queries

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]
OLD = 1


@pytest.fixture
def carol(remote: Remote) -> Account:
    """A stranger, known for long, about whom there is nothing to say."""
    return remote("carol", created_at=OLD)


def decide(person: Person, decision: Decision, *names: str) -> None:
    notification_policy.change(person.account.id, dict.fromkeys(names, decision))


def follow(alice: Person, sender: Account) -> int | None:
    return notifications.notify(alice.account.id, NotificationKind.FOLLOW, sender.id)


def shown(alice: Person, **wish: Any) -> list[int]:
    return [row.id for row in notifications.page(alice.account.id, Page(limit=20), **wish)]


def requests(alice: Person) -> list[NotificationRequest]:
    return notification_requests.page(alice.account.id, Page(limit=20))


def make_it_so(name: str, alice: Person, sender: Account) -> int | None:
    """`sender`, who is as `name` says, does something; the notification."""
    match name:
        case "not_followers":
            make_follow(alice, sender)
            make_follow(sender, alice)
        case "new_accounts":
            Account.update(created_at=clock.now_ms() - clock.DAY).where(Account.id == sender.id).execute()
        case "limited_accounts":
            Account.update(silenced_at=1).where(Account.id == sender.id).execute()
        case "bots":
            Account.update(kind=ActorKind.SERVICE).where(Account.id == sender.id).execute()
        case "private_mentions":
            status = make_status(sender, "psst", visibility=Visibility.DIRECT)
            return notifications.notify(alice.account.id, NotificationKind.MENTION, sender.id, status_id=status.id)
    return follow(alice, sender)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("decision", Decision)
def test_each_kind_of_stranger_can_be_told_held_back_or_dropped(
    alice: Person, carol: Account, name: str, decision: Decision
) -> None:
    decide(alice, decision, name)

    made = make_it_so(name, alice, carol)

    assert (made is None) == (decision is Decision.DROP)
    row = Notification.get_or_none(Notification.account == alice.account.id)
    assert (row is not None and row.filtered) == (decision is Decision.FILTER)
    assert (len(requests(alice)) == 1) == (decision is Decision.FILTER)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("not_followers", "not_following")])
def test_what_does_not_hold_of_somebody_is_not_held_against_them(alice: Person, carol: Account, name: str) -> None:
    decide(alice, Decision.DROP, name)

    assert follow(alice, carol) is not None


@pytest.mark.parametrize("name", [name for name in NAMES if name != "not_followers"])
def test_who_is_followed_is_no_stranger(alice: Person, carol: Account, name: str) -> None:
    decide(alice, Decision.DROP, name)
    make_follow(alice, carol)

    assert make_it_so(name, alice, carol) is not None


def test_who_has_followed_for_three_days_is_a_follower(alice: Person, carol: Account) -> None:
    decide(alice, Decision.DROP, "not_followers")
    row = make_follow(carol, alice)
    assert follow(alice, carol) is None

    type(row).update(created_at=clock.now_ms() - 4 * clock.DAY).where(type(row).id == row.id).execute()

    assert follow(alice, carol) is not None


def test_an_answer_is_no_unasked_message(alice: Person, carol: Account) -> None:
    decide(alice, Decision.DROP, "private_mentions")
    asked = make_status(alice, "Who knows?")
    status = make_status(carol, "I do", visibility=Visibility.DIRECT, in_reply_to_uri=asked.uri)
    assert status.in_reply_to_account_id == alice.account.id

    made = notifications.notify(alice.account.id, NotificationKind.MENTION, carol.id, status_id=status.id)

    assert made is not None


@pytest.mark.parametrize("kind", [NotificationKind.SIGN_UP, NotificationKind.REPORT, NotificationKind.POLL])
def test_some_things_are_always_told(alice: Person, carol: Account, kind: NotificationKind) -> None:
    decide(alice, Decision.DROP, *NAMES)

    assert notifications.notify(alice.account.id, kind, carol.id) is not None
    assert follow(alice, carol) is None


def test_moderators_of_this_node_are_always_heard(alice: Person) -> None:
    decide(alice, Decision.DROP, *NAMES)
    somebody = make_person("mod")
    assert follow(alice, somebody.account) is None

    User.update(role=Role.MODERATOR).where(User.id == somebody.user.id).execute()

    assert follow(alice, somebody.account) is not None


def test_dropping_goes_before_holding_back(alice: Person, carol: Account) -> None:
    decide(alice, Decision.FILTER, "not_following")
    decide(alice, Decision.DROP, "bots")
    Account.update(kind=ActorKind.SERVICE).where(Account.id == carol.id).execute()

    assert follow(alice, carol) is None


def test_what_is_held_back_is_seen_only_by_who_asks_for_it(alice: Person, carol: Account) -> None:
    decide(alice, Decision.FILTER, "not_following")
    subscribe(alice)

    made = follow(alice, carol)

    assert shown(alice) == []
    assert shown(alice, types=["follow"]) == []
    assert shown(alice, include_held=True) == [made]
    assert shown(alice, sender_id=carol.id, include_held=True) == [made]
    assert notifications.unread_count(alice.account.id, 0) == 0
    assert waiting_jobs(JobKind.PUSH) == []


def test_others_are_told_as_before(alice: Person, bob: Person, carol: Account) -> None:
    decide(alice, Decision.DROP, *NAMES)

    assert follow(bob, carol) is not None


def test_without_anything_held_back_it_costs_no_query(alice: Person, carol: Account) -> None:
    with counted_queries() as statements:
        follow(alice, carol)

    assert len(statements) == 1


def test_the_policy_is_changed_piece_by_piece(alice: Person) -> None:
    assert notification_policy.of(alice.account.id).limited_accounts == "drop"
    decide(alice, Decision.FILTER, "bots")
    decide(alice, Decision.DROP, "new_accounts")

    row = notification_policy.change(alice.account.id, {})

    assert (row.bots, row.new_accounts, row.not_following) == ("filter", "drop", "accept")


# ── requests ──


@pytest.fixture
def held(alice: Person, carol: Account) -> NotificationRequest:
    """Carol has done two things."""
    decide(alice, Decision.FILTER, "not_following")
    follow(alice, carol)
    status = make_status(carol, "@alice hello")
    notifications.notify(alice.account.id, NotificationKind.MENTION, carol.id, status_id=status.id)
    (row,) = requests(alice)
    return row


def test_what_somebody_did_is_one_request(alice: Person, carol: Account, held: NotificationRequest) -> None:
    (view,) = notification_request_view.load(alice.account.id, [held])

    assert view.sender.account.id == carol.id
    assert view.notifications_count == 2
    assert view.last_status is not None
    assert notification_requests.summary(alice.account.id) == (1, 2)


def test_who_is_let_through_is_heard_from_then_on(alice: Person, carol: Account, held: NotificationRequest) -> None:
    notification_requests.accept(alice.account.id, [held.id])

    assert len(shown(alice)) == 2
    assert requests(alice) == []
    assert notification_requests.summary(alice.account.id) == (0, 0)
    status = make_status(carol, "@alice again")
    made = notifications.notify(alice.account.id, NotificationKind.MENTION, carol.id, status_id=status.id)
    assert made in shown(alice)


@pytest.mark.parametrize("end", [follows.unfollow, blocks.block])
def test_whoever_is_followed_no_longer_or_blocked_is_a_stranger_again(
    alice: Person, carol: Account, held: NotificationRequest, end: Callable[[int, int], object]
) -> None:
    notification_requests.accept(alice.account.id, [held.id])
    make_follow(alice, carol)
    end(alice.account.id, carol.id)
    blocks.unblock(alice.account.id, carol.id)

    status = make_status(carol, "@alice again")
    notifications.notify(alice.account.id, NotificationKind.MENTION, carol.id, status_id=status.id)

    assert [row.sender_id for row in requests(alice)] == [carol.id]


def test_what_is_thrown_away_is_gone_and_the_next_is_held_back(
    alice: Person, carol: Account, held: NotificationRequest
) -> None:
    notification_requests.dismiss(alice.account.id, [held.id])

    assert shown(alice, include_held=True) == []
    assert requests(alice) == []
    follow(alice, carol)
    assert len(requests(alice)) == 1
    assert shown(alice) == []


@pytest.mark.parametrize("settle", [notification_requests.accept, notification_requests.dismiss])
def test_requests_of_others_are_left_alone(
    alice: Person, bob: Person, held: NotificationRequest, settle: Callable[..., None]
) -> None:
    with pytest.raises(NotFound):
        notification_requests.get(bob.account.id, held.id)

    settle(bob.account.id, [held.id])

    assert [row.id for row in requests(alice)] == [held.id]
    assert len(shown(alice, include_held=True)) == 2


@pytest.mark.parametrize("end", ["blocked", "suspended", "cleared"])
def test_a_request_of_which_nothing_is_left_is_none(
    alice: Person, carol: Account, held: NotificationRequest, end: str
) -> None:
    match end:
        case "blocked":
            blocks.block(alice.account.id, carol.id)
        case "suspended":
            Account.update(suspended_at=1).where(Account.id == carol.id).execute()
        case "cleared":
            notifications.clear(alice.account.id)

    assert requests(alice) == []
    assert notification_requests.summary(alice.account.id) == (0, 0)
