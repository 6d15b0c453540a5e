"""Notifications through the client API, one by one and in groups."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Notification, Role
from node.services import follows
from node.services.interactions import favourites
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.notifications import telling as notifications
from node.services.relationships import blocks
from tests.factories import Person, make_person
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def liked(alice: Person, bob: Person) -> str:
    """The id of a status of Alice's that Bob and Carol favourited, after Bob had named her."""
    with store.transaction():
        make_status(bob, "hello @alice")
        status = make_status(alice)
        favourites.add(bob.account.id, status.id)
        favourites.add(make_person("carol").account.id, status.id)
    return str(status.id)


async def get(client: Client, path: str, headers: Headers) -> Any:
    response = await client.get(path, headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_they_come_newest_first_with_who_and_what(client: Client, me: Headers, liked: str) -> None:
    page = await get(client, "/api/v1/notifications", me)

    assert [(one["type"], one["account"]["acct"]) for one in page] == [
        ("favourite", "carol"),
        ("favourite", "bob"),
        ("mention", "bob"),
    ]
    assert page[0]["status"]["id"] == liked
    assert page[0]["group_key"] == page[1]["group_key"]


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("types[]=mention", ["mention"]),
        ("exclude_types[]=favourite", ["mention"]),
        ("types[]=follow", []),
        ("types[]=nonsense", []),
        ("exclude_types[]=nonsense", ["favourite", "favourite", "mention"]),
        ("limit=1", ["favourite"]),
    ],
)
async def test_kinds_can_be_chosen(client: Client, me: Headers, liked: str, query: str, types: list[str]) -> None:
    page = await get(client, f"/api/v1/notifications?{query}", me)

    assert [one["type"] for one in page] == types


async def test_those_of_one_sender_can_be_asked_for(client: Client, bob: Person, me: Headers, liked: str) -> None:
    page = await get(client, f"/api/v1/notifications?account_id={bob.account.id}", me)

    assert {one["account"]["acct"] for one in page} == {"bob"}


async def test_one_is_shown_and_dismissed_by_its_owner_alone(
    client: Client, bob: Person, me: Headers, liked: str, as_person: AsPerson
) -> None:
    newest = (await get(client, "/api/v1/notifications", me))[0]
    path = f"/api/v1/notifications/{newest['id']}"

    refused = [
        await client.get(path, headers=as_person(bob)),
        await client.post(f"{path}/dismiss", headers=as_person(bob)),
    ]
    shown = await get(client, path, me)
    dismissed = await client.post(f"{path}/dismiss", headers=me)

    assert [answer.status for answer in refused] == [404, 404]
    assert shown == newest
    assert await dismissed.json() == {}
    assert (await client.get(path, headers=me)).status == 404


async def test_all_are_cleared(client: Client, me: Headers, liked: str) -> None:
    await client.post("/api/v1/notifications/clear", headers=me)

    assert await get(client, "/api/v1/notifications", me) == []
    assert Notification.select().count() == 0


async def test_the_unread_ones_are_counted_from_the_marker(client: Client, me: Headers, liked: str) -> None:
    page = await get(client, "/api/v1/notifications", me)
    before = await get(client, "/api/v1/notifications/unread_count", me)
    groups_before = await get(client, "/api/v2/notifications/unread_count", me)
    await client.post("/api/v1/markers", json={"notifications": {"last_read_id": page[1]["id"]}}, headers=me)

    after = await get(client, "/api/v1/notifications/unread_count", me)

    assert (before, groups_before, after) == ({"count": 3}, {"count": 2}, {"count": 1})


async def test_groups_name_accounts_and_statuses_that_stand_beside_them(
    client: Client, me: Headers, liked: str
) -> None:
    results = await get(client, "/api/v2/notifications", me)

    favourite, mention = results["notification_groups"]
    assert (favourite["type"], favourite["notifications_count"]) == ("favourite", 2)
    assert favourite["status_id"] == liked
    assert isinstance(favourite["most_recent_notification_id"], int)
    assert mention["notifications_count"] == 1
    accounts = {account["id"]: account["acct"] for account in results["accounts"]}
    assert [accounts[one] for one in favourite["sample_account_ids"]] == ["carol", "bob"]
    assert {status["id"] for status in results["statuses"]} == {liked, mention["status_id"]}


