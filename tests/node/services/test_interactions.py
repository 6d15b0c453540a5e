"""Boosts, favourites, bookmarks, pins, muted threads: here and from elsewhere."""

import random
from collections.abc import Callable

import msgspec
import pytest

from node import clock, ids
from node.errors import Invalid, NotFound
from node.models import Account, Favourite, NotificationKind, Status, Visibility
from node.paging import Page
from node.services.discovery import search
from node.services.interactions import bookmarks, favourites, pins, reblogs, thread_mutes
from node.services.notifications import telling as notifications
from tests.factories import Person
from tests.factories_posts import fresh, jobs_of, make_follow, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def kinds(person: Person) -> list[str]:
    return [row.kind for row in notifications.page(person.account.id, Page())]


def test_a_boost_is_counted_and_told_of_once(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    first, second = reblogs.add(bob.account.id, status.id), reblogs.add(bob.account.id, status.id)

    assert first.id == second.id
    assert first.uri == f"https://a.test/ap/users/{bob.account.id}/statuses/{first.id}/activity"
    assert fresh(status).reblogs_count == 1
    assert kinds(alice) == [NotificationKind.REBLOG]


def test_a_boost_that_is_taken_back_leaves_nothing(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    boost = reblogs.add(bob.account.id, status.id)

    reblogs.remove(bob.account.id, boost.id)
    reblogs.remove(bob.account.id, status.id)

    assert fresh(status).reblogs_count == 0
    assert kinds(alice) == []
    assert fresh(bob.account).statuses_count == 0


def test_boosting_a_boost_boosts_what_it_shows(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    boost = reblogs.add(bob.account.id, status.id)

    assert reblogs.add(alice.account.id, boost.id).reblog_of_id == status.id


def test_what_is_for_followers_is_boosted_by_its_author_alone_and_for_followers(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    status = make_status(alice, visibility=Visibility.PRIVATE)

    with pytest.raises(Invalid):
        reblogs.add(bob.account.id, status.id)
    assert reblogs.add(alice.account.id, status.id, Visibility.PUBLIC).visibility == Visibility.PRIVATE
    assert fresh(status).reblogs_count == 0


def test_direct_and_hidden_statuses_cannot_be_boosted(alice: Person, bob: Person) -> None:
    direct = make_status(alice, "@bob", visibility=Visibility.DIRECT)
    hidden = make_status(alice, visibility=Visibility.PRIVATE)

    for account_id, status_id in (
        (bob.account.id, direct.id),
        (alice.account.id, direct.id),
        (bob.account.id, hidden.id),
    ):
        with pytest.raises(NotFound):
            reblogs.add(account_id, status_id)


def test_boosts_of_remote_statuses_and_to_remote_followers_are_sent(
    alice: Person, bob: Person, remote: Remote
) -> None:
    there, here = make_status(remote("carol")), make_status(alice)
    sent = reblogs.add(bob.account.id, there.id)
    reblogs.add(bob.account.id, here.id)

    assert [job.subject for job in jobs_of("send_reblog")] == [sent.id]
    reblogs.remove(bob.account.id, there.id)
    assert msgspec.json.decode(jobs_of("send_unreblog")[0].payload) == {
        "account_id": bob.account.id,
        "uri": sent.uri,
        "object_uri": there.uri,
        "target_id": there.account_id,
        "visibility": "public",
    }


def test_a_remote_boost_is_one_whatever_arrives_twice(alice: Person, remote: Remote) -> None:
    status, carol = make_status(alice), remote("carol")

    first = reblogs.receive(carol, status.id, uri="https://remote.test/1")
    second = reblogs.receive(carol, status.id, uri="https://remote.test/2")

    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert fresh(status).reblogs_count == 1
    assert kinds(alice) == [NotificationKind.REBLOG]


def test_boosts_that_draw_the_same_id_are_both_stored(alice: Person, remote: Remote) -> None:
    status, at = make_status(alice), clock.now_ms() // 1000 * 1000 - clock.DAY + 1
    made: list[Status | None] = []

    for name in ("carol", "dora"):
        random.seed(7)
        booster = remote(name)
        made.append(reblogs.receive(booster, status.id, uri=f"{booster.uri}/1", created_at=at))

    assert [ids.time_of(boost.id) for boost in made if boost is not None] == [at, at + 1]
    assert fresh(status).reblogs_count == 2


def test_remote_boosts_that_concern_nobody_here_are_dropped(alice: Person, remote: Remote) -> None:
    carol, dora = remote("carol"), remote("dora")
    status = make_status(dora)

    assert reblogs.receive(carol, status.id, uri="https://remote.test/1") is None
    make_follow(alice, carol)
    assert reblogs.receive(carol, status.id, uri="https://remote.test/1") is not None


def test_a_remote_boost_of_what_is_not_open_has_no_effect(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(carol, alice)
    for status in (make_status(alice, visibility=Visibility.PRIVATE), make_status(alice, local_only=True)):
        assert reblogs.receive(carol, status.id, uri=f"https://remote.test/{status.id}") is None


def test_an_undo_may_come_before_its_boost(alice: Person, remote: Remote) -> None:
    status, carol, mallory = make_status(alice), remote("carol"), remote("mallory")

    reblogs.undo_received(carol, uri="https://remote.test/1", status_id=status.id)
    reblogs.undo_received(mallory, uri="https://remote.test/2", status_id=status.id)

    assert reblogs.receive(carol, status.id, uri="https://remote.test/1") is None
    assert reblogs.receive(carol, status.id, uri="https://remote.test/2") is not None


def test_nobody_takes_back_what_is_anothers(alice: Person, remote: Remote) -> None:
    status, carol, mallory = make_status(alice), remote("carol"), remote("mallory")
    reblogs.receive(carol, status.id, uri="https://remote.test/1")
    favourites.receive(carol, status.id, uri="https://remote.test/like")

    assert not reblogs.undo_received(mallory, uri="https://remote.test/1", status_id=status.id)
    assert not favourites.undo_received(mallory, uri="https://remote.test/like", status_id=status.id)
    assert (fresh(status).reblogs_count, fresh(status).favourites_count) == (1, 1)


def test_who_boosted_is_told_as_far_as_the_reader_may_know(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    boost = reblogs.add(bob.account.id, status.id)
    reblogs.add(alice.account.id, status.id, Visibility.PRIVATE)

    assert reblogs.accounts(None, status.id, Page()) == [(boost.id, bob.account.id)]


# ── favourites ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_favourite_is_counted_and_told_of_once(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    favourites.add(bob.account.id, status.id)
    assert favourites.add(bob.account.id, status.id).favourites_count == 1

    assert kinds(alice) == [NotificationKind.FAVOURITE]
    assert [account_id for _, account_id in favourites.accounts(None, status.id, Page())] == [bob.account.id]
    assert favourites.remove(bob.account.id, status.id).favourites_count == 0
    assert favourites.remove(bob.account.id, status.id).favourites_count == 0
    assert kinds(alice) == []


def test_what_cannot_be_read_cannot_be_favourited_or_kept(alice: Person, bob: Person, remote: Remote) -> None:
    status = make_status(alice, visibility=Visibility.PRIVATE)

    for verb in (favourites.add, favourites.remove, bookmarks.add, bookmarks.remove, thread_mutes.add):
        with pytest.raises(NotFound):
            verb(bob.account.id, status.id)
    assert not favourites.receive(remote("carol"), status.id, uri="https://remote.test/1")
    assert fresh(status).favourites_count == 0


def test_favourites_of_remote_statuses_are_sent(bob: Person, remote: Remote) -> None:
    status = make_status(remote("carol"))

    favourites.add(bob.account.id, status.id)
    favourite = Favourite.get()
    favourites.remove(bob.account.id, status.id)

    assert [job.subject for job in jobs_of("send_favourite")] == [favourite.id]
    assert msgspec.json.decode(jobs_of("send_unfavourite")[0].payload) == {
        "account_id": bob.account.id,
        "favourite_id": favourite.id,
        "object_uri": status.uri,
        "target_id": status.account_id,
    }


def test_remote_favourites_come_once_and_go(alice: Person, remote: Remote) -> None:
    status, carol = make_status(alice), remote("carol")

    assert favourites.receive(carol, status.id, uri="https://remote.test/1")
    assert not favourites.receive(carol, status.id, uri="https://remote.test/2")
    assert fresh(status).favourites_count == 1
    assert favourites.undo_received(carol, uri="https://remote.test/1")
    assert fresh(status).favourites_count == 0
    assert not favourites.undo_received(carol, uri="https://remote.test/3")
    assert not favourites.receive(carol, status.id, uri="https://remote.test/3")


def test_what_one_keeps_one_finds(alice: Person, remote: Remote) -> None:
    kept, liked, _ = (make_status(remote("carol" + word), f"linnet {word}") for word in ("kept", "liked", "neither"))
    bookmarks.add(alice.account.id, kept.id)
    favourites.add(alice.account.id, liked.id)

    assert search.statuses(alice.account.id, "linnet", Page()) == sorted([kept.id, liked.id], reverse=True)
    assert search.statuses(None, "linnet", Page()) == []


# ── pins and muted threads ─────────────────────────────────────────────────────────────────────────────────────────


def test_at_most_five_own_statuses_are_pinned(alice: Person, bob: Person) -> None:
    made = [make_status(alice, str(number)).id for number in range(6)]
    for status_id in made[:5]:
        pins.add(alice.account.id, status_id)
        pins.add(alice.account.id, status_id)

    with pytest.raises(Invalid):
        pins.add(alice.account.id, made[5])
    assert pins.of_account(None, alice.account.id) == made[4::-1]
    pins.remove(alice.account.id, made[0])
    assert pins.of_account(None, alice.account.id) == made[4:0:-1]


def test_boosts_direct_and_others_statuses_are_not_pinned(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    boost = reblogs.add(bob.account.id, status.id)
    direct = make_status(bob, visibility=Visibility.DIRECT)

    for status_id in (boost.id, direct.id):
        with pytest.raises(Invalid):
            pins.add(bob.account.id, status_id)
    with pytest.raises(NotFound):
        pins.add(bob.account.id, status.id)


def test_pins_are_told_to_remote_followers_and_only_of_open_statuses(alice: Person, remote: Remote) -> None:
    make_follow(remote("carol"), alice)
    status = make_status(alice)
    pins.add(alice.account.id, status.id)
    pins.remove(alice.account.id, status.id)
    pins.add(alice.account.id, make_status(alice, visibility=Visibility.PRIVATE).id)

    assert len(jobs_of("send_pin")) == len(jobs_of("send_unpin")) == 1
    assert pins.of_account(None, alice.account.id) == []


def test_remote_pins_are_of_their_authors_alone(remote: Remote) -> None:
    carol, dora = remote("carol"), remote("dora")
    own, others = make_status(carol), make_status(dora)

    assert pins.receive_add(carol, own.id)
    assert not pins.receive_add(carol, others.id)
    pins.replace_received(carol, [others.id])
    assert pins.of_account(None, carol.id) == []


def test_a_muted_thread_is_silent(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    thread_mutes.add(alice.account.id, status.id)
    make_status(bob, "@alice", in_reply_to_id=status.id)
    favourites.add(bob.account.id, status.id)

    assert kinds(alice) == []
    assert thread_mutes.muted_among(alice.account.id, [status.thread_id or 0]) == {status.thread_id}
    thread_mutes.remove(alice.account.id, status.id)
    make_status(bob, "@alice", in_reply_to_id=status.id)
    assert kinds(alice) == [NotificationKind.MENTION]
    assert Status.select().count() == 3
    assert clock.now_ms() >= status.created_at
