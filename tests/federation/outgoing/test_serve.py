"""Reading documents over HTTP: what is asked for, by whom, and what is not for them (FEDERATION.md, Reading)."""

import pytest

from federation.serving import rendered
from node import clock
from node.config import Config
from node.models import Account, Block, Severity, Status, Visibility
from node.services import accounts
from node.services.accounts import ProfileChange
from node.services.interactions import reblogs
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from node.services.statuses import deletion, edits, tombstones
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit, make_account, other_rsa_keys
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.reader import ACTIVITY_JSON, Node
from tests.queries import assert_query_count

LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


# ── what is asked for ──


@pytest.mark.parametrize(
    "accept", [ACTIVITY_JSON, LD_JSON, f"{LD_JSON}, {ACTIVITY_JSON}", f"text/html;q=0.5, {ACTIVITY_JSON}"]
)
async def test_whoever_asks_for_a_document_gets_it(node: Node, alice: Person, accept: str) -> None:
    status = make_status(alice, "Hello.")

    actor = await node.get(alice.account.uri, accept=accept)
    note = await node.get(status.uri, accept=accept)

    assert (actor.json["id"], note.json["id"]) == (alice.account.uri, status.uri)
    for answer in (actor, note):
        assert (answer.status, answer.headers["Content-Type"]) == (200, ACTIVITY_JSON)
        assert answer.headers["Vary"] == "Accept, Signature"
        assert answer.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "accept", [BROWSER, "*/*", "", f"{ACTIVITY_JSON};q=0.1, text/html", f"{ACTIVITY_JSON};q=x, text/html"]
)
async def test_everybody_else_is_sent_to_the_page(node: Node, alice: Person, accept: str) -> None:
    status = make_status(alice, "Hello.")

    actor = await node.get(alice.account.uri, accept=accept)
    note = await node.get(status.uri, accept=accept)

    assert (actor.status, actor.headers["Location"]) == (302, "https://a.test/@alice")
    assert (note.status, note.headers["Location"]) == (302, f"https://a.test/@alice/{status.id}")
    assert actor.headers["Vary"] == note.headers["Vary"] == "Accept, Signature"


async def test_where_a_post_would_be_shown_says_nothing_about_whether_it_is_there(node: Node, alice: Person) -> None:
    secret = make_status(alice, "Psst.", visibility=Visibility.DIRECT)
    missing = secret.id + 1

    there = await node.get(secret.uri, accept=BROWSER)
    nowhere = await node.get(f"{alice.account.uri}/statuses/{missing}", accept=BROWSER)

    assert there.status == nowhere.status == 302
    assert there.headers["Location"].replace(str(secret.id), "") == nowhere.headers["Location"].replace(
        str(missing), ""
    )


async def test_the_page_of_a_person_or_a_post_is_their_document_too(node: Node, alice: Person) -> None:
    status = make_status(alice, "Hello.")

    assert (await node.get("/@alice")).json["id"] == alice.account.uri
    assert (await node.get(f"/@alice/{status.id}")).json["id"] == status.uri


async def test_a_changed_actor_and_an_edited_note_are_shown_changed(node: Node, alice: Person) -> None:
    status = make_status(alice, "Hello.")
    await node.get(status.uri)
    await node.get(alice.account.uri)
    with in_unit():
        accounts.update_profile(alice.account.id, ProfileChange(display_name="Alice B."))
        edits.edit(alice.account.id, status.id, Draft(text="Bye."))

    assert (await node.get(alice.account.uri)).json["name"] == "Alice B."
    assert (await node.get(status.uri)).json["content"] == "<p>Bye.</p>"


