"""Relays: asked by us, let us in, pass on what is looked up where it lives (FEP-ae0c)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from federation.delivery import send
from node.jobs import JobKind, TakenJob
from node.models import Delivery, Feed, Job, Relay, RelayKind, RelayState, Status, Visibility
from node.paging import Page
from node.services import timelines
from node.services.servers import relays
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, stranger_keys, waiting
from tests.federation.outgoing.speaking import Said, queued

SIGNATURE = {"signature": {"type": "RsaSignature2017", "creator": "x", "signatureValue": "x"}}


@pytest.fixture
async def third() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as server:
        yield server


@pytest.fixture
def relay(there: Elsewhere) -> Somebody:
    return there.somebody("relay", type="Application", inbox=there.url("/relay/inbox"))


@pytest.fixture
def erin(third: Elsewhere) -> Somebody:
    return third.somebody("erin", keys=stranger_keys())


async def said(kind: str) -> list[Said]:
    """What the jobs of a kind say; each is done once."""
    for job in waiting(kind):
        await send.HANDLERS[JobKind(kind)](TakenJob(job.id, job.kind, job.subject, job.payload, job.attempts))
    return queued()


async def ask(here: Here, relay: Somebody, kind: RelayKind) -> tuple[Relay, dict[str, Any]]:
    address = f"{relay.origin}/relay/inbox" if kind is RelayKind.MASTODON else relay.uri
    with in_unit():
        relays.add(address, kind, None)
    await here.work()
    (told,) = await said("send_relay_follow")
    assert told.inboxes == {f"{relay.origin}/relay/inbox"}
    Delivery.delete().execute()
    return Relay.get(), told.document


async def join(here: Here, relay: Somebody, kind: RelayKind) -> None:
    _, follow = await ask(here, relay, kind)
    await here.receive(relay, relay.does("Accept", follow))
    Job.delete().execute()


@pytest.mark.parametrize("kind", RelayKind)
async def test_a_relay_is_asked_and_lets_us_in(here: Here, relay: Somebody, kind: RelayKind) -> None:
    row, follow = await ask(here, relay, kind)
    assert (follow["type"], follow["actor"]) == ("Follow", f"{here.base}/ap/actor")
    assert follow["object"] == (PUBLIC if kind is RelayKind.MASTODON else relay.uri)
    assert (row.state, relays.accepted()) == ("waiting", ())

    await here.receive(relay, relay.does("Accept", follow["id"]))

    assert [(one.kind, one.actor_uri) for one in relays.accepted()] == [(kind, relay.uri)]


async def test_only_somebody_who_lives_there_can_answer(
    here: Here, relay: Somebody, carol: Somebody, erin: Somebody
) -> None:
    _, follow = await ask(here, relay, RelayKind.MASTODON)

    await here.receive(erin, erin.does("Accept", follow))
    assert relays.accepted() == ()

    await here.receive(relay, relay.does("Reject", follow))
    assert Relay.get().state == RelayState.REJECTED


async def test_a_relay_that_follows_back_is_accepted(here: Here, relay: Somebody, carol: Somebody) -> None:
    await join(here, relay, RelayKind.LITEPUB)
    back = relay.does("Follow", f"{here.base}/ap/actor")

    await here.receive(relay, back)
    (told,) = await said("send_relay_accept")

    assert (told.document["type"], told.document["object"]["id"]) == ("Accept", back["id"])
    await here.receive(carol, carol.does("Follow", f"{here.base}/ap/actor"))
    assert len(waiting("send_relay_accept")) == 0


async def test_what_a_relay_announces_is_fetched_and_stands_in_no_home(
    here: Here, relay: Somebody, third: Elsewhere, erin: Somebody, alice: Person
) -> None:
    note = erin.note("From afar.")
    third.serve(note)
    await here.receive(relay, relay.does("Announce", note["id"]))
    assert not Status.select().exists()

    await join(here, relay, RelayKind.LITEPUB)
    await here.receive(relay, relay.does("Announce", note["id"]))

    (status,) = Status.select()
    assert (status.content, status.reblog_of_id) == ("<p>From afar.</p>", None)
    assert not Feed.select().exists()
    assert timelines.public(None, Page()) == [status.id]


async def test_what_a_relay_passes_on_is_fetched(
    here: Here, relay: Somebody, third: Elsewhere, erin: Somebody
) -> None:
    note = erin.note("The truth.")
    third.serve(note)
    lie = note | {"content": "<p>A lie.</p>"}
    await here.receive(relay, erin.creates(lie) | SIGNATURE)
    assert not Status.select().exists()

    await join(here, relay, RelayKind.MASTODON)
    # Another one: the same bytes, signed in the same second, would be a replay.
    await here.receive(relay, erin.creates(lie, id=f"{note['id']}/again") | SIGNATURE)

    assert Status.get().content == "<p>The truth.</p>"


async def test_a_relay_has_us_fetch_its_share_and_no_more(
    here: Here, relay: Somebody, third: Elsewhere, erin: Somebody
) -> None:
    await join(here, relay, RelayKind.LITEPUB)
    while here.fed.relayed.take(relay.uri):
        pass
    note = erin.note()
    third.serve(note)

    await here.receive(relay, relay.does("Announce", note["id"]))

    assert not Status.select().exists()


async def test_relays_get_what_is_public_and_nothing_else(here: Here, relay: Somebody, alice: Person) -> None:
    await join(here, relay, RelayKind.MASTODON)
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT):
        make_status(alice, "Psst.", visibility=visibility)
    assert not waiting("send_status")

    status = make_status(alice, "Hello.")
    (create,) = await said("send_status")
    with in_unit():
        edits.edit(alice.account.id, status.id, Draft(text="Hello, all."))
    update = (await said("send_edit"))[-1]
    with in_unit():
        deletion.delete(alice.account.id, status.id)
    delete = (await said("send_delete"))[-1]

    assert create.inboxes == update.inboxes == delete.inboxes == {f"{relay.origin}/relay/inbox"}
    assert [one.document["type"] for one in (create, update, delete)] == ["Create", "Update", "Delete"]


async def test_relays_of_the_other_kind_get_the_id(here: Here, relay: Somebody, alice: Person) -> None:
    await join(here, relay, RelayKind.LITEPUB)

    status = make_status(alice, "Hello.")
    (told,) = await said("send_relay_announce")

    assert (told.document["type"], told.document["object"]) == ("Announce", status.uri)
    assert (told.document["actor"], told.document["to"]) == (f"{here.base}/ap/actor", [PUBLIC])


@pytest.mark.parametrize("kind", RelayKind)
async def test_a_relay_is_left(here: Here, relay: Somebody, alice: Person, kind: RelayKind) -> None:
    await join(here, relay, kind)
    with in_unit():
        relays.remove(f"{relay.origin}/relay/inbox" if kind is RelayKind.MASTODON else relay.uri, None)

    (told,) = await said("send_relay_unfollow")

    whom = PUBLIC if kind is RelayKind.MASTODON else relay.uri
    assert (told.document["type"], told.document["object"]["object"]) == ("Undo", whom)
    make_status(alice, "Hello.")
    assert not waiting("send_status")
    assert not waiting("send_relay_announce")
