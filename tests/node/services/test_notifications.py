from collections.abc import Callable

import pytest

from node import clock, ids
from node.errors import NotFound
from node.models import (
    Account,
    AccountDomainBlock,
    Block,
    Membership,
    Mute,
    Notification,
    NotificationKind,
)
from node.paging import Page
from node.services.interactions import favourites, reblogs
from node.services.notifications import groups as notification_groups
from node.services.notifications import telling as notifications
from tests.factories import Person, make_account, make_person
from tests.factories_posts import make_follow, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def kinds(person: Person, **page: int) -> list[str]:
    return [row.kind for row in notifications.page(person.account.id, Page(**page))]


def test_the_same_thing_twice_tells_once(alice: Person, bob: Person) -> None:
    for _ in range(2):
        notifications.notify(alice.account.id, NotificationKind.FOLLOW, bob.account.id)

    assert kinds(alice) == [NotificationKind.FOLLOW]


def test_nobody_is_told_of_what_they_do_themselves(alice: Person) -> None:
    status = make_status(alice, "@alice")
    favourites.add(alice.account.id, status.id)

    assert kinds(alice) == []


def test_only_accounts_that_somebody_signs_in_to_are_told(bob: Person, remote: Remote) -> None:
    for account in (remote("carol"), make_account("nobodys")):
        assert notifications.notify(account.id, NotificationKind.FOLLOW, bob.account.id) is None
    assert Membership.select().count() == 1


@pytest.mark.parametrize("relation", ["block", "blocked", "mute", "domain", "suspended", "limited"])
def test_who_is_not_wanted_is_not_heard(alice: Person, remote: Remote, relation: str) -> None:
    carol = remote("carol")
    match relation:
        case "block":
            Block.create(account=alice.account.id, target=carol.id, created_at=1)
        case "blocked":
            Block.create(account=carol.id, target=alice.account.id, created_at=1)
        case "mute":
            Mute.create(account=alice.account.id, target=carol.id, created_at=1)
        case "domain":
            AccountDomainBlock.create(account=alice.account.id, domain=carol.domain)
        case "suspended":
            Account.update(suspended_at=1).where(Account.id == carol.id).execute()
        case "limited":
            Account.update(silenced_at=1).where(Account.id == carol.id).execute()

    assert notifications.notify(alice.account.id, NotificationKind.FOLLOW, carol.id) is None
    assert kinds(alice) == []


@pytest.mark.parametrize("column", ["domain", "limited"])
def test_who_is_followed_is_heard_all_the_same(alice: Person, remote: Remote, column: str) -> None:
    carol = remote("carol", silenced_at=1 if column == "limited" else None)
    AccountDomainBlock.create(account=alice.account.id, domain=carol.domain)
    make_follow(alice, carol)

    assert notifications.notify(alice.account.id, NotificationKind.FOLLOW, carol.id) is not None


def test_a_mute_may_leave_notifications_alone(alice: Person, bob: Person) -> None:
    Mute.create(account=alice.account.id, target=bob.account.id, hide_notifications=False, created_at=1)

    make_status(bob, "@alice")

    assert kinds(alice) == [NotificationKind.MENTION]


def test_what_was_told_before_a_block_is_no_longer_shown(alice: Person, bob: Person) -> None:
    make_status(bob, "@alice")
    row = notifications.page(alice.account.id, Page())[0]
    Block.create(account=alice.account.id, target=bob.account.id, created_at=1)

    assert kinds(alice) == []
    with pytest.raises(NotFound):
        notifications.get(alice.account.id, row.id)