async def test_the_activity_of_a_post_and_of_a_boost(node: Node, alice: Person, bob: Person) -> None:
    status = make_status(alice, "Hello.")
    with in_unit():
        boost = reblogs.add(bob.account.id, status.id)

    create = (await node.get(f"{status.uri}/activity")).json
    announce = (await node.get(boost.uri)).json

    assert (create["type"], create["object"]["id"]) == ("Create", status.uri)
    assert (announce["type"], announce["object"], announce["id"]) == ("Announce", status.uri, boost.uri)
    assert alice.account.uri in announce["cc"]
    assert (await node.get(boost.uri.removesuffix("/activity"))).status == 404


@pytest.mark.parametrize(
    "path", ["/ap/users/0", "/ap/users/9999999999999999999", "/ap/users/x", "/ap/users/1/statuses/x", "/ap/users/1"]
)
async def test_what_is_nowhere_is_404(node: Node, path: str) -> None:
    assert (await node.get(path)).status == 404


async def test_the_note_of_another_account_is_not_at_this_address(node: Node, alice: Person, bob: Person) -> None:
    status = make_status(alice, "Hello.")

    assert (await node.get(f"{bob.account.uri}/statuses/{status.id}")).status == 404


async def test_remote_people_and_posts_are_not_served_here(node: Node, carol: Account) -> None:
    status = make_status(carol, "Rain.")

    assert (await node.get(f"/ap/users/{carol.id}")).status == 404
    assert (await node.get(f"/ap/users/{carol.id}/statuses/{status.id}")).status == 404


async def test_a_kept_document_costs_one_query(node: Node, alice: Person, config: Config) -> None:
    account = Account.get_by_id(alice.account.id)
    rendered.actor_body(config, account)

    with assert_query_count(0):
        rendered.actor_body(config, account)


# ── what is not for everybody ──


@pytest.fixture
def private(alice: Person, carol: Account) -> Status:
    """For followers; carol follows, dave does not, erin is named."""
    make_follow(carol, alice)
    return make_status(alice, "Between us, @erin@small.test", visibility=Visibility.PRIVATE)


@pytest.mark.parametrize("suffix", ["", "/activity", "/replies", "/likes", "/shares", "/context"])
async def test_followers_and_the_named_read_what_is_private_and_nobody_else_knows_of_it(
    node: Node, alice: Person, erin: Account, private: Status, carol: Account, dave: Account, suffix: str
) -> None:
    missing = f"{alice.account.uri}/statuses/{private.id + 1}{suffix}"
    address = private.uri + suffix

    for reader in (carol, erin):
        answer = await node.get(address, reader)
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
    for stranger in (dave, None):
        refused, nothing = await node.get(address, stranger), await node.get(missing, stranger)
        assert refused.status == 404
        assert refused.same == nothing.same


