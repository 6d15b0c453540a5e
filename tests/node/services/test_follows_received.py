"""Following, as remote accounts tell of it: in any order, twice, and by those who may not."""

from collections.abc import Callable

import pytest

from node import clock
from node.jobs import JobKind
from node.models import Account, Destination, Follow, FollowRequest, Notification
from node.services import follows
from node.services.relationships import blocks
from node.services.relationships import domain_blocks as account_domain_blocks
from tests.factories import make_person, make_remote, payload_of, waiting_jobs

FOLLOW = "https://remote.test/follows/1"


def person(**columns: object) -> Account:
    return make_person(**columns).account  # type: ignore[arg-type]


def followers(account: Account) -> int:
    count = Follow.select().where(Follow.target == account.id).count()
    assert Account.get_by_id(account.id).followers_count == count
    return int(count)


def test_a_follow_is_accepted_at_once(unit: None) -> None:
    bob, carol = person(), make_remote("carol")

    assert follows.receive_follow(carol, bob, FOLLOW) == "accepted"

    assert followers(bob) == 1
    assert payload_of(waiting_jobs(JobKind.SEND_ACCEPT)[0]) == {
        "account_id": bob.id,
        "follower_id": carol.id,
        "uri": FOLLOW,
    }
    assert Notification.select().count() == 1


def test_a_repeated_follow_is_answered_again_by_its_newest_id(unit: None) -> None:
    bob, carol = person(), make_remote("carol")
    follows.receive_follow(carol, bob, FOLLOW)

    follows.receive_follow(carol, bob, FOLLOW + "2")

    assert followers(bob) == 1
    assert payload_of(waiting_jobs(JobKind.SEND_ACCEPT)[1])["uri"] == FOLLOW + "2"
    assert follows.received_undo(carol, uri=FOLLOW + "2")
    assert followers(bob) == 0


def test_a_locked_account_decides_and_the_asker_is_answered_then(unit: None) -> None:
    bob, carol = person(locked=True), make_remote("carol")

    assert follows.receive_follow(carol, bob, FOLLOW) == "requested"
    assert follows.receive_follow(carol, bob, FOLLOW + "2") == "requested"
    assert waiting_jobs(JobKind.SEND_ACCEPT) == []
    follows.accept(bob.id, carol.id)

    assert payload_of(waiting_jobs(JobKind.SEND_ACCEPT)[0])["uri"] == FOLLOW + "2"


def test_the_blocked_are_rejected(unit: None) -> None:
    bob, carol = person(), make_remote("carol")
    blocks.block(bob.id, carol.id)

    assert follows.receive_follow(carol, bob, FOLLOW) == "rejected"

    assert followers(bob) == 0
    assert len(waiting_jobs(JobKind.SEND_REJECT)) == 1


def test_those_of_a_blocked_domain_are_rejected(unit: None) -> None:
    bob, carol = person(), make_remote("carol")
    account_domain_blocks.add(bob.id, "remote.test")

    assert follows.receive_follow(carol, bob, FOLLOW) == "rejected"


def suspended() -> Account:
    return person(suspended_at=1)


def moved() -> Account:
    return person(moved_to=person().id)


def elsewhere() -> Account:
    return make_remote(domain="other.test")


@pytest.mark.parametrize("target", [suspended, moved, elsewhere])
def test_who_is_not_here_cannot_be_followed(unit: None, target: Callable[[], Account]) -> None:
    assert follows.receive_follow(make_remote("carol"), target(), FOLLOW) == "rejected"
    assert not Follow.select().exists()


def test_an_accept_that_nobody_asked_for_makes_no_follow(unit: None) -> None:
    alice, carol = person(), make_remote("carol")

    assert not follows.received_accept(carol, follower_id=alice.id)
    assert not follows.received_accept(carol, uri=f"{alice.uri}#follows/1")

    assert not Follow.select().exists()


