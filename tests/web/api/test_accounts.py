"""Looking at accounts."""

from collections.abc import Callable

import msgspec
import pytest

from node import store
from node.models import Account
from node.services import follows
from node.services.moderation import decisions as moderation
from node.services.relationships import blocks
from tests.factories import Person, make_person
from tests.factories_posts import jobs_of, make_follow
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


async def test_an_account_is_shown_to_anybody(client: Client, alice: Person) -> None:
    response = await client.get(f"/api/v1/accounts/{alice.account.id}")

    entity = await response.json()
    assert response.status == 200
    assert (entity["acct"], entity["url"]) == ("alice", "https://a.test/@alice")
    assert entity["created_at"].endswith("T00:00:00.000Z")


async def test_links_of_an_account_are_looked_at_when_somebody_signed_in_asks_for_it(
    client: Client, alice: Person, as_person: AsPerson, remote: Callable[..., Account]
) -> None:
    link = {"name": "Web", "value": '<a href="https://w.test/">https://w.test/</a>', "source": ""}
    wanda = remote("wanda", fields=msgspec.json.encode([link]).decode())
    await client.get(f"/api/v1/accounts/{wanda.id}")
    assert jobs_of("verify_links") == []

    for _ in range(2):
        response = await client.get(f"/api/v1/accounts/{wanda.id}", headers=as_person(alice))

    assert (await response.json())["fields"] == [{"name": "Web", "value": link["value"], "verified_at": None}]
    assert [job.subject for job in jobs_of("verify_links")] == [wanda.id]


@pytest.mark.parametrize("an_id", ["1", "0", "x", "-1", "9" * 40, "%00", "1.5"])
async def test_an_account_that_does_not_exist_is_not_found(client: Client, an_id: str) -> None:
    response = await client.get(f"/api/v1/accounts/{an_id}")

    assert (response.status, await response.json()) == (404, {"error": "Record not found"})


async def test_a_suspended_account_looks_like_none(client: Client, alice: Person) -> None:
    with store.transaction():
        moderation.suspend(alice.account.id, None)

    response = await client.get(f"/api/v1/accounts/{alice.account.id}")

    assert (response.status, await response.json()) == (404, {"error": "Record not found"})


async def test_several_accounts_come_in_the_order_asked_for(client: Client, alice: Person, bob: Person) -> None:
    response = await client.get(f"/api/v1/accounts?id[]={bob.account.id}&id[]={alice.account.id}&id[]=5")

    assert [entity["username"] for entity in await response.json()] == ["bob", "alice"]


@pytest.mark.parametrize("acct", ["alice", "@alice", "ALICE", "alice@a.test"])
async def test_a_handle_leads_to_its_account(client: Client, alice: Person, acct: str) -> None:
    response = await client.get("/api/v1/accounts/lookup", params={"acct": acct})

    assert (await response.json())["id"] == str(alice.account.id)


@pytest.mark.parametrize("acct", ["", "nobody", "alice@elsewhere.test", "@@@", "alice@[", "a" * 5000])
async def test_an_unknown_handle_leads_nowhere(client: Client, alice: Person, acct: str) -> None:
    assert (await client.get("/api/v1/accounts/lookup", params={"acct": acct})).status == 404


async def test_a_remote_handle_has_its_domain(client: Client, remote: Callable[..., Account]) -> None:
    carol = remote("carol")

    response = await client.get("/api/v1/accounts/lookup", params={"acct": "carol@remote.test"})

    entity = await response.json()
    assert (entity["id"], entity["acct"]) == (str(carol.id), "carol@remote.test")


async def test_pictures_of_remote_accounts_have_an_address_of_ours(
    client: Client, remote: Callable[..., Account]
) -> None:
    carol = remote("carol", avatar_remote_url="https://remote.test/a.png")

    entity = await (await client.get(f"/api/v1/accounts/{carol.id}")).json()

    assert entity["avatar"].startswith("https://a.test/proxy/")


