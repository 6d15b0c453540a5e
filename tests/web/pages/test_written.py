"""Threads that are written in one form, without scripts."""

import pytest

from node import clock, store
from node.models import KeptDraft, MediaAttachment, ScheduledStatus, Status, Visibility
from node.services.access import preferences
from node.services.statuses.chains import MAX_POSTS
from tests.factories import Person
from tests.node.media.pictures import picture
from tests.web.pages.visitor import Page, Visitor

COMPOSE = "/compose"


async def begin(reader: Visitor, *texts: str, **fields: str) -> Page:
    """A form with `texts` in it, as a browser without scripts comes to one."""
    page = await reader.get(COMPOSE)
    typed = {"text": texts[0]} | fields
    for number, text in enumerate(texts[1:], 2):
        page = await reader.send(page, COMPOSE, **typed, do="more")
        typed = {f"text_{number}": text}
    return await reader.send(page, COMPOSE, **typed, do="upload")


def posts() -> list[Status]:
    return list(Status.select().order_by(Status.id))


async def test_posts_are_added_one_by_one_and_go_out_together(reader: Visitor) -> None:
    form = await begin(reader, "One", "Two", "Three", visibility="unlisted", spoiler_text="Birds")

    before = Status.select().count()
    answer = await reader.send(form, COMPOSE, do="post")

    assert [bool(form.tree.css(f".begun.{part}")) for part in ("warn", "pollform", "later")] == [True, False, False]
    one, two, three = posts()
    assert before == 0
    assert answer.location == f"/@alice/{one.id}"
    assert [status.source for status in (one, two, three)] == ["One", "Two", "Three"]
    assert (two.in_reply_to_id, three.in_reply_to_id) == (one.id, two.id)
    assert {status.visibility for status in (one, two, three)} == {Visibility.UNLISTED}
    assert {status.spoiler_text for status in (one, two, three)} == {"Birds"}
    assert "Your thread is out." in (await reader.follow(answer)).words("#live")


async def test_a_post_that_is_too_long_keeps_back_all_of_them(reader: Visitor) -> None:
    form = await begin(reader, "One", "x" * 501)

    again = await reader.send(form, COMPOSE, do="post")

    assert again.status == 422
    assert "Post 2: A post here has at most 500 characters" in again.error()
    assert (again.value("text"), again.value("text_2")) == ("One", "x" * 501)
    assert Status.select().count() == 0


async def test_a_post_in_the_middle_is_taken_out(reader: Visitor) -> None:
    form = await begin(reader, "One", "Two", "Three")

    without = await reader.send(form, COMPOSE, remove_post="2")
    await reader.send(without, COMPOSE, do="post")

    assert without.value("text_2") == "Three"
    assert [status.source for status in posts()] == ["One", "Three"]


async def test_what_was_left_empty_is_no_post(reader: Visitor) -> None:
    form = await begin(reader, "One", " ", "Three")

    await reader.send(form, COMPOSE, do="post")

    assert [status.source for status in posts()] == ["One", "Three"]


async def test_each_post_has_its_own_pictures_and_descriptions(reader: Visitor) -> None:
    form = await begin(reader, "One", "Two")

    form = await reader.send(form, COMPOSE, media_2=picture(".png"), do="upload")
    row = MediaAttachment.get()
    await reader.send(form, COMPOSE, do="post", **{f"description_{row.id}": "A linnet."})

    _, two = posts()
    row = MediaAttachment.get_by_id(row.id)
    assert form.value("media_ids") is None
    assert (row.status_id, row.description) == (two.id, "A linnet.")


async def test_a_picture_of_a_later_post_can_be_taken_away(reader: Visitor) -> None:
    form = await begin(reader, "One", "Two")
    form = await reader.send(form, COMPOSE, media_2=picture(".png"), do="upload")

    without = await reader.send(form, COMPOSE, remove_media=str(MediaAttachment.get().id))

    assert without.value("media_ids_2") is None
    assert without.value("text_2") == "Two"


