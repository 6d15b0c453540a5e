"""Whose key a key is (docs/threat-model.md). Each refusal is the accepted request with one thing wrong."""

import json
from typing import Any

import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.buckets import Buckets
from federation.signatures import Style
from node import clock
from node.models import Account, ReceivedActivity, RemoteKey
from tests.factories import in_unit
from tests.federation.incoming.fediverse import Document, Elsewhere, Here, Somebody, account, stranger_keys


def accepted() -> int:
    return ReceivedActivity.select().count()


def grow_old(person: Somebody) -> None:
    """It is an hour since anybody looked at this actor and its keys."""
    an_hour_ago = clock.now_ms() - clock.HOUR
    with in_unit():
        RemoteKey.update(fetched_at=an_hour_ago).execute()
        Account.update(fetched_at=an_hour_ago).where(Account.uri == person.uri).execute()


def key(of: Somebody, **changes: Any) -> Document:
    return {"id": of.key_id, "owner": of.uri, "publicKeyPem": of.keys.public_pem} | changes


async def says(here: Here, somebody: Somebody) -> int:
    return await here.deliver(somebody, somebody.creates(somebody.note()))


async def post(here: Here, body: bytes, headers: list[tuple[str, str]]) -> int:
    async with (
        ClientSession() as session,
        session.post(f"http://127.0.0.1:{here.port}/ap/inbox", data=body, headers=headers) as answer,
    ):
        return answer.status


# ── whose ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_key_that_names_another_owner_is_nobodys(here: Here, there: Elsewhere, carol: Somebody) -> None:
    """Mallory lists a key as carol's. It signs for neither of them."""
    mallory = there.somebody("mallory", keys=stranger_keys())
    there.serve(mallory.document(publicKey=key(mallory, owner=carol.uri)))
    as_carol = Somebody(carol.uri, "carol", keys=mallory.keys, key_id=mallory.key_id)

    assert await says(here, as_carol) == 401
    assert await says(here, mallory) == 401
    assert accepted() == 0

    there.serve(mallory.document())
    here.fed.keys.forget(mallory.key_id)
    assert await says(here, as_carol) == 401
    assert await says(here, mallory) == 202


async def test_a_key_of_another_host_in_an_actor_is_none(here: Here, there: Elsewhere) -> None:
    """Carol's server lists a key with an id on another host: else it could take ids of others away."""
    async with Elsewhere() as other:
        dave = there.somebody("dave", keys=stranger_keys())
        foreign = Somebody(dave.uri, "dave", keys=dave.keys, key_id=other.url("/users/victim#main-key"))
        there.serve(dave.document(publicKey=[key(dave), key(foreign)]))

        assert await says(here, foreign) == 401
        assert await says(here, dave) == 202
        assert [row.key_id for row in RemoteKey.select()] == [dave.key_id]


async def test_a_key_document_must_be_what_was_asked_for(here: Here, there: Elsewhere, carol: Somebody) -> None:
    """At the address of the key is a document that calls itself by the id of a listed key."""
    asked = Somebody(carol.uri, "carol", keys=stranger_keys(), key_id=there.url("/keys/asked"))
    listed = Somebody(carol.uri, "carol", keys=stranger_keys(), key_id=there.url("/keys/listed"))
    there.serve(key(listed))
    there.serve(key(listed), at="/keys/asked")
    there.serve(carol.document(publicKey=[key(carol), key(listed)]))

    assert await says(here, asked) == 401
    assert accepted() == 0
    assert await says(here, listed) == 202


async def test_an_id_that_is_no_address_belongs_to_each_of_its_users(here: Here, there: Elsewhere) -> None:
    """Bridges use such ids. Whoever comes first, and whoever fails, takes the id away from nobody."""
    async with Elsewhere() as evil:
        mallory = evil.somebody("mallory", keys=stranger_keys())
        mallory.key_id = "kestrel.example#key"
        evil.serve(mallory.document())
        kestrel = there.somebody("kestrel")
        kestrel.key_id = "kestrel.example#key"
        there.serve(kestrel.document())
        nobody = Somebody(evil.url("/users/nobody"), "nobody", key_id=kestrel.key_id)

        assert await says(here, nobody) == 401
        assert await says(here, mallory) == 202
        assert await says(here, kestrel) == 202
        assert await says(here, Somebody(kestrel.uri, "kestrel", keys=mallory.keys, key_id=kestrel.key_id)) == 401

    assert accepted() == 2


@pytest.mark.parametrize(
    "key_id",
    ["acct:carol@127.0.0.1", "", "carol", "javascript:alert(1)", "http://xn--999999999.example/carol", "x" * 3000],
)
async def test_ids_that_name_no_key_are_refused(here: Here, carol: Somebody, key_id: str) -> None:
    forged = Somebody(carol.uri, "carol", key_id="x")
    forged.key_id = key_id

    assert await says(here, forged) in (400, 401)
    assert accepted() == 0
    assert await says(here, carol) == 202


# ── which kind ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_huge_key_is_not_kept_and_its_neighbour_is(here: Here, there: Elsewhere) -> None:
    dave = there.somebody("dave")
    huge = RSAPublicNumbers(65537, (1 << 8199) + 1).public_key()
    pem = huge.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    oversized = Somebody(dave.uri, "dave", keys=dave.keys, key_id=f"{dave.uri}#huge")
    there.serve(dave.document(publicKey=[key(oversized, publicKeyPem=pem), key(dave)]))

    assert await says(here, oversized) == 401
    assert accepted() == 0
    assert await says(here, dave) == 202
    assert [row.key_id for row in RemoteKey.select()] == [dave.key_id]


