"""An archive: asked for, made, downloaded by its owner, and gone after a week."""

import io
import zipfile
from typing import Any

import msgspec
import pytest

from federation.archives import making
from federation.archives.making import ArchiveMaker
from node import clock, jobs, store
from node.jobs import JobKind, TakenJob
from node.media.storage import Storage, new_key, open_storage
from node.models import Account, Archive, ArchiveState, MediaAttachment, Visibility
from node.services.interactions import bookmarks, favourites, reblogs
from node.services.portability import archives
from node.services.relationships import domain_blocks
from tests.factories import Person, make_person, waiting_jobs
from tests.factories_posts import fresh, make_media, make_status
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor
from web.keys import CONFIG, STORAGE

_PAGE = "/settings/portability"
_ASK = f"{_PAGE}/archive"


async def do(client: Client, kind: JobKind) -> None:
    """The jobs of that kind that are due."""
    maker = ArchiveMaker(client.app[CONFIG], client.app[STORAGE])
    for job in await store.write(jobs.take, 1, 50):
        if job.kind == kind:
            await (maker.make if kind == JobKind.MAKE_ARCHIVE else maker.end)(job)


async def ask(reader: Visitor) -> None:
    page = await reader.get(_PAGE)
    assert (await reader.send(page, _ASK)).location == _PAGE


async def bytes_at(reader: Visitor, client: Client, path: str) -> tuple[int, bytes, Any]:
    cookies = "; ".join(f"{name}={value}" for name, value in reader.cookies.items())
    async with client.get(path, headers={"Cookie": cookies, "Accept": "text/html"}) as answer:
        return answer.status, await answer.read(), answer.headers


async def unpacked(reader: Visitor, client: Client) -> zipfile.ZipFile:
    """The archive of `reader`, asked for, made and downloaded."""
    await ask(reader)
    await do(client, JobKind.MAKE_ARCHIVE)
    link = (await reader.get(_PAGE)).tree.css_first(f'a[href^="{_ASK}/"]')
    assert link is not None
    status, data, headers = await bytes_at(reader, client, str(link.attributes["href"]))
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (
        200,
        "application/zip",
        "private, no-store",
    )
    return zipfile.ZipFile(io.BytesIO(data))


def a_picture(storage: Storage, owner: Person, data: bytes = b"picture") -> MediaAttachment:
    key = new_key("media", "image/png")
    storage.put(key, data)
    media = make_media(owner, description="A bird.")
    with store.transaction():
        MediaAttachment.update(file_key=key).where(MediaAttachment.id == media.id).execute()
    return fresh(media)


