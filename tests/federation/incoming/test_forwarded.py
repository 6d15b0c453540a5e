"""What a server passes on of somebody else's people is looked up where they live (ActivityPub, 7.1.2)."""

import json
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Any

import pytest

from federation.context import Budget
from federation.delivery import send
from federation.finding import resolve
from federation.proofs import with_proof
from federation.proofs.jcs import canonical
from node import clock, keys
from node.jobs import JobKind, TakenJob
from node.keys import load_private
from node.models import Account, Activity, Job, Poll, Status, Visibility
from tests.factories import Person
from tests.factories_posts import make_follow, make_status
from tests.federation.incoming.fediverse import CONTEXT, Elsewhere, Here, Somebody, stranger_keys, waiting
from tests.federation.outgoing.speaking import queued
from tests.federation.signed import ed25519, public

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


@pytest.mark.parametrize("agrees", [404, 410, "Tombstone"])
async def test_a_deletion_that_is_passed_on_needs_the_authors_server_to_agree(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody, agrees: int | str
) -> None:
    note = carol.note()
    reply = answer(dave, note)
    third.serve(reply)
    await here.receive(carol, carol.creates(note), dave.creates(reply) | SIGNATURE)
    assert Status.select().count() == 2

    await here.receive(carol, dave.does("Delete", reply["id"]) | SIGNATURE)
    assert Status.select().count() == 2

    if isinstance(agrees, int):
        third.on(reply["id"].removeprefix(third.url("")), status=agrees)
    else:
        third.serve({"id": reply["id"], "type": agrees})
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


# ── with a proof (FEP-8b32) ──


@pytest.fixture
async def erin(here: Here, third: Elsewhere) -> Somebody:
    """Somebody elsewhere whose Ed25519 key is known here."""
    erin = third.somebody("erin", keys=stranger_keys())
    third.serve(erin.document(assertionMethod=[multikey(erin)]))
    await resolve.account(here.fed, erin.uri, budget=Budget(5))
    third.received.clear()
    return erin


def multikey(person: Somebody) -> dict[str, Any]:
    return {
        "id": f"{person.uri}#proofs",
        "type": "Multikey",
        "controller": person.uri,
        "publicKeyMultibase": public(ed25519()).multikey,
    }


def proved(person: Somebody, activity: dict[str, Any]) -> dict[str, Any]:
    activity = activity | {"@context": [CONTEXT]}
    return with_proof(activity, f"{person.uri}#proofs", load_private(ed25519().private_pem))


async def test_an_answer_with_a_proof_is_believed_without_asking(
    here: Here, third: Elsewhere, carol: Somebody, erin: Somebody
) -> None:
    note = carol.note()
    reply = answer(erin, note, "The truth.")

    await here.receive(carol, carol.creates(note), proved(erin, erin.creates(reply)))

    assert Status.get(Status.uri == reply["id"]).content == "<p>The truth.</p>"
    assert [request.path for request in third.received] == []

    await here.receive(carol, proved(erin, erin.does("Delete", reply["id"])))

    assert Status.get_or_none(Status.uri == reply["id"]) is None


@pytest.mark.parametrize("harm", ["changed", "other key", "in anothers name", "expired", "old", "of no time"])
async def test_a_proof_that_proves_nothing_has_us_ask(
    here: Here, third: Elsewhere, carol: Somebody, dave: Somebody, erin: Somebody, harm: str
) -> None:
    note = carol.note()
    author = dave if harm == "in anothers name" else erin
    reply = answer(author, note, "The truth.")
    third.serve(reply)
    lie = reply | {"content": "<p>A lie.</p>"}
    made_at = clock.now_ms() - (3 * clock.DAY if harm == "old" else 0)
    with clock.frozen(made_at):
        activity = proved(erin, author.creates(lie))
    if harm == "of no time":
        activity = proved_at_no_time(erin, activity)
    elif harm == "changed":
        activity["object"]["content"] = "<p>Another lie.</p>"
    elif harm == "other key":
        activity["proof"]["verificationMethod"] = f"{erin.uri}#main-key"
    elif harm == "expired":
        activity["proof"]["expires"] = "2020-01-01T00:00:00Z"

    await here.receive(carol, carol.creates(note), activity)

    assert Status.get(Status.uri == reply["id"]).content == "<p>The truth.</p>"
    assert third.asked_for(reply["id"].removeprefix(third.url(""))) == 1


def proved_at_no_time(person: Somebody, activity: dict[str, Any]) -> dict[str, Any]:
    """As others may write it, in whose proofs `created` is not needed."""
    config = {name: value for name, value in activity["proof"].items() if name not in ("created", "proofValue")}
    document = {name: value for name, value in activity.items() if name != "proof"}
    hashed = sha256(canonical(config)).digest() + sha256(canonical(document)).digest()
    signature = load_private(ed25519().private_pem).sign(hashed)
    return document | {"proof": config | {"proofValue": keys.multibase(signature)}}


