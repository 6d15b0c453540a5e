"""How somebody stands to others."""

from node import clock
from node.models import Account
from node.services import follows
from node.services.relationships import blocks, mutes
from node.services.relationships import domain_blocks as account_domain_blocks
from node.services.relationships.view import RelationshipView, relationships
from tests.factories import befriend, make_person, make_remote
from tests.queries import assert_query_count


def person(**columns: object) -> Account:
    return make_person(**columns).account  # type: ignore[arg-type]


def test_strangers_have_nothing_to_do_with_each_other(unit: None) -> None:
    alice, bob = person(), person()

    assert relationships(alice.id, [bob.id]) == [RelationshipView(id=bob.id)]


def test_each_direction_is_told(unit: None) -> None:
    alice, followed, follower, locked, asker = person(locked=True), person(), person(), person(locked=True), person()
    follows.follow(alice.id, followed.id, reblogs=False, notify=True, languages=["en", "de"])
    befriend(follower, alice)
    follows.follow(alice.id, locked.id)
    follows.follow(asker.id, alice.id)

    views = relationships(alice.id, [followed.id, follower.id, locked.id, asker.id])

    assert views == [
        RelationshipView(id=followed.id, following=True, notifying=True, languages=["en", "de"]),
        RelationshipView(id=follower.id, followed_by=True),
        RelationshipView(id=locked.id, requested=True, showing_reblogs=True),
        RelationshipView(id=asker.id, requested_by=True),
    ]


def test_blocks_mutes_and_domains_are_told(unit: None) -> None:
    alice, blocked, blocker, muted, carol = person(), person(), person(), person(), make_remote()
    blocks.block(alice.id, blocked.id)
    blocks.block(blocker.id, alice.id)
    mute = mutes.mute(alice.id, muted.id, duration_seconds=60)
    account_domain_blocks.add(alice.id, "remote.test")

    views = relationships(alice.id, [blocked.id, blocker.id, muted.id, carol.id])

    assert views == [
        RelationshipView(id=blocked.id, blocking=True),
        RelationshipView(id=blocker.id, blocked_by=True),
        RelationshipView(id=muted.id, muting=True, muting_notifications=True, muting_expires_at=mute.expires_at),
        RelationshipView(id=carol.id, domain_blocking=True),
    ]
    with clock.frozen(clock.now_ms() + 61_000):
        assert relationships(alice.id, [muted.id]) == [RelationshipView(id=muted.id)]


def test_ids_of_nobody_are_left_out_and_each_is_told_once_in_order(unit: None) -> None:
    alice, bob, carol = person(), person(), person()

    assert [view.id for view in relationships(alice.id, [carol.id, 1, bob.id, carol.id])] == [carol.id, bob.id]


def test_many_cost_as_many_queries_as_one(unit: None) -> None:
    alice = person()
    others = [person().id for _ in range(10)]

    with assert_query_count(10):
        relationships(alice.id, others)
