"""Who may read what. A status that may not be read answers exactly like one that does not exist."""

from collections.abc import Callable

import pytest

from node import clock
from node.errors import NotFound
from node.models import Account, Block, Mute, Status, Visibility
from node.paging import Page
from node.services import timelines
from node.services.interactions import reblogs
from node.services.statuses import loading, threads
from tests.factories import Person, make_account, make_person
from tests.factories_posts import make_follow, make_status

pytestmark = pytest.mark.usefixtures("unit")


def may_read(viewer: Person | Account | None, status: Status) -> bool:
    account = viewer.account if isinstance(viewer, Person) else viewer
    viewer_id = None if account is None else account.id
    listed = loading.visible_ids(viewer_id, [status.id])
    assert answer(viewer_id, status.id) == (status.id if listed else answer(viewer_id, 1))
    return bool(listed)


def answer(viewer_id: int | None, status_id: int) -> object:
    try:
        return loading.get(viewer_id, status_id).id
    except NotFound as error:
        return str(error)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
def test_open_statuses_are_read_by_everybody(
    alice: Person, bob: Person, remote: Callable[..., Account], visibility: Visibility
) -> None:
    status = make_status(alice, visibility=visibility)

    assert may_read(None, status)
    assert may_read(bob, status)
    assert may_read(remote("carol"), status)


def test_followers_only_statuses_are_read_by_followers_and_those_named_alone(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    dora = make_person("dora")
    status = make_status(alice, "for you and @dora", visibility=Visibility.PRIVATE)

    assert may_read(alice, status)
    assert may_read(bob, status)
    assert may_read(dora, status)
    assert not may_read(make_person("eve"), status)
    assert not may_read(None, status)


def test_direct_statuses_are_read_by_those_named_alone(alice: Person, bob: Person) -> None:
    follower = make_person("dora")
    make_follow(follower, alice)
    status = make_status(alice, "psst @bob", visibility=Visibility.DIRECT)

    assert may_read(alice, status)
    assert may_read(bob, status)
    assert not may_read(follower, status)
    assert not may_read(None, status)


def test_those_addressed_without_being_named_may_read(bob: Person, remote: Callable[..., Account]) -> None:
    status = make_status(remote("carol"), visibility=Visibility.DIRECT, silent_mentions=(bob.account.id,))

    assert may_read(bob, status)


def test_local_only_statuses_are_read_by_people_of_this_node_alone(
    alice: Person, bob: Person, remote: Callable[..., Account]
) -> None:
    status = make_status(alice, local_only=True)

    assert may_read(bob, status)
    assert not may_read(remote("carol"), status)
    assert not may_read(None, status)


@pytest.mark.parametrize("by_author", [True, False])
def test_a_block_hides_in_both_directions(alice: Person, bob: Person, by_author: bool) -> None:
    status = make_status(alice)
    blocker, blocked = (alice, bob) if by_author else (bob, alice)
    Block.create(account=blocker.account.id, target=blocked.account.id, created_at=1)

    assert not may_read(bob, status)
    assert may_read(None, status)


def test_a_boost_is_read_only_by_those_who_may_read_what_it_boosts(alice: Person, bob: Person) -> None:
    original = make_status(alice)
    boost = reblogs.add(bob.account.id, original.id)
    reader = make_person("dora")
    Block.create(account=alice.account.id, target=reader.account.id, created_at=1)

    assert may_read(None, boost)
    assert not may_read(reader, boost)


@pytest.mark.parametrize("column", ["suspended_at", "deleted_at"])
def test_nobody_reads_what_suspended_and_deleted_accounts_wrote(alice: Person, column: str) -> None:
    status = make_status(alice)
    Account.update({column: clock.now_ms()}).where(Account.id == alice.account.id).execute()

    assert not may_read(None, status)
    assert not may_read(alice, status)


def test_own_gives_only_what_one_wrote(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    assert loading.own(alice.account.id, status.id).id == status.id
    with pytest.raises(NotFound):
        loading.own(bob.account.id, status.id)


def test_visible_ids_keep_their_order(alice: Person) -> None:
    made = [make_status(alice, str(number)).id for number in range(3)]

    assert loading.visible_ids(None, [made[1], 5, made[0], made[2]]) == [made[1], made[0], made[2]]


def test_context_shows_the_chain_above_and_the_tree_below(alice: Person, bob: Person) -> None:
    root = make_status(alice, "root")
    first = make_status(bob, "first", in_reply_to_id=root.id)
    second = make_status(alice, "second", in_reply_to_id=root.id)
    below_first = make_status(alice, "below", in_reply_to_id=first.id)

    assert threads.ancestors(None, below_first.id) == [root.id, first.id]
    assert threads.descendants(None, root.id) == [first.id, below_first.id, second.id]
    assert threads.descendants(None, first.id) == [below_first.id]
    assert threads.ancestors(None, root.id) == []


def test_context_leaves_out_what_the_reader_may_not_or_will_not_read(alice: Person, bob: Person) -> None:
    root = make_status(alice, "root")
    private = make_status(bob, "hidden", in_reply_to_id=root.id, visibility=Visibility.PRIVATE)
    muted = make_person("noisy")
    noise = make_status(muted, "noise", in_reply_to_id=root.id)
    Mute.create(account=alice.account.id, target=muted.account.id, created_at=1)

    assert threads.descendants(None, root.id) == [noise.id]
    assert threads.descendants(alice.account.id, root.id) == []
    assert threads.descendants(bob.account.id, root.id) == [private.id, noise.id]


def test_context_of_a_hidden_status_is_not_found(alice: Person) -> None:
    status = make_status(alice, visibility=Visibility.DIRECT)

    with pytest.raises(NotFound):
        threads.descendants(None, status.id)
    with pytest.raises(NotFound):
        threads.ancestors(make_account("eve").id, status.id)


def test_account_timelines_show_each_reader_what_it_may_read(alice: Person, bob: Person) -> None:
    public = make_status(alice, "to all")
    private = make_status(alice, "to followers", visibility=Visibility.PRIVATE)
    make_follow(bob, alice)

    assert timelines.account(None, alice.account.id, Page()) == [public.id]
    assert timelines.account(bob.account.id, alice.account.id, Page()) == [private.id, public.id]
