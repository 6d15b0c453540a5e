"""What somebody takes along, in the columns that other servers read."""

import msgspec

from node.models import Follow, Portable, Visibility
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.interactions import bookmarks
from node.services.portability import exports
from node.services.relationships import blocks, domain_blocks, lists, mutes
from tests.factories import befriend, make_person, make_remote
from tests.factories_posts import make_status


def cells(account_id: int, kind: Portable) -> list[tuple[str, ...]]:
    return list(exports.every(account_id, kind))


def test_people_are_named_with_their_server_and_what_was_agreed(unit: None) -> None:
    alice, bob, carol = make_person().account, make_person("bob").account, make_remote("carol")
    befriend(alice, bob)
    befriend(alice, carol)
    befriend(carol, alice)
    Follow.update(show_reblogs=False, notify=True, languages="en,de").where(Follow.target == carol.id).execute()
    reading = lists.create(alice.id, "=Birds")
    lists.add_members(alice.id, reading.id, [bob.id, carol.id])

    assert cells(alice.id, Portable.FOLLOWS) == [
        ("bob@a.test", "true", "false", ""),
        ("carol@remote.test", "false", "true", "en, de"),
    ]
    assert cells(alice.id, Portable.FOLLOWERS) == [("carol@remote.test",)]
    assert sorted(cells(alice.id, Portable.LISTS)) == [("=Birds", "bob@a.test"), ("=Birds", "carol@remote.test")]
    assert exports.counts(alice.id)[Portable.FOLLOWS] == 2


def test_who_is_hidden_is_named_and_mutes_that_end_are_not(unit: None) -> None:
    alice, bob, carol, dan = (
        make_person().account,
        make_person("bob").account,
        make_remote("carol"),
        make_remote("dan"),
    )
    blocks.block(alice.id, bob.id)
    mutes.mute(alice.id, carol.id, hide_notifications=False)
    mutes.mute(alice.id, dan.id, duration_seconds=60)
    domain_blocks.add(alice.id, "loud.test")

    assert cells(alice.id, Portable.BLOCKS) == [("bob@a.test",)]
    assert cells(alice.id, Portable.MUTES) == [("carol@remote.test", "false")]
    assert cells(alice.id, Portable.DOMAIN_BLOCKS) == [("loud.test",)]


def test_bookmarks_are_of_what_may_still_be_read(unit: None) -> None:
    alice, bob = make_person().account, make_person("bob")
    befriend(alice, bob.account)
    seen, private = make_status(bob), make_status(bob, visibility=Visibility.PRIVATE)
    for status in (seen, private):
        bookmarks.add(alice.id, status.id)
    assert cells(alice.id, Portable.BOOKMARKS) == [(seen.uri,), (private.uri,)]

    Follow.delete().execute()

    assert cells(alice.id, Portable.BOOKMARKS) == [(seen.uri,)]


def test_filters_go_as_mastodon_writes_them(unit: None) -> None:
    alice = make_person()
    status = make_status(alice)
    view = filters.create(
        alice.account.id,
        Terms(title="Tea", contexts=["home", "thread"], action="hide"),
        [KeywordChange(keyword="marmite", whole_word=False)],
    )
    filters.add_status(alice.account.id, view.filter.id, status.id)

    ((text,),) = cells(alice.account.id, Portable.FILTERS)

    assert msgspec.json.decode(text) == {
        "title": "Tea",
        "context": ["home", "thread"],
        "action": "hide",
        "expires_at": None,
        "keywords_attributes": [{"keyword": "marmite", "whole_word": False}],
        "statuses": [status.uri],
    }


def test_long_lists_come_in_pages(unit: None) -> None:
    alice = make_person().account
    for name in ("a", "b", "c"):
        domain_blocks.add(alice.id, f"{name}.test")

    (first, *_), whole = exports.page(alice.id, Portable.DOMAIN_BLOCKS), cells(alice.id, Portable.DOMAIN_BLOCKS)

    assert exports.page(alice.id, Portable.DOMAIN_BLOCKS, first[0])[0][1] == ("b.test",)
    assert whole == [("a.test",), ("b.test",), ("c.test",)]
