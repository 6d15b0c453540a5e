"""Likes and boosts that need a yes (GoToSocial): asked of us, by us, with what is answered (docs/adr/0028)."""

from typing import Any

import pytest

from node import store
from node.models import Favourite, Job, Status, Visibility
from node.services.approvals.policies import Choice, Choices
from node.services.interactions import favourites
from node.services.relationships import blocks
from tests.factories import Person, in_unit
from tests.factories_posts import fresh, make_follow, make_status
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody, account
from tests.federation.outgoing.speaking import Said, speak

NOBODY = Choices(favourite=Choice.NOBODY, reblog=Choice.NOBODY)
FOLLOWERS = Choices(favourite=Choice.FOLLOWERS, reblog=Choice.FOLLOWERS)
KINDS = ["Like", "Announce"]


def request(author: Somebody, kind: str, status: Status, **changes: Any) -> Document:
    """`author` asks to do it."""
    thing = author.does(kind, status.uri, to=[PUBLIC]) | changes
    del thing["@context"]
    return author.does(f"{kind}Request", status.uri, instrument=thing)


def is_here(author: Somebody, status: Status) -> bool:
    one, own = (
        account(author).id,
        Status.select().where(Status.reblog_of == status.id, Status.account == account(author).id),
    )
    return Favourite.select().where(Favourite.account == one, Favourite.status == status.id).exists() or own.exists()


async def said() -> list[Said]:
    """What waits to be delivered, in its order. Whoever did the jobs that listen has taken those that speak, too."""
    with in_unit():
        Job.update(due_at=0).execute()
    return await speak()


async def answers() -> list[Said]:
    return [one for one in await said() if one.document["type"] in ("Accept", "Reject")]


# ── asked of us ──


@pytest.mark.parametrize("kind", KINDS)
async def test_who_may_is_let_in_and_told_where_it_is_written(
    here: Here, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice)
    asked = request(carol, kind, status)

    await here.receive(carol, asked)

    assert is_here(carol, status)
    [accept] = await answers()
    inner = accept.document["object"]
    assert (accept.document["type"], accept.inboxes) == ("Accept", {account(carol).inbox})
    assert inner == {
        "id": asked["id"],
        "type": f"{kind}Request",
        "actor": carol.uri,
        "object": status.uri,
        "instrument": asked["instrument"]["id"],
    }
    assert accept.document["result"].startswith(f"{alice.account.uri}/approvals/")


@pytest.mark.parametrize("kind", KINDS)
async def test_who_may_not_is_refused(here: Here, carol: Somebody, alice: Person, kind: str) -> None:
    status = make_status(alice, policy=NOBODY)

    await here.receive(carol, request(carol, kind, status))

    assert not is_here(carol, status)
    [reject] = await answers()
    assert (reject.document["type"], reject.document["object"]["type"]) == ("Reject", f"{kind}Request")
    assert "result" not in reject.document


@pytest.mark.parametrize("kind", KINDS)
async def test_what_cannot_be_read_is_not_answered_about(
    here: Here, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice, visibility=Visibility.PRIVATE)

    await here.receive(carol, request(carol, kind, status))

    assert not is_here(carol, status)
    assert await answers() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "https://else.example/users/mallory"},
        {"id": "https://else.example/likes/1"},
        {"object": "https://else.example/notes/1"},
        {"type": "Follow"},
        {"type": "Dislike"},
    ],
)
async def test_what_goes_along_must_be_their_own_and_about_the_same(
    here: Here, carol: Somebody, alice: Person, kind: str, changes: Document
) -> None:
    status = make_status(alice)

    await here.receive(carol, request(carol, kind, status, **changes))

    assert not is_here(carol, status)
    assert await answers() == []


@pytest.mark.parametrize("kind", KINDS)
async def test_asking_twice_is_answered_twice_and_counts_once(
    here: Here, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice)
    asked = request(carol, kind, status)

    await here.receive(carol, asked, asked | {"id": f"{asked['id']}/again"})

    assert fresh(status).favourites_count + fresh(status).reblogs_count == 1
    assert [one.document["object"]["id"] for one in await answers()][-1] == f"{asked['id']}/again"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_comes_unasked_is_answered_where_not_everybody_may(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, kind: str
) -> None:
    dave = there.somebody("dave")
    status, usual = make_status(alice, policy=FOLLOWERS), make_status(alice)
    make_follow(account(carol), alice)
    like = carol.does(kind, status.uri, to=[PUBLIC])
    unwanted = dave.does(kind, status.uri, to=[PUBLIC])

    await here.receive(carol, like, carol.does(kind, usual.uri, to=[PUBLIC]))
    await here.receive(dave, unwanted)

    found = {(one.document["type"], one.document["object"]) for one in await answers()}
    assert found == {("Accept", like["id"]), ("Reject", unwanted["id"])}
    assert (is_here(carol, status), is_here(dave, status)) == (True, False)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_asked_for_and_then_sent_is_answered_once(
    here: Here, carol: Somebody, alice: Person, kind: str
) -> None:
    status = make_status(alice, policy=FOLLOWERS)
    make_follow(account(carol), alice)
    asked = request(carol, kind, status)

    await here.receive(carol, asked)
    assert len(await answers()) == 1
    await here.receive(carol, asked["instrument"])

    assert [one.document["object"]["id"] for one in await answers()] == [asked["id"]]
    assert is_here(carol, status)