def test_kinds_are_chosen_or_left_out(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    favourites.add(bob.account.id, status.id)
    reblogs.add(bob.account.id, status.id)
    account = alice.account.id

    def chosen(**choice: list[str]) -> list[str]:
        return [row.kind for row in notifications.page(account, Page(), **choice)]

    assert chosen(types=["favourite"]) == ["favourite"]
    assert chosen(types=["favourite", "reblog"], exclude=["favourite"]) == ["reblog"]
    assert chosen(exclude=["favourite"]) == ["reblog"]
    assert chosen(types=["no such kind"]) == []
    assert notifications.page(account, Page(), sender_id=account) == []
    assert len(notifications.page(account, Page(), sender_id=bob.account.id)) == 2


def test_notifications_are_their_owners_alone(alice: Person, bob: Person) -> None:
    make_status(bob, "@alice")
    row = notifications.page(alice.account.id, Page())[0]

    with pytest.raises(NotFound):
        notifications.get(bob.account.id, row.id)
    notifications.dismiss(bob.account.id, [row.id])
    notifications.clear(bob.account.id)
    assert notifications.get(alice.account.id, row.id).id == row.id
    notifications.dismiss(alice.account.id, [row.id])
    assert Notification.select().count() == 0


def test_unread_ones_are_counted_up_to_a_limit(alice: Person, bob: Person) -> None:
    for number in range(3):
        make_status(bob, f"@alice {number}")
    newest = notifications.page(alice.account.id, Page())

    assert notifications.unread_count(alice.account.id, 0) == 3
    assert notifications.unread_count(alice.account.id, newest[1].id) == 1
    assert notifications.unread_count(alice.account.id, 0, limit=2) == 2


# ── groups ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_favourites_of_one_status_are_one_group_and_mentions_are_none(alice: Person) -> None:
    with clock.frozen(ids.time_of(ids.new_id()) + clock.DAY):
        status, other = make_status(alice, "1"), make_status(alice, "2")
        people = [make_person() for _ in range(3)]
        for person in people:
            favourites.add(person.account.id, status.id)
        make_status(people[0], "@alice")
        make_status(people[1], "@alice")
        favourites.add(people[0].account.id, other.id)

        groups = notification_groups.page(alice.account.id, Page())

        assert [(group.newest.kind, group.count) for group in groups] == [
            ("favourite", 1),
            ("mention", 1),
            ("mention", 1),
            ("favourite", 3),
        ]
        assert groups[-1].sender_ids == [person.account.id for person in reversed(people)]
        assert len(notification_groups.members(alice.account.id, groups[-1].key)) == 3
        assert len(notification_groups.page(alice.account.id, Page(limit=2))) == 2


def test_a_group_is_counted_beyond_the_first_look_at_it(alice: Person, bob: Person) -> None:
    with clock.frozen(ids.time_of(ids.new_id()) + clock.DAY):
        make_status(bob, "@alice, before all of them")
        status = make_status(alice)
        for _ in range(25):
            favourites.add(make_person().account.id, status.id)
        make_status(bob, "@alice, after all of them")

        groups = notification_groups.page(alice.account.id, Page(limit=2))

        assert [(group.newest.kind, group.count) for group in groups] == [("mention", 1), ("favourite", 25)]


def test_groups_can_be_read_and_dismissed_by_their_owner_alone(alice: Person, bob: Person) -> None:
    favourites.add(bob.account.id, make_status(alice).id)
    key = notification_groups.page(alice.account.id, Page())[0].key

    assert notification_groups.members(bob.account.id, key) == []
    notification_groups.dismiss(bob.account.id, key)
    assert len(notification_groups.members(alice.account.id, key)) == 1
    notification_groups.dismiss(alice.account.id, key)
    assert kinds(alice) == []


@pytest.mark.parametrize(
    "key",
    [
        *("", "-", "favourite", "favourite-", "favourite-1", "favourite-1-x", "ungrouped-", "ungrouped-²", "x" * 300),
        *("favourite-9-999999999", "favourite-1-1-1", "ungrouped-9999999999999999999"),
    ],
)
def test_keys_that_name_nothing_have_no_members(alice: Person, key: str) -> None:
    assert notification_groups.members(alice.account.id, key) == []
