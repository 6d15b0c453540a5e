"""What is let in (docs/threat-model.md). Each refusal is the accepted request with one thing wrong."""

import asyncio
import gzip
import json
import re
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from federation.buckets import Buckets
from federation.errors import BadStatus
from federation.finding import keys as key_finding
from federation.finding import lookup
from federation.signatures import Style
from node import clock, jobs, keys, store
from node.models import Account, Destination, Job, Mention, ReceivedActivity, RemoteKey, Severity, Status, StatusEdit
from node.services import accounts
from node.services.accounts import lookup as account_lookup
from node.services.community import settings
from node.services.servers import allowed_domains, domain_blocks
from node.services.servers.domain_blocks import Terms
from node.services.timelines import fanout
from tests.factories import Person, in_unit
from tests.faults import no_room_for
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account, stranger_keys
from tests.loop_clock import forward


def accepted() -> int:
    return ReceivedActivity.select().count()


def grow_old(person: Somebody) -> None:
    """It is an hour since anybody looked at this actor and its key."""
    an_hour_ago = clock.now_ms() - clock.HOUR
    RemoteKey.update(fetched_at=an_hour_ago).execute()
    Account.update(fetched_at=an_hour_ago).where(Account.uri == person.uri).execute()


# ── signatures ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("style", [Style.CAVAGE, Style.RFC9421])
async def test_what_its_actor_signed_is_accepted_and_on_disk(here: Here, carol: Somebody, style: Style) -> None:
    activity = carol.creates(carol.note())
    here.crowd(carol)

    status = await here.deliver(carol, activity, style=style)

    assert status == 202
    row = ReceivedActivity.get()
    assert (row.uri, row.actor_id) == (activity["id"], account(carol).id)
    assert json.loads(bytes(row.body)) == activity
    assert Job.select().where(Job.kind == "process_activity", Job.subject == row.id).count() == 1


@pytest.mark.parametrize("style", [Style.CAVAGE, Style.RFC9421])
async def test_what_asks_nobody_for_anything_has_happened_when_it_is_accepted(
    here: Here, carol: Somebody, style: Style
) -> None:
    activity = carol.creates(carol.note())

    assert await here.deliver(carol, activity, style=style) == 202

    assert Status.get().uri == activity["object"]["id"]
    row = ReceivedActivity.get()
    assert (row.uri, row.actor_id, bytes(row.body)) == (activity["id"], account(carol).id, b"")
    assert Job.select().where(Job.kind == "process_activity").count() == 0


