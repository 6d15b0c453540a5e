"""Who follows from here, as the other side says it: looked up when it differs, believed only as a whole (FEP-8fcf)."""

from typing import Any

import pytest

from federation.follower_digests import HEADER, NOBODY, digest_of
from node.models import Follow, FollowRequest
from tests.factories import Person, in_unit
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account, waiting

LIST = "/users/carol/followers_synchronization"


def header(carol: Somebody, listed: list[str], **changes: str) -> dict[str, str]:
    said = {
        "collectionId": f"{carol.uri}/followers",
        "url": f"{carol.origin}{LIST}",
        "digest": digest_of(listed),
    } | changes
    return {HEADER: ", ".join(f'{name}="{value}"' for name, value in said.items())}


def serves(there: Elsewhere, listed: Any) -> None:
    there.serve({"id": there.url(LIST), "type": "OrderedCollection", "orderedItems": listed})


async def tells(here: Here, carol: Somebody, headers: dict[str, str], kind: str = "Create") -> None:
    note = carol.note(to=[f"{carol.uri}/followers"], cc=[])
    assert await here.deliver(carol, carol.creates(note) | {"type": kind}, headers=headers) == 202
    await here.work()


def follows_carol(carol: Somebody) -> set[int]:
    return {row.account_id for row in Follow.select().where(Follow.target == account(carol).id)}


async def test_whoever_is_not_listed_does_not_follow_any_more(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person
) -> None:
    with in_unit():
        Follow.create(account=bob.account.id, target=account(carol).id, created_at=1)
    serves(there, [bob.account.uri])

    await tells(here, carol, header(carol, [bob.account.uri]))

    assert follows_carol(carol) == {bob.account.id}


async def test_an_equal_digest_costs_no_request(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> None:
    await tells(here, carol, header(carol, [alice.account.uri]))

    assert there.asked_for(LIST) == 0
    assert follows_carol(carol) == {alice.account.id}


async def test_whoever_is_listed_without_following_takes_it_back(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person
) -> None:
    listed = [alice.account.uri, bob.account.uri, f"{here.base}/ap/users/12345"]
    serves(there, listed)

    await tells(here, carol, header(carol, listed))

    (job,) = waiting("send_unfollow")
    assert f'"account_id":{bob.account.id}' in job.payload.replace(" ", "")
    assert follows_carol(carol) == {alice.account.id}


async def test_whoever_is_listed_and_waits_was_accepted(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person
) -> None:
    with in_unit():
        FollowRequest.create(account=bob.account.id, target=account(carol).id, created_at=1)
    listed = [alice.account.uri, bob.account.uri]
    serves(there, listed)

    await tells(here, carol, header(carol, listed))

    assert follows_carol(carol) == {alice.account.id, bob.account.id}


@pytest.mark.parametrize(
    "listed", [[], ["https://evil.example/users/x"], "nonsense", None, [7, {"id": 8}], ["{alice}", "{alice}2"]]
)
async def test_a_list_that_is_not_the_one_that_was_named_has_no_effect(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person, listed: Any
) -> None:
    if isinstance(listed, list):
        listed = [one.format(alice=alice.account.uri) if isinstance(one, str) else one for one in listed]
    serves(there, listed)

    await tells(here, carol, header(carol, [bob.account.uri]))

    assert there.asked_for(LIST) == 1
    assert follows_carol(carol) == {alice.account.id}


async def test_an_empty_list_is_a_list(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> None:
    serves(there, [])

    await tells(here, carol, header(carol, [], digest=NOBODY))

    assert follows_carol(carol) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://evil.example/list"},
        {"url": "nonsense"},
        {"collectionId": "https://evil.example/users/carol/followers"},
        {"digest": "0"},
        {"digest": "z" * 64},
        {"digest": "0" * 65},
        {"url": "http://127.0.0.1:1/list"},
    ],
)
async def test_a_header_about_anything_else_causes_nothing(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, changes: dict[str, str]
) -> None:
    serves(there, [])

    await tells(here, carol, header(carol, [], **changes))

    assert not waiting("sync_followers")
    assert there.asked_for(LIST) == 0
    assert follows_carol(carol) == {alice.account.id}


@pytest.mark.parametrize("text", ["", "x", 'digest="', "a" * 7_000, 'url="a", url="b"'])
async def test_a_header_of_nonsense_causes_nothing(here: Here, there: Elsewhere, carol: Somebody, text: str) -> None:
    await tells(here, carol, {HEADER: text})

    assert not waiting("sync_followers")


async def test_a_neighbour_says_nothing_about_others_followers(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory")
    serves(there, [])

    await tells(here, mallory, header(carol, []))

    assert follows_carol(carol) == {alice.account.id}


async def test_a_list_that_cannot_be_had_has_no_effect(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    there.on(LIST, status=403)

    await tells(here, carol, header(carol, []))

    assert follows_carol(carol) == {alice.account.id}


def test_digests_are_sums_of_hashes() -> None:
    one, two = "https://a.test/users/1", "https://a.test/users/2"

    assert digest_of([]) == NOBODY
    # The example of FEP-8fcf.
    assert digest_of(["https://testing.example.org/users/1", "https://testing.example.org/users/2"]) == (
        "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    )
    assert digest_of([one, two]) == digest_of([two, one, one])
    assert digest_of([one]) != digest_of([two])
