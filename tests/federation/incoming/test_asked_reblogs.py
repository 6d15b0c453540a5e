"""Boosts by people here that somebody elsewhere has to allow (GoToSocial; docs/adr/0034-boosts-that-wait.md)."""

from typing import Any

import pytest

from node import clock, store
from node.errors import Invalid
from node.models import Approval, Status, Visibility
from node.paging import Page
from node.services import timelines
from node.services.interactions import reblogs
from node.services.timelines.by_follows import rebuild
from tests.factories import Person, in_unit
from tests.factories_posts import fresh, make_follow
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody, account
from tests.federation.incoming.test_interaction_requests import said

BY_HAND = {"automaticApproval": [], "manualApproval": [PUBLIC]}


async def post_of(here: Here, author: Somebody, rule: Document) -> Status:
    note = author.note(interactionPolicy={"canAnnounce": rule})
    await here.receive(author, author.creates(note))
    found: Status = Status.get(Status.uri == note["id"])
    return found


def boost(person: Person, status: Status, visibility: Visibility | None = None) -> Status:
    with in_unit():
        return reblogs.add(person.account.id, status.id, visibility)


@pytest.fixture
async def dave(here: Here, there: Elsewhere, alice: Person) -> Somebody:
    """On a server of his own he follows Alice."""
    dave = there.somebody("dave")
    await here.receive(dave, dave.does("Follow", alice.account.uri))
    await said()
    return dave


async def accept(here: Here, author: Somebody, asked: Document, **more: Any) -> str:
    stamp = f"{author.uri}/authorizations/1"
    answered = asked | {"instrument": asked["instrument"]["id"]}
    await here.receive(author, author.does("Accept", answered, **{"result": stamp} | more))
    return stamp


def is_seen(reader: Person, shown: Status) -> bool:
    return shown.id in timelines.home(reader.account.id, Page())


async def test_it_is_asked_of_the_author_alone_and_seen_by_nobody_else(
    here: Here, carol: Somebody, dave: Somebody, alice: Person, bob: Person
) -> None:
    make_follow(bob, alice)
    status = await post_of(here, carol, BY_HAND)

    boosted = boost(alice, status)
    [request] = [one for one in await said() if one.document["type"] != "Accept"]

    assert (request.document["type"], request.inboxes) == ("AnnounceRequest", {account(carol).inbox})
    assert (request.document["object"], request.document["to"]) == (status.uri, [carol.uri])
    instrument = request.document["instrument"]
    assert (instrument["type"], instrument["id"], instrument["to"]) == ("Announce", boosted.uri, [PUBLIC])
    assert not is_seen(bob, boosted)
    with in_unit():
        rebuild(bob.account.id)
    assert not is_seen(bob, boosted)
    assert fresh(status).reblogs_count == 0
    assert reblogs.of_account(alice.account.id, status.id) is not None  # pressed, to whoever did


async def test_one_that_waits_begins_without_a_stamp_once_everybody_may_boost(
    here: Here, carol: Somebody, dave: Somebody, alice: Person, bob: Person
) -> None:
    make_follow(bob, alice)
    status = await post_of(here, carol, BY_HAND)
    boosted = boost(alice, status)
    [request] = [one for one in await said() if one.document["type"] != "Accept"]
    assert request.document["type"] == "AnnounceRequest"
    later = clock.iso(clock.now_ms() + clock.MINUTE)

    await here.receive(carol, carol.does("Update", carol.note(id=status.uri, updated=later)))

    [announce] = [one for one in await said() if one.document["type"] == "Announce"]
    assert account(dave).shared_inbox in announce.inboxes
    assert "announceAuthorization" not in announce.document
    assert (is_seen(bob, boosted), fresh(status).reblogs_count) == (True, 1)


async def test_once_it_is_allowed_everybody_is_told_with_the_stamp(
    here: Here, carol: Somebody, dave: Somebody, alice: Person, bob: Person
) -> None:
    make_follow(bob, alice)
    status = await post_of(here, carol, BY_HAND)
    boosted = boost(alice, status, Visibility.UNLISTED)
    [request] = [one for one in await said() if one.document["type"] != "Accept"]

    stamp = await accept(here, carol, request.document)
    await accept(here, carol, request.document)

    told = [one for one in await said() if one.document["type"] == "Announce"]
    [announce] = told
    assert announce.document["announceAuthorization"] == announce.document["approvedBy"] == stamp
    assert (announce.document["id"], announce.document["cc"][0]) == (boosted.uri, PUBLIC)
    assert account(dave).shared_inbox in announce.inboxes
    assert is_seen(bob, boosted)
    assert (fresh(status).reblogs_count, fresh(boosted).visibility) == (1, Visibility.UNLISTED)


