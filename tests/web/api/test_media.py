"""Uploading pictures, and changing them before they are posted."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import FormData

from node.media.storage import Storage
from node.models import MediaAttachment
from tests.factories import Person
from tests.factories_posts import make_status
from tests.node.media.pictures import noise, picture, with_metadata
from tests.web.conftest import Client, Headers
from web import rate_limit
from web.keys import STORAGE
from web.rate_limit import Budget

AsPerson = Callable[..., Headers]


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


def form(data: bytes | None = None, **fields: str) -> FormData:
    made = FormData(fields)
    if data is not None:
        made.add_field("file", data, filename="cat.jpg", content_type="image/jpeg")
    return made


async def upload(client: Client, headers: Headers, data: bytes | None = None, **fields: str) -> Any:
    response = await client.post(
        "/api/v2/media", data=form(picture(".png") if data is None else data, **fields), headers=headers
    )
    assert response.status == 200, await response.text()
    return await response.json()


def files(client: Client) -> list[str]:
    storage: Storage = client.app[STORAGE]
    return [file.key for file in storage.files()]


async def test_an_upload_is_answered_with_its_address_and_measures(client: Client, me: Headers) -> None:
    media = await upload(client, me, description="a cat", focus="0.5,-0.25")

    assert (media["type"], media["description"], media["remote_url"]) == ("image", "a cat", None)
    assert media["url"].startswith("https://a.test/media/media/")
    assert media["meta"]["original"] == {"width": 96, "height": 64, "size": "96x64", "aspect": 1.5}
    assert media["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert media["blurhash"]


async def test_what_was_uploaded_can_be_fetched_without_its_secrets(client: Client, me: Headers) -> None:
    media = await upload(client, me, with_metadata())

    response = await client.get(media["url"].removeprefix("https://a.test"))

    assert response.status == 200
    assert b"Secret" not in await response.read()


@pytest.mark.parametrize("data", [b"", b"not a picture", b"<svg onload='alert(1)'/>", b"\xff\xd8\xff broken"])
async def test_what_is_no_picture_is_refused_and_leaves_nothing(client: Client, me: Headers, data: bytes) -> None:
    response = await client.post("/api/v2/media", data=form(data), headers=me)

    assert response.status == 422
    assert MediaAttachment.select().count() == 0
    assert files(client) == []


@pytest.mark.parametrize("fields", [{"focus": "left"}, {"description": "x" * 1501}])
async def test_a_refused_description_leaves_no_file(client: Client, me: Headers, fields: dict[str, str]) -> None:
    response = await client.post("/api/v2/media", data=form(picture(".png"), **fields), headers=me)

    assert response.status == 422
    assert files(client) == []


async def test_a_form_without_a_file_is_told_so(client: Client, me: Headers) -> None:
    assert (await client.post("/api/v1/media", data=form(description="nothing"), headers=me)).status == 422
    assert (await client.post("/api/v1/media", json={"file": "text"}, headers=me)).status == 422
    assert (await client.post("/api/v1/media", json={"file": 1}, headers=me)).status == 400


async def test_a_description_is_changed_until_the_picture_is_posted(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    media = await upload(client, me)
    path = f"/api/v1/media/{media['id']}"

    changed = await client.put(path, json={"description": "a cat", "focus": "1,1"}, headers=me)
    by_another = await client.put(path, json={"description": "mine"}, headers=as_person(bob))
    make_status(alice, media_ids=(int(media["id"]),))
    posted = await client.put(path, json={"description": "too late"}, headers=me)

    assert (await changed.json())["description"] == "a cat"
    assert (await changed.json())["meta"]["focus"] == {"x": 1.0, "y": 1.0}
    assert (by_another.status, posted.status) == (404, 404)
    assert MediaAttachment.get_by_id(int(media["id"])).description == "a cat"


async def test_a_thumbnail_replaces_the_one_before(client: Client, me: Headers) -> None:
    media = await upload(client, me)
    fields = FormData()
    fields.add_field("thumbnail", picture(".png", 48, 48), filename="t.png")

    changed = await (await client.put(f"/api/v1/media/{media['id']}", data=fields, headers=me)).json()

    assert changed["preview_url"] != media["preview_url"]
    assert changed["meta"]["small"]["size"] == "48x48"
    assert (await client.get(media["preview_url"].removeprefix("https://a.test"))).status == 404


async def test_thumbnails_count_as_uploads(client: Client, me: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
    media = await upload(client, me)
    monkeypatch.setattr(rate_limit, "MEDIA", Budget("few", 1, 1800))
    statuses = []
    for _ in range(2):
        fields = FormData()
        fields.add_field("thumbnail", picture(".png", 48, 48), filename="t.png")
        statuses.append((await client.put(f"/api/v1/media/{media['id']}", data=fields, headers=me)).status)

    assert statuses == [200, 429]
    assert len(files(client)) == 2


@pytest.mark.parametrize(("text", "status"), [("words", 200), ("x" * 501, 422)])
async def test_an_edit_of_a_post_replaces_the_thumbnail_of_its_picture_and_no_other(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson, text: str, status: int
) -> None:
    media, anothers = await upload(client, me), await upload(client, as_person(bob))
    posted = make_status(alice, "words", media_ids=(int(media["id"]),))
    change = FormData({"status": text, "media_ids[]": media["id"]})
    for one in (media, anothers):
        change.add_field("media_attributes[][id]", one["id"])
        change.add_field("media_attributes[][thumbnail]", picture(".png", 48, 48), filename="t.png")

    answer = await client.put(f"/api/v1/statuses/{posted.id}", data=change, headers=me)

    shown = (await (await client.get(f"/api/v1/statuses/{posted.id}")).json())["media_attachments"][0]
    is_new = status == 200
    old = (await client.get(media["preview_url"].removeprefix("https://a.test"))).status
    assert (answer.status, shown["meta"]["small"]["size"] == "48x48", old == 404) == (status, is_new, is_new)
    assert (await client.get(anothers["preview_url"].removeprefix("https://a.test"))).status == 200
    assert (await client.get(shown["preview_url"].removeprefix("https://a.test"))).status == 200
    assert len(files(client)) == 4


async def test_who_takes_avif_gets_a_thumbnail_as_that(client: Client, me: Headers) -> None:
    path = (await upload(client, me, noise(".jpg", 700, 500)))["preview_url"].removeprefix("https://a.test")

    async def get(accept: str) -> tuple[str, int]:
        answer = await client.get(path, headers={"Accept": accept})
        assert answer.headers["Vary"] == "Accept"
        # Some caches between do not ask by what an answer varies.
        assert answer.headers["Cache-Control"].startswith(
            "private" if answer.content_type == "image/avif" else "public"
        )
        return answer.content_type, len(await answer.read())

    webp, avif = await get("*/*"), await get("image/avif,image/webp,*/*;q=0.8")
    assert (webp[0], avif[0]) == ("image/webp", "image/avif")
    assert avif[1] < webp[1]
    client.app[STORAGE].delete(*[file for file in files(client) if file.endswith(".avif")])
    assert await get("image/avif") == webp


async def test_an_upload_is_taken_back_with_its_files(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    media = await upload(client, me, noise(".jpg", 700, 500))
    assert len(files(client)) == 3
    path = f"/api/v1/media/{media['id']}"

    by_another = await client.delete(path, headers=as_person(bob))
    deleted = await client.delete(path, headers=me)

    assert (by_another.status, deleted.status) == (404, 200)
    assert files(client) == []
    assert (await client.get(path, headers=me)).status == 404


async def test_a_picture_goes_with_its_status_when_that_is_wished(client: Client, alice: Person, me: Headers) -> None:
    media = await upload(client, me, noise(".jpg", 700, 500))
    status = make_status(alice, media_ids=(int(media["id"]),))

    deleted = await client.delete(f"/api/v1/statuses/{status.id}?delete_media=true", headers=me)

    assert deleted.status == 200
    assert files(client) == []
    assert MediaAttachment.select().count() == 0


async def test_uploads_at_the_same_time_do_not_mix(client: Client, me: Headers) -> None:
    sizes = [(40 + 2 * number, 20) for number in range(4)]

    made = await asyncio.gather(*(upload(client, me, picture(".png", *size)) for size in sizes))

    assert [(one["meta"]["original"]["width"], one["meta"]["original"]["height"]) for one in made] == sizes


async def test_uploading_needs_a_person_and_the_scope(client: Client, alice: Person, as_person: AsPerson) -> None:
    without = await client.post("/api/v2/media", data=form(picture(".png")))
    reading = await client.post("/api/v2/media", data=form(picture(".png")), headers=as_person(alice, "read"))

    assert (without.status, reading.status) == (401, 403)
