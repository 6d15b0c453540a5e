"""What a server passes on of somebody else's people is looked up where they live (PROTOCOL 1.6)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from node import clock
from node.models import Job, Status
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, stranger_keys

# What Mastodon embeds; nobody here looks into it.
SIGNATURE = {"signature": {"type": "RsaSignature2017", "creator": "x", "signatureValue": "x"}}


@pytest.fixture
async def third() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as server:
        yield server


@pytest.fixture
def dave(third: Elsewhere) -> Somebody:
    return third.somebody("dave", keys=stranger_keys())


def answer(dave: Somebody, note: dict[str, Any], text: str = "An answer.") -> dict[str, Any]:
    return dave.note(text, inReplyTo=note["id"], published=clock.iso(clock.now_ms() - clock.MINUTE))


async def test_an_answer_that_is_passed_on_is_fetched_from_its_author(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    note = carol.note()
    reply = answer(dave, note, "The truth.")
    third.serve(reply)

    await here.receive(carol, carol.creates(note), dave.creates(reply | {"content": "A lie."}) | SIGNATURE)

    status = Status.get(Status.uri == reply["id"])
    assert status.content == "<p>The truth.</p>"
    assert status.in_reply_to_id == Status.get(Status.uri == note["id"]).id


async def test_without_an_embedded_signature_it_is_a_forgery(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    note = carol.note()
    reply = answer(dave, note)
    third.serve(reply)
    await here.receive(carol, carol.creates(note))

    assert await here.deliver(carol, dave.creates(reply)) == 401
    await here.work()

    assert (Status.select().count(), third.received) == (1, [])


async def test_what_has_nothing_to_do_with_us_causes_no_request(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    await here.receive(carol, dave.creates(dave.note()) | SIGNATURE, dave.does("Delete", f"{dave.uri}/1") | SIGNATURE)

    assert third.received == []


async def test_what_is_not_found_at_its_author_has_no_effect(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    note = carol.note()

    await here.receive(carol, carol.creates(note), dave.creates(answer(dave, note)) | SIGNATURE)

    assert Status.select().count() == 1
    assert Job.select().where(Job.kind == "fetch_forwarded").count() == 0


async def test_a_deletion_that_is_passed_on_needs_the_authors_server_to_agree(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    note = carol.note()
    reply = answer(dave, note)
    third.serve(reply)
    await here.receive(carol, carol.creates(note), dave.creates(reply) | SIGNATURE)
    assert Status.select().count() == 2

    await here.receive(carol, dave.does("Delete", reply["id"]) | SIGNATURE)
    assert Status.select().count() == 2

    third.on(reply["id"].removeprefix(third.url("")), status=410)
    await here.receive(carol, dave.does("Delete", reply["id"]) | SIGNATURE)
    assert Status.select().count() == 1


@pytest.mark.parametrize("kind", ["Follow", "Like", "Undo", "Accept", "Block"])
async def test_nothing_else_can_be_passed_on(here: Here, carol: Somebody, dave: Somebody, kind: str) -> None:
    assert await here.deliver(carol, dave.does(kind, f"{dave.uri}/things/1") | SIGNATURE) == 401


async def test_a_neighbours_word_is_not_passed_on_but_forged(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note()
    there.serve(note)

    assert await here.deliver(mallory, carol.creates(note) | SIGNATURE) == 401
    await here.work()

    assert Status.select().count() == 0