async def test_groups_can_be_ungrouped_and_their_faces_alone_be_sent(client: Client, me: Headers, liked: str) -> None:
    apart = await get(client, "/api/v2/notifications?grouped_types[]=reblog", me)
    faces = await get(client, "/api/v2/notifications?expand_accounts=partial_avatars", me)

    assert len(apart["notification_groups"]) == 3
    assert "partial_accounts" not in apart
    first = {group["sample_account_ids"][0] for group in faces["notification_groups"]}
    assert {account["id"] for account in faces["accounts"]} == first
    assert not first & {account["id"] for account in faces["partial_accounts"]}


async def test_pages_of_groups_lead_on(client: Client, me: Headers, liked: str) -> None:
    first = await client.get("/api/v2/notifications?limit=1", headers=me)
    second = await client.get(first.links["next"]["url"].relative(), headers=me)
    above = await client.get(second.links["prev"]["url"].relative(), headers=me)

    types = [[group["type"] for group in (await one.json())["notification_groups"]] for one in (first, second, above)]
    assert types == [["favourite"], ["mention"], ["favourite"]]


async def test_one_group_is_shown_listed_and_dismissed(client: Client, me: Headers, liked: str) -> None:
    key = (await get(client, "/api/v2/notifications", me))["notification_groups"][0]["group_key"]

    shown = await get(client, f"/api/v2/notifications/{key}", me)
    accounts = await get(client, f"/api/v2/notifications/{key}/accounts", me)
    await client.post(f"/api/v2/notifications/{key}/dismiss", headers=me)
    gone = await client.get(f"/api/v2/notifications/{key}", headers=me)

    assert shown["notification_groups"][0]["notifications_count"] == 2
    assert {account["acct"] for account in accounts} == {"bob", "carol"}
    assert gone.status == 404
    assert len(await get(client, "/api/v1/notifications", me)) == 1


@pytest.mark.parametrize("key", ["nonsense", "ungrouped-x", "favourite-1-99999999999999999", "%00", "a" * 2000])
async def test_a_key_of_nothing_is_not_found(client: Client, me: Headers, key: str) -> None:
    assert (await client.get(f"/api/v2/notifications/{key}", headers=me)).status == 404


async def test_who_is_blocked_is_not_heard_of(
    client: Client, alice: Person, bob: Person, me: Headers, liked: str
) -> None:
    await store.write(blocks.block, alice.account.id, bob.account.id)

    assert {one["account"]["acct"] for one in await get(client, "/api/v1/notifications", me)} == {"carol"}


