"""Lists of people whom their owner does not follow, and what the node does so that their posts come."""

from collections.abc import Callable

import pytest

from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, FollowRequest, List, SilentFollow, Visibility
from node.paging import Page
from node.services import accounts, follows, timelines
from node.services.follows import silent
from node.services.interactions import reblogs
from node.services.relationships import blocks, lists
from tests.factories import Person, payload_of, rsa_keys, waiting_jobs
from tests.factories_posts import make_follow, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


@pytest.fixture
def actor(unit: None) -> Account:
    return accounts.ensure_instance_actor(rsa_keys())


@pytest.fixture
def birds(alice: Person, actor: Account) -> List:
    return lists.create(alice.account.id, "Birds")


@pytest.fixture
def carol(remote: Remote) -> Account:
    return remote("carol")


def add(alice: Person, birds: List, *members: Account) -> None:
    silent.add_members(alice.account.id, birds.id, [one.id for one in members])


def asked() -> list[int]:
    """Whom the node was told to follow, in order."""
    named = {row.id: row.target for row in FollowRequest.select()}
    return [named[job.subject] for job in waiting_jobs(JobKind.SEND_FOLLOW)]


def ended() -> list[int]:
    return [payload_of(job)["target_id"] for job in waiting_jobs(JobKind.SEND_UNFOLLOW)]


# ── what lists show ──


def test_a_list_shows_what_everybody_may_read_of_whom_one_does_not_follow(
    alice: Person, bob: Person, birds: List, carol: Account
) -> None:
    add(alice, birds, bob.account)
    said = make_status(bob, "Tweet")
    make_status(bob, "For few.", visibility=Visibility.PRIVATE)
    boost = reblogs.add(bob.account.id, make_status(carol, "Chirp").id)

    assert timelines.list_timeline(alice.account.id, birds.id, Page()) == [boost.id, said.id]
    assert follows.following(alice.account.id, Page()) == []


def test_boosts_are_left_out_if_their_owner_wants_none(
    alice: Person, bob: Person, birds: List, carol: Account
) -> None:
    make_follow(alice, bob, show_reblogs=False)
    add(alice, birds, bob.account)
    reblogs.add(bob.account.id, make_status(carol, "Chirp").id)

    assert timelines.list_timeline(alice.account.id, birds.id, Page()) == []


@pytest.mark.parametrize("is_blocker", [True, False])
def test_who_blocks_or_is_blocked_is_in_no_list(alice: Person, bob: Person, birds: List, is_blocker: bool) -> None:
    pair = (alice.account.id, bob.account.id) if is_blocker else (bob.account.id, alice.account.id)
    add(alice, birds, bob.account)

    blocks.block(*pair)

    assert lists.members(alice.account.id, birds.id, Page()) == []
    with pytest.raises(NotFound):
        add(alice, birds, bob.account)
    blocks.unblock(*pair)
    add(alice, birds, bob.account)


def test_nobody_who_is_not_there_is_in_a_list(alice: Person, bob: Person, birds: List, actor: Account) -> None:
    for nobody in (actor.id, 5):
        with pytest.raises(NotFound):
            silent.add_members(alice.account.id, birds.id, [bob.account.id, nobody])

    assert lists.members(alice.account.id, birds.id, Page()) == []


def test_lists_hold_so_many_whom_one_does_not_follow(
    alice: Person, bob: Person, birds: List, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_UNFOLLOWED", 1)
    make_follow(alice, bob)
    add(alice, birds, alice.account, bob.account, remote("carol"))

    with pytest.raises(Invalid):
        add(alice, birds, remote("dan"))


# ── what the node does ──


def test_the_node_follows_whom_nobody_here_follows_and_asks_once(
    alice: Person, birds: List, carol: Account, actor: Account
) -> None:
    add(alice, birds, carol, alice.account)
    add(alice, birds, carol)
    silent.settle()

    assert asked() == [carol.id]
    assert FollowRequest.get().account == actor.id


def test_nobody_is_followed_whom_somebody_here_follows_or_who_approves_followers(
    alice: Person, bob: Person, birds: List, carol: Account, remote: Remote
) -> None:
    make_follow(bob, carol)

    add(alice, birds, carol, remote("locked", locked=True))
    silent.settle()

    assert asked() == []


def test_once_the_last_follower_here_leaves_the_node_follows(
    alice: Person, bob: Person, birds: List, carol: Account
) -> None:
    make_follow(bob, carol)
    add(alice, birds, carol)
    follows.unfollow(bob.account.id, carol.id)

    silent.settle()

    assert asked() == [carol.id]


@pytest.mark.parametrize("reason", ["removed", "list deleted", "followed", "suspended"])
def test_what_nobody_needs_any_more_ends(
    alice: Person, bob: Person, birds: List, carol: Account, reason: str
) -> None:
    add(alice, birds, carol)
    follows.received_accept(carol, uri=FollowRequest.get().uri)
    silent.settle()
    assert (ended(), SilentFollow.select().count()) == ([], 1)
    if reason == "removed":
        lists.remove_members(alice.account.id, birds.id, [carol.id])
    elif reason == "list deleted":
        lists.delete(alice.account.id, birds.id)
    elif reason == "followed":
        make_follow(bob, carol)
    else:
        Account.update(suspended_at=1).where(Account.id == carol.id).execute()

    silent.settle()
    silent.settle()

    assert (ended(), SilentFollow.select().count()) == ([carol.id], 0)


def test_who_refuses_is_not_asked_again(alice: Person, birds: List, carol: Account) -> None:
    add(alice, birds, carol)
    follows.received_reject(carol, uri=FollowRequest.get().uri)

    add(alice, birds, carol)
    silent.settle()

    assert FollowRequest.select().count() == 0
    assert len(waiting_jobs(JobKind.SEND_FOLLOW)) == 1
    assert lists.members(alice.account.id, birds.id, Page()) == [carol.id]


def test_the_node_is_no_follower_that_is_shown_and_has_no_home(
    alice: Person, bob: Person, birds: List, carol: Account
) -> None:
    add(alice, birds, carol)
    follows.received_accept(carol, uri=FollowRequest.get().uri)
    make_follow(bob, carol)

    assert [account_id for _, account_id in follows.followers(carol.id, Page())] == [bob.account.id]
    assert waiting_jobs(JobKind.BUILD_FEED) == []
