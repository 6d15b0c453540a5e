"""Uploading video and sound: taken at once, made ready by a job, asked for until then (ADR 25)."""

import asyncio
import io
import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData

from federation.render.note import attachment
from node.config import Config
from node.jobs import JobKind, TakenJob
from node.media import programs
from node.models import Job, MediaAttachment
from node.services.community import settings
from node.worker import Worker
from tests.factories import Person, in_unit, waiting_jobs
from tests.node.media import moving
from tests.node.media.moving import needs_ffmpeg
from tests.node.media.pictures import picture
from tests.web.conftest import Client, Headers
from web.files import uploads
from web.files.films import FilmMaker
from web.keys import STORAGE

AsPerson = Callable[..., Headers]

pytestmark = needs_ffmpeg


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


def form(data: bytes, **fields: str) -> FormData:
    made = FormData(fields)
    made.add_field("file", data, filename="cat.mp4", content_type="video/mp4")
    return made


async def send(client: Client, me: Headers, data: bytes, **fields: str) -> Any:
    """The answer to version 2, 202 with nothing to show yet."""
    response = await client.post("/api/v2/media", data=form(data, **fields), headers=me)
    assert response.status == 202, await response.text()
    return await response.json()


def files(client: Client) -> list[str]:
    return [file.key for file in client.app[STORAGE].files()]


@asynccontextmanager
async def working(client: Client, config: Config) -> AsyncIterator[None]:
    worker = Worker({JobKind.MAKE_FILM: FilmMaker(config, client.app[STORAGE]).make}, slot=1)
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await running


async def made(client: Client, config: Config, me: Headers, media_id: str) -> ClientResponse:
    """What is answered when there is nothing left to do."""
    async with working(client, config), asyncio.timeout(60):
        while (answer := await client.get(f"/api/v1/media/{media_id}", headers=me)).status == 206:
            await asyncio.sleep(0.05)
    return answer


