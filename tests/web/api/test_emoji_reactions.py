"""Reactions through the addresses of Fedibird and Akkoma."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from node import store
from node.services.community import emoji, settings
from node.services.community.emoji import EmojiFacts
from node.services.interactions import reactions
from tests.factories import Person, make_remote
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
PATHS = ("/api/v1/statuses/{}/emoji_reactions", "/api/v1/pleroma/statuses/{}/reactions")
THUMB = quote("👍")


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


async def get(client: Client, path: str, headers: Headers | None = None) -> Any:
    response = await client.get(path, headers=headers or {})
    assert response.status == 200, await response.text()
    return await response.json()


@pytest.mark.parametrize("path", PATHS)
async def test_an_emoji_is_put_and_deleted(
    client: Client, me: Headers, alice: Person, bob: Person, path: str
) -> None:
    status = make_status(bob)
    path = path.format(status.id)

    put = await (await client.put(f"{path}/{THUMB}", headers=me)).json()
    listed = await get(client, path)
    one = await get(client, f"{path}/{THUMB}", me)
    none = await get(client, f"{path}/{quote('❤')}", me)
    gone = await (await client.delete(f"{path}/{THUMB}", headers=me)).json()

    assert put["emoji_reactions"] == put["pleroma"]["emoji_reactions"] == [{"name": "👍", "count": 1, "me": True}]
    assert [(each["name"], each["me"], [a["acct"] for a in each["accounts"]]) for each in listed] == [
        ("👍", False, ["alice"])
    ]
    assert ([each["me"] for each in one], none) == ([True], [])
    assert gone["emoji_reactions"] == await get(client, path) == []


async def test_a_custom_emoji_has_its_picture_under_our_address(client: Client, me: Headers, bob: Person) -> None:
    status = make_status(bob)
    with store.transaction():
        emoji.create("wave", "wave.png")
        blob = EmojiFacts(shortcode="blobcat", image_url="https://remote.test/blobcat.png")
        reactions.receive(make_remote(), status.id, "blobcat", blob)

    await client.put(f"/api/v1/statuses/{status.id}/emoji_reactions/wave", headers=me)
    answer = await client.put(
        f"/api/v1/statuses/{status.id}/emoji_reactions/{quote('blobcat@remote.test')}", headers=me
    )

    theirs, ours = (await answer.json())["emoji_reactions"]
    assert (theirs["name"], theirs["count"], theirs["domain"]) == ("blobcat@remote.test", 2, "remote.test")
    assert theirs["url"].startswith("https://a.test/proxy/")
    assert (ours["name"], ours["url"], ours["domain"]) == ("wave", "https://a.test/media/wave.png", None)


@pytest.mark.parametrize(("name", "status"), [("good", 422), ("%20", 422), ("x" * 500, 404), ("%F0%9F%91%8D", 200)])
async def test_what_is_no_emoji_is_refused(client: Client, me: Headers, bob: Person, name: str, status: int) -> None:
    path = PATHS[0].format(make_status(bob).id)

    assert (await client.put(f"{path}/{name}", headers=me)).status == status


async def test_a_person_and_the_scope_are_needed(client: Client, alice: Person, as_person: AsPerson) -> None:
    path = f"{PATHS[0].format(make_status(alice).id)}/{THUMB}"

    assert (await client.put(path)).status == 401
    assert (await client.put(path, headers=as_person(alice, "read"))).status == 403
    assert (await client.put(path, headers=as_person(alice, "write:favourites"))).status == 200


@pytest.mark.parametrize("path", PATHS)
async def test_a_hidden_status_answers_like_one_that_is_not_there(
    client: Client, me: Headers, bob: Person, path: str
) -> None:
    hidden = make_status(bob, visibility="private")
    answers = []
    for status_id in (hidden.id, hidden.id + 1):
        base = path.format(status_id)
        for method, address in (("GET", base), ("PUT", f"{base}/{THUMB}"), ("DELETE", f"{base}/{THUMB}")):
            response = await client.request(method, address, headers=me)
            answers.append((response.status, await response.text()))

    assert answers[:3] == answers[3:]
    assert {status for status, _ in answers} == {404}


async def test_the_community_can_do_without(client: Client, me: Headers, bob: Person) -> None:
    status = make_status(bob)
    await client.put(f"{PATHS[0].format(status.id)}/{THUMB}", headers=me)
    assert "emoji_reactions" in await get(client, f"/api/v1/statuses/{status.id}")
    with store.transaction():
        settings.change({"emoji_reactions": False}, None)

    shown = await get(client, f"/api/v1/statuses/{status.id}", me)
    refused = await client.put(f"{PATHS[0].format(status.id)}/{THUMB}", headers=me)

    assert "emoji_reactions" not in shown
    assert "pleroma" not in shown
    assert refused.status == 403
    assert await get(client, PATHS[0].format(status.id), me) == []
    limits = (await get(client, "/api/v2/instance"))["configuration"]["emoji_reactions"]
    assert limits == {"max_reactions": 0, "max_reactions_per_account": 0}


@pytest.mark.parametrize(
    ("path", "query", "seen"),
    [
        ("/api/v1/notifications", "", False),
        ("/api/v1/notifications", "types[]=emoji_reaction", True),
        ("/api/v1/notifications", "types[]=favourite", False),
        ("/api/v1/notifications", "supported_types[]=emoji_reaction", True),
        ("/api/v2/notifications", "", False),
        ("/api/v2/notifications", "supported_types[]=emoji_reaction&supported_types[]=favourite", True),
        ("/api/v2/notifications", "supported_types[]=emoji_reaction&exclude_types[]=emoji_reaction", False),
    ],
)
async def test_only_apps_that_know_them_are_notified(
    client: Client, me: Headers, alice: Person, bob: Person, path: str, query: str, seen: bool
) -> None:
    with store.transaction():
        reactions.add(bob.account.id, make_status(alice).id, "👍")

    page = await get(client, f"{path}?{query}", me)
    count = await get(client, f"{path}/unread_count?{query}", me)

    shown = page["notification_groups"] if "v2" in path else page
    assert ([one["type"] for one in shown], count["count"]) == (["emoji_reaction"] * seen, int(seen))
    if seen and "v1" in path:
        assert (shown[0]["emoji"], shown[0]["emoji_reaction"]["name"]) == ("👍", "👍")
