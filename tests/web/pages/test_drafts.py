"""What somebody begins to write is kept, and found again."""

import pytest

from node import clock, store
from node.models import KeptDraft, KeptDraftMedia, MediaAttachment, Status
from node.services.community import housekeeping
from node.services.statuses import kept_drafts
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.web.pages.visitor import Page, Visitor, fields_of

COMPOSE, PAGE = "/compose", "/drafts"


async def kept_by_button(reader: Visitor, **typed: object) -> Page:
    """The list of drafts, after somebody pressed the button of the composer."""
    return await reader.follow(await reader.send(await reader.get(COMPOSE), COMPOSE, do="draft", **typed))


async def kept_by_script(reader: Visitor, page: Page, **typed: str) -> Page:
    """The answer to what the script sends while somebody writes on `page`."""
    fields = dict(fields_of(page.form(COMPOSE))) | typed
    return await reader.post(PAGE, fields, Accept="application/json")


def key() -> str:
    return str(KeptDraft.get().key)


async def test_a_draft_is_kept_by_a_button_and_goes_on_as_it_was(reader: Visitor) -> None:
    page = await kept_by_button(
        reader, text="Half a thought", visibility="private", local_only="on", poll_option=["One", "Two"]
    )
    again = await reader.get(f"{COMPOSE}?draft={key()}")

    assert "Half a thought" in page.words(".rows")
    assert "Followers only · a poll" in page.words(".rows")
    assert again.value("text") == "Half a thought"
    assert again.tree.css_first("select[name=visibility] [selected]").attributes["value"] == "private"
    assert dict(fields_of(again.form(COMPOSE)))["local_only"] == "on"
    assert [node.attributes["value"] for node in again.tree.css("[name=poll_option]")][:2] == ["One", "Two"]
    assert Status.select().count() == 0


async def test_the_script_keeps_one_draft_for_each_form(reader: Visitor) -> None:
    page, other_page = await reader.get(COMPOSE), await reader.get("/home")

    await kept_by_script(reader, page, text="One")
    answer = await kept_by_script(reader, page, text="One and more")
    await kept_by_script(reader, other_page, text="Two")

    assert answer.text == '{"kept":true}'
    assert "One and more Two" in " ".join(
        sorted(row.text() for row in (await reader.get(PAGE)).tree.css(".rows b a"))
    )
    assert KeptDraft.select().count() == 2


async def test_a_form_in_which_nothing_is_left_is_no_draft(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)
    await kept_by_script(reader, page, text="One")

    answer = await kept_by_script(reader, page, text="")

    assert answer.text == '{"kept":false}'
    assert (await reader.get(PAGE)).words(".empty")


async def test_what_is_posted_is_no_draft_any_more(reader: Visitor) -> None:
    await kept_by_button(reader, text="Ready")
    page = await reader.get(f"{COMPOSE}?draft={key()}")

    await reader.send(page, COMPOSE, do="post")

    assert Status.get().source == "Ready"
    assert KeptDraft.select().count() == 0


async def test_what_is_scheduled_is_no_draft_any_more(reader: Visitor) -> None:
    await kept_by_button(reader, text="Later", scheduled_at=clock.iso(clock.now_ms() + clock.HOUR)[:16])
    page = await reader.get(f"{COMPOSE}?draft={key()}")

    answer = await reader.send(page, COMPOSE, do="post")

    assert answer.location == "/scheduled"
    assert KeptDraft.select().count() == 0


async def test_what_was_refused_stays_a_draft(reader: Visitor) -> None:
    await kept_by_button(reader, text="x" * 5_000)
    page = await reader.get(f"{COMPOSE}?draft={key()}")

    answer = await reader.send(page, COMPOSE, do="post")

    assert (answer.status, answer.value("draft")) == (422, key())
    assert KeptDraft.select().count() == 1


