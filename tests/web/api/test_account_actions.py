"""What somebody does about an account, and what they are told of it."""

from collections.abc import Callable
from typing import Any

import pytest

from node.models import Account
from tests.factories import Person, make_person
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


async def act(client: Client, headers: Headers, account: Account, verb: str, **terms: Any) -> Any:
    response = await client.post(f"/api/v1/accounts/{account.id}/{verb}", headers=headers, json=terms)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_following_an_open_account_is_done_at_once(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    me = as_person(alice)

    followed = await act(client, me, bob.account, "follow", reblogs=False, notify=True, languages=["de"])
    unfollowed = await act(client, me, bob.account, "unfollow")

    assert (followed["following"], followed["requested"]) == (True, False)
    assert (followed["showing_reblogs"], followed["notifying"], followed["languages"]) == (False, True, ["de"])
    assert unfollowed["following"] is False


async def test_following_a_locked_account_asks_first(client: Client, alice: Person, as_person: AsPerson) -> None:
    locked = make_person("locked", locked=True)

    relationship = await act(client, as_person(alice), locked.account, "follow")

    assert (relationship["following"], relationship["requested"]) == (False, True)


@pytest.mark.parametrize(
    ("theirs", "mine", "following"),
    [({}, {}, True), ({"locked": True}, {}, False), ({}, {"silenced_at": 1_700_000_000_000}, False)],
)
async def test_following_an_open_account_elsewhere_is_told_as_done_although_its_answer_is_still_to_come(
    client: Client,
    remote: Callable[..., Account],
    as_person: AsPerson,
    theirs: dict[str, Any],
    mine: dict[str, Any],
    following: bool,
) -> None:
    person, carol = make_person("person", **mine), remote("carol", **theirs)
    me = as_person(person)

    told = await act(client, me, carol, "follow", notify=True)
    (known,) = await (await client.get(f"/api/v1/accounts/relationships?id={carol.id}", headers=me)).json()

    assert (told["following"], told["requested"], told["notifying"]) == (following, not following, True)
    assert (known["following"], known["requested"]) == (False, True)


async def test_requests_are_listed_and_accepted(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    locked = make_person("locked", locked=True)
    await act(client, as_person(alice), locked.account, "follow")
    await act(client, as_person(bob), locked.account, "follow")
    me = as_person(locked)

    waiting = await (await client.get("/api/v1/follow_requests", headers=me)).json()
    accepted = await client.post(f"/api/v1/follow_requests/{alice.account.id}/authorize", headers=me)
    rejected = await client.post(f"/api/v1/follow_requests/{bob.account.id}/reject", headers=me)
    left = await (await client.get("/api/v1/follow_requests", headers=me)).json()

    assert [entity["username"] for entity in waiting] == ["bob", "alice"]
    assert (await accepted.json())["followed_by"] is True
    assert (await rejected.json())["followed_by"] is False
    assert left == []


async def test_nobody_accepts_what_was_not_asked(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    response = await client.post(f"/api/v1/follow_requests/{bob.account.id}/authorize", headers=as_person(alice))

    assert response.status == 404


async def test_blocked_accounts_are_listed(client: Client, alice: Person, bob: Person, as_person: AsPerson) -> None:
    me = as_person(alice)

    blocked = await act(client, me, bob.account, "block")
    listed = await (await client.get("/api/v1/blocks", headers=me)).json()
    unblocked = await act(client, me, bob.account, "unblock")

    assert blocked["blocking"] is True
    assert [entity["username"] for entity in listed] == ["bob"]
    assert unblocked["blocking"] is False


async def test_mutes_may_run_out(client: Client, alice: Person, bob: Person, as_person: AsPerson) -> None:
    me = as_person(alice)

    muted = await act(client, me, bob.account, "mute", notifications=False, duration=3600)
    (listed,) = await (await client.get("/api/v1/mutes", headers=me)).json()
    unmuted = await act(client, me, bob.account, "unmute")

    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert listed["username"] == "bob"
    assert listed["mute_expires_at"] == muted["muting_expires_at"]
    assert unmuted["muting"] is False


async def test_a_note_is_for_its_writer(client: Client, alice: Person, bob: Person, as_person: AsPerson) -> None:
    relationship = await act(client, as_person(alice), bob.account, "note", comment="met in Ghent")

    assert relationship["note"] == "met in Ghent"


async def test_a_follower_can_be_removed(client: Client, alice: Person, bob: Person, as_person: AsPerson) -> None:
    await act(client, as_person(bob), alice.account, "follow")

    relationship = await act(client, as_person(alice), bob.account, "remove_from_followers")

    assert relationship["followed_by"] is False


@pytest.mark.parametrize("verb", ["follow", "unfollow", "block", "unblock", "mute", "unmute", "note"])
async def test_nothing_is_done_about_nobody(client: Client, alice: Person, as_person: AsPerson, verb: str) -> None:
    response = await client.post(f"/api/v1/accounts/5/{verb}", headers=as_person(alice), json={})

    assert (response.status, await response.json()) == (404, {"error": "Record not found"})


@pytest.mark.parametrize("verb", ["follow", "block", "mute", "note"])
async def test_only_people_act(client: Client, alice: Person, verb: str) -> None:
    response = await client.post(f"/api/v1/accounts/{alice.account.id}/{verb}")

    assert (response.status, await response.json()) == (401, {"error": "The access token is invalid"})


async def test_reading_tokens_change_nothing(client: Client, alice: Person, bob: Person, as_person: AsPerson) -> None:
    response = await client.post(f"/api/v1/accounts/{bob.account.id}/follow", headers=as_person(alice, "read"))

    assert response.status == 403


async def test_domains_are_blocked_by_and_for_one_person(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    me = as_person(alice)

    done = await client.post("/api/v1/domain_blocks", headers=me, data={"domain": "Loud.test"})
    mine = await (await client.get("/api/v1/domain_blocks", headers=me)).json()
    others = await (await client.get("/api/v1/domain_blocks", headers=as_person(bob))).json()
    await client.delete("/api/v1/domain_blocks", headers=me, data={"domain": "loud.test"})
    left = await (await client.get("/api/v1/domain_blocks", headers=me)).json()

    assert await done.json() == {}
    assert (mine, others, left) == (["loud.test"], [], [])


@pytest.mark.parametrize("domain", ["", "not a domain", "http://x.test"])
async def test_what_is_no_domain_cannot_be_blocked(
    client: Client, alice: Person, as_person: AsPerson, domain: str
) -> None:
    response = await client.post("/api/v1/domain_blocks", headers=as_person(alice), data={"domain": domain})

    assert response.status == 422
