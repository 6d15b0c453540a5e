"""Groups that wrap what their members do (FEP-1b12; Lemmy, PieFed, Mbin)."""

from typing import Any

import pytest

from federation.context import Budget
from federation.finding import resolve
from node import clock
from node.models import Account, ActorKind, Favourite, Feed, Status
from node.paging import Page
from node.services import timelines
from tests.factories import Person
from tests.factories_posts import fresh, make_follow, make_status
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody, account, stranger_keys


@pytest.fixture
async def maps(here: Here, there: Elsewhere, alice: Person) -> Somebody:
    """A community that Alice follows."""
    maps = there.somebody("maps", type="Group")
    await resolve.account(here.fed, maps.uri, budget=Budget(5))
    make_follow(alice, account(maps))
    return maps


@pytest.fixture
async def xenia(here: Here, there: Elsewhere) -> Somebody:
    """A member, whom nobody here follows."""
    return there.somebody("xenia", keys=stranger_keys())


def page(author: Somebody, community: Somebody, **changes: Any) -> Document:
    return author.note("Where to begin.", audience=community.uri, **changes) | {"type": "Page", "name": "Old maps"}


def wrapped(community: Somebody, activity: Document) -> Document:
    return community.does("Announce", activity, to=[PUBLIC], cc=[f"{community.uri}/followers"])


def home(person: Person) -> list[Status]:
    return [Status.get_by_id(one) for one in timelines.home(person.account.id, Page())]


async def begin(here: Here, there: Elsewhere, maps: Somebody, xenia: Somebody) -> tuple[Document, Status]:
    """A post that the community passed on."""
    post = page(xenia, maps)
    there.serve(post)
    await here.receive(maps, wrapped(maps, xenia.creates(post)))
    return post, Status.get(Status.uri == post["id"])


async def test_a_post_is_shown_once_however_often_it_is_passed_on(
    here: Here, there: Elsewhere, maps: Somebody, xenia: Somebody, alice: Person
) -> None:
    post = page(xenia, maps)
    there.serve(post)
    around, bare = wrapped(maps, xenia.creates(post)), maps.does("Announce", post["id"], to=[PUBLIC])

    await here.receive(maps, around, bare, around, bare | {"id": f"{bare['id']}-again"})

    status = Status.get(Status.uri == post["id"])
    assert "<strong>Old maps</strong>" in status.content
    assert (status.account_id, status.reblogs_count) == (account(xenia).id, 1)
    (shown,) = home(alice)
    assert (shown.reblog_of, shown.account_id) == (status.id, account(maps).id)


async def test_answers_stand_in_their_thread_and_not_in_home_timelines(
    here: Here, there: Elsewhere, maps: Somebody, xenia: Somebody, alice: Person
) -> None:
    post, status = await begin(here, there, maps, xenia)
    answers = [xenia.note(f"Answer {number}.", inReplyTo=post["id"], audience=maps.uri) for number in range(2)]
    for one in answers:
        there.serve(one)

    await here.receive(
        maps, wrapped(maps, xenia.creates(answers[0])), maps.does("Announce", answers[1]["id"], to=[PUBLIC])
    )

    assert Status.select().where(Status.in_reply_to == status.id).count() == 2
    assert [one.reblog_of for one in home(alice)] == [status.id]
    assert fresh(status).replies_count == 2


async def test_what_is_passed_on_is_as_its_origin_shows_it(
    here: Here, there: Elsewhere, maps: Somebody, xenia: Somebody
) -> None:
    post = page(xenia, maps, published=clock.iso(clock.now_ms() - clock.HOUR))
    there.serve(post)

    await here.receive(maps, wrapped(maps, xenia.creates(post | {"name": "A lie"})))
    assert "Old maps" in Status.get(Status.uri == post["id"]).content

    edited = post | {"name": "New maps", "updated": clock.iso(clock.now_ms())}
    there.serve(edited)
    await here.receive(maps, wrapped(maps, xenia.does("Update", edited | {"name": "Another lie"})))
    assert "New maps" in Status.get(Status.uri == post["id"]).content


