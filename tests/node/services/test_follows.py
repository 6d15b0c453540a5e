"""Following, by people here."""

from collections.abc import Callable

import pytest

from node.errors import Forbidden, NotFound
from node.jobs import JobKind
from node.models import Account, Follow, FollowRequest, Notification, NotificationKind
from node.paging import Page
from node.services import accounts, follows
from node.services.relationships import blocks
from tests.factories import make_person, make_remote, payload_of, rsa_keys, waiting_jobs

Make = Callable[[], Account]


def person(**columns: object) -> Account:
    return make_person(**columns).account  # type: ignore[arg-type]


def counters(account: Account) -> tuple[int, int]:
    fresh = Account.get_by_id(account.id)
    return fresh.followers_count, fresh.following_count


def test_a_local_account_is_followed_at_once(unit: None) -> None:
    alice, bob = person(), person()

    follow = follows.follow(alice.id, bob.id)

    assert isinstance(follow, Follow)
    assert (counters(alice), counters(bob)) == ((0, 1), (1, 0))
    assert Notification.get().kind == NotificationKind.FOLLOW
    assert [job.subject for job in waiting_jobs(JobKind.BUILD_FEED)] == [alice.id]
    assert waiting_jobs(JobKind.SEND_FOLLOW) == []


def test_following_twice_counts_once_and_changes_what_is_said(unit: None) -> None:
    alice, bob = person(), person()
    follows.follow(alice.id, bob.id, languages=["en"])

    follow = follows.follow(alice.id, bob.id, reblogs=False, notify=True)

    assert (follow.show_reblogs, follow.notify, follow.languages) == (False, True, "en")
    assert counters(bob) == (1, 0)
    assert Notification.select().count() == 1


def test_a_locked_account_is_asked(unit: None) -> None:
    alice, bob = person(), person(locked=True)

    request = follows.follow(alice.id, bob.id, reblogs=False)

    assert isinstance(request, FollowRequest)
    assert counters(bob) == (0, 0)
    assert Notification.get().kind == NotificationKind.FOLLOW_REQUEST
    assert follows.requests(bob.id, Page()) == [(request.id, alice.id)]
    follow = follows.accept(bob.id, alice.id)
    assert follow.show_reblogs is False
    assert counters(bob) == (1, 0)
    assert follows.requests(bob.id, Page()) == []
    assert not Notification.select().exists()


def test_a_remote_account_is_asked_by_a_job(unit: None) -> None:
    alice, carol = person(), make_remote("carol")

    request = follows.follow(alice.id, carol.id)

    assert isinstance(request, FollowRequest)
    assert request.uri == f"{alice.uri}#follows/{request.id}"
    assert [job.subject for job in waiting_jobs(JobKind.SEND_FOLLOW)] == [request.id]


def test_a_limited_account_has_to_ask(unit: None) -> None:
    assert isinstance(follows.follow(person(silenced_at=1).id, person().id), FollowRequest)


def test_a_rejected_request_is_gone_and_a_remote_asker_is_told(unit: None) -> None:
    bob, carol = person(locked=True), make_remote("carol")
    follows.receive_follow(carol, bob, "https://remote.test/f/1")

    follows.reject(bob.id, carol.id)

    assert not FollowRequest.select().exists()
    assert payload_of(waiting_jobs(JobKind.SEND_REJECT)[0]) == {
        "account_id": bob.id,
        "follower_id": carol.id,
        "uri": "https://remote.test/f/1",
    }


def test_nobody_answers_what_was_not_asked(unit: None) -> None:
    alice, bob = person(), person()

    with pytest.raises(NotFound):
        follows.accept(bob.id, alice.id)
    with pytest.raises(NotFound):
        follows.reject(bob.id, alice.id)


def test_unfollowing_undoes_and_doing_it_twice_changes_nothing(unit: None) -> None:
    alice, bob = person(), person()
    follows.follow(alice.id, bob.id)

    assert follows.unfollow(alice.id, bob.id)
    assert not follows.unfollow(alice.id, bob.id)

    assert (counters(alice), counters(bob)) == ((0, 0), (0, 0))
    assert waiting_jobs(JobKind.SEND_UNFOLLOW) == []


def test_a_remote_account_hears_of_the_end_by_the_id_of_the_follow(unit: None) -> None:
    alice, carol = person(), make_remote("carol")
    request = follows.follow(alice.id, carol.id)
    follows.received_accept(carol, uri=request.uri)

    follows.unfollow(alice.id, carol.id)

    assert payload_of(waiting_jobs(JobKind.SEND_UNFOLLOW)[0])["uri"] == request.uri


def test_a_follower_can_be_removed_and_is_told(unit: None) -> None:
    bob, carol = person(), make_remote("carol")
    follows.receive_follow(carol, bob, "https://remote.test/f/1")

    assert follows.remove_follower(bob.id, carol.id)

    assert counters(bob) == (0, 0)
    assert payload_of(waiting_jobs(JobKind.SEND_REJECT)[0])["uri"] == "https://remote.test/f/1"


def gone() -> Account:
    return person(suspended_at=1)


def moved() -> Account:
    return person(moved_to=person().id)


def instance() -> Account:
    return accounts.ensure_instance_actor(rsa_keys())


@pytest.mark.parametrize(
    ("target", "refusal"),
    [(gone, NotFound), (moved, Forbidden), (instance, NotFound)],
    ids=["gone", "moved", "instance"],
)
def test_some_accounts_cannot_be_followed(unit: None, target: Make, refusal: type[Exception]) -> None:
    alice = person()

    with pytest.raises(refusal):
        follows.follow(alice.id, target().id)

    assert not Follow.select().exists()


def test_nobody_follows_themselves_or_nobody(unit: None) -> None:
    alice = person()

    with pytest.raises(Forbidden):
        follows.follow(alice.id, alice.id)
    with pytest.raises(NotFound):
        follows.follow(alice.id, 1)


def test_neither_side_of_a_block_follows_the_other(unit: None) -> None:
    alice, bob = person(), person()
    blocks.block(alice.id, bob.id)

    for one, other in ((alice, bob), (bob, alice)):
        with pytest.raises(Forbidden):
            follows.follow(one.id, other.id)


def test_lists_are_read_page_by_page_without_the_suspended(unit: None) -> None:
    target = person()
    fans = [person(), person(), person(suspended_at=1), person()]
    for fan in fans:
        follows.follow(fan.id, target.id)

    newest = follows.followers(target.id, Page(limit=2))
    rest = follows.followers(target.id, Page(limit=2, max_id=newest[-1][0]))

    assert [account for _, account in newest + rest] == [fans[3].id, fans[1].id, fans[0].id]
    assert [account for _, account in follows.following(fans[0].id, Page())] == [target.id]