def document(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(archive.read(name))
    return found


async def test_everything_is_in_it_and_nothing_of_others(
    client: Client, reader: Visitor, alice: Person, bob: Person
) -> None:
    media = a_picture(client.app[STORAGE], alice)
    avatar = new_key("avatars", "image/png")
    client.app[STORAGE].put(avatar, b"face")
    other = make_status(bob, "Of bob.")
    with store.transaction():
        Account.update(avatar_key=avatar).where(Account.id == alice.account.id).execute()
        bookmarks.add(alice.account.id, other.id)
        favourites.add(alice.account.id, other.id)
        domain_blocks.add(alice.account.id, "loud.test")
    first = make_status(alice, "*Hello*", content_type="text/markdown", media_ids=[media.id])
    make_status(alice, "@bob psst", visibility=Visibility.DIRECT)
    stays = make_status(alice, "Here alone.", local_only=True)
    with store.transaction():
        boost = reblogs.add(alice.account.id, other.id)

    archive = await unpacked(reader, client)

    outbox = document(archive, "outbox.json")
    notes = [one["object"] for one in outbox["orderedItems"] if one["type"] == "Create"]
    name = f"media_attachments/files/{media.id}/original/{media.file_key[9:]}"
    assert outbox["totalItems"] == 4
    assert [one["source"]["content"] for one in notes] == ["*Hello*", "@bob psst", "Here alone."]
    assert notes[0]["source"]["mediaType"] == "text/markdown"
    assert (notes[0]["id"], notes[0]["published"]) == (first.uri, clock.iso(first.created_at))
    assert (notes[0]["attachment"][0]["url"], archive.read(name)) == (name, b"picture")
    assert [one["id"] for one in notes if one.get("localOnly")] == [stays.uri]
    assert (outbox["orderedItems"][-1]["id"], outbox["orderedItems"][-1]["object"]) == (boost.uri, other.uri)
    actor = document(archive, "actor.json")
    assert (actor["id"], actor["icon"]["url"], archive.read("avatar.png")) == (
        alice.account.uri,
        "avatar.png",
        b"face",
    )
    assert "PRIVATE" not in archive.read("actor.json").decode()
    for kept in ("likes.json", "bookmarks.json"):
        assert document(archive, kept)["orderedItems"] == [other.uri]
    assert archive.read("blocked_domains.csv") == b"loud.test\r\n"
    assert "left_out.txt" not in archive.namelist()


async def test_many_posts_come_page_by_page(
    client: Client, reader: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "PAGE", 2)
    written = [make_status(alice, f"{number}").uri for number in range(5)]

    outbox = document(await unpacked(reader, client), "outbox.json")

    assert [one["object"]["id"] for one in outbox["orderedItems"]] == written


async def test_an_archive_is_its_owners_for_a_week(
    client: Client, reader: Visitor, other: Visitor, visitor: Visitor, alice: Person
) -> None:
    await unpacked(reader, client)
    row = Archive.get()
    path = f"{_ASK}/{row.id}"

    nothing = await other.get(f"{_ASK}/1")
    assert (nothing.status, (await other.get(path)).status) == (404, 404)
    assert (await other.get(path)).title == nothing.title
    assert (await visitor.get(path)).location.startswith("/auth/sign-in")
    assert (await visitor.get(f"/media/{row.file_key}")).status == 404
    assert (await reader.post(_ASK)).status == 403
    page = await reader.get(_PAGE)
    assert f'action="{_ASK}"' not in page.text
    again = await reader.post(_ASK, {"csrf": page.value("csrf")})
    assert (again.status, len(waiting_jobs(JobKind.MAKE_ARCHIVE))) == (422, 0)

    with clock.frozen(clock.now_ms() + archives.KEPT_MS + clock.MINUTE):
        assert archives.latest(alice.account.id) == row
        with pytest.raises(archives.NotFound):
            archives.get(alice.account.id, row.id)
        await do(client, JobKind.END_ARCHIVE)
        assert archives.next_at(archives.latest(alice.account.id)) == 0
    assert not Archive.select().exists()
    assert not [file for file in open_storage(client.app[CONFIG]).files() if file.key == row.file_key]


async def test_what_has_no_room_or_is_gone_is_named(
    client: Client, reader: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_BYTES", 100_000)
    kept, large, gone = (a_picture(client.app[STORAGE], alice, data) for data in (b"x", b"x" * 200_000, b"x"))
    make_status(alice, "Look.", media_ids=[kept.id, large.id, gone.id])
    client.app[STORAGE].delete(gone.file_key)

    archive = await unpacked(reader, client)

    names = [name for name in archive.namelist() if name.startswith("media_attachments/")]
    assert [name.split("/")[2] for name in names] == [str(kept.id)]
    left = archive.read("left_out.txt").decode().splitlines()
    assert [name.split("/")[2] for name in left] == [str(large.id), str(gone.id)]
    assert "2 files are not in it" in (await reader.get(_PAGE)).words(".rows")


async def test_the_file_of_somebody_who_left_goes_too(client: Client) -> None:
    person = make_person()
    with store.transaction():
        row = archives.ask(person.account.id)
        Archive.delete().execute()
    await do(client, JobKind.MAKE_ARCHIVE)
    assert list(open_storage(client.app[CONFIG]).files()) == []
    assert archives.to_make(row.id) is None


async def test_an_archive_that_cannot_be_made_may_be_asked_for_again(client: Client, reader: Visitor) -> None:
    await ask(reader)
    (job,) = await store.write(jobs.take, 1, 50)
    with store.transaction():
        archives.refused(TakenJob(job.id, job.kind, job.subject, "", 9), "There was no room.")

    page = await reader.get(_PAGE)

    assert "There was no room." in page.words("section")
    assert Archive.get().state == ArchiveState.FAILED
    await ask(reader)
    assert len(waiting_jobs(JobKind.MAKE_ARCHIVE)) == 1