async def test_a_thread_has_its_end(reader: Visitor) -> None:
    form = await begin(reader, *(str(n) for n in range(MAX_POSTS)))

    more = await reader.send(form, COMPOSE, do="more")
    forged = await reader.send(form, COMPOSE, text_50="Eleven", do="post")
    sent = await reader.send(form, COMPOSE, do="post")

    assert (more.status, forged.status, sent.status) == (422, 422, 303)
    assert more.value(f"text_{MAX_POSTS}") == str(MAX_POSTS - 1)
    assert Status.select().count() == MAX_POSTS


@pytest.mark.parametrize("number", ["0", "1", "100", "x", "-2", "02"])
async def test_fields_that_the_form_does_not_have_say_nothing(reader: Visitor, number: str) -> None:
    page = await reader.get(COMPOSE)

    await reader.send(page, COMPOSE, text="One", do="post", **{f"text_{number}": "Two"})

    assert [status.source for status in posts()] == ["One"]


async def test_a_thread_is_kept_as_a_draft_with_its_pictures(reader: Visitor) -> None:
    form = await begin(reader, "One", "Two")
    form = await reader.send(form, COMPOSE, media_2=picture(".png"), do="upload")
    row = MediaAttachment.get()

    kept = await reader.send(form, COMPOSE, do="draft")
    listed = await reader.follow(kept)
    again = await reader.get(f"{COMPOSE}?draft={KeptDraft.get().key}")
    await reader.send(again, COMPOSE, **{f"description_{row.id}": "A wren."}, do="post")

    assert "2 posts" in listed.words(".rows")
    assert (again.value("text"), again.value("text_2")) == ("One", "Two")
    assert again.value("media_ids") is None
    assert again.value("media_ids_2") == str(row.id)
    assert [status.source for status in posts()] == ["One", "Two"]
    assert MediaAttachment.get_by_id(row.id).status_id == posts()[1].id
    assert KeptDraft.select().count() == 0


async def test_only_a_later_post_is_a_draft_too(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)

    await reader.send(page, COMPOSE, text="", text_2="Two", do="draft")

    assert KeptDraft.select().count() == 1


async def test_a_thread_waits_and_is_taken_back_as_it_was(reader: Visitor, alice: Person) -> None:
    await store.write(preferences.change, alice.user.id, {"posting_undo": True})
    form = await begin(reader, "One", "Two")
    form = await reader.send(form, COMPOSE, media_2=picture(".png"), do="upload")

    described = {f"description_{MediaAttachment.get().id}": "A wren."}
    held = await reader.follow(await reader.send(form, COMPOSE, **described, do="post"))
    back = await reader.follow(await reader.send(held, f"/scheduled/{ScheduledStatus.get().id}/draft", next="/home"))

    assert Status.select().count() == 0
    assert (back.value("text"), back.value("text_2")) == ("One", "Two")
    assert back.value("media_ids_2") == str(MediaAttachment.get().id)
    assert back.value("media_ids") is None


async def test_a_thread_is_scheduled(reader: Visitor) -> None:
    form = await begin(reader, "One", "Two")
    at = clock.iso(clock.now_ms() + clock.DAY)[:16]

    await reader.send(form, COMPOSE, scheduled_at=at, do="post")

    assert ScheduledStatus.select().count() == 1
    assert Status.select().count() == 0


async def test_each_post_of_a_message_names_somebody_or_is_asked_about(reader: Visitor, bob: Person) -> None:
    form = await begin(reader, "@bob psst", "and more", visibility="direct")

    asked = await reader.send(form, COMPOSE, do="post")
    sent = await reader.send(asked, COMPOSE, text_2="@bob and more", do="post")

    assert asked.status == 422
    assert "Post 2 names nobody" in asked.words(".receivers")
    assert sent.status == 303
    assert {status.visibility for status in posts()} == {Visibility.DIRECT}


async def test_the_home_page_begins_a_thread_too(reader: Visitor) -> None:
    home = await reader.get("/home")

    form = await reader.send(home, COMPOSE, text="One", do="more")
    answer = await reader.send(form, COMPOSE, text_2="Two", do="post")

    assert answer.location == "/home"
    assert [status.source for status in posts()] == ["One", "Two"]
