"""Ten seconds in which a post can be taken back."""

import pytest

from node import clock, store
from node.models import Job, KeptDraft, ScheduledStatus, Status
from node.services.access import preferences
from node.services.statuses import scheduled
from node.services.statuses.drafts import Draft, PollDraft
from tests.factories import Person
from tests.factories_posts import make_media
from tests.web.pages.visitor import Page, Visitor

COMPOSE, PAGE = "/compose", "/scheduled"


@pytest.fixture
def careful(reader: Visitor, alice: Person) -> Visitor:
    """Alice wants her posts to be held back."""
    with store.transaction():
        preferences.change(alice.user.id, {"posting_undo": True})
    return reader


async def held(careful: Visitor, **typed: str) -> Page:
    answer = await careful.send(await careful.get(COMPOSE), COMPOSE, text="Hasty words", do="post", **typed)
    return await careful.follow(answer)


def path(verb: str) -> str:
    return f"{PAGE}/{ScheduledStatus.get().id}/{verb}"


async def test_a_post_is_held_back_for_ten_seconds_as_a_row(careful: Visitor) -> None:
    page = await held(careful)

    row = ScheduledStatus.get()
    assert "Hasty words" in page.words("blockquote")
    assert clock.now_ms() < row.scheduled_at <= clock.now_ms() + scheduled.HELD_MS
    assert Job.get(Job.kind == "post_scheduled").due_at == row.scheduled_at
    assert Status.select().count() == 0


async def test_who_does_not_want_it_posts_at_once(reader: Visitor) -> None:
    await reader.send(await reader.get(COMPOSE), COMPOSE, text="Hasty words", do="post")

    assert (Status.select().count(), ScheduledStatus.select().count()) == (1, 0)


async def test_it_is_taken_back_to_go_on_writing(careful: Visitor, alice: Person) -> None:
    media = make_media(alice, description="A wren.")
    page = await held(careful, media_ids=str(media.id), visibility="private", spoiler_text="Hm")

    form = await careful.follow(await careful.send(page, path("draft")))

    assert (form.value("text"), form.value("spoiler_text")) == ("Hasty words", "Hm")
    assert form.value("media_ids") == str(media.id)
    assert form.tree.css_first("select[name=visibility] [selected]").attributes["value"] == "private"
    assert (ScheduledStatus.select().count(), KeptDraft.select().count()) == (0, 1)


async def test_it_can_go_out_at_once(careful: Visitor) -> None:
    page = await held(careful, next="/home")
    asked_at = clock.now_ms()

    answer = await careful.send(page, path("draft"))
    await held(careful, next="/home")
    row = ScheduledStatus.get()
    released = await careful.post(path("now"), {"csrf": page.value("csrf"), "next": "/home"})

    assert answer.location.startswith("/compose?draft=")
    assert released.location == "/home"
    assert asked_at <= ScheduledStatus.get_by_id(row.id).scheduled_at <= clock.now_ms()


async def test_too_late_is_said(careful: Visitor) -> None:
    page, where = await held(careful, next="/home"), path("draft")
    with store.transaction():
        ScheduledStatus.delete().execute()

    after = await careful.follow(await careful.send(page, where))
    again = await careful.get(where.replace("draft", "held"))

    assert "too late" in after.words("#live")
    assert again.location == "/home"
    assert KeptDraft.select().count() == 0


async def test_those_of_others_are_not_there(careful: Visitor, other: Visitor) -> None:
    page = await held(careful)
    where = path("draft")
    csrf = (await other.get(COMPOSE)).value("csrf")

    taken = await other.post(where, {"csrf": csrf})
    shown = await other.get(where.replace("draft", "held"))

    assert not taken.location.startswith("/compose")
    assert "Hasty words" not in shown.text
    assert page.status == 200
    assert ScheduledStatus.select().count() == 1


async def test_a_scheduled_post_is_made_a_draft_again(reader: Visitor, alice: Person) -> None:
    at = clock.now_ms() + clock.DAY
    poll = PollDraft(options=("One", "Two"), expires_in_ms=clock.HOUR, multiple=True)
    await store.write(scheduled.schedule, alice.account.id, Draft(text="Later?", poll=poll), at)

    form = await reader.follow(await reader.send(await reader.get(PAGE), path("draft")))

    assert form.value("text") == "Later?"
    assert form.value("scheduled_at") == clock.iso(at)[:16]
    assert [node.attributes["value"] for node in form.tree.css("[name=poll_option]")][:2] == ["One", "Two"]
    assert ScheduledStatus.select().count() == 0
