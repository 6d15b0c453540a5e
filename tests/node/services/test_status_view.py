"""Statuses as readers see them: complete, in few queries, and never as they were before."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from node import clock
from node.errors import NotFound
from node.models import Account, FilterAction, FilterContext, Status, Visibility
from node.services.approvals.policies import Choice, Choices
from node.services.filters.rules import Match, Rule
from node.services.interactions import bookmarks, favourites, pins, polls, reblogs, thread_mutes
from node.services.interactions.reaction_view import ReactionView
from node.services.statuses import deletion, edits
from node.services.statuses import view as status_view
from node.services.statuses.drafts import Draft, PollDraft
from node.services.statuses.facts import PollFacts
from tests.factories import Person, make_person
from tests.factories_posts import make_media, make_note, make_status
from tests.queries import assert_query_count
from web.entities.status import status_entity, status_json

pytestmark = pytest.mark.usefixtures("unit")


def view(reader: Person | None, status: Status) -> status_view.StatusView:
    return status_view.one(None if reader is None else reader.account.id, status.id)


def test_what_a_reader_did_is_in_the_view(alice: Person, bob: Person) -> None:
    status = make_status(bob)
    favourites.add(alice.account.id, status.id)
    bookmarks.add(alice.account.id, status.id)
    reblogs.add(alice.account.id, status.id)
    thread_mutes.add(alice.account.id, status.id)

    seen, seen_by_its_author = view(alice, status), view(bob, status)

    assert (seen.favourited, seen.bookmarked, seen.reblogged, seen.muted) == (True, True, True, True)
    assert (seen_by_its_author.favourited, seen_by_its_author.bookmarked) == (False, False)
    assert (seen.favourites_count, seen.reblogs_count) == (1, 1)


def test_a_boost_shows_the_boosted_status_and_what_the_reader_did_to_it(alice: Person, bob: Person) -> None:
    status = make_status(bob, "original")
    favourites.add(alice.account.id, status.id)
    boost = reblogs.add(alice.account.id, status.id)

    seen = view(alice, boost)

    assert seen.reblog is not None
    assert seen.shown.id == status.id
    assert seen.favourited
    assert seen.author.account.id == alice.account.id


def test_a_page_keeps_its_order_and_leaves_out_what_is_gone(alice: Person, bob: Person) -> None:
    first, second, gone = make_status(bob), make_status(alice), make_status(bob)
    deletion.delete(bob.account.id, gone.id)

    views = status_view.load([second.id, gone.id, first.id], alice.account.id)

    assert [one.id for one in views] == [second.id, first.id]


def test_statuses_of_suspended_accounts_are_left_out(alice: Person, remote: Callable[..., Account]) -> None:
    status = make_status(remote("carol"))
    Account.update(suspended_at=clock.now_ms()).where(Account.id == status.account_id).execute()

    assert status_view.load([status.id], alice.account.id) == []


def test_a_page_costs_the_same_queries_however_long_it_is(alice: Person, bob: Person) -> None:
    ids = [make_status(bob, f"#tag{i} @alice number {i}").id for i in range(10)]
    boosts = [reblogs.add(alice.account.id, status_id).id for status_id in ids]

    with assert_query_count(
        9
    ):  # rows; words, media, mentions, tags and polls; authors, and who of them is of the team; the reader's filters
        status_view.load(ids, alice.account.id)
    with assert_query_count(1):
        status_view.load(ids, alice.account.id)
    status_view.load(boosts[:1], alice.account.id)
    with assert_query_count(7):  # rows of the boosts and of the boosted, and the boosts' own five
        status_view.load(boosts[1:], alice.account.id)
    with assert_query_count(2):
        status_view.load(boosts, alice.account.id)


def test_what_is_remembered_is_dropped_with_an_edit(alice: Person) -> None:
    status = make_status(alice, "before")
    assert "before" in view(None, status).body.content

    edits.edit(alice.account.id, status.id, Draft(text="after #tag"))

    seen = view(None, status)
    assert "after" in seen.body.content
    assert [tag.key for tag in seen.body.tags] == ["tag"]
    assert seen.body.edited_at is not None


def test_a_new_name_of_the_author_is_seen_at_once(alice: Person) -> None:
    status = make_status(alice)
    view(None, status)

    Account.update(display_name="Alice the Second", version=Account.version + 1).where(
        Account.id == alice.account.id
    ).execute()

    assert view(None, status).author.account.display_name == "Alice the Second"


def test_a_poll_shows_its_votes_and_the_readers_own(alice: Person, bob: Person) -> None:
    poll = PollDraft(options=("yes", "no"), expires_in_ms=clock.HOUR)
    status = make_status(alice, "well?", poll=poll)
    before = view(bob, status).body.poll
    assert before is not None
    polls.vote(bob.account.id, before.id, [1])

    seen = view(bob, status)

    assert seen.body.poll is not None
    assert [option.votes for option in seen.body.poll.options] == [0, 1]
    assert seen.own_votes == [1]
    assert view(alice, status).own_votes == []


def test_totals_of_a_remote_poll_are_seen_when_they_arrive(remote: Callable[..., Account]) -> None:
    carol = remote("carol")
    facts: dict[str, Any] = {"uri": "https://remote.test/notes/poll", "created_at": clock.now_ms()}
    status = make_status(carol, **facts, poll=PollFacts(options=(("a", 1), ("b", 2))))
    assert view(None, status).body.poll is not None

    edits.receive_edit(carol, make_note(carol, **facts, poll=PollFacts(options=(("a", 5), ("b", 2)))))

    poll = view(None, status).body.poll
    assert poll is not None
    assert [option.votes for option in poll.options] == [5, 2]


def test_media_come_in_their_order(alice: Person) -> None:
    media = [make_media(alice, description=name) for name in "abc"]

    status = make_status(alice, media_ids=tuple(one.id for one in reversed(media)))

    assert [one.description for one in view(None, status).body.media] == ["c", "b", "a"]


def test_only_the_author_sees_that_it_is_pinned(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    pins.add(alice.account.id, status.id)

    assert view(alice, status).pinned
    assert not view(bob, status).pinned


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
def test_what_the_reader_may_not_read_is_not_there(alice: Person, bob: Person, visibility: Visibility) -> None:
    status = make_status(alice, visibility=visibility)
    view(alice, status)  # remembered, but not for others

    for reader in (bob, None):
        with pytest.raises(NotFound):
            view(reader, status)


def test_the_dictionary_and_the_json_of_a_status_are_the_same(
    alice: Person, bob: Person, remote: Callable[..., Account]
) -> None:
    carol = remote("carol")
    poll = PollDraft(options=("yes", "no"), expires_in_ms=clock.HOUR)
    boost = reblogs.add(alice.account.id, make_status(carol, "hello").id)
    many = [
        make_status(alice, "with @bob #tag <b>", spoiler_text='"quoted"', media_ids=(make_media(alice).id,)),
        make_status(bob, "well?", poll=poll),
        make_status(carol, "far"),
        boost,
    ]

    for reader in (alice, bob, None):
        for status in many:
            seen = view(reader, status)
            assert msgspec.json.decode(status_json(seen)) == status_entity(seen)


_CHANGES: dict[str, Any] = {
    "viewer_id": None,
    "in_reply_to_id": 12,
    "in_reply_to_account_id": 13,
    "replies_count": 1,
    "reblogs_count": 2,
    "favourites_count": 3,
    "quotes_count": 4,
    "favourited": True,
    "reblogged": True,
    "bookmarked": True,
    "muted": True,
    "pinned": True,
    "follows_author": True,
    "followed_by_author": True,
    "reactions": [ReactionView("😀", 1, False, None)],
    "filtered": (Match(Rule(1, "no", FilterAction.WARN, (FilterContext.HOME,), None), (), ()),),
}
_OF_ITS_BODY = {"id", "body", "thread_id", "own_votes", "collections"}  # shown by what the body names, or not at all
_LOADED = {"author", "reblog", "quote"}  # as a whole: in the test above


@pytest.mark.parametrize("name", _CHANGES)
def test_what_is_remembered_of_a_status_is_told_to_nobody_who_would_read_something_else(
    alice: Person, bob: Person, name: str
) -> None:
    assert _CHANGES.keys() | _OF_ITS_BODY | _LOADED == set(status_view.StatusView.__struct_fields__)
    status = make_status(bob, "for @alice", policy=Choices(reply=Choice.FOLLOWERS, quote=Choice.FOLLOWERS))

    readers = (bob, make_person("carol"), alice, None)  # each differs in one thing from the one before

    for reader in readers:
        for changed in ("", name, ""):
            seen = view(reader, status)
            if changed:
                setattr(seen, changed, _CHANGES[changed])
            assert msgspec.json.decode(status_json(seen)) == status_entity(seen)
