"""What people show on their profiles: hashtags and other people."""

from collections.abc import Callable
from typing import Any

import pytest

from node.models import Account, Endorsement, Visibility
from node.services.accounts import featured_tags
from tests.factories import Person
from tests.factories_posts import make_follow, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
TAGS = "/api/v1/featured_tags"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


async def ask(client: Client, method: str, path: str, headers: Headers | None = None, **body: Any) -> Any:
    response = await client.request(method, path, json=body or None, headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_a_hashtag_is_featured_with_what_everybody_may_read_of_it(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    make_status(alice, "#Birds in the morning")
    make_status(alice, "more #birds", visibility=Visibility.UNLISTED)
    make_status(alice, "secret #birds", visibility=Visibility.PRIVATE)
    make_status(alice, "#birds for us", local_only=True)
    make_status(bob, "#birds too")

    made = await ask(client, "POST", TAGS, me, name="#BIRDS")
    again = await ask(client, "POST", TAGS, me, name="birds")

    assert again == made
    assert (made["name"], made["statuses_count"]) == ("BIRDS", "2")
    assert made["last_status_at"] is not None
    assert made["url"] == "https://a.test/@alice/tagged/birds"
    assert await ask(client, "GET", TAGS, me) == [made]
    assert await ask(client, "GET", f"/api/v1/accounts/{alice.account.id}/featured_tags") == [made]
    assert (await ask(client, "GET", "/api/v1/tags/birds", me))["featuring"] is True

    await ask(client, "DELETE", f"{TAGS}/{made['id']}", me)

    assert await ask(client, "GET", TAGS, me) == []


async def test_a_hashtag_that_was_not_written_yet_can_be_featured(client: Client, me: Headers) -> None:
    made = await ask(client, "POST", TAGS, me, name="maps")

    assert (made["statuses_count"], made["last_status_at"]) == ("0", None)


async def test_tags_are_featured_by_their_name_too(client: Client, me: Headers) -> None:
    featured = await ask(client, "POST", "/api/v1/tags/gorse/feature", me)
    unfeatured = await ask(client, "POST", "/api/v1/tags/Gorse/unfeature", me)

    assert (featured["featuring"], unfeatured["featuring"]) == (True, False)
    assert await ask(client, "GET", TAGS, me) == []


async def test_what_is_no_hashtag_and_what_is_too_much_is_refused(
    client: Client, me: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(featured_tags, "MAX_FEATURED", 1)
    await ask(client, "POST", TAGS, me, name="one")

    answers = [await client.post(TAGS, json={"name": name}, headers=me) for name in ("two", "no tag", "")]

    assert [answer.status for answer in answers] == [422, 422, 422]
    assert [one["name"] for one in await ask(client, "GET", TAGS, me)] == ["one"]


async def test_featured_hashtags_of_others_stay_theirs(
    client: Client, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    of_bob = await ask(client, "POST", TAGS, as_person(bob), name="maps")

    answer = await client.delete(f"{TAGS}/{of_bob['id']}", headers=me)

    assert answer.status == 404
    assert await ask(client, "GET", TAGS, as_person(bob)) == [of_bob]


async def test_often_used_hashtags_are_suggested_until_they_are_featured(
    client: Client, alice: Person, me: Headers
) -> None:
    make_status(alice, "#maps #moor")
    make_status(alice, "#maps")

    suggested = await ask(client, "GET", f"{TAGS}/suggestions", me)
    await ask(client, "POST", TAGS, me, name="maps")
    rest = await ask(client, "GET", f"{TAGS}/suggestions", me)

    assert [tag["name"] for tag in suggested] == ["maps", "moor"]
    assert [tag["name"] for tag in rest] == ["moor"]


async def test_people_who_are_followed_can_be_recommended(
    client: Client, alice: Person, bob: Person, remote: Callable[..., Account], me: Headers
) -> None:
    carol = remote("carol")
    make_follow(alice, bob)
    make_follow(alice, carol)

    for old_or_new, account in (("pin", bob.account), ("endorse", carol)):
        answer = await ask(client, "POST", f"/api/v1/accounts/{account.id}/{old_or_new}", me)
        assert answer["endorsed"] is True
    own = await ask(client, "GET", "/api/v1/endorsements", me)
    seen = await ask(client, "GET", f"/api/v1/accounts/{alice.account.id}/endorsements")
    page = await client.get("/api/v1/endorsements?limit=1", headers=me)
    answer = await ask(client, "POST", f"/api/v1/accounts/{carol.id}/unendorse", me)

    assert [one["username"] for one in own] == [one["username"] for one in seen] == ["carol", "bob"]
    assert 'rel="next"' in page.headers["Link"]
    assert answer["endorsed"] is False
    assert [one["username"] for one in await ask(client, "GET", "/api/v1/endorsements", me)] == ["bob"]


async def test_people_who_are_not_followed_cannot_be_recommended(client: Client, bob: Person, me: Headers) -> None:
    answer = await client.post(f"/api/v1/accounts/{bob.account.id}/endorse", headers=me)

    assert answer.status == 422
    assert await ask(client, "GET", "/api/v1/endorsements", me) == []


@pytest.mark.parametrize(
    "ending", ["/api/v1/accounts/{bob}/unfollow", "/api/v1/accounts/{bob}/block", "/api/v1/accounts/{bob}/mute"]
)
async def test_a_recommendation_ends_with_the_follow(
    client: Client, alice: Person, bob: Person, me: Headers, ending: str
) -> None:
    make_follow(alice, bob)
    await ask(client, "POST", f"/api/v1/accounts/{bob.account.id}/endorse", me)

    await ask(client, "POST", ending.format(bob=bob.account.id), me)

    assert Endorsement.select().count() == (1 if ending.endswith("mute") else 0)


async def test_scopes_are_asked_for(client: Client, alice: Person, as_person: AsPerson) -> None:
    reading = as_person(alice, "read:statuses")

    answers = [await client.get(path, headers=reading) for path in (TAGS, "/api/v1/endorsements")]
    answers.append(await client.post(TAGS, json={"name": "x"}, headers=as_person(alice, "read")))

    assert [answer.status for answer in answers] == [403, 403, 403]
