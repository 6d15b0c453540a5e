"""Seeing nothing of somebody."""

import pytest

from node import clock
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, AccountDomainBlock, Block, Follow, FollowRequest, Mute, Notification
from node.paging import Page
from node.services import follows
from node.services.relationships import blocks, mutes, notes
from node.services.relationships import domain_blocks as account_domain_blocks
from tests.factories import befriend, make_person, make_remote, payload_of, waiting_jobs


def person() -> Account:
    return make_person().account


def test_a_block_ends_follows_in_both_directions_and_hides_what_was_there(unit: None) -> None:
    alice, bob = person(), person()
    befriend(alice, bob)
    follows.follow(bob.id, alice.id)

    blocks.block(alice.id, bob.id)
    blocks.block(alice.id, bob.id)

    assert not Follow.select().exists()
    assert not Notification.select().exists()
    assert Block.select().count() == 1
    assert [a for _, a in blocks.page(alice.id, Page())] == [bob.id]
    assert Account.get_by_id(bob.id).followers_count == 0


def test_a_remote_account_hears_of_block_unblock_and_lost_follows(unit: None) -> None:
    alice, carol = person(), make_remote("carol")
    befriend(carol, alice)
    follows.follow(alice.id, carol.id)

    block = blocks.block(alice.id, carol.id)
    blocks.unblock(alice.id, carol.id)

    assert [job.subject for job in waiting_jobs(JobKind.SEND_BLOCK)] == [block.id]
    assert payload_of(waiting_jobs(JobKind.SEND_UNBLOCK)[0])["block_id"] == block.id
    assert len(waiting_jobs(JobKind.SEND_REJECT)) == 1
    assert len(waiting_jobs(JobKind.SEND_UNFOLLOW)) == 1
    assert not FollowRequest.select().exists()
    assert not blocks.unblock(alice.id, carol.id)


def test_nobody_blocks_or_mutes_themselves_or_nobody(unit: None) -> None:
    alice = person()

    for verb in (blocks.block, mutes.mute):
        with pytest.raises(Forbidden):
            verb(alice.id, alice.id)
        with pytest.raises(NotFound):
            verb(alice.id, 1)


def test_a_received_block_drops_both_follows_and_tells_nobody(unit: None) -> None:
    alice, carol = person(), make_remote("carol")
    befriend(carol, alice)
    befriend(alice, carol)

    blocks.receive_block(carol, alice.id, "https://remote.test/b/1")
    blocks.receive_block(carol, alice.id, "https://remote.test/b/2")

    assert not Follow.select().exists()
    assert not Notification.select().exists()
    assert Block.get().uri == "https://remote.test/b/2"
    assert blocks.receive_unblock(carol, uri="https://remote.test/b/2")


def test_only_the_blocker_takes_a_block_back(unit: None) -> None:
    alice, carol, mallory = person(), make_remote("carol"), make_remote("mallory")
    blocks.receive_block(carol, alice.id, "https://remote.test/b/1")

    assert not blocks.receive_unblock(mallory, uri="https://remote.test/b/1", target_id=alice.id)
    assert blocks.receive_unblock(carol, uri="https://remote.test/other", target_id=alice.id)


def test_a_mute_holds_as_long_as_it_says(unit: None) -> None:
    alice, bob = person(), person()

    mutes.mute(alice.id, bob.id)
    mute = mutes.mute(alice.id, bob.id, hide_notifications=False, duration_seconds=60)

    assert (mute.hide_notifications, Mute.select().count()) == (False, 1)
    assert mutes.page(alice.id, Page()) == [(mute.id, bob.id)]
    with clock.frozen(clock.now_ms() + 61_000):
        assert mutes.page(alice.id, Page()) == []
        assert mutes.delete_expired() == 1
    assert not mutes.unmute(alice.id, bob.id)


def test_a_mute_for_an_impossible_time_is_refused(unit: None) -> None:
    for seconds in (-1, 10**12):
        with pytest.raises(Invalid):
            mutes.mute(person().id, person().id, duration_seconds=seconds)


def test_blocking_a_domain_ends_every_follow_with_it(unit: None) -> None:
    alice, carol, dave = person(), make_remote("carol"), make_remote("dave", "other.test")
    for other in (carol, dave):
        befriend(other, alice)
        befriend(alice, other)

    account_domain_blocks.add(alice.id, "REMOTE.test")
    account_domain_blocks.add(alice.id, "remote.test")

    assert {follow.target for follow in Follow.select().where(Follow.account == alice.id)} == {dave.id}
    assert [domain for _, domain in account_domain_blocks.page(alice.id, Page())] == ["remote.test"]
    account_domain_blocks.remove(alice.id, "remote.test")
    assert not AccountDomainBlock.select().exists()


def test_what_is_no_domain_cannot_be_blocked(unit: None) -> None:
    with pytest.raises(Invalid):
        account_domain_blocks.add(person().id, "no domain/")


def test_notes_are_written_changed_and_removed(unit: None) -> None:
    from node.services.relationships.view import relationships

    alice, bob = person(), person()

    notes.write(alice.id, bob.id, "met at the fair")
    notes.write(alice.id, bob.id, "met at the market")
    assert relationships(alice.id, [bob.id])[0].note == "met at the market"
    assert relationships(bob.id, [alice.id])[0].note == ""
    notes.write(alice.id, bob.id, " ")

    assert relationships(alice.id, [bob.id])[0].note == ""
    with pytest.raises(Invalid):
        notes.write(alice.id, bob.id, "x" * 2_001)
    with pytest.raises(NotFound):
        notes.write(alice.id, 1, "nobody")
