"""An archive comes into a fresh account: dates kept, ids new, nobody told, and none twice."""

import io
import json
import zipfile
from typing import Any

import pytest

from federation.archives.making import ArchiveMaker
from node import clock, jobs, store
from node.jobs import JobKind
from node.media.storage import open_storage
from node.models import (
    Account,
    Delivery,
    Feed,
    Job,
    MediaAttachment,
    Mention,
    Notification,
    Poll,
    Restoration,
    RestorationState,
    RestoredStatus,
    Status,
    StatusTag,
    Visibility,
)
from node.services.interactions import reblogs
from node.services.portability import archives, restorations
from node.text.render import Format
from tests.factories import Person, befriend, waiting_jobs
from tests.factories_posts import make_media, make_status
from tests.node.media.pictures import picture as a_picture
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor
from web.keys import CONFIG, STORAGE
from web.restoring import Restorer

_PAGE = "/settings/portability"
_RESTORE = f"{_PAGE}/restore"
_OLD = "https://old.test/users/wren"
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_ACTOR = {"id": _OLD, "type": "Person", "preferredUsername": "wren", "followers": f"{_OLD}/followers"}


def note(number: int, text: str = "Hello.", **changes: Any) -> dict[str, Any]:
    """As Mastodon's archives have it."""
    body = {
        "id": f"{_OLD}/statuses/{number}",
        "type": "Note",
        "attributedTo": _OLD,
        "published": f"2019-05-0{number}T10:00:00Z",
        "content": f"<p>{text}</p>",
        "to": [_PUBLIC],
        "cc": [f"{_OLD}/followers"],
        "inReplyTo": None,
    } | changes
    return {"id": f"{body['id']}/activity", "type": "Create", "actor": _OLD, "object": body}


def archive_of(*items: Any, actor: Any = _ACTOR, files: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("actor.json", json.dumps(actor))
        outbox = {"id": "outbox.json", "type": "OrderedCollection", "totalItems": len(items), "orderedItems": items}
        archive.writestr("outbox.json", json.dumps(outbox))
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


async def work(client: Client) -> None:
    """The restorations that are due."""
    restorer = Restorer(client.app[CONFIG], client.app[STORAGE])
    for job in await store.write(jobs.take, 1, 50):
        if job.kind == JobKind.RESTORE:
            await restorer.restore(job)


async def bring(client: Client, reader: Visitor, data: bytes) -> Restoration:
    page = await reader.get(_PAGE)
    sent = await reader.send(page, _RESTORE, archive=data)
    assert sent.location == _PAGE, sent.error()
    await work(client)
    return Restoration.get()


def posts(person: Person) -> list[Status]:
    return list(Status.select().where(Status.account == person.account.id).order_by(Status.id))


async def test_posts_come_back_with_their_dates_and_nobody_is_told(
    client: Client, reader: Visitor, visitor: Visitor, alice: Person, bob: Person
) -> None:
    befriend(bob.account, alice.account)
    before = Job.select().count()
    picture = {"type": "Document", "url": "/media_attachments/files/1/original/a.png", "name": "A bird."}
    data = archive_of(
        note(
            1,
            'Look <a href="https://old.test/tags/birds">#birds</a><script>x</script>',
            summary="Birds",
            sensitive=True,
        )
        | {},
        note(2, "An answer.", inReplyTo=f"{_OLD}/statuses/1", to=[f"{_OLD}/followers"], cc=[]),
        note(
            3, "Quiet.", to=[f"{_OLD}/followers"], cc=[_PUBLIC], attachment=[picture, picture | {"url": "gone.png"}]
        ),
        files={"media_attachments/files/1/original/a.png": a_picture(".png", 8, 8)},
    )

    row = await bring(client, reader, data)

    first, answer, quiet = posts(alice)
    assert (row.state, row.restored, row.left_out, row.files_left_out) == (RestorationState.DONE, 3, 0, 1)
    assert [one.created_at for one in (first, answer)] == [clock.parse_iso(f"2019-05-0{n}T10:00:00Z") for n in (1, 2)]
    assert first.id >> 16 < clock.now_ms() - 365 * clock.DAY
    assert (first.local, first.uri) == (True, f"{alice.account.uri}/statuses/{first.id}")
    assert ("<script" in first.content, first.spoiler_text, first.sensitive) == (False, "Birds", True)
    assert [one.visibility for one in (first, answer, quiet)] == ["public", "private", "unlisted"]
    assert (answer.in_reply_to_id, answer.thread_id) == (first.id, first.thread_id)
    media = MediaAttachment.get()
    assert (media.status_id, media.description, media.width) == (quiet.id, "A bird.", 8)
    assert Account.get_by_id(alice.account.id).statuses_count == 2
    assert (Notification.select().count(), Delivery.select().count(), Feed.select().count()) == (0, 0, 0)
    assert Job.select().count() == before
    assert not [file for file in open_storage(client.app[CONFIG]).files() if file.key == row.file_key]
    assert "3 posts came back." in (await reader.get(_PAGE)).words("section")
    assert (await visitor.get(f"/@alice/{first.id}")).status == 200
    assert (await visitor.get(f"/@alice/{answer.id}")).status == 404


async def test_what_is_not_the_owners_alone_is_left_out(client: Client, reader: Visitor, alice: Person) -> None:
    elsewhere = "https://other.test/users/x"
    row = await bring(
        client,
        reader,
        archive_of(
            {
                "type": "Announce",
                "actor": _OLD,
                "object": "https://other.test/1",
                "published": "2019-05-01T10:00:00Z",
            },
            note(1, "To somebody.", inReplyTo="https://other.test/1"),
            note(2, "Under it.", inReplyTo=f"{_OLD}/statuses/1"),
            note(3, "A message.", to=[elsewhere], cc=[]),
            note(4, "Not mine.", attributedTo=elsewhere),
            note(5, ""),
            note(6, "Mine."),
            *[7, None, "x", [], {"type": "Create"}, {"type": "Create", "object": {"attributedTo": _OLD}}],
        ),
    )

    assert [one.source for one in posts(alice)] == ["Mine."]
    assert (row.state, row.restored, row.left_out) == (RestorationState.DONE, 1, 12)


async def test_our_own_archive_comes_back_as_it_was(
    client: Client, reader: Visitor, other: Visitor, alice: Person, bob: Person
) -> None:
    media = make_media(alice, description="A bird.")
    with store.transaction():
        client.app[STORAGE].put(key := "media/ab/" + "c" * 30 + ".png", a_picture(".png", 8, 8))
        MediaAttachment.update(file_key=key).where(MediaAttachment.id == media.id).execute()
    first = make_status(alice, "*Hello* #birds", content_type=Format.MARKDOWN, media_ids=[media.id])
    make_status(alice, "And more.", in_reply_to_id=first.id)
    make_status(alice, "Here alone.", local_only=True)
    make_status(alice, "@bob psst", visibility=Visibility.DIRECT)
    with store.transaction():
        reblogs.add(alice.account.id, make_status(bob).id)
        archives.ask(alice.account.id)
    maker = ArchiveMaker(client.app[CONFIG], client.app[STORAGE])
    for job in await store.write(jobs.take, 1, 50):
        if job.kind == JobKind.MAKE_ARCHIVE:
            await maker.make(job)
    data = client.app[STORAGE].get(archives.latest(alice.account.id).file_key)  # type: ignore[union-attr]
    mentions = Mention.select().count()

    row = await bring(client, other, data)

    made = [one for one in posts(bob) if one.content != "<p>Hello.</p>"]
    assert (row.restored, row.left_out, row.files_left_out) == (3, 2, 0)
    assert sorted(one.source for one in made) == ["*Hello* #birds", "And more.", "Here alone."]
    hello = next(one for one in made if one.source.startswith("*"))
    assert (hello.created_at, hello.content, hello.content_type) == (first.created_at, first.content, "text/markdown")
    assert [one.in_reply_to_id for one in made if one.source == "And more."] == [hello.id]
    assert [one.source for one in made if one.local_only] == ["Here alone."]
    assert StatusTag.select().where(StatusTag.status == hello.id).count() == 1
    assert MediaAttachment.get(MediaAttachment.status == hello.id).description == "A bird."
    assert Mention.select().count() == mentions


async def test_polls_come_back_closed(client: Client, reader: Visitor, alice: Person) -> None:
    options = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 3}} for name in "ab"]
    question = note(1, "Which?", type="Question", oneOf=options, endTime="2199-01-01T00:00:00Z", votersCount=6)

    await bring(client, reader, archive_of(question))

    poll = Poll.get()
    assert (poll.votes_count, poll.voters_count) == (6, 6)
    assert poll.expires_at <= clock.now_ms()