async def test_what_needs_somebody_who_is_unknown_is_done_later(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    dave = there.somebody("dave")
    mentions = [{"type": "Mention", "href": uri, "name": "@somebody"} for uri in (alice.account.uri, dave.uri)]
    note = carol.note(tag=mentions, to=[PUBLIC, alice.account.uri, dave.uri])

    assert await here.deliver(carol, carol.creates(note)) == 202
    assert Status.select().count() == 0
    assert Account.select().where(Account.uri == dave.uri).count() == 0

    await here.work()

    named = Mention.select(Account.uri).join(Account, on=(Account.id == Mention.account)).tuples()
    assert {uri for (uri,) in named} == {alice.account.uri, dave.uri}


async def test_what_cannot_be_done_at_once_is_left_to_the_queue_and_leaves_no_trace(
    here: Here, carol: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = carol.note()

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("No home can be reached.")

    with monkeypatch.context() as patch:
        patch.setattr(fanout, "distribute", crash)
        assert await here.deliver(carol, carol.creates(note)) == 202
    assert Status.select().count() == 0
    assert bytes(ReceivedActivity.get().body) != b""

    await here.work()

    assert Status.get().uri == note["id"]


async def test_a_personal_inbox_takes_the_same(here: Here, carol: Somebody, alice: Person) -> None:
    activity = carol.creates(carol.note())

    assert await here.deliver(carol, activity, f"/ap/users/{alice.account.id}/inbox") == 202
    assert accepted() == 1


async def test_there_is_no_inbox_of_nobody(here: Here, carol: Somebody) -> None:
    assert await here.deliver(carol, carol.creates(carol.note()), "/ap/users/17/inbox") == 404
    assert await here.deliver(carol, carol.creates(carol.note()), f"/ap/users/{account(carol).id}/inbox") == 404
    assert accepted() == 0


async def test_the_inbox_of_a_deleted_account_is_gone(here: Here, carol: Somebody, alice: Person) -> None:
    with in_unit():
        accounts.delete_local(alice.account.id)

    assert await here.deliver(carol, carol.creates(carol.note()), f"/ap/users/{alice.account.id}/inbox") == 410


@pytest.mark.parametrize("missing", ["Signature", "Digest", "Date"])
async def test_what_is_unsigned_or_undigested_is_refused(here: Here, carol: Somebody, missing: str) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)
    whole = dict(headers)
    del headers[missing]

    assert await here.post(body, headers) == 401
    assert accepted() == 0
    assert await here.post(body, whole) == 202


async def test_another_body_than_the_signed_one_is_refused(here: Here, carol: Somebody) -> None:
    body = json.dumps(carol.creates(carol.note("Yes"))).encode()
    headers = here.signed(carol, body)

    assert await here.post(body.replace(b"Yes", b"No."), headers) == 401
    assert accepted() == 0
    assert await here.post(body, headers) == 202


async def test_a_request_signed_for_another_inbox_is_refused(here: Here, carol: Somebody, alice: Person) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    personal = f"/ap/users/{alice.account.id}/inbox"

    assert await here.post(body, here.signed(carol, body, "/ap/inbox"), personal) == 401
    assert accepted() == 0
    assert await here.post(body, here.signed(carol, body, personal), personal) == 202


async def test_a_request_signed_for_another_host_is_refused(here: Here, carol: Somebody) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)

    assert await here.post(body, headers | {"Host": "b.test"}) == 401
    assert await here.post(body, headers) == 202


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "none", "rsa-sha1"])
async def test_the_algorithm_of_the_header_is_not_believed(here: Here, carol: Somebody, algorithm: str) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)
    forged = headers | {"Signature": headers["Signature"].replace("rsa-sha256", algorithm)}
    modern = headers | {"Signature": headers["Signature"].replace("rsa-sha256", "hs2019")}

    assert await here.post(body, forged) == 401
    assert accepted() == 0
    assert await here.post(body, modern) == 202


async def test_the_same_request_again_changes_nothing(here: Here, carol: Somebody) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)

    assert [await here.post(body, headers) for _ in range(3)] == [202, 202, 202]
    assert accepted() == 1
    assert Status.select().count() == 1


async def test_the_same_request_again_is_queued_once(here: Here, carol: Somebody) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)
    here.crowd(carol)

    assert [await here.post(body, headers) for _ in range(3)] == [202, 202, 202]
    assert accepted() == 1
    assert Job.select().where(Job.kind == "process_activity").count() == 1


async def test_an_old_signature_is_refused(here: Here, carol: Somebody) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    with clock.frozen(clock.now_ms() - 3 * clock.HOUR):
        old = here.signed(carol, body)
    with clock.frozen(clock.now_ms() - 1 * clock.HOUR):
        late = here.signed(carol, body)

    assert await here.post(body, old) == 401
    assert accepted() == 0
    assert await here.post(body, late) == 202


# ── whose key, whose name ──────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_signs_for_a_neighbour(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    forged = carol.creates(carol.note())

    assert await here.deliver(mallory, forged) == 401
    assert accepted() == 0
    assert await here.deliver(carol, forged) == 202


async def test_nobody_signs_for_the_server_of_somebody_else(here: Here, carol: Somebody) -> None:
    async with Elsewhere() as evil:
        mallory = evil.somebody("mallory", keys=stranger_keys())

        assert await here.deliver(mallory, carol.creates(carol.note())) == 401

    assert accepted() == 0