async def test_an_answer_is_still_one(reader: Visitor, bob: Person) -> None:
    parent = make_status(bob, "Well?")
    page = await reader.get(f"{COMPOSE}?in_reply_to_id={parent.id}")
    await kept_by_script(reader, page, text="@bob Yes")

    again = await reader.get(f"{COMPOSE}?draft={key()}")
    await reader.send(again, COMPOSE, do="post")

    assert "an answer" in (await kept_by_button(reader, text="x", in_reply_to_id=str(parent.id))).words(".rows")
    assert Status.get(Status.source == "@bob Yes").in_reply_to == parent.id


async def test_pictures_of_a_draft_are_kept_and_described(reader: Visitor, alice: Person) -> None:
    media = make_media(alice)
    fields = {"media_ids": str(media.id), f"description_{media.id}": "A wren"}
    await kept_by_script(reader, await reader.get(COMPOSE), text="Look", **fields)
    with store.transaction():
        MediaAttachment.update(created_at=0).execute()

    with store.transaction():
        forgotten = housekeeping.forget_uploads()
    page = await reader.get(f"{COMPOSE}?draft={key()}")

    assert forgotten == 0
    assert page.value("media_ids") == str(media.id)
    assert page.value(f"description_{media.id}") == "A wren"
    with store.transaction():
        kept_drafts.forget(alice.account.id, key())
        assert housekeeping.forget_uploads() == 1


async def test_pictures_of_others_are_not_shown(reader: Visitor, bob: Person) -> None:
    await kept_by_script(reader, await reader.get(COMPOSE), text="Look", media_ids=str(make_media(bob).id))

    assert KeptDraftMedia.select().count() == 0
    assert (await reader.get(f"{COMPOSE}?draft={key()}")).value("media_ids") is None


async def test_drafts_are_deleted(reader: Visitor) -> None:
    await kept_by_button(reader, text="Away with it")
    question = await reader.get(f"{PAGE}/{key()}/delete")

    page = await reader.follow(await reader.send(question, f"{PAGE}/{key()}/delete"))

    assert "Away with it" in question.text
    assert page.words(".empty")


async def test_drafts_of_others_are_not_there(reader: Visitor, other: Visitor, visitor: Visitor) -> None:
    await kept_by_button(reader, text="Mine")
    named = key()
    page = await other.get(COMPOSE)

    await kept_by_script(other, page, text="Theirs", draft=named)
    await other.send(page, COMPOSE, draft=named, text="Posted", do="post")

    assert "Mine" not in (await other.get(PAGE)).text
    assert (await other.get(f"{COMPOSE}?draft={named}")).status == 404
    assert (await other.get(f"{PAGE}/{named}/delete")).status == 404
    assert (await reader.get(f"{COMPOSE}?draft={named}")).value("text") == "Mine"
    assert (await visitor.get(PAGE)).location.startswith("/auth/sign-in")


@pytest.mark.parametrize("draft", ["", "short", "x" * 41, "a b c d e f g"])
async def test_what_is_no_name_of_a_draft_is_refused(reader: Visitor, draft: str) -> None:
    answer = await kept_by_script(reader, await reader.get(COMPOSE), text="One", draft=draft)

    assert answer.status in (400, 422)
    assert KeptDraft.select().count() == 0


async def test_there_are_only_so_many_and_they_are_only_so_long(
    reader: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_drafts, "MAX_DRAFTS", 1)
    page = await reader.get(COMPOSE)

    too_long = await kept_by_script(reader, page, text="x" * 100_001)
    first = await kept_by_script(reader, page, text="One")
    again = await kept_by_script(reader, page, text="One more")
    second = await kept_by_script(reader, await reader.get(COMPOSE), text="Two")

    assert [answer.status for answer in (too_long, first, again, second)] == [422, 200, 200, 422]


async def test_a_form_of_another_site_keeps_nothing(reader: Visitor) -> None:
    answer = await reader.post(PAGE, {"text": "x", "draft": "x" * 16})

    assert answer.status == 403
    assert KeptDraft.select().count() == 0
