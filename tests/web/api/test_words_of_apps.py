"""Refusals in the words that apps and bots look for."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import MediaAttachment, Status, Visibility
from node.services.community import settings
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.web.conftest import Client, Headers

STATUSES = "/api/v1/statuses"


@pytest.fixture
def me(alice: Person, as_person: Callable[..., Headers]) -> Headers:
    return as_person(alice)


async def refused(client: Client, path: str, me: Headers, method: str = "POST", **body: Any) -> str:
    response = await client.request(method, path, json=body, headers=me)
    assert response.status == 422, await response.text()
    return str((await response.json())["error"])


async def test_of_posts(client: Client, alice: Person, me: Headers) -> None:
    with store.transaction():
        settings.change(
            {"max_characters": 500, "max_media": 2, "max_pins": 1, "max_description_characters": 150}, None
        )
    files = [str(make_media(alice).id) for _ in range(3)]
    secret = make_status(alice, "Psst.", visibility=Visibility.DIRECT)
    one, another = make_status(alice), make_status(alice)
    soon = clock.iso(clock.now_ms() + clock.MINUTE)
    assert (await client.post(f"{STATUSES}/{one.id}/pin", headers=me)).status == 200

    assert await refused(client, STATUSES, me, status="") == "Validation failed: Text can't be blank"
    long = await refused(client, STATUSES, me, status="x" * 501)
    assert long == "Validation failed: Text character limit of 500 exceeded"
    assert await refused(client, STATUSES, me, media_ids=files) == "Cannot attach more than 2 files"
    early = await refused(client, STATUSES, me, status="x", scheduled_at=soon)
    assert early == "Validation failed: Scheduled at date must be in the future"
    pinned = await refused(client, f"{STATUSES}/{secret.id}/pin", me)
    assert pinned == "Validation failed: Posts that are only visible to mentioned users cannot be pinned"
    full = await refused(client, f"{STATUSES}/{another.id}/pin", me)
    assert full == "Validation failed: You have already pinned the maximum number of posts"
    words = await refused(client, f"/api/v1/media/{files[0]}", me, "PUT", description="x" * 151)
    assert words == "Validation failed: Description is too long (maximum is 150 characters)"


async def test_a_file_that_is_not_finished_is_refused_letter_by_letter_as_bots_expect_it(
    client: Client, alice: Person, me: Headers
) -> None:
    media = make_media(alice)
    with store.transaction():
        MediaAttachment.update(problem="It could not be read.").where(MediaAttachment.id == media.id).execute()

    told = await refused(client, STATUSES, me, status="x", media_ids=[str(media.id)])

    assert told == "Cannot attach files that have not finished processing. Try again in a moment!"
    assert Status.select().count() == 0


async def test_of_other_things(client: Client, bob: Person, me: Headers) -> None:
    for number in range(10):
        assert (await client.post("/api/v1/featured_tags", json={"name": f"tag{number}"}, headers=me)).status == 200
    for number in range(50):
        assert (await client.post("/api/v1/lists", json={"title": f"list {number}"}, headers=me)).status == 200
    poll = {"options": ["a", "b"], "expires_in": 600}
    asked = await (await client.post(STATUSES, json={"status": "Tea?", "poll": poll}, headers=me)).json()

    tags = await refused(client, "/api/v1/featured_tags", me, name="tag10")
    assert tags == "Validation failed: You have already featured the maximum number of hashtags"
    lists = await refused(client, "/api/v1/lists", me, title="One more")
    assert lists == "Validation failed: You have reached the maximum number of lists"
    stranger = await refused(client, f"/api/v1/accounts/{bob.account.id}/endorse", me)
    assert stranger == "Validation failed: You must be already following the person you want to endorse"
    own = await refused(client, f"/api/v1/polls/{asked['poll']['id']}/votes", me, choices=[0])
    assert own == "Validation failed: You cannot vote in your own polls"


async def test_what_mastodon_has_no_words_for_is_told_in_ours(client: Client, me: Headers) -> None:
    poll = {"options": ["a"], "expires_in": 600}

    told = await refused(client, STATUSES, me, status="Tea?", poll=poll)

    assert told == "Validation failed: A poll has 2 to 8 choices."