def test_only_the_followee_accepts(unit: None) -> None:
    alice, carol, mallory = person(), make_remote("carol"), make_remote("mallory")
    request = follows.follow(alice.id, carol.id)

    assert not follows.received_accept(mallory, uri=request.uri, follower_id=alice.id)
    assert followers(carol) == 0
    assert follows.received_accept(carol, uri=request.uri)

    assert followers(carol) == 1
    assert not FollowRequest.select().exists()


def test_an_accept_without_a_known_id_is_matched_by_who_asked(unit: None) -> None:
    alice, carol = person(), make_remote("carol")
    follows.follow(alice.id, carol.id)

    assert follows.received_accept(carol, uri="https://remote.test/unknown", follower_id=alice.id)
    assert not follows.received_accept(carol, uri="https://remote.test/unknown", follower_id=alice.id)

    assert followers(carol) == 1


def test_a_reject_ends_a_request_and_a_follow(unit: None) -> None:
    alice, carol = person(), make_remote("carol")
    request = follows.follow(alice.id, carol.id)

    assert follows.received_reject(carol, uri=request.uri)
    follows.received_accept(carol, uri=follows.follow(alice.id, carol.id).uri)
    assert follows.received_reject(carol, follower_id=alice.id)

    assert followers(carol) == 0
    assert not follows.received_reject(carol, follower_id=alice.id)


def test_only_the_followee_rejects(unit: None) -> None:
    alice, carol, mallory = person(), make_remote("carol"), make_remote("mallory")
    request = follows.follow(alice.id, carol.id)
    follows.received_accept(carol, uri=request.uri)

    assert not follows.received_reject(mallory, uri=request.uri, follower_id=alice.id)

    assert followers(carol) == 1


def test_only_the_follower_takes_a_follow_back(unit: None) -> None:
    bob, carol, mallory = person(), make_remote("carol"), make_remote("mallory")
    follows.receive_follow(carol, bob, FOLLOW)

    assert not follows.received_undo(mallory, uri=FOLLOW, target_id=bob.id)
    assert followers(bob) == 1
    assert follows.received_undo(carol, target_id=bob.id)

    assert followers(bob) == 0


@pytest.mark.parametrize("order", [("follow", "undo"), ("undo", "follow")])
def test_follow_and_undo_end_in_the_same_state_in_either_order(unit: None, order: tuple[str, ...]) -> None:
    bob, carol = person(), make_remote("carol")

    for step in order:
        if step == "follow":
            follows.receive_follow(carol, bob, FOLLOW)
        else:
            follows.received_undo(carol, uri=FOLLOW, target_id=bob.id)

    assert followers(bob) == 0


def test_an_undo_that_overtook_its_follow_is_forgotten_after_a_while(unit: None) -> None:
    bob, carol = person(), make_remote("carol")
    follows.received_undo(carol, uri=FOLLOW)

    with clock.frozen(clock.now_ms() + 2 * clock.HOUR):
        assert follows.receive_follow(carol, bob, FOLLOW) == "accepted"


@pytest.mark.parametrize(
    ("software", "answer"), [("mastodon", "rejected"), ("misskey", "accepted"), ("", "accepted")]
)
def test_where_ids_are_never_used_again_it_is_remembered_for_as_long_as_somebody_tries(
    unit: None, software: str, answer: str
) -> None:
    """A node that was away for days gets the end of a follow before its beginning is tried once more."""
    bob, carol = person(), make_remote("carol")
    Destination.create(host=carol.domain, software=software)
    follows.received_undo(carol, uri=FOLLOW)

    with clock.frozen(clock.now_ms() + 3 * clock.DAY):
        assert follows.receive_follow(carol, bob, FOLLOW) == answer
        assert follows.receive_follow(carol, bob, f"{FOLLOW}/new") == "accepted"


def test_somebody_elses_undo_does_not_stop_a_follow(unit: None) -> None:
    bob, carol, mallory = person(), make_remote("carol"), make_remote("mallory")
    follows.received_undo(mallory, uri=FOLLOW)

    assert follows.receive_follow(carol, bob, FOLLOW) == "accepted"
