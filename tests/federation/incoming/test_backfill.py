"""What comes with the first follow of somebody: recent posts, in their place, and no noise (ADR 21)."""

from typing import Any

import pytest

from federation.finding import resolve
from federation.http.budget import Budget
from node.models import Account, Feed, Follow, Job, Notification, Status
from node.paging import Page
from node.services import follows, timelines
from tests.factories import Person, in_unit
from tests.federation.incoming.fediverse import Document, Elsewhere, Here, Somebody, account


@pytest.fixture
async def dave(here: Here, there: Elsewhere) -> Somebody:
    dave = there.somebody("dave")
    await resolve.account(here.fed, dave.uri, budget=Budget(5))
    there.received.clear()
    return dave


def old(author: Somebody, day: int, **changes: Any) -> Document:
    return author.note(f"Day {day}.", **{"published": f"2024-01-{day:02}T00:00:00Z"} | changes)


def outbox(there: Elsewhere, author: Somebody, *items: Any) -> None:
    """Two pages."""
    uri, half = f"{author.uri}/outbox", len(items) // 2
    page = {"type": "OrderedCollectionPage", "partOf": uri}
    there.serve({"id": uri, "type": "OrderedCollection", "totalItems": len(items), "first": f"{uri}/1"})
    there.serve(page | {"id": f"{uri}/1", "orderedItems": list(items[:half]), "next": f"{uri}/2"})
    there.serve(page | {"id": f"{uri}/2", "orderedItems": list(items[half:])})


async def follow(here: Here, follower: Person, followed: Somebody) -> None:
    """As both servers do it."""
    with in_unit():
        request = follows.follow(follower.account.id, account(followed).id)
    await here.receive(followed, followed.does("Accept", request.uri))


def posts_of(author: Somebody) -> list[str]:
    return [row.uri for row in Status.select().where(Status.account == account(author).id).order_by(Status.id)]


async def test_the_first_follow_brings_the_last_posts_in_the_order_in_which_they_were_written(
    here: Here, there: Elsewhere, dave: Somebody, alice: Person
) -> None:
    notes = [old(dave, day) for day in range(1, 29)]
    outbox(there, dave, *[dave.creates(note) for note in reversed(notes)])

    await follow(here, alice, dave)

    assert posts_of(dave) == [note["id"] for note in notes[-20:]]
    assert {request.path for request in there.received} == {f"/users/dave/outbox{part}" for part in ("", "/1", "/2")}


async def test_they_stand_at_home_where_they_would_have_stood_and_nobody_is_told(
    here: Here, there: Elsewhere, dave: Somebody, carol: Somebody, alice: Person
) -> None:
    await here.receive(carol, carol.creates(carol.note("New.")))
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
    note = old(dave, 1, tag=[mention], cc=[alice.account.uri])
    outbox(there, dave, dave.creates(note), dave.creates(old(dave, 2)))
    before = Account.get(Account.uri == dave.uri).statuses_count

    await follow(here, alice, dave)

    with in_unit():
        home = timelines.home(alice.account.id, Page(limit=20))
    newest = Status.get_by_id(home[0])
    assert newest.account_id == account(carol).id
    assert Feed.select().where(Feed.account == alice.account.id).count() == 3
    assert [row.kind for row in Notification.select()] == []
    assert Account.get(Account.uri == dave.uri).statuses_count == before


async def test_what_was_written_just_now_is_told_of_whichever_way_it_comes_first(
    here: Here, there: Elsewhere, dave: Somebody, alice: Person
) -> None:
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
    news = dave.note("Hello, @alice.", tag=[mention], cc=[alice.account.uri])
    outbox(there, dave, dave.creates(news), dave.creates(old(dave, 1)))

    await follow(here, alice, dave)

    assert [row.kind for row in Notification.select()] == ["mention"]


async def test_a_second_follower_brings_nothing_more(
    here: Here, there: Elsewhere, dave: Somebody, alice: Person, bob: Person
) -> None:
    outbox(there, dave, dave.creates(old(dave, 1)), dave.creates(old(dave, 2)))
    await follow(here, alice, dave)
    there.received.clear()

    await follow(here, bob, dave)

    assert Follow.select().where(Follow.target == account(dave).id).count() == 2
    assert there.received == []


async def test_an_outbox_speaks_for_its_owner_alone(
    here: Here, there: Elsewhere, dave: Somebody, carol: Somebody, alice: Person
) -> None:
    async with Elsewhere() as other:
        erin = other.somebody("erin")
        items = [
            dave.creates(old(carol, 1)),
            dave.creates(old(erin, 2)),
            old(dave, 3, attributedTo=carol.uri),
            dave.does("Announce", old(carol, 4)["id"]),
            dave.creates(old(dave, 5, to=[f"{dave.uri}/followers"], cc=[])),
            {"type": "Create", "object": 7},
            None,
            "nonsense",
            dave.creates(old(dave, 6)),
            old(dave, 7),
        ]
        outbox(there, dave, *items)

        await follow(here, alice, dave)

        assert posts_of(dave) == [items[-2]["object"]["id"], items[-1]["id"]]
        assert Status.select().count() == 2
        assert other.received == []


async def test_posts_that_are_only_named_are_fetched(
    here: Here, there: Elsewhere, dave: Somebody, alice: Person
) -> None:
    named, told = old(dave, 1), old(dave, 2)
    there.serve(named)
    there.serve(told)
    outbox(there, dave, named["id"], dave.does("Create", told["id"]))

    await follow(here, alice, dave)

    assert posts_of(dave) == [named["id"], told["id"]]


async def test_an_outbox_without_end_has_one_here(
    here: Here, there: Elsewhere, dave: Somebody, alice: Person
) -> None:
    uri = f"{dave.uri}/outbox"
    page = {"type": "OrderedCollectionPage", "orderedItems": []}
    there.serve({"id": uri, "type": "OrderedCollection", "first": f"{uri}/1"})
    for number in range(1, 20):
        there.serve(page | {"id": f"{uri}/{number}", "next": f"{uri}/{number + 1}"})

    await follow(here, alice, dave)

    assert len(there.received) == 4


async def test_an_answer_in_it_does_not_have_the_whole_thread_fetched(
    here: Here, there: Elsewhere, dave: Somebody, alice: Person
) -> None:
    outbox(there, dave, dave.creates(old(dave, 1, inReplyTo="https://elsewhere.test/notes/1")))

    await follow(here, alice, dave)

    assert len(posts_of(dave)) == 1
    assert Job.select().where(Job.kind == "fetch_parent").count() == 0