def _hollow() -> bytes:
    """A film that says what is in it, and then nothing of that comes."""
    whole = moving.film(".mp4", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
    start = whole.index(b"mdat") + 4
    return whole[:start] + bytes(len(whole) - start)


async def test_a_video_is_taken_at_once_and_ready_later(client: Client, config: Config, me: Headers) -> None:
    taken = await send(client, me, moving.film(), description="a cat", focus="0.5,0")
    asked = await client.get(f"/api/v1/media/{taken['id']}", headers=me)
    answer = await made(client, config, me, taken["id"])

    assert (taken["type"], taken["url"], taken["preview_url"]) == ("video", None, None)
    assert asked.status == 206
    assert answer.status == 200
    media = await answer.json()
    assert (media["id"], media["type"], media["description"]) == (taken["id"], "video", "a cat")
    original = media["meta"]["original"]
    assert (original["width"], original["height"], original["frame_rate"]) == (96, 64, "10/1")
    assert original["duration"] == pytest.approx(1, abs=0.1)
    assert original["bitrate"] > 0
    assert media["meta"]["small"] == {"width": 96, "height": 64, "size": "96x64", "aspect": 1.5}
    assert media["meta"]["focus"] == {"x": 0.5, "y": 0.0}
    assert media["blurhash"]
    assert not Job.select().exists()


async def test_it_is_played_in_parts_and_says_nothing_of_its_maker(
    client: Client, config: Config, me: Headers
) -> None:
    taken = await send(client, me, moving.film())
    media = await (await made(client, config, me, taken["id"])).json()
    path = media["url"].removeprefix("https://a.test")

    whole = await client.get(path)
    part = await client.get(path, headers={"Range": "bytes=4-7"})
    still = await client.get(media["preview_url"].removeprefix("https://a.test"))

    assert (whole.status, whole.headers["Content-Type"]) == (200, "video/mp4")
    assert b"Secret" not in await whole.read()
    assert (part.status, await part.read()) == (206, b"ftyp")
    assert (still.status, still.content_type.partition("/")[0]) == (200, "image")


async def test_what_came_is_shown_to_nobody_and_goes(client: Client, config: Config, me: Headers) -> None:
    taken = await send(client, me, moving.film())
    (source,) = files(client)

    shown = await client.get(f"/media/{source}")
    await made(client, config, me, taken["id"])

    assert source.startswith("uploads/")
    assert shown.status == 404
    assert sorted(key.partition("/")[0] for key in files(client)) == ["light", "media", "previews"]


async def test_a_gif_that_moves_is_gifv_and_one_that_does_not_a_picture(
    client: Client, config: Config, me: Headers
) -> None:
    taken = await send(client, me, moving.film(".gif", "-loop", "0", sound=False))
    media = await (await made(client, config, me, taken["id"])).json()
    still = await client.post("/api/v2/media", data=form(picture(".gif")), headers=me)

    assert (media["type"], media["url"][-4:]) == ("gifv", ".mp4")
    assert (still.status, (await still.json())["type"]) == (200, "image")


async def test_sound_has_a_length_and_the_thumbnail_that_came_with_it(
    client: Client, config: Config, me: Headers
) -> None:
    data = form(moving.tone_with_cover())
    data.add_field("thumbnail", picture(".png", 48, 48), filename="t.png")
    taken = await (await client.post("/api/v2/media", data=data, headers=me)).json()

    media = await (await made(client, config, me, taken["id"])).json()

    assert media["type"] == "audio"
    assert set(media["meta"]["original"]) == {"duration", "bitrate"}
    assert media["meta"]["small"]["size"] == "48x48"
    assert media["preview_url"] == taken["preview_url"]
    assert len(files(client)) == 2


async def test_nothing_is_posted_with_it_before_it_is_ready(
    client: Client, config: Config, alice: Person, me: Headers
) -> None:
    taken = await send(client, me, moving.film())
    post = {"status": "look", "media_ids": [taken["id"]]}

    early = await client.post("/api/v1/statuses", json=post, headers=me)
    await made(client, config, me, taken["id"])
    posted = await client.post("/api/v1/statuses", json=post, headers=me)

    assert early.status == 422
    assert "not finished processing" in (await early.json())["error"]
    assert (await posted.json())["media_attachments"][0]["type"] == "video"
    document = attachment(MediaAttachment.get_by_id(int(taken["id"])))
    assert (document["type"], document["mediaType"], document["icon"]["type"]) == ("Video", "video/mp4", "Image")
    assert document["duration"].startswith("PT1")


async def test_video_sound_and_pictures_go_in_one_post(client: Client, config: Config, me: Headers) -> None:
    film = await send(client, me, moving.film())
    sound = await send(client, me, moving.tone())
    for one in (film, sound):
        await made(client, config, me, one["id"])
    shown = await (await client.post("/api/v2/media", data=form(picture(".png")), headers=me)).json()

    posted = await client.post(
        "/api/v1/statuses", json={"media_ids": [film["id"], sound["id"], shown["id"]]}, headers=me
    )

    assert [one["type"] for one in (await posted.json())["media_attachments"]] == ["video", "audio", "image"]


async def test_what_cannot_be_made_ready_says_why(client: Client, config: Config, me: Headers) -> None:
    taken = await send(client, me, _hollow())

    answer = await made(client, config, me, taken["id"])
    again = await client.get(f"/api/v1/media/{taken['id']}", headers=me)
    posted = await client.post("/api/v1/statuses", json={"media_ids": [taken["id"]]}, headers=me)

    assert (answer.status, again.status, posted.status) == (422, 422, 422)
    assert "could not be made" in (await answer.json())["error"]
    assert files(client) == []


async def test_what_cannot_be_read_is_refused_at_once_and_leaves_nothing(client: Client, me: Headers) -> None:
    response = await client.post("/api/v2/media", data=form(b"ID3 and nothing more"), headers=me)

    assert response.status == 422
    assert (MediaAttachment.select().count(), files(client)) == (0, [])
    assert not waiting_jobs(JobKind.MAKE_FILM)


async def test_an_upload_may_be_taken_back_while_it_is_in_work(client: Client, config: Config, me: Headers) -> None:
    taken = await send(client, me, moving.film())
    (job,) = waiting_jobs(JobKind.MAKE_FILM)

    deleted = await client.delete(f"/api/v1/media/{taken['id']}", headers=me)
    maker = FilmMaker(config, client.app[STORAGE])
    await maker.make(TakenJob(job.id, job.kind, job.subject, "", 1))

    assert deleted.status == 200
    assert files(client) == []
    assert MediaAttachment.select().count() == 0


async def test_work_that_was_interrupted_is_done_again(
    client: Client, config: Config, me: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await send(client, me, moving.film())
    programs.stop()  # as when the node ends
    try:
        async with working(client, config), asyncio.timeout(60):
            while not Job.select().where(Job.error != "").exists():
                await asyncio.sleep(0.05)
    finally:
        programs.start()
    asked = await client.get(f"/api/v1/media/{taken['id']}", headers=me)
    with in_unit():
        Job.update(due_at=0).execute()

    answer = await made(client, config, me, taken["id"])

    assert (asked.status, answer.status) == (206, 200)


async def test_version_1_waits_until_it_is_ready(client: Client, config: Config, me: Headers) -> None:
    async with working(client, config):
        response = await client.post("/api/v1/media", data=form(moving.film()), headers=me)

    assert response.status == 200
    assert (await response.json())["url"].endswith(".mp4")


async def test_version_1_does_not_wait_for_ever(client: Client, me: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_SECONDS", 0.05)

    response = await client.post("/api/v1/media", data=form(moving.film()), headers=me)

    assert response.status == 202


async def test_a_large_file_goes_through_the_disk_and_a_picture_may_not_be_as_large(
    client: Client, config: Config, me: Headers
) -> None:
    with in_unit():
        settings.change({"max_image_bytes": 1000}, None)
    large = moving.film()
    assert len(large) > 1000

    taken = await send(client, me, large)
    answer = await made(client, config, me, taken["id"])
    refused = await client.post("/api/v2/media", data=form(b"\xff\xd8\xff" + bytes(2000)), headers=me)
    elsewhere = FormData()
    elsewhere.add_field("avatar", large, filename="a.mp4")
    portrait = await client.patch("/api/v1/accounts/update_credentials", data=elsewhere, headers=me)

    assert answer.status == 200
    assert (refused.status, portrait.status) == (422, 413)
    assert list((config.data_dir / "tmp").iterdir()) == []


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process gets longer than a few bytes: writing fails half-way, as on a disk that is full.

    The log may be a file, too, where output is captured: what is said meanwhile goes elsewhere.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("in_memory", [True, False])
async def test_on_a_full_disk_nothing_is_taken_or_left_and_it_passes(
    client: Client, config: Config, me: Headers, in_memory: bool
) -> None:
    """As they come, and as they are stored."""
    if not in_memory:
        with in_unit():
            settings.change({"max_image_bytes": 1000}, None)
    sent = (moving.film(), picture(".jpg")) if in_memory else (moving.film(),)
    with no_room():
        refused = [(await client.post("/api/v2/media", data=form(data), headers=me)).status for data in sent]

    assert refused == [503] * len(sent)
    assert (MediaAttachment.select().count(), files(client), waiting_jobs(JobKind.MAKE_FILM)) == (0, [], [])
    assert list((config.data_dir / "tmp").iterdir()) == []
    await send(client, me, sent[0])


async def test_a_file_beyond_the_limit_is_too_large(client: Client, me: Headers) -> None:
    with in_unit():
        settings.change({"max_film_bytes": 1000, "max_image_bytes": 1000}, None)

    response = await client.post("/api/v2/media", data=form(moving.film()), headers=me)

    assert response.status == 413


async def test_a_community_may_take_none(client: Client, me: Headers) -> None:
    with in_unit():
        settings.change({"max_film_bytes": 0}, None)

    response = await client.post("/api/v2/media", data=form(moving.film()), headers=me)
    instance = await (await client.get("/api/v2/instance")).json()

    assert response.status == 422
    assert "video/mp4" not in instance["configuration"]["media_attachments"]["supported_mime_types"]


async def test_without_ffmpeg_the_node_says_so_and_takes_pictures(
    client: Client, me: Headers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data, gif = moving.film(), moving.film(".gif", "-loop", "0", sound=False)
    before = await (await client.get("/api/v2/instance")).json()
    monkeypatch.setenv("PATH", str(tmp_path))

    response = await client.post("/api/v2/media", data=form(data), headers=me)
    instance = await (await client.get("/api/v2/instance")).json()
    moves = await client.post("/api/v2/media", data=form(gif), headers=me)

    assert (response.status, (await response.json())["error"]) == (422, f"Validation failed: {programs.MISSING}")
    media_types = "supported_mime_types"
    assert "video/mp4" in before["configuration"]["media_attachments"][media_types]
    assert "video/mp4" not in instance["configuration"]["media_attachments"][media_types]
    assert (moves.status, (await moves.json())["type"]) == (200, "image")
    assert files(client)


async def test_another_persons_film_is_not_there(
    client: Client, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    taken = await send(client, me, moving.film())

    asked = await client.get(f"/api/v1/media/{taken['id']}", headers=as_person(bob))

    assert asked.status == 404