# ── asked by us ──


async def restricted(here: Here, author: Somebody, **rule: Any) -> Status:
    note = author.note(interactionPolicy={"canLike": rule})
    await here.receive(author, author.creates(note))
    found: Status = Status.get(Status.uri == note["id"])
    return found


def like(person: Person, status: Status) -> Favourite:
    with in_unit():
        favourites.add(person.account.id, status.id)
    found: Favourite = Favourite.get(Favourite.account == person.account.id)
    return found


async def test_a_favourite_that_has_to_be_allowed_is_asked_for_and_then_told_with_its_stamp(
    here: Here, carol: Somebody, alice: Person
) -> None:
    status = await restricted(here, carol, automaticApproval=[], manualApproval=[PUBLIC])
    favourite = like(alice, status)
    [asked] = await said()

    assert (asked.document["type"], asked.inboxes) == ("LikeRequest", {account(carol).inbox})
    assert asked.document["instrument"]["id"] == f"{alice.account.uri}#likes/{favourite.id}"
    accept = carol.does("Accept", asked.document | {"instrument": asked.document["instrument"]["id"]})
    accept["result"] = f"{carol.uri}/authorizations/1"
    await here.receive(carol, accept)

    told = (await said())[-1].document
    await here.receive(carol, accept | {"id": f"{accept['id']}-again"})
    assert Job.select().where(Job.kind == "send_favourite").count() == 0
    assert (told["type"], told["likeAuthorization"]) == ("Like", f"{carol.uri}/authorizations/1")
    assert told["id"] == asked.document["instrument"]["id"]


async def test_a_stamp_that_was_taken_back_before_it_came_tells_nobody(
    here: Here, carol: Somebody, alice: Person
) -> None:
    status = await restricted(here, carol, automaticApproval=[], manualApproval=[PUBLIC])
    like(alice, status)
    [asked] = await said()
    stamp = f"{carol.uri}/authorizations/1"

    await here.receive(carol, carol.does("Delete", stamp))
    await here.receive(carol, carol.does("Accept", asked.document["id"], result=stamp))

    assert "Like" not in [one.document["type"] for one in await said()]


@pytest.mark.parametrize("form", ["request", "id of the request", "like"])
async def test_it_is_taken_back_if_the_author_says_no_and_by_nobody_else(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, form: str
) -> None:
    mallory = there.somebody("mallory")
    status = await restricted(here, carol, manualApproval=[PUBLIC])
    favourite = like(alice, status)
    [asked] = await said()
    thing = {
        "request": asked.document,
        "id of the request": asked.document["id"],
        "like": asked.document["instrument"]["id"],
    }[form]

    await here.receive(mallory, mallory.does("Reject", thing))
    assert Favourite.select().where(Favourite.id == favourite.id).exists()
    await here.receive(carol, carol.does("Reject", thing))
    assert not Favourite.select().where(Favourite.id == favourite.id).exists()
    assert fresh(status).favourites_count == 0


async def test_a_stamp_of_another_host_or_another_person_is_none(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory")
    status = await restricted(here, carol, manualApproval=[PUBLIC])
    like(alice, status)
    [asked] = await said()

    await here.receive(carol, carol.does("Accept", asked.document, result="https://else.example/1"))
    await here.receive(mallory, mallory.does("Accept", asked.document, result=f"{mallory.uri}/1"))

    assert [one.document["type"] for one in await said()] == ["LikeRequest"]


@pytest.mark.parametrize("rule", [{"always": [], "approvalRequired": [PUBLIC]}, {"automaticApproval": [PUBLIC]}])
async def test_nobody_is_asked_who_lets_everybody_or_knows_no_requests(
    here: Here, carol: Somebody, alice: Person, rule: Document
) -> None:
    status = await restricted(here, carol, **rule)
    like(alice, status)

    assert [one.document["type"] for one in await said()] == ["Like"]


async def test_who_was_blocked_meanwhile_gets_no_permit(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)
    await store.write(blocks.block, alice.account.id, account(carol).id)

    await here.receive(carol, request(carol, "Like", status))

    assert not is_here(carol, status)
    assert await answers() == []
