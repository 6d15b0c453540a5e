"""Lists, conversations and hashtags through the client API."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Account, Conversation, FollowRequest, Status, Visibility
from node.services.statuses import deletion
from tests.factories import Person, make_remote
from tests.factories_posts import make_follow, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def other(bob: Person, as_person: AsPerson) -> Headers:
    return as_person(bob)


async def call(client: Client, method: str, path: str, headers: Headers, **body: Any) -> Any:
    response = await client.request(method, path, json=body or None, headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


# ── lists ──


async def test_a_list_is_made_changed_filled_and_deleted(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    make_follow(alice, bob)
    made = await call(client, "POST", "/api/v1/lists", me, title="friends", exclusive=True)
    path = f"/api/v1/lists/{made['id']}"

    changed = await call(client, "PUT", path, me, title="close friends", replies_policy="none")
    await call(client, "POST", f"{path}/accounts", me, account_ids=[str(bob.account.id)])
    members = await call(client, "GET", f"{path}/accounts?limit=0", me)
    containing = await call(client, "GET", f"/api/v1/accounts/{bob.account.id}/lists", me)
    await call(client, "DELETE", f"{path}/accounts?account_ids[]={bob.account.id}", me)
    emptied = await call(client, "GET", f"{path}/accounts", me)
    await call(client, "DELETE", path, me)

    assert (made["title"], made["exclusive"], made["replies_policy"]) == ("friends", True, "list")
    assert changed == made | {"title": "close friends", "replies_policy": "none"}
    assert [one["acct"] for one in members] == ["bob"]
    assert containing == [changed]
    assert emptied == []
    assert await call(client, "GET", "/api/v1/lists", me) == []


async def test_lists_are_their_owners_alone(client: Client, me: Headers, other: Headers) -> None:
    made = await call(client, "POST", "/api/v1/lists", me, title="friends")
    path = f"/api/v1/lists/{made['id']}"

    for method, where in (("GET", path), ("PUT", path), ("DELETE", path), ("GET", f"{path}/accounts")):
        assert (await client.request(method, where, headers=other)).status == 404
    assert len(await call(client, "GET", "/api/v1/lists", me)) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"title": " "}, 422), ({"title": "x", "replies_policy": "some"}, 422), ({"title": ["x"]}, 400)],
)
async def test_a_list_that_cannot_be_is_refused(
    client: Client, me: Headers, body: dict[str, Any], status: int
) -> None:
    assert (await client.post("/api/v1/lists", json=body, headers=me)).status == status
    assert await call(client, "GET", "/api/v1/lists", me) == []


async def test_whom_one_does_not_follow_may_be_in_a_list_and_nobody_who_is_not_there(
    client: Client, bob: Person, me: Headers
) -> None:
    path = f"/api/v1/lists/{(await call(client, 'POST', '/api/v1/lists', me, title='friends'))['id']}/accounts"
    carol = make_remote("carol")

    added = await client.post(path, json={"account_ids": [str(bob.account.id), str(carol.id)]}, headers=me)
    refused = await client.post(path, json={"account_ids": ["5"]}, headers=me)

    assert (added.status, refused.status) == (200, 404)
    assert len(await call(client, "GET", path, me)) == 2
    assert FollowRequest.get().target_id == carol.id


# ── conversations ──


async def test_a_conversation_is_unread_for_the_one_and_read_for_the_other(
    client: Client, alice: Person, bob: Person, me: Headers, other: Headers
) -> None:
    status = make_status(alice, "psst @bob", visibility=Visibility.DIRECT)

    (mine,) = await call(client, "GET", "/api/v1/conversations", me)
    (his,) = await call(client, "GET", "/api/v1/conversations", other)
    read = await call(client, "POST", f"/api/v1/conversations/{his['id']}/read", other)
    unread = await call(client, "POST", f"/api/v1/conversations/{his['id']}/unread", other)

    assert (mine["unread"], his["unread"], read["unread"], unread["unread"]) == (False, True, False, True)
    assert [one["acct"] for one in his["accounts"]] == ["alice"]
    assert his["last_status"]["id"] == str(status.id)


async def test_conversations_are_their_owners_alone(
    client: Client, alice: Person, bob: Person, me: Headers, other: Headers
) -> None:
    make_status(alice, "psst @bob", visibility=Visibility.DIRECT)
    (mine,) = await call(client, "GET", "/api/v1/conversations", me)
    path = f"/api/v1/conversations/{mine['id']}"

    assert (await client.post(f"{path}/read", headers=other)).status == 404
    assert (await client.delete(path, headers=other)).status == 404
    await call(client, "DELETE", path, me)
    assert await call(client, "GET", "/api/v1/conversations", me) == []
    assert Conversation.select().count() == 1
    assert Status.select().count() == 1


async def test_conversations_come_page_by_page(client: Client, alice: Person, me: Headers) -> None:
    ids = [str(make_status(alice, f"@bob{i}", visibility=Visibility.DIRECT).id) for i in range(3)]

    first = await client.get("/api/v1/conversations?limit=2", headers=me)
    rest = await client.get(first.links["next"]["url"].relative(), headers=me)

    assert [one["last_status"]["id"] for one in await first.json()] == ids[:0:-1]
    assert [one["last_status"]["id"] for one in await rest.json()] == ids[:1]
    assert [one["acct"] for one in (await rest.json())[0]["accounts"]] == ["alice"]


# ── hashtags ──


async def test_a_hashtag_is_followed_in_any_spelling(client: Client, alice: Person, me: Headers) -> None:
    make_status(alice, "#Cats")

    followed = await call(client, "POST", "/api/v1/tags/CATS/follow", me)
    listed = await call(client, "GET", "/api/v1/followed_tags", me)
    unfollowed = await call(client, "POST", "/api/v1/tags/cats/unfollow", me)

    assert (followed["name"], followed["following"]) == ("Cats", True)
    assert [(one["id"], one["following"]) for one in listed] == [(followed["id"], True)]
    assert unfollowed["following"] is False
    assert await call(client, "GET", "/api/v1/followed_tags", me) == []


async def test_the_use_of_a_hashtag_is_told_day_by_day(
    client: Client, alice: Person, remote: Callable[..., Account]
) -> None:
    make_status(remote("carol"), created_at=clock.now_ms() - clock.DAY, hashtags=("cats",))
    make_status(alice, "#cats")
    make_status(alice, "#cats again")
    make_status(alice, "#cats in secret", visibility=Visibility.PRIVATE)

    tag = await call(client, "GET", "/api/v1/tags/cats", {})

    assert [(day["uses"], day["accounts"]) for day in tag["history"]] == [("2", "1"), ("1", "1")] + [("0", "0")] * 5
    assert "following" not in tag


async def test_a_hashtag_that_nobody_used_is_there_and_what_is_none_is_not(client: Client, me: Headers) -> None:
    unused = await call(client, "GET", "/api/v1/tags/unheardof", me)

    assert (unused["name"], unused["following"]) == ("unheardof", False)
    for name in ("%20", "a%20b", "12345", "%00", "x" * 2000):
        assert (await client.get(f"/api/v1/tags/{name}", headers=me)).status == 404, name
        assert (await client.post(f"/api/v1/tags/{name}/follow", headers=me)).status == 404, name


async def test_what_is_followed_comes_home(client: Client, bob: Person, me: Headers) -> None:
    await call(client, "POST", "/api/v1/tags/cats/follow", me)
    status = make_status(bob, "#cats")

    home = await call(client, "GET", "/api/v1/timelines/home", me)

    assert [one["id"] for one in home] == [str(status.id)]


async def test_a_deleted_status_leaves_the_count_of_its_tags(client: Client, alice: Person) -> None:
    status = make_status(alice, "#cats")
    with store.transaction():
        deletion.delete(alice.account.id, status.id)

    tag = await call(client, "GET", "/api/v1/tags/cats", {})

    assert tag["history"][0]["uses"] == "0"