async def test_an_archive_that_comes_twice_or_after_a_kill_makes_none_twice(
    client: Client, reader: Visitor, alice: Person
) -> None:
    data = archive_of(note(1), note(2), note(3))
    page = await reader.get(_PAGE)
    await reader.send(page, _RESTORE, archive=data)
    another = await reader.post(_RESTORE, [("csrf", page.value("csrf")), ("archive", data)])
    assert (another.status, "still being read" in another.error()) == (422, True)
    row = Restoration.get()
    with store.transaction():
        assert restorations.leave_out(row, 0)
        assert not restorations.leave_out(row, 0)

    await work(client)
    assert len(posts(alice)) == 2
    assert Restoration.get().left_out == 1
    again = await bring(client, reader, data)

    assert (again.restored, again.left_out) == (1, 2)
    assert len(posts(alice)) == RestoredStatus.select().count() == 3


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        archive_of(actor=[1]),
        archive_of(actor="x" * (2 << 20)),
        archive_of()[:-10],
    ],
)
async def test_what_is_no_archive_is_refused_with_a_reason(
    client: Client, reader: Visitor, alice: Person, data: bytes
) -> None:
    page = await reader.get(_PAGE)

    answer = await reader.send(page, _RESTORE, archive=data)

    assert (answer.status, answer.error("archive")[:20]) == (422, "This is no archive o")
    assert (await reader.send(page, _RESTORE)).status == 422
    assert waiting_jobs(JobKind.RESTORE) == []
    assert list(open_storage(client.app[CONFIG]).files()) == []


async def test_one_that_breaks_off_keeps_what_came_before_and_says_so(
    client: Client, reader: Visitor, alice: Person
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("actor.json", json.dumps(_ACTOR))
        archive.writestr("outbox.json", '{"orderedItems":[' + json.dumps(note(1)) + ",{")

    row = await bring(client, reader, out.getvalue())

    assert (row.state, row.restored, len(posts(alice))) == (RestorationState.FAILED, 1, 1)
    assert "broken" in (await reader.get(_PAGE)).words("section")