async def test_moderators_see_what_was_reported(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    moderator = make_person("mo", role=Role.MODERATOR)
    await store.write(reports.file, alice.account.id, Complaint(target_id=bob.account.id, comment="rude"))

    page = await get(client, "/api/v1/notifications", as_person(moderator))
    groups = await get(client, "/api/v2/notifications", as_person(moderator))

    assert (page[0]["type"], page[0]["report"]["target_account"]["acct"]) == ("admin.report", "bob")
    assert groups["notification_groups"][0]["report"]["comment"] == "rude"


async def test_a_follow_is_about_no_status(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    await store.write(follows.follow, bob.account.id, alice.account.id)

    (one,) = await get(client, "/api/v1/notifications", me)
    assert (one["type"], one["status"]) == ("follow", None)


# ── what is held back ──

POLICY, OLD_POLICY, REQUESTS = (
    "/api/v2/notifications/policy",
    "/api/v1/notifications/policy",
    "/api/v1/notifications/requests",
)


async def hold_back(client: Client, me: Headers, bob: Person, alice: Person) -> Any:
    """Bob, a stranger, follows Alice and writes to her; the request."""
    response = await client.patch(POLICY, json={"for_not_following": "filter"}, headers=me)
    assert response.status == 200
    await store.write(follows.follow, bob.account.id, alice.account.id)
    make_status(bob, "hello @alice")
    (request,) = await get(client, REQUESTS, me)
    return request


async def test_a_policy_is_shown_and_changed(client: Client, me: Headers) -> None:
    policy = await get(client, POLICY, me)
    assert policy == dict.fromkeys(POLICIES, "accept") | {
        "for_limited_accounts": "drop",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }

    changed = await client.patch(POLICY, data={"for_bots": "drop", "for_new_accounts": "filter"}, headers=me)

    assert await changed.json() == policy | {"for_bots": "drop", "for_new_accounts": "filter"}
    old = await get(client, OLD_POLICY, me)
    assert (old["filter_new_accounts"], old["filter_not_following"]) == (True, False)
    await client.put(OLD_POLICY, json={"filter_new_accounts": False}, headers=me)
    assert await get(client, POLICY, me) == policy | {"for_bots": "drop"}


POLICIES = (
    "for_not_following",
    "for_not_followers",
    "for_new_accounts",
    "for_private_mentions",
    "for_limited_accounts",
    "for_bots",
)


async def test_no_other_decision_is_possible(client: Client, me: Headers) -> None:
    before = await get(client, POLICY, me)

    for body in ({"for_bots": "hide"}, {"for_bots": ["drop"]}, {"for_bots": 1}):
        assert (await client.patch(POLICY, json=body, headers=me)).status == 400
    assert await get(client, POLICY, me) == before


async def test_what_strangers_do_waits_in_requests(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    request = await hold_back(client, me, bob, alice)

    assert (request["account"]["username"], request["notifications_count"]) == ("bob", "2")
    assert "hello" in request["last_status"]["content"]
    assert await get(client, f"{REQUESTS}/{request['id']}", me) == request
    assert await get(client, "/api/v1/notifications", me) == []
    assert (await get(client, "/api/v2/notifications", me))["notification_groups"] == []
    of_bob = f"include_filtered=true&account_id={bob.account.id}"
    assert len(await get(client, f"/api/v1/notifications?{of_bob}", me)) == 2
    assert len((await get(client, f"/api/v2/notifications?{of_bob}", me))["notification_groups"]) == 2
    assert await get(client, "/api/v1/notifications?include_filtered=true&account_id=1", me) == []
    summary = (await get(client, POLICY, me))["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 2}


@pytest.mark.parametrize(("verb", "shown"), [("accept", 2), ("dismiss", 0)])
@pytest.mark.parametrize("many", [True, False])
async def test_a_request_is_let_through_or_thrown_away(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson, verb: str, shown: int, many: bool
) -> None:
    request = await hold_back(client, me, bob, alice)
    path = f"{REQUESTS}/{verb}" if many else f"{REQUESTS}/{request['id']}/{verb}"
    body = {"id": [request["id"], "5"]} if many else None
    others = await client.post(path, json=body, headers=as_person(bob))
    assert others.status == (200 if many else 404)
    assert await get(client, f"{REQUESTS}/{request['id']}", me) == request

    response = await client.post(path, json=body, headers=me)

    assert (response.status, await response.json()) == (200, {})
    assert len(await get(client, "/api/v1/notifications", me)) == shown
    assert await get(client, REQUESTS, me) == []
    assert await get(client, f"{REQUESTS}/merged", me) == {"merged": True}
    assert (await client.get(f"{REQUESTS}/{request['id']}", headers=me)).status == 404


async def test_policies_and_requests_need_their_scopes(client: Client, alice: Person, as_person: AsPerson) -> None:
    reads = as_person(alice, "read:notifications")

    assert (await client.get(REQUESTS, headers=reads)).status == 200
    assert (await client.patch(POLICY, json={}, headers=reads)).status == 403
    assert (await client.post(f"{REQUESTS}/accept", json={"id": []}, headers=reads)).status == 403
    assert (await client.get(REQUESTS, headers=as_person(alice, "write"))).status == 403
    assert (await client.get(REQUESTS)).status == 401


async def test_notifications_need_a_person_and_the_scope(client: Client, alice: Person, as_person: AsPerson) -> None:
    statuses_alone = as_person(alice, "read:statuses write:statuses")

    for path in ("/api/v1/notifications", "/api/v2/notifications", "/api/v2/notifications/policy"):
        assert (await client.get(path)).status == 401
        assert (await client.get(path, headers=statuses_alone)).status == 403
    assert (await client.post("/api/v1/notifications/clear", headers=statuses_alone)).status == 403


async def test_what_is_about_a_status_that_went_is_left_out(client: Client, alice: Person, me: Headers) -> None:
    stranger = make_person("stranger")
    status = make_status(stranger, "hello @alice")
    assert len(await get(client, "/api/v1/notifications", me)) == 1
    with store.transaction():
        status.delete_instance()

    assert await get(client, "/api/v1/notifications", me) == []
    assert notifications.unread_count(alice.account.id, 0) == 0