@pytest.mark.parametrize("times", ["said", "not said"])
async def test_whoever_brings_an_old_word_again_changes_nothing(
    here: Here, third: Elsewhere, carol: Somebody, erin: Somebody, times: str
) -> None:
    note = carol.note()
    now = clock.now_ms()
    asked = erin.note("Well?", type="Question", inReplyTo=note["id"], published=clock.iso(now - clock.MINUTE))

    def at(seconds: int, votes: int, policy: dict[str, Any]) -> dict[str, Any]:
        choices = [{"type": "Note", "name": "yes", "replies": {"type": "Collection", "totalItems": votes}}]
        said = {"updated": clock.iso(now - clock.MINUTE + seconds * clock.SECOND)} if times == "said" else {}
        return asked | {"oneOf": choices, "interactionPolicy": policy} | said

    first, last = at(1, 1, {}), at(2, 5, {"canReply": {"automaticApproval": [erin.uri]}})
    third.serve(last)
    old = proved(erin, erin.does("Update", first))
    await here.receive(carol, carol.creates(note), proved(erin, erin.creates(at(0, 0, {}))))
    await here.receive(erin, old, erin.does("Update", last))
    before = _votes_and_policy(asked["id"])

    await here.receive(carol, old | SIGNATURE)

    assert _votes_and_policy(asked["id"]) == before == (5, Status.get(Status.uri == asked["id"]).policy)
    assert before[1] != ""


def _votes_and_policy(uri: str) -> tuple[int, str]:
    status = Status.get(Status.uri == uri)
    return json.loads(Poll.get(Poll.status == status.id).options)[0]["votes"], status.policy


@pytest.mark.parametrize("kind", ["Follow", "Like", "Undo", "Accept", "Block", "Announce"])
async def test_a_proof_lets_nobody_say_anything_else_for_another(
    here: Here, carol: Somebody, erin: Somebody, kind: str
) -> None:
    assert await here.deliver(carol, proved(erin, erin.does(kind, f"{erin.uri}/things/1"))) == 401


# ── from here to our own people's followers (ActivityPub, 7.1.2) ──


@pytest.fixture
def ours(alice: Person, remote: Callable[..., Account]) -> Status:
    """A post of alice, whom somebody on far.test follows."""
    make_follow(remote("frank", "far.test"), alice)
    return make_status(alice, "What do you think?")


async def test_an_answer_to_our_post_goes_on_to_its_authors_followers_to_the_byte(
    here: Here, carol: Somebody, alice: Person, ours: Status
) -> None:
    reply = carol.note("I like it.", inReplyTo=ours.uri)
    activity = carol.creates(reply) | SIGNATURE

    await here.receive(carol, activity)
    (job,) = waiting("send_forward")
    await send.HANDLERS[JobKind.SEND_FORWARD](TakenJob(job.id, job.kind, job.subject, job.payload, job.attempts))
    (told,) = queued()

    assert told.inboxes == {"https://far.test/inbox"}
    assert told.document == activity
    assert Activity.get(Activity.actor == alice.account.id, Activity.body == json.dumps(activity).encode())


async def test_so_do_its_edit_and_its_deletion(here: Here, carol: Somebody, alice: Person, ours: Status) -> None:
    reply = carol.note("I like it.", inReplyTo=ours.uri, published=clock.iso(clock.now_ms() - clock.MINUTE))
    edited = reply | {"content": "<p>I love it.</p>", "updated": clock.iso(clock.now_ms())}
    activities = (carol.creates(reply), carol.does("Update", edited), carol.does("Delete", reply["id"]))
    signed = [activity | SIGNATURE for activity in activities]

    await here.receive(carol, *signed)
    for job in waiting("send_forward"):
        await send.HANDLERS[JobKind.SEND_FORWARD](TakenJob(job.id, job.kind, job.subject, job.payload, job.attempts))

    assert [told.document for told in queued()] == signed
    assert {inbox for told in queued() for inbox in told.inboxes} == {"https://far.test/inbox"}


@pytest.mark.parametrize("why_not", ["no proof", "private", "not ours", "our post is private", "known already"])
async def test_nothing_else_goes_on(here: Here, carol: Somebody, alice: Person, ours: Status, why_not: str) -> None:
    parent = ours.uri
    if why_not == "our post is private":
        parent = make_status(alice, "Psst @carol", visibility=Visibility.PRIVATE).uri
    elif why_not == "not ours":
        elsewhere = carol.note()
        await here.receive(carol, carol.creates(elsewhere))
        parent = elsewhere["id"]
    audience = {"to": [f"{carol.uri}/followers", alice.account.uri], "cc": []} if why_not == "private" else {}
    reply = carol.note("I like it.", inReplyTo=parent, **audience)
    activity = carol.creates(reply) | ({} if why_not == "no proof" else SIGNATURE)
    if why_not == "known already":
        await here.receive(carol, carol.creates(reply) | {"id": f"{reply['id']}/before"})

    await here.receive(carol, activity)

    assert not waiting("send_forward")
