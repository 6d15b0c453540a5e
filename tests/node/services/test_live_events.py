"""What streams hear of statuses. An event names those who may hear it, and comes after the commit alone."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from node import clock, store, streams
from node.errors import Invalid
from node.models import Account, Status, Visibility
from node.services.interactions import favourites, reblogs
from node.services.relationships import lists
from node.services.statuses import deletion, edits, loading, posting, receiving
from node.services.statuses.drafts import Draft
from tests.factories import Person, make_person
from tests.factories_posts import make_follow, make_note, make_status

Heard = list[tuple[str, int]]


@contextmanager
def listening(*topics: str) -> Iterator[Heard]:
    heard: Heard = []
    with streams.subscribe(topics) as subscription:
        yield heard
        heard += [(event.kind, event.id) for event in subscription._events]


def test_a_public_status_is_heard_where_it_is_shown(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    with store.transaction():
        row = lists.create(bob.account.id, "Birds")
        lists.add_members(bob.account.id, row.id, [alice.account.id])
    topics = (
        f"user:{alice.account.id}",
        f"user:{bob.account.id}",
        f"list:{row.id}",
        "public",
        "public:local",
        "hashtag:a",
    )
    for topic in topics:
        with listening(topic) as heard:
            status = make_status(alice, "#a")
        assert heard == [("update", status.id)], topic
    with listening("public:remote", "hashtag:b", "user:1") as heard:
        make_status(alice, "#a")
    assert heard == []


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT])
def test_what_is_not_public_is_heard_by_no_public_stream(alice: Person, bob: Person, visibility: Visibility) -> None:
    make_follow(bob, alice)
    with listening("public", "public:local", "hashtag:a", "hashtag:local:a") as heard:
        status = make_status(alice, "#a", visibility=visibility)
        with store.transaction():
            edits.edit(alice.account.id, status.id, Draft(text="b #a"))
            deletion.delete(alice.account.id, status.id)
    assert heard == []


def test_remote_statuses_are_heard_by_the_federated_streams(alice: Person, remote: Callable[..., Account]) -> None:
    carol = remote("carol")
    make_follow(alice, carol)
    with listening("public:remote") as heard, listening("public:local") as here:
        status = make_status(carol)
    assert heard == [("update", status.id)]
    assert here == []


def test_an_answer_that_came_before_its_parent_is_heard_once_that_is_there(
    alice: Person, remote: Callable[..., Account]
) -> None:
    carol = remote("carol")
    make_follow(alice, carol)
    one, old, two = make_note(carol), make_note(carol, created_at=clock.now_ms() - 2 * clock.HOUR), make_note(carol)
    with store.transaction():
        for answer in (old, two):
            receiving.receive(carol, dataclasses.replace(answer, in_reply_to_uri=one.uri))

    with listening(f"user:{alice.account.id}") as heard, store.transaction():
        receiving.receive(carol, one)

    assert heard == [("update", Status.get(Status.uri == note.uri).id) for note in (two, one)]


def test_edits_and_deletions_are_heard_where_the_status_was(alice: Person, bob: Person) -> None:
    carol = make_person("carol")
    make_follow(bob, alice)
    make_follow(carol, bob)
    status = make_status(alice)
    with store.transaction():
        boost = reblogs.add(bob.account.id, status.id)
    with listening(f"user:{bob.account.id}") as heard, store.transaction():
        edits.edit(alice.account.id, status.id, Draft(text="after"))
    assert [event for event in heard if event[0] != "notification"] == [("status.update", status.id)]
    topics = (f"user:{bob.account.id}", f"user:{carol.account.id}")
    with listening(topics[0]) as by_bob, listening(topics[1]) as by_carol, store.transaction():
        deletion.delete(alice.account.id, status.id)
    assert by_bob == [("delete", status.id)]
    assert by_carol == [("delete", boost.id)]


def test_direct_messages_and_notifications_are_heard_by_their_recipients(alice: Person, bob: Person) -> None:
    with listening(f"direct:{bob.account.id}") as direct, listening(f"notifications:{bob.account.id}") as told:
        make_status(alice, "@bob", visibility=Visibility.DIRECT)
    assert [kind for kind, _ in direct] == ["conversation"]
    assert [kind for kind, _ in told] == ["notification"]


def test_what_was_rolled_back_is_not_heard(alice: Person, bob: Person) -> None:
    def post_and_fail() -> None:
        with store.transaction():
            favourites.add(bob.account.id, make_status(alice).id)
            posting.post(alice.account.id, Draft(text=""))

    with listening("public", f"user:{alice.account.id}") as heard, pytest.raises(Invalid):
        post_and_fail()
    assert heard == []


async def test_units_of_work_from_the_event_loop_do_the_same(alice: Person) -> None:
    with listening("public") as heard:
        status = await store.write(posting.post, alice.account.id, Draft(text="Hello."))
    assert heard == [("update", status.id)]
    assert (await store.point(loading.get, None, status.id)).id == status.id