async def test_a_deletion_ends_the_boost_and_the_post_if_its_origin_says_so(
    here: Here, there: Elsewhere, maps: Somebody, xenia: Somebody, alice: Person
) -> None:
    post, status = await begin(here, there, maps, xenia)

    await here.receive(maps, wrapped(maps, xenia.does("Delete", post["id"])))
    assert home(alice) == []
    assert fresh(status).reblogs_count == 0

    there.on(post["id"].removeprefix(there.url("")), status=410)
    await here.receive(maps, wrapped(maps, xenia.does("Delete", post["id"])))
    assert Status.select().count() == 0


@pytest.mark.parametrize("kind", ["Like", "EmojiReact"])
async def test_likes_count_if_their_origin_says_that_they_are(
    here: Here, there: Elsewhere, maps: Somebody, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice)
    like = carol.does(kind, status.uri, content="👍" if kind == "EmojiReact" else "")
    undo = carol.does("Undo", like)

    def numbers() -> tuple[int, str]:
        row = fresh(status)
        return row.favourites_count, row.reactions

    await here.receive(maps, wrapped(maps, like))
    assert numbers() == (0, "[]")

    there.serve(like)
    await here.receive(maps, wrapped(maps, like), wrapped(maps, like))
    assert numbers() == ((1, "[]") if kind == "Like" else (0, '[["👍",1]]'))

    await here.receive(maps, wrapped(maps, undo))
    assert numbers() != (0, "[]")
    there.serve(undo)
    await here.receive(maps, wrapped(maps, undo))
    assert numbers() == (0, "[]")


async def test_a_like_that_its_origin_tells_otherwise_is_nothing(
    here: Here, there: Elsewhere, maps: Somebody, carol: Somebody, alice: Person
) -> None:
    status, other = make_status(alice), make_status(alice)
    like = carol.does("Like", status.uri)
    there.serve(like | {"object": other.uri})

    await here.receive(maps, wrapped(maps, like))

    assert Favourite.select().count() == 0


async def test_of_people_who_are_not_known_here_nobody_is_asked(
    here: Here, there: Elsewhere, maps: Somebody, xenia: Somebody, alice: Person
) -> None:
    status = make_status(alice)
    like = xenia.does("Like", status.uri)
    there.serve(like)
    there.received.clear()

    await here.receive(maps, wrapped(maps, like))

    assert Favourite.select().count() == 0
    assert there.received == []


@pytest.mark.parametrize("kind", ["Dislike", "Add", "Remove", "Block", "Lock", "Flag", "Follow", "Move", "Announce"])
async def test_what_concerns_the_group_alone_changes_nothing(
    here: Here, there: Elsewhere, maps: Somebody, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice)
    activity = carol.does(kind, status.uri, target=f"{maps.uri}/featured")
    there.serve(activity)

    await here.receive(maps, wrapped(maps, activity), wrapped(maps, carol.does("Undo", activity)))

    row = fresh(status)
    assert (row.favourites_count, row.reblogs_count, row.reactions) == (0, 0, "[]")
    assert fresh(account(maps)).kind == ActorKind.GROUP


async def test_a_person_is_no_group(
    here: Here, there: Elsewhere, carol: Somebody, xenia: Somebody, alice: Person
) -> None:
    await resolve.account(here.fed, xenia.uri, budget=Budget(5))
    status = make_status(alice)
    like = xenia.does("Like", status.uri)
    there.serve(like)

    await here.receive(carol, wrapped(carol, like))

    assert Favourite.select().count() == 0


async def test_a_community_that_nobody_follows_brings_nothing(
    here: Here, there: Elsewhere, xenia: Somebody, db: None
) -> None:
    maps = there.somebody("maps", type="Group")
    post = page(xenia, maps)
    there.serve(post)

    await here.receive(maps, wrapped(maps, xenia.creates(post)))

    assert Status.select().count() == Feed.select().count() == 0
    assert Account.select().where(Account.uri == xenia.uri).count() == 0