async def test_an_actor_that_is_a_list_is_nobody(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    activity = mallory.creates(mallory.note())

    assert await here.deliver(mallory, activity | {"actor": [mallory.uri, carol.uri]}) == 400
    assert accepted() == 0
    assert await here.deliver(mallory, activity) == 202


async def test_a_key_counts_only_if_its_owner_lists_it(here: Here, there: Elsewhere, carol: Somebody) -> None:
    # A document on carol's own host says that a key is hers; she does not say so.
    forger = Somebody(carol.uri, "carol", keys=stranger_keys(), key_id=there.url("/uploads/key"))
    key = {"id": forger.key_id, "owner": carol.uri, "publicKeyPem": forger.keys.public_pem}
    there.serve(key)
    activity = forger.creates(forger.note())

    assert await here.deliver(forger, activity) == 401
    assert accepted() == 0

    there.serve(carol.document(publicKey=[carol.document()["publicKey"], key]))
    here.fed.keys.forget(forger.key_id)
    assert await here.deliver(forger, activity) == 202


async def test_a_key_on_another_host_than_its_owner_is_refused(here: Here, carol: Somebody) -> None:
    async with Elsewhere() as evil:
        forger = Somebody(carol.uri, "carol", keys=stranger_keys(), key_id=evil.url("/keys/1"))
        evil.serve({"id": forger.key_id, "owner": carol.uri, "publicKeyPem": forger.keys.public_pem})

        assert await here.deliver(forger, forger.creates(forger.note())) == 401

    assert accepted() == 0


async def test_a_key_served_as_text_is_none(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    there.serve(dave.document(), content_type="text/plain")
    activity = dave.creates(dave.note())

    assert await here.deliver(dave, activity) == 401
    assert accepted() == 0

    there.serve(dave.document())
    here.fed.keys.forget(dave.key_id)
    here.fed.actors.forget(dave.uri)
    assert await here.deliver(dave, activity) == 202


async def test_weak_keys_of_new_actors_are_refused(here: Here, there: Elsewhere) -> None:
    key = generate_private_key(public_exponent=65537, key_size=1024)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    weak = there.somebody("weak", keys=keys.KeyPair(private, public))

    assert await here.deliver(weak, weak.creates(weak.note())) == 401
    assert accepted() == 0


@pytest.mark.parametrize("form", ["stub", "document", "slash"])
async def test_keys_are_found_in_every_form_that_servers_give_their_ids(
    here: Here, there: Elsewhere, form: str
) -> None:
    """GoToSocial's `/main-key`, which shows a stub of the actor; a document of its own; BookWyrm's `/#main-key`."""
    dave = there.somebody("dave")
    path = {"stub": "/main-key", "document": "/publickey", "slash": "/#main-key"}[form]
    dave.key_id = f"{dave.uri}{path}"
    actor = dave.document()
    there.serve(actor)
    if form == "stub":
        there.serve({"id": dave.uri, "type": "Person", "publicKey": actor["publicKey"]}, at="/users/dave/main-key")
    elif form == "document":
        there.serve(actor["publicKey"])
    else:
        there.serve(actor, at="/users/dave/")

    assert await here.deliver(dave, dave.creates(dave.note())) == 202
    assert accepted() == 1


async def test_a_key_that_its_actor_only_names_is_read_where_it_is_and_again_when_it_was_replaced(
    here: Here, there: Elsewhere
) -> None:
    dave = there.somebody("dave")
    dave.key_id = f"{dave.uri}/publickey"
    alone = dave.document()["publicKey"]
    there.serve(dave.document(publicKey=f"{dave.uri}/another"))
    there.serve(alone)
    assert await here.deliver(dave, dave.creates(dave.note())) == 401

    there.serve(dave.document(publicKey=dave.key_id))
    here.fed.keys.forget(dave.key_id)
    assert await here.deliver(dave, dave.creates(dave.note())) == 202
    await here.work()  # its handle is confirmed
    there.received.clear()
    assert await here.deliver(dave, dave.creates(dave.note())) == 202
    assert there.received == []

    grow_old(dave)
    dave.keys = stranger_keys()
    there.serve(dave.document()["publicKey"])
    assert await here.deliver(dave, dave.creates(dave.note())) == 202
    assert sorted(request.path for request in there.received) == [
        "/users/dave",
        "/users/dave",
        "/users/dave/publickey",
    ]


async def test_somebody_known_has_a_new_key_under_a_new_id(here: Here, there: Elsewhere) -> None:
    """As GoToSocial would name it; the address shows the actor, which lists it."""
    dave = there.somebody("dave")
    await here.receive(dave, dave.creates(dave.note()))
    assert account(dave).is_confirmed
    dave.keys, dave.key_id = stranger_keys(), f"{dave.uri}/new-key"
    there.serve(dave.document())
    there.serve({"id": dave.uri, "type": "Person"}, at="/users/dave/new-key")

    assert await here.deliver(dave, dave.creates(dave.note())) == 202


async def test_ed25519_keys_of_fep_521a_sign_too(here: Here, there: Elsewhere) -> None:
    pair = keys.generate_ed25519()
    multikey = keys.load_public(pair.public_pem).multikey
    dave = there.somebody("dave")
    dave.key_id = f"{dave.uri}#ed25519-key"
    dave.keys = pair
    method = {"id": dave.key_id, "type": "Multikey", "controller": dave.uri, "publicKeyMultibase": multikey}
    there.serve(Somebody(dave.uri, "dave").document(assertionMethod=[method]))

    assert await here.deliver(dave, dave.creates(dave.note()), style=Style.RFC9421) == 202


async def test_a_known_actor_is_not_asked_for_again(here: Here, there: Elsewhere, carol: Somebody) -> None:
    for _ in range(3):
        assert await here.deliver(carol, carol.creates(carol.note())) == 202

    assert there.received == []


async def test_a_new_actor_is_asked_for_once_however_many_posts_arrive(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    statuses = await asyncio.gather(*(here.deliver(dave, dave.creates(dave.note())) for _ in range(10)))

    assert statuses == [202] * 10
    assert [request.path for request in there.received] == ["/users/dave"]

    # One that looked for the key before it was there, and asks now.
    await key_finding.look_up(here.fed, dave.key_id, dave.uri, "192.0.2.1")
    assert [request.path for request in there.received] == ["/users/dave"]

    await here.work()
    assert [request.path for request in there.received] == ["/users/dave", "/.well-known/webfinger"]


async def test_nobody_is_shown_by_a_handle_before_it_is_confirmed(
    here: Here, there: Elsewhere, alice: Person
) -> None:
    dave = there.somebody("dave", name="Dave", summary="<p>Hi</p>")
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}

    assert await here.deliver(dave, dave.creates(dave.note(tag=[mention], cc=[alice.account.uri]))) == 202
    before = account(dave)
    found = account_lookup.find("dave", there.authority)
    await here.work()
    after = account(dave)

    assert (before.is_confirmed, before.display_name, found) == (False, "", None)
    assert (after.is_confirmed, after.display_name, after.id) == (True, "Dave", before.id)
    assert account_lookup.find("dave", there.authority) is not None
    assert Status.select().count() == 1


async def test_whoever_has_no_handle_of_their_own_is_not_heard(here: Here, there: Elsewhere, alice: Person) -> None:
    """The domain says that the name is somebody else's; of the stranger's post nothing is kept."""
    there.somebody("dave")
    liar = Somebody(there.url("/users/liar"), "dave")
    there.serve(liar.document())
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}

    assert await here.deliver(liar, liar.creates(liar.note(tag=[mention], cc=[alice.account.uri]))) == 202
    await here.work()

    assert not account(liar).is_confirmed
    assert Status.select().count() == 0
    assert await lookup.find(here.fed, liar.uri) is None
    assert account_lookup.find("dave", there.authority) is None


async def test_what_a_first_activity_brings_waits_until_its_author_can_be_confirmed(
    here: Here, there: Elsewhere, alice: Person
) -> None:
    dave = there.somebody("dave")
    working = there._handlers["/.well-known/webfinger"]
    there.on("/.well-known/webfinger", status=503)
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
    assert await here.deliver(dave, dave.creates(dave.note(tag=[mention], cc=[alice.account.uri]))) == 202
    with pytest.raises(BadStatus):
        await here.work()
    assert Status.select().count() == 0

    there.on("/.well-known/webfinger", working)
    here.fed.actors.forget(dave.uri)
    with in_unit():
        Job.update(due_at=0).execute()
    await here.work()

    assert Status.select().count() == 1
    assert there.asked_for("/users/dave") == 1


async def test_a_rotated_key_is_fetched_once(here: Here, there: Elsewhere, carol: Somebody) -> None:
    grow_old(carol)
    carol.keys = stranger_keys()
    there.serve(carol.document())

    assert await here.deliver(carol, carol.creates(carol.note())) == 202
    assert there.asked_for("/users/carol") == 1


async def test_a_flood_of_bad_signatures_causes_few_fetches(here: Here, there: Elsewhere, carol: Somebody) -> None:
    grow_old(carol)
    forger = Somebody(carol.uri, "carol", keys=stranger_keys())

    answers = [await here.deliver(forger, forger.creates(forger.note())) for _ in range(20)]

    assert answers == [401] * 20
    assert there.asked_for("/users/carol") == 1
    assert accepted() == 0


async def test_a_flood_of_invented_keys_causes_a_bounded_number_of_fetches(here: Here, there: Elsewhere) -> None:
    here.fed.__dict__["fruitless"] = Buckets(burst=5, per_second=0)
    answers = []
    for number in range(20):
        nobody = Somebody(there.url(f"/users/nobody{number}"), "nobody")
        answers.append(await here.deliver(nobody, nobody.creates(nobody.note())))

    assert set(answers) == {401, 429}
    assert len(there.received) == 5


async def test_a_failing_key_host_is_asked_again_later(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    there.on("/users/dave", status=502)
    activity = dave.creates(dave.note())

    assert await here.deliver(dave, activity) == 503
    assert accepted() == 0

    there.serve(dave.document())
    here.fed.keys.forget(dave.key_id)
    here.fed.actors.forget(dave.uri)
    assert await here.deliver(dave, activity) == 202


@pytest.mark.parametrize("status", [404, 410])
async def test_a_key_that_is_gone_is_no_reason_to_call_the_inbox_gone(
    here: Here, there: Elsewhere, carol: Somebody, status: int
) -> None:
    dave = there.somebody("dave")
    there.on("/users/dave", status=status)
    there.on("/users/carol", status=status)
    grow_old(carol)
    carol.keys = stranger_keys()

    assert await here.deliver(dave, dave.creates(dave.note())) == 401
    assert await here.deliver(carol, carol.creates(carol.note())) == 401
    assert accepted() == 0


async def test_a_slow_key_host_holds_up_nobody_else(here: Here, carol: Somebody) -> None:
    async with Elsewhere() as slow:
        begun, never = asyncio.Event(), asyncio.Event()

        async def tarpit(_: web.Request) -> web.Response:
            begun.set()
            await never.wait()
            return web.Response(status=500)

        dave = slow.somebody("dave")
        slow.on("/users/dave", tarpit)
        waiting = asyncio.create_task(here.deliver(dave, dave.creates(dave.note())))
        await begun.wait()
        answers = [await here.deliver(carol, carol.creates(carol.note())) for _ in range(5)]

        assert answers == [202] * 5
        assert not waiting.done()
        forward(15)
        assert await waiting == 503
        never.set()


# ── names of things ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["http://other.test/activities/1", "https://a.test/activities/1", 17, "nonsense"])
async def test_the_id_of_an_activity_is_on_the_host_of_its_actor(here: Here, carol: Somebody, name: Any) -> None:
    activity = carol.creates(carol.note())

    assert await here.deliver(carol, activity | {"id": name}) in (400, 403)
    assert accepted() == 0
    assert await here.deliver(carol, activity) == 202


async def test_transient_activities_need_no_id(here: Here, carol: Somebody, alice: Person) -> None:
    follow = carol.does("Follow", alice.account.uri)
    del follow["id"]

    assert await here.deliver(carol, follow) == 202
    assert accepted() == 1


async def test_the_id_of_somebody_elses_activity_keeps_nothing_out(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note()
    squatted = mallory.does("Like", "https://a.test/nothing") | {"id": f"{note['id']}/activity"}

    await here.receive(mallory, squatted)
    await here.receive(carol, carol.creates(note))

    assert Status.select().where(Status.uri == note["id"]).count() == 1


async def test_an_id_may_stand_for_an_edit_another_one_and_the_deletion(here: Here, carol: Somebody) -> None:
    """Friendica and snac give all edits of a post one id, BookWyrm its creation and its deletion."""
    note = carol.note("First.", published=clock.iso(clock.now_ms() - clock.HOUR))
    one_id = {"id": f"{note['id']}/activity"}
    edits = [
        note | {"content": f"<p>{text}</p>", "updated": clock.iso(clock.now_ms() - clock.MINUTE + 1_000 * number)}
        for number, text in enumerate(["Second.", "Third."])
    ]

    await here.receive(carol, carol.creates(note) | one_id)
    for edit in (*edits, edits[-1]):
        await here.receive(carol, carol.does("Update", edit) | one_id)
    edited = Status.get(Status.uri == note["id"])
    assert (edited.content, StatusEdit.select().count()) == ("<p>Third.</p>", 2)

    await here.receive(carol, carol.does("Delete", note["id"]) | one_id)
    assert Status.get_or_none(Status.uri == note["id"]) is None


# ── whom we do not speak with ──────────────────────────────────────────────────────────────────────────────────────


async def test_suspended_domains_are_refused(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> None:
    stranger = there.somebody("stranger")
    with in_unit():
        domain_blocks.block("127.0.0.1", Severity.SUSPEND, Terms(), None)

    assert await here.deliver(carol, carol.creates(carol.note())) == 403
    assert await here.deliver(stranger, stranger.creates(stranger.note())) == 403
    assert (accepted(), there.received) == (0, [])

    with in_unit():
        domain_blocks.unblock("127.0.0.1", None)
    assert await here.deliver(carol, carol.creates(carol.note())) == 202


async def test_where_few_are_spoken_with_others_are_refused_before_anybody_is_asked(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    with in_unit():
        settings.change({"limited_federation": True}, None)
    stranger = there.somebody("stranger")

    assert await here.deliver(carol, carol.creates(carol.note())) == 403
    assert await here.deliver(stranger, stranger.creates(stranger.note())) == 403
    assert (accepted(), there.received) == (0, [])

    with in_unit():
        allowed_domains.allow("127.0.0.1", None)
    assert await here.deliver(carol, carol.creates(carol.note())) == 202
    assert await here.deliver(stranger, stranger.creates(stranger.note())) == 202


async def test_suspended_accounts_are_heard_only_when_they_take_something_back(here: Here, carol: Somebody) -> None:
    Account.update(suspended_at=clock.now_ms()).where(Account.uri == carol.uri).execute()

    for kind in ("Create", "Follow", "Like", "Announce", "Move", "Flag", "Accept", "Add", "Block", "QuoteRequest"):
        assert await here.deliver(carol, carol.does(kind, carol.note())) == 202
    assert accepted() == 0
    for number, kind in enumerate(("Delete", "Undo", "Update", "Reject"), 1):
        assert await here.deliver(carol, carol.does(kind, f"{carol.uri}/notes/1")) == 202
        assert accepted() == number


async def test_the_deletion_of_somebody_unknown_costs_no_fetch(here: Here, there: Elsewhere, carol: Somebody) -> None:
    stranger = there.somebody("stranger")
    goodbye = {"id": f"{stranger.uri}#delete", "type": "Delete", "actor": stranger.uri, "object": stranger.uri}

    assert await here.deliver(stranger, goodbye) == 202
    assert (accepted(), there.received) == (0, [])
    assert (
        await here.deliver(carol, goodbye | {"id": f"{carol.uri}#d", "actor": carol.uri, "object": carol.uri}) == 202
    )
    assert accepted() == 1


async def test_a_flooding_host_is_slowed_down_and_others_are_not(here: Here, carol: Somebody) -> None:
    here.fed.__dict__["inbound"] = Buckets(burst=3, per_second=0)
    answers = [await here.deliver(carol, carol.creates(carol.note())) for _ in range(5)]
    async with Elsewhere() as another:
        dave = another.somebody("dave")

        assert answers == [202, 202, 202, 429, 429]
        assert await here.deliver(dave, dave.creates(dave.note())) == 202


async def test_a_flooding_host_is_refused_before_its_signatures_are_looked_at(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    here.fed.__dict__["inbound"] = Buckets(burst=1, per_second=0)
    for expected in (202, 429):
        assert await here.deliver(carol, carol.creates(carol.note())) == expected
    forger = Somebody(carol.uri, carol.name, stranger_keys())
    here.fed.__dict__["client_ip"] = lambda request: request.headers.get("X-Test-From", request.remote)
    body = json.dumps(carol.creates(carol.note())).encode()
    signed = here.signed(forger, body)

    assert await here.post(body, signed) == 429
    assert (
        await here.post(body, signed | {"X-Test-From": "192.0.2.7"}) == 401
    )  # nobody slows a host by its name alone


async def test_what_a_host_sends_in_masses_gives_way_to_what_others_send(here: Here, carol: Somebody) -> None:
    async with Elsewhere() as another:
        dave = another.somebody("dave")
        with clock.frozen(clock.now_ms()):
            masses = [carol.creates(carol.note()) for _ in range(8)]
            for activity in masses:
                assert await here.deliver(carol, activity) == 202
            own = [dave.creates(dave.note()) for _ in range(2)]
            for activity in own:
                assert await here.deliver(dave, activity) == 202

            assert Status.get().uri == masses[0]["object"]["id"]  # nobody's turn was before
            taken = [job.subject for job in await store.write(jobs.take, 1, 100) if job.kind == "process_activity"]

    uris = {row.id: row.uri for row in ReceivedActivity.select()}
    first, second, third, *rest = [uris[subject] for subject in taken]
    assert first == own[0]["id"]
    assert {second, third} == {masses[1]["id"], own[1]["id"]}
    assert rest == [activity["id"] for activity in masses[2:]]


async def test_a_verified_sender_revives_its_host(here: Here, there: Elsewhere, carol: Somebody) -> None:
    Destination.create(host=there.authority, state="dead", failures=16, due_at=clock.now_ms() + clock.DAY)

    await here.deliver(carol, carol.creates(carol.note()))

    revived = Destination.get(Destination.host == there.authority)
    assert (revived.state, revived.failures) == ("alive", 0)


# ── bodies ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"type":"Create","type":"Delete"}',
        b'{"type":NaN}',
        b"\xff\xfe",
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b"[" * 100_000,
    ],
)
async def test_broken_json_is_refused(here: Here, carol: Somebody, body: bytes) -> None:
    assert await here.post(body, here.signed(carol, body)) == 400
    assert accepted() == 0


async def test_a_body_may_be_a_mebibyte_and_no_more(here: Here, carol: Somebody) -> None:
    activity = carol.creates(carol.note())
    rest = (1 << 20) - len(json.dumps(activity | {"padding": ""}))

    assert await here.deliver(carol, activity | {"padding": "x" * (rest + 1)}) == 413
    assert accepted() == 0
    assert await here.deliver(carol, activity | {"padding": "x" * rest}) == 202


async def test_a_body_that_breaks_off_is_refused(here: Here, carol: Somebody) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
    writer.write(b"POST /ap/inbox HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n")
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert answer.split()[1] == b"400"


async def test_compressed_bodies_are_refused(here: Here, carol: Somebody) -> None:
    body = gzip.compress(json.dumps(carol.creates(carol.note())).encode())

    assert await here.post(body, here.signed(carol, body) | {"Content-Encoding": "gzip"}) == 415
    assert accepted() == 0


async def test_an_acceptance_that_cannot_be_saved_is_no_202(
    here: Here, carol: Somebody, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    padding = {f"x{number}": "y" * 100_000 for number in range(9)}
    body = json.dumps(carol.creates(carol.note()) | padding).encode()
    headers = here.signed(carol, body)
    here.crowd(carol)  # so that it is to be kept whole
    with no_room_for("received_activity"):
        assert await here.post(body, headers) == 503
    assert accepted() == 0
    # The sender comes again by itself; the administrator is to see why, wherever this process writes its log by now.
    assert re.search("database or disk is full|disk_full", caplog.text + capsys.readouterr().out)

    assert await here.post(body, headers) == 202
    assert accepted() == 1