async def test_a_direct_message_is_for_the_named_and_not_for_followers(
    node: Node, alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Psst @erin@small.test", visibility=Visibility.DIRECT)

    assert (await node.get(status.uri, erin)).json["to"] == [erin.uri]
    assert (await node.get(status.uri, carol)).status == 404


async def test_what_stays_here_is_for_nobody_elsewhere(node: Node, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Between us, @carol@remote.test", local_only=True)

    assert (await node.get(status.uri, carol)).status == 404
    assert (await node.get(status.uri)).status == 404


async def test_whoever_was_blocked_reads_nothing_private(
    node: Node, alice: Person, private: Status, carol: Account
) -> None:
    with in_unit():
        Block.create(account=alice.account.id, target=carol.id, created_at=clock.now_ms())

    assert (await node.get(private.uri, carol)).status == 404


async def test_a_signature_that_proves_nothing_opens_nothing(
    node: Node, alice: Person, private: Status, carol: Account
) -> None:
    refused = await node.get(private.uri, carol, keys=other_rsa_keys())
    nothing = await node.get(f"{alice.account.uri}/statuses/{private.id + 1}", carol, keys=other_rsa_keys())

    assert refused.status == 401
    assert refused.same == nothing.same
    assert (await node.get(private.uri, carol)).status == 200


async def test_suspended_readers_are_refused(node: Node, private: Status, carol: Account, erin: Account) -> None:
    with in_unit():
        Account.update(suspended_at=1).where(Account.id == carol.id).execute()
        domain_blocks.block("small.test", Severity.SUSPEND, Terms(), None)

    assert (await node.get(private.uri, carol)).status == 403
    assert (await node.get(private.uri, erin)).status == 403


async def test_refusals_stay_in_nobodys_cache(node: Node, private: Status) -> None:
    refused = await node.get(private.uri)

    assert (refused.headers["Vary"], refused.headers["Cache-Control"]) == ("Accept, Signature", "private, no-store")


# ── what is gone ──


async def test_a_deleted_public_post_leaves_a_tombstone(node: Node, alice: Person) -> None:
    status = make_status(alice, "Hello.")
    with clock.frozen(1_795_545_591_000), in_unit():
        deletion.delete(alice.account.id, status.id)

    for address in (status.uri, f"{status.uri}/activity"):
        answer = await node.get(address)
        assert (answer.status, answer.headers["Content-Type"]) == (410, ACTIVITY_JSON)
        assert answer.json == {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": status.uri,
            "type": "Tombstone",
            "formerType": "Note",
            "deleted": "2026-11-24T18:39:51.000Z",
        }
    assert (await node.get(f"{status.uri}/replies")).status == 410


async def test_a_deleted_private_post_was_never_there(
    node: Node, alice: Person, private: Status, carol: Account
) -> None:
    with in_unit():
        deletion.delete(alice.account.id, private.id)

    gone = await node.get(private.uri, carol)
    assert gone.same == (await node.get(f"{alice.account.uri}/statuses/{private.id + 1}", carol)).same
    assert gone.status == 404


async def test_nobody_else_can_bury_what_would_be_ours(node: Node, alice: Person, carol: Account) -> None:
    address = f"{alice.account.uri}/statuses/12345"
    with in_unit():
        tombstones.bury(address, carol.uri)

    assert (await node.get(address)).status == 404


async def test_of_a_deleted_account_everything_is_gone_alike(node: Node, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    public, secret = make_status(alice, "Hello."), make_status(alice, "Psst.", visibility=Visibility.PRIVATE)
    uri = alice.account.uri
    with clock.frozen(1_795_545_591_000), in_unit():
        accounts.delete_local(alice.account.id)

    actor = await node.get(uri)
    notes = [await node.get(f"{uri}/statuses/{number}", carol) for number in (public.id, secret.id, 12345)]

    tombstone = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "Tombstone",
        "deleted": "2026-11-24T18:39:51.000Z",
    }
    assert actor.status == 410
    assert actor.json == tombstone | {"id": uri, "formerType": "Person"}
    assert [note.status for note in notes] == [410, 410, 410]
    assert [note.json["deleted"] for note in notes] == [tombstone["deleted"]] * 3
    assert (await node.get(f"{uri}/outbox")).status == 410
    assert (await node.get("/.well-known/webfinger?resource=acct:alice@a.test")).status == 410


async def test_a_suspended_account_says_so_and_shows_nothing(node: Node, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Hello.")
    with in_unit():
        Account.update(suspended_at=1, version=Account.version + 1).execute()
        Account.update(suspended_at=None).where(Account.id == carol.id).execute()

    assert (await node.get(alice.account.uri)).json["suspended"] is True
    assert (await node.get(status.uri, carol)).status == 404
    for name in ("outbox", "followers", "following", "collections/featured", "collections/tags"):
        assert (await node.get(f"{alice.account.uri}/{name}")).status == 404


async def test_a_newcomer_who_waits_to_be_let_in_is_not_there_yet(node: Node) -> None:
    waiting = make_account("newcomer")
    with in_unit():
        Account.update(suspended_at=Account.created_at).where(Account.id == waiting.id).execute()

    assert (await node.get(waiting.uri)).status == 404
    assert (await node.get("/.well-known/webfinger?resource=acct:newcomer@a.test")).status == 404