async def test_without_an_algorithm_the_key_decides(here: Here, carol: Somebody) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)
    without = {**headers, "Signature": headers["Signature"].replace('algorithm="rsa-sha256",', "")}
    other = {**headers, "Signature": headers["Signature"].replace("rsa-sha256", "ed25519")}

    assert await here.post(body, other) == 401
    assert accepted() == 0
    assert await here.post(body, without) == 202


# ── how often ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_key_that_was_replaced_signs_no_more(here: Here, there: Elsewhere, carol: Somebody) -> None:
    before = Somebody(carol.uri, "carol", keys=carol.keys)
    carol.keys = stranger_keys()
    there.serve(carol.document())
    grow_old(carol)

    assert await says(here, carol) == 202
    assert await says(here, before) == 401
    assert there.asked_for("/users/carol") == 1
    assert accepted() == 1


async def test_keys_of_somebody_who_withdrew_them_are_forgotten(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    """Whatever makes us look again, the keys are those that the actor lists then."""
    second = Somebody(carol.uri, "carol", keys=stranger_keys(), key_id=f"{carol.uri}#second")
    there.serve(carol.document(publicKey=[key(carol), key(second)]))
    assert await says(here, second) == 202

    there.serve(carol.document())
    await here.receive(carol, carol.does("Update", carol.document()))

    assert await says(here, second) == 401
    assert await says(here, carol) == 202


async def test_forgeries_in_many_names_of_one_host_cost_it_few_requests(here: Here, there: Elsewhere) -> None:
    """Its people are real, and their keys known; the signatures are not theirs. Others find their new keys all the same."""
    here.fed.__dict__["fruitless_askers"] = Buckets(burst=3, per_second=0)
    here.fed.__dict__["fruitless"] = Buckets(burst=4, per_second=0)
    here.fed.__dict__["client_ip"] = lambda request: request.headers.get("X-Test-From", request.remote)
    people = [there.somebody() for _ in range(6)]
    for somebody in people:
        assert await says(here, somebody) == 202
        grow_old(somebody)
    there.received.clear()
    forgers = [Somebody(one.uri, one.name, keys=stranger_keys()) for one in people]

    answers = [await says(here, forger) for _ in range(4) for forger in forgers]

    assert set(answers) == {401, 429}
    assert len([request for request in there.received if request.path.startswith("/users/")]) == 3
    assert accepted() == len(people)

    rotated = forgers[-1]
    there.serve(rotated.document())
    elsewhere = {"X-Test-From": "192.0.2.7"}
    assert await here.deliver(rotated, rotated.creates(rotated.note()), headers=elsewhere) == 202


async def test_a_key_that_was_looked_at_just_now_is_not_looked_at_again(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    carol.keys = stranger_keys()
    there.serve(carol.document())

    assert await says(here, carol) == 401
    assert there.received == []
    grow_old(carol)
    assert await says(here, carol) == 202
    assert there.asked_for("/users/carol") == 1


# ── headers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Date", "Digest", "Signature", "Content-Type"])
async def test_a_header_that_stands_there_twice_proves_nothing(here: Here, carol: Somebody, name: str) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body)
    pairs = [*headers.items()]

    assert await post(here, body, [*pairs, (name, headers[name])]) in (400, 401)
    assert accepted() == 0
    assert await post(here, body, pairs) == 202


@pytest.mark.parametrize("size", [9_000, 40_000, 1_000_000])
@pytest.mark.parametrize("name", ["Signature", "Digest", "X-Anything"])
async def test_huge_headers_are_refused_or_ignored(here: Here, carol: Somebody, name: str, size: int) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    pairs = [*here.signed(carol, body).items()]
    huge = [(key, value) for key, value in pairs if key != name] + [(name, "x" * size)]

    answer = await post(here, body, huge)

    assert answer in ((400, 401, 431) if name != "X-Anything" else (202, 400, 431))
    assert accepted() == (1 if answer == 202 else 0)
    assert await post(here, body, pairs) == 202


CAVAGE_PARAMETERS = [(Style.CAVAGE, name) for name in ("keyId", "algorithm", "headers", "signature")]
RFC9421_PARAMETERS = [(Style.RFC9421, name) for name in ("keyid", "created")]


@pytest.mark.parametrize(("style", "repeated"), [*CAVAGE_PARAMETERS, *RFC9421_PARAMETERS])
async def test_a_parameter_that_stands_there_twice_is_refused(
    here: Here, carol: Somebody, style: Style, repeated: str
) -> None:
    body = json.dumps(carol.creates(carol.note())).encode()
    headers = here.signed(carol, body, style=style)
    name, separator = ("Signature", ",") if style is Style.CAVAGE else ("Signature-Input", ";")
    value = headers[name]
    parameter = next(part for part in value.split(separator) if part.startswith(f"{repeated}="))

    assert await here.post(body, headers | {name: f"{value}{separator}{parameter}"}) in (400, 401)
    assert accepted() == 0
    assert await here.post(body, headers) == 202


async def test_what_was_proved_for_one_body_is_not_believed_of_another(here: Here, carol: Somebody) -> None:
    """The second request has the signature of the first, which is remembered, and another body with its own digest."""
    first = json.dumps(carol.creates(carol.note("Yes"))).encode()
    second = json.dumps(carol.creates(carol.note("No"))).encode()
    of_first, of_second = here.signed(carol, first), here.signed(carol, second)

    assert await here.post(first, of_first) == 202
    assert await here.post(second, of_second | {"Signature": of_first["Signature"]}) == 401
    assert accepted() == 1
    assert await here.post(second, of_second) == 202
    assert account(carol).uri == carol.uri