@pytest.mark.parametrize("form", ["request", "id of the request", "boost"])
async def test_an_answer_names_the_request_or_the_boost(
    here: Here, carol: Somebody, alice: Person, form: str
) -> None:
    status = await post_of(here, carol, BY_HAND)
    boosted = boost(alice, status)
    [request] = await said()
    thing = {"request": request.document, "id of the request": request.document["id"], "boost": boosted.uri}[form]

    await here.receive(carol, carol.does("Accept", thing, result=f"{carol.uri}/authorizations/1"))

    assert fresh(status).reblogs_count == 1


async def test_a_yes_by_another_or_written_elsewhere_is_none(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory")
    status = await post_of(here, carol, BY_HAND)
    boosted = boost(alice, status)
    [request] = await said()

    await accept(here, carol, request.document, result="https://else.example/1")
    await accept(here, carol, request.document, result=None)
    await accept(here, mallory, request.document)
    assert fresh(status).reblogs_count == 0
    assert fresh(boosted).visibility == Visibility.DIRECT

    await accept(here, carol, request.document)
    assert fresh(status).reblogs_count == 1


@pytest.mark.parametrize("is_let_in", [False, True])
async def test_a_no_ends_it_also_afterwards_and_by_the_author_alone(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, alice: Person, is_let_in: bool
) -> None:
    mallory = there.somebody("mallory")
    status = await post_of(here, carol, BY_HAND)
    boosted = boost(alice, status)
    [request] = [one for one in await said() if one.document["type"] != "Accept"]
    if is_let_in:
        await accept(here, carol, request.document)

    await here.receive(mallory, mallory.does("Reject", request.document))
    assert Status.select().where(Status.id == boosted.id).exists()
    await here.receive(carol, carol.does("Reject", request.document))

    assert not Status.select().where(Status.id == boosted.id).exists()
    assert (fresh(status).reblogs_count, Approval.select().count()) == (0, 0)
    undone = [one for one in await said() if one.document["type"] == "Undo"]
    assert len(undone) == int(is_let_in)


async def test_a_stamp_that_is_taken_back_ends_it(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory")
    status = await post_of(here, carol, BY_HAND)
    boost(alice, status)
    [request] = [one for one in await said() if one.document["type"] != "Accept"]
    stamp = await accept(here, carol, request.document)

    await here.receive(mallory, mallory.does("Delete", stamp))
    assert fresh(status).reblogs_count == 1
    await here.receive(carol, carol.does("Delete", stamp))
    assert fresh(status).reblogs_count == 0
    assert "Undo" in [one.document["type"] for one in await said()]


async def test_whoever_thinks_better_of_it_tells_the_author_alone(
    here: Here, carol: Somebody, dave: Somebody, alice: Person
) -> None:
    status = await post_of(here, carol, BY_HAND)
    boost(alice, status)
    [request] = [one for one in await said() if one.document["type"] != "Accept"]

    await store.write(reblogs.remove, alice.account.id, status.id)
    await accept(here, carol, request.document)

    undone = (await said())[-1]
    assert (undone.document["type"], undone.inboxes) == ("Undo", {account(carol).inbox})
    assert PUBLIC not in (*undone.document["to"], *undone.document["cc"])
    assert Status.select().where(Status.reblog_of == status.id).count() == 0


async def test_whom_a_rule_lets_in_at_once_asks_too_because_others_want_to_see_the_stamp(
    here: Here, carol: Somebody, alice: Person
) -> None:
    status = await post_of(here, carol, {"automaticApproval": [f"{carol.uri}/followers"]})
    boost(alice, status)

    assert [one.document["type"] for one in await said()] == ["AnnounceRequest"]


@pytest.mark.parametrize(
    ("rule", "is_allowed"),
    [
        ({"automaticApproval": [PUBLIC]}, True),
        ({"automaticApproval": []}, False),
        ({"always": [], "approvalRequired": [PUBLIC]}, False),
    ],
)
async def test_others_are_boosted_at_once_or_not_at_all(
    here: Here, carol: Somebody, alice: Person, rule: Document, is_allowed: bool
) -> None:
    status = await post_of(here, carol, rule)

    if is_allowed:
        boost(alice, status)
        assert [one.document["type"] for one in await said()] == ["Announce"]
    else:
        with pytest.raises(Invalid, match="does not let you boost"):
            boost(alice, status)
