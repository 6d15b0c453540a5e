"""Timelines through the client API: whose, in which order, page by page."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Account, Status, Visibility
from node.services.community import settings
from node.services.interactions import reblogs
from node.services.relationships import lists, mutes
from tests.factories import Person
from tests.factories_posts import make_follow, make_media, make_status
from tests.queries import counted_queries
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


def ids(*statuses: Status) -> list[str]:
    return [str(status.id) for status in statuses]


async def listed(client: Client, path: str, headers: Headers | None = None) -> list[str]:
    response = await client.get(path, headers=headers)
    assert response.status == 200, await response.text()
    return [one["id"] for one in await response.json()]


async def test_home_has_own_statuses_and_those_of_whom_one_follows(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    make_status(bob, "before the follow")
    make_follow(alice, bob)
    first, second = make_status(bob), make_status(alice)

    assert await listed(client, "/api/v1/timelines/home", me) == ids(second, first)


async def test_home_is_for_its_owner(client: Client, alice: Person, as_person: AsPerson) -> None:
    without = await client.get("/api/v1/timelines/home")
    writing = await client.get("/api/v1/timelines/home", headers=as_person(alice, "write"))

    assert (without.status, writing.status) == (401, 403)


async def test_pages_lead_down_and_up_by_their_links(client: Client, alice: Person, me: Headers) -> None:
    made = [make_status(alice, f"number {i}") for i in range(5)]

    newest = await client.get("/api/v1/timelines/home?limit=2", headers=me)
    older = await client.get(newest.links["next"]["url"].relative(), headers=me)
    newer = await client.get(older.links["prev"]["url"].relative(), headers=me)

    assert [one["id"] for one in await older.json()] == ids(made[2], made[1])
    assert [one["id"] for one in await newer.json()] == ids(made[4], made[3])
    assert str(newest.links["next"]["url"]).startswith("https://a.test/api/v1/timelines/home?limit=2&max_id=")


async def test_min_id_gives_the_page_right_above_and_since_id_the_newest(
    client: Client, alice: Person, me: Headers
) -> None:
    made = [make_status(alice, f"number {i}") for i in range(5)]
    path = "/api/v1/timelines/home?limit=2"

    assert await listed(client, f"{path}&min_id={made[0].id}", me) == ids(made[2], made[1])
    assert await listed(client, f"{path}&since_id={made[0].id}", me) == ids(made[4], made[3])
    assert await listed(client, f"{path}&since_id={made[3].id}", me) == ids(made[4])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("limit=1000", 40),
        ("limit=0", 1),
        ("limit=-5", 20),
        ("limit=x&max_id=abc&min_id=", 20),
        ("max_id=9e9", 20),
        (f"limit={'9' * 30}", 40),
    ],
)
async def test_limits_are_clamped_and_junk_counts_as_absent(
    client: Client, alice: Person, me: Headers, query: str, count: int
) -> None:
    with store.transaction():
        for number in range(42):
            make_status(alice, f"number {number}")

    assert len(await listed(client, f"/api/v1/timelines/home?{query}", me)) == count


async def test_public_timelines_tell_here_from_elsewhere(
    client: Client, alice: Person, remote: Callable[..., Account]
) -> None:
    here, there = make_status(alice), make_status(remote("carol"))
    make_status(alice, "unlisted", visibility=Visibility.UNLISTED)
    make_status(alice, "private", visibility=Visibility.PRIVATE)
    path = "/api/v1/timelines/public"

    assert await listed(client, path) == ids(there, here)
    assert await listed(client, f"{path}?local=true") == ids(here)
    assert await listed(client, f"{path}?remote=1") == ids(there)


async def test_only_media_leaves_words_out(client: Client, alice: Person) -> None:
    make_status(alice, "words")
    picture = make_status(alice, media_ids=(make_media(alice).id,))

    assert await listed(client, "/api/v1/timelines/public?only_media=true") == ids(picture)
    assert await listed(client, f"/api/v1/accounts/{alice.account.id}/statuses?only_media=true") == ids(picture)


async def test_a_community_may_keep_its_timelines_to_itself(client: Client, alice: Person, me: Headers) -> None:
    make_status(alice, "#cats")
    await store.write(settings.change, {"public_timelines": False}, None)

    for path in ("/api/v1/timelines/public", "/api/v1/timelines/tag/cats"):
        assert (await client.get(path)).status == 401
        assert len(await listed(client, path, me)) == 1


async def test_hashtags_can_be_combined(client: Client, alice: Person) -> None:
    cats, both = make_status(alice, "#Cats"), make_status(alice, "#cats #dogs")
    dogs = make_status(alice, "#dogs")
    path = "/api/v1/timelines/tag/CATS"

    assert await listed(client, path) == ids(both, cats)
    assert await listed(client, f"{path}?any[]=dogs") == ids(dogs, both, cats)
    assert await listed(client, f"{path}?all[]=dogs") == ids(both)
    assert await listed(client, f"{path}?none[]=dogs") == ids(cats)
    assert await listed(client, "/api/v1/timelines/tag/nobodyever") == []


async def test_the_statuses_of_an_account_can_be_narrowed(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    plain, tagged = make_status(alice, "plain"), make_status(alice, "#tag")
    other = make_status(bob)
    reply = make_status(alice, "reply", in_reply_to_id=other.id)
    with store.transaction():
        boost = reblogs.add(alice.account.id, other.id)
    path = f"/api/v1/accounts/{alice.account.id}/statuses"

    assert await listed(client, path) == ids(boost, reply, tagged, plain)
    assert await listed(client, f"{path}?exclude_replies=true") == ids(boost, tagged, plain)
    assert await listed(client, f"{path}?exclude_reblogs=true") == ids(reply, tagged, plain)
    assert await listed(client, f"{path}?tagged=TAG") == ids(tagged)
    letter = make_status(alice, "@bob between us", visibility=Visibility.DIRECT)
    assert await listed(client, path, me) == ids(letter, boost, reply, tagged, plain)
    assert await listed(client, f"{path}?exclude_direct=true", me) == ids(boost, reply, tagged, plain)
    assert (await client.get("/api/v1/accounts/12345/statuses")).status == 404


async def test_a_list_shows_its_members(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    make_follow(alice, bob)
    with store.transaction():
        row = lists.create(alice.account.id, "friends")
        lists.add_members(alice.account.id, row.id, [bob.account.id])
    status = make_status(bob)
    make_status(alice)

    assert await listed(client, f"/api/v1/timelines/list/{row.id}", me) == ids(status)
    assert (await client.get("/api/v1/timelines/list/12345", headers=me)).status == 404


async def test_direct_messages_have_a_timeline_of_their_own(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    sent = make_status(alice, "@bob hello", visibility=Visibility.DIRECT)
    got = make_status(bob, "@alice hello", visibility=Visibility.DIRECT)
    make_status(bob, "to myself", visibility=Visibility.DIRECT)
    make_status(alice, "for all")

    assert await listed(client, "/api/v1/timelines/direct", me) == ids(got, sent)


async def test_who_is_muted_is_not_in_timelines(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    make_status(bob)
    with store.transaction():
        mutes.mute(alice.account.id, bob.account.id)

    assert await listed(client, "/api/v1/timelines/public", me) == []


async def test_a_long_page_costs_no_more_queries_than_a_short_one(client: Client, alice: Person, me: Headers) -> None:
    with store.transaction():
        for number in range(20):
            make_status(alice, f"number {number} #tag")

    async def cost(query: str) -> int:
        with counted_queries() as statements:
            await listed(client, f"/api/v1/timelines/home?{query}", me)
        return len(statements)

    await cost("limit=20")  # who asks is noted
    await cost("limit=20")  # and remembered
    assert await cost("limit=20") == await cost("limit=2") == 2


async def test_whatever_the_route_holds_is_answered(client: Client, me: Headers) -> None:
    paths: dict[str, Any] = {
        "/api/v1/timelines/tag/%00": 404,
        "/api/v1/timelines/tag/%ff%fe": 200,
        "/api/v1/timelines/list/x": 404,
        "/api/v1/accounts/-1/statuses": 404,
        f"/api/v1/statuses/{'9' * 30}": 404,
    }
    for path, status in paths.items():
        assert (await client.get(path, headers=me)).status == status, path