async def test_search_finds_by_the_beginning_of_a_name(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    response = await client.get("/api/v1/accounts/search?q=ali", headers=as_person(bob))

    assert [entity["username"] for entity in await response.json()] == ["alice"]


@pytest.mark.parametrize("typed", ["bob@a.test", "@bob@A.test", "bob@a.", "bo@a.test"])
async def test_search_finds_people_of_this_node_by_their_whole_handle(
    client: Client, alice: Person, bob: Person, remote: Callable[..., Account], as_person: AsPerson, typed: str
) -> None:
    me = as_person(alice)
    there = remote("bob")

    here = await (await client.get("/api/v1/accounts/search", params={"q": typed}, headers=me)).json()
    elsewhere = await (await client.get("/api/v1/accounts/search?q=bob@remote.t", headers=me)).json()

    assert [one["id"] for one in here] == [str(bob.account.id)]
    assert [one["id"] for one in elsewhere] == [str(there.id)]


@pytest.mark.parametrize("typed", ["bob@a.test", "@bob@A.test"])
async def test_whom_a_whole_handle_names_comes_before_those_one_follows(
    client: Client, alice: Person, bob: Person, as_person: AsPerson, typed: str
) -> None:
    bobby = make_person("bobby")
    make_follow(alice, bobby)

    response = await client.get("/api/v1/accounts/search", params={"q": typed}, headers=as_person(alice))

    assert [one["id"] for one in await response.json()] == [str(bob.account.id), str(bobby.account.id)]


async def test_followers_are_paged_by_their_follows(client: Client, alice: Person) -> None:
    fans = [make_person(f"fan{number}") for number in range(3)]
    with store.transaction():
        for fan in fans:
            follows.follow(fan.account.id, alice.account.id)

    first = await client.get(f"/api/v1/accounts/{alice.account.id}/followers?limit=2")
    link = first.headers["Link"]
    rest = await client.get(link.split("<")[1].split(">")[0].removeprefix("https://a.test"))

    assert [entity["username"] for entity in await first.json()] == ["fan2", "fan1"]
    assert 'rel="next"' in link
    assert 'rel="prev"' in link
    assert "limit=2" in link
    assert [entity["username"] for entity in await rest.json()] == ["fan0"]


async def test_who_hides_followers_shows_them_to_themselves_alone(client: Client, as_person: AsPerson) -> None:
    shy, fan = make_person("shy", hide_collections=True), make_person("fan")
    with store.transaction():
        follows.follow(fan.account.id, shy.account.id)
    path = f"/api/v1/accounts/{shy.account.id}/followers"

    others = await client.get(path)
    own = await client.get(path, headers=as_person(shy))

    assert await others.json() == []
    assert len(await own.json()) == 1


async def test_relationships_tell_how_somebody_stands_to_others(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    with store.transaction():
        follows.follow(alice.account.id, bob.account.id)

    response = await client.get(f"/api/v1/accounts/relationships?id[]={bob.account.id}", headers=as_person(alice))

    (entity,) = await response.json()
    assert (entity["id"], entity["following"], entity["followed_by"]) == (str(bob.account.id), True, False)


async def test_relationships_to_the_suspended_are_told_to_who_asks_for_them(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    other, me = make_person("other"), as_person(alice)
    with store.transaction():
        follows.follow(alice.account.id, bob.account.id)
        moderation.suspend(bob.account.id, None)
    path = f"/api/v1/accounts/relationships?id[]={bob.account.id}&id[]={other.account.id}"

    usual = await (await client.get(path, headers=me)).json()
    every = await (await client.get(f"{path}&with_suspended=true", headers=me)).json()

    assert [one["id"] for one in usual] == [str(other.account.id)]
    assert [one["id"] for one in every] == [str(bob.account.id), str(other.account.id)]


async def test_one_relationship_may_be_asked_for_without_brackets(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    response = await client.get(f"/api/v1/accounts/relationships?id={bob.account.id}", headers=as_person(alice))

    assert len(await response.json()) == 1


async def test_familiar_followers_are_those_whom_one_follows(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    star = make_person("star")
    with store.transaction():
        follows.follow(alice.account.id, bob.account.id)
        follows.follow(bob.account.id, star.account.id)

    path = f"/api/v1/accounts/familiar_followers?id[]={star.account.id}"
    (entity,) = await (await client.get(path, headers=as_person(alice))).json()

    assert entity["id"] == str(star.account.id)
    assert [account["username"] for account in entity["accounts"]] == ["bob"]
    body = {"id": [str(star.account.id)]}
    asked = await client.get("/api/v1/accounts/familiar_followers", json=body, headers=as_person(alice))
    assert await asked.json() == [entity]


async def test_familiar_followers_are_told_of_those_alone_who_show_their_followers(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    shy, angry, open_ = make_person("shy", hide_collections=True), make_person("angry"), make_person("open")
    gone = make_person("gone")
    with store.transaction():
        follows.follow(alice.account.id, bob.account.id)
        for star in (shy, angry, open_, gone):
            follows.follow(bob.account.id, star.account.id)
        blocks.block(angry.account.id, alice.account.id)
        moderation.suspend(gone.account.id, None)
    asked = [one.account.id for one in (shy, angry, open_, gone)]

    path = "/api/v1/accounts/familiar_followers?" + "&".join(f"id[]={one}" for one in [*asked, 5])
    found = await (await client.get(path, headers=as_person(alice))).json()

    assert [(int(one["id"]), [account["username"] for account in one["accounts"]]) for one in found] == [
        (shy.account.id, []),
        (angry.account.id, []),
        (open_.account.id, ["bob"]),
    ]


async def test_who_is_blocked_sees_no_followers(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    fan = make_person("fan")
    with store.transaction():
        follows.follow(fan.account.id, alice.account.id)
        blocks.block(alice.account.id, bob.account.id)

    response = await client.get(f"/api/v1/accounts/{alice.account.id}/followers", headers=as_person(bob))

    assert await response.json() == []


async def test_a_token_without_the_scope_is_refused(client: Client, alice: Person, as_person: AsPerson) -> None:
    response = await client.get(f"/api/v1/accounts/{alice.account.id}", headers=as_person(alice, "write:media"))

    assert response.status == 403
    assert await response.json() == {"error": "This action is outside the authorized scopes"}


async def test_the_directory_shows_those_who_want_to_be_found(client: Client) -> None:
    make_person("seen", discoverable=True, last_status_at=1_700_000_000_000)
    make_person("unseen", last_status_at=1_700_000_000_000)

    response = await client.get("/api/v1/directory?local=true")

    assert [entity["username"] for entity in await response.json()] == ["seen"]


async def test_search_may_ask_for_an_address_and_survives_when_nobody_answers(
    client: Client, alice: Person, remote: Callable[..., Account], as_person: AsPerson
) -> None:
    carol, me = remote("carol"), as_person(alice)

    known = await client.get("/api/v1/accounts/search", params={"q": carol.uri, "resolve": "true"}, headers=me)
    unknown = await client.get("/api/v1/accounts/search?q=@x@127.0.0.1:1&resolve=true", headers=me)

    assert [entity["username"] for entity in await known.json()] == ["carol"]
    assert (unknown.status, await unknown.json()) == (200, [])
