"""By default whoever reads signs, so that blocks hold for reading too; and where few are spoken with (ADR 22)."""

import pytest

from federation.signatures import rfc9421
from node import clock
from node.models import Account, Block, Destination, Visibility
from node.services.community import settings
from node.services.servers import allowed_domains
from tests.factories import Person, in_unit, other_rsa_keys
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.reader import ACTIVITY_JSON, Node

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def addresses_of(person: Person) -> tuple[str, ...]:
    account = person.account
    return (account.uri, account.outbox, account.followers_uri, account.following_uri, account.featured_uri)


async def test_readers_sign(guarded: Node, alice: Person, carol: Account) -> None:
    status = make_status(alice, "Hello.")

    for address in (*addresses_of(alice), status.uri, f"{status.uri}/activity", f"{status.uri}/replies"):
        assert (await guarded.get(address)).status == 401
        assert (await guarded.get(address, carol, keys=other_rsa_keys())).status == 401
        answer = await guarded.get(address, carol)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-store")
        assert answer.headers["Vary"] == "Accept, Signature"


async def test_an_unsigned_reader_is_told_how_to_sign(guarded: Node, alice: Person) -> None:
    for address in (alice.account.uri, "/@alice"):
        refused = await guarded.get(address)

        assert refused.status == 401
        assert "signed" in refused.json["error"]
        assert refused.headers["Accept-Signature"] == 'sig1=("@method" "@target-uri");created'
        assert rfc9421.asked_for(refused.headers["Accept-Signature"]) == rfc9421.NOTHING_MORE
        assert refused.headers["WWW-Authenticate"].startswith("Signature ")
        assert refused.headers["Cache-Control"].startswith("private, no-")


async def test_a_community_may_let_everybody_read(guarded: Node, alice: Person) -> None:
    with in_unit():
        settings.change({"authorized_fetch": False}, None)

    answer = await guarded.get(alice.account.uri)

    assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=60")


async def test_what_two_strangers_need_to_begin_to_speak_is_open(guarded: Node, alice: Person) -> None:
    answer = await guarded.get("/ap/actor")

    assert (answer.status, answer.json["type"]) == (200, "Application")
    assert (await guarded.get("/ap/actor/outbox")).json["totalItems"] == 0
    assert (await guarded.get("/ap/actor", accept=BROWSER)).headers["Location"] == "https://a.test/about"
    for path in (
        "/.well-known/webfinger?resource=acct:alice@a.test",
        "/.well-known/host-meta",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.1",
    ):
        assert (await guarded.get(path, accept="*/*")).status == 200


async def test_pages_are_for_people_who_do_not_sign(guarded: Node, alice: Person) -> None:
    status = make_status(alice, "Hello.")

    assert (await guarded.get(status.uri, accept=BROWSER)).status == 302
    assert (await guarded.get(alice.account.uri, accept=BROWSER)).status == 302


@pytest.mark.parametrize("is_by_alice", [True, False])
async def test_a_block_holds_for_what_is_public_but_not_for_the_key(
    guarded: Node, alice: Person, carol: Account, dave: Account, is_by_alice: bool
) -> None:
    status = make_status(alice, "Hello.")
    one, other = (alice.account.id, carol.id) if is_by_alice else (carol.id, alice.account.id)
    with in_unit():
        Block.create(account=one, target=other, created_at=clock.now_ms())

    for address in (*addresses_of(alice)[1:], status.uri):
        assert (await guarded.get(address, carol)).status == 404
        assert (await guarded.get(address, dave)).status == 200
    assert (await guarded.get(alice.account.uri, carol)).json["publicKey"]["owner"] == alice.account.uri


async def test_what_a_signed_reader_may_not_know_of_is_not_there(
    guarded: Node, alice: Person, carol: Account, dave: Account
) -> None:
    make_follow(carol, alice)
    private = make_status(alice, "Between us.", visibility=Visibility.PRIVATE)
    missing = f"{alice.account.uri}/statuses/{private.id + 1}"

    assert (await guarded.get(private.uri, carol)).status == 200
    assert (await guarded.get(private.uri, dave)).same == (await guarded.get(missing, dave)).same
    assert (await guarded.get(private.uri)).same == (await guarded.get(missing)).same


async def test_whoever_reads_is_alive(guarded: Node, alice: Person, carol: Account) -> None:
    with in_unit():
        Destination.create(host="remote.test", state="dead", failures=16, due_at=clock.now_ms() + clock.DAY)

    assert (await guarded.get(alice.account.uri, carol, keys=other_rsa_keys())).status == 401
    assert Destination.get().state == "dead"
    assert (await guarded.get(alice.account.uri, carol)).status == 200

    assert (Destination.get().state, Destination.get().failures) == ("alive", 0)


# ── where few are spoken with ──


async def test_where_few_are_spoken_with_others_read_nothing(
    guarded: Node, alice: Person, carol: Account, erin: Account
) -> None:
    with in_unit():
        settings.change({"limited_federation": True, "authorized_fetch": False}, None)
        allowed_domains.allow("remote.test", None)

    assert (await guarded.get(alice.account.uri)).status == 401
    assert (await guarded.get(alice.account.uri, carol)).status == 200
    assert (await guarded.get(alice.account.uri, erin)).status == 403
    assert (await guarded.get("/ap/actor", accept=ACTIVITY_JSON)).status == 200
