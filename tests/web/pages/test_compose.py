"""Writing posts with the form alone, as a browser without scripts does."""

import json

import pytest

from node import clock, store
from node.models import Account, MediaAttachment, Poll, Status, Visibility
from node.services.community import emoji, settings
from node.services.interactions import polls
from node.services.statuses import posting
from node.services.statuses.drafts import Draft, PollDraft
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.node.media.pictures import picture
from tests.web.pages.visitor import Visitor

COMPOSE = "/compose"


def the_post() -> Status:
    return Status.select().order_by(Status.id.desc()).get()


async def test_a_post_is_written(reader: Visitor, alice: Person) -> None:
    page = await reader.get(COMPOSE)

    answer = await reader.send(page, COMPOSE, text="Line one.\r\n\r\nLine two.", visibility="unlisted", do="post")
    after = await reader.follow(answer)

    status = the_post()
    assert answer.location == f"/@alice/{status.id}"
    assert (status.source, status.visibility) == ("Line one.\n\nLine two.", Visibility.UNLISTED)
    assert "Your post is out." in after.words("#live")
    assert "Your post is out." not in (await reader.get(answer.location)).words("#live")


async def test_a_warning_this_server_alone_and_markdown_are_chosen_in_the_form(
    reader: Visitor, alice: Person
) -> None:
    choices = {"spoiler_text": "Birds", "local_only": "on", "content_type": "text/markdown", "language": "de"}

    await reader.send(await reader.get(COMPOSE), COMPOSE, text="*Hänflinge*", do="post", **choices)
    shown = await reader.get(f"/@alice/{the_post().id}")

    status = the_post()
    assert (status.spoiler_text, status.local_only, status.language) == ("Birds", True, "de")
    assert status.content == "<p><em>Hänflinge</em></p>"
    assert "Birds" in shown.words("article.root summary")


async def test_who_is_not_signed_in_writes_nothing(visitor: Visitor, alice: Person) -> None:
    asked = await visitor.get(COMPOSE)
    sent = await visitor.post(COMPOSE, {"text": "Hello."})

    assert asked.location.startswith("/auth/sign-in")
    assert sent.location.startswith("/auth/sign-in")
    assert Status.select().count() == 0


async def test_a_form_of_another_site_is_refused(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)
    without = await reader.send(page, COMPOSE, text="Hello.", csrf=None)
    wrong = await reader.send(page, COMPOSE, text="Hello.", csrf="0" * 32)

    assert (without.status, wrong.status) == (403, 403)
    assert Status.select().count() == 0


async def test_an_empty_post_is_refused_with_what_was_typed(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)

    again = await reader.send(page, COMPOSE, text=" ", spoiler_text="A warning", sensitive="on", do="post")

    assert again.status == 422
    assert "needs words" in again.error()
    assert again.value("spoiler_text") == "A warning"
    assert Status.select().count() == 0


async def test_a_post_that_is_too_long_is_kept_in_the_form(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)

    again = await reader.send(page, COMPOSE, text="x" * 501, do="post")

    assert again.status == 422
    assert again.value("text") == "x" * 501


@pytest.mark.parametrize(
    "wrong",
    [
        {"visibility": "everybody"},
        {"content_type": "text/html"},
        {"language": "<script>"},
        {"in_reply_to_id": "1"},
        {"media_ids": "1"},
        {"poll_option": ["one"]},
        {"poll_option": ["one", "two"], "poll_expires_in": "1"},
    ],
)
async def test_what_the_form_does_not_offer_is_refused(reader: Visitor, wrong: dict[str, str | list[str]]) -> None:
    page = await reader.get(COMPOSE)

    again = await reader.send(page, COMPOSE, text="Hello.", do="post", **wrong)

    assert again.status in (404, 422)
    assert again.value("text") == "Hello."
    assert Status.select().count() == 0


async def test_the_three_languages_chosen_last_are_offered_first(reader: Visitor, alice: Person) -> None:
    for language in ("de", "fr", "de", "es", "", "nl"):
        await reader.send(await reader.get(COMPOSE), COMPOSE, text="Hello.", language=language, do="post")

    page = await reader.get(COMPOSE)

    offered = [node.attributes["value"] for node in page.tree.css("select[name=language] optgroup option")]
    assert offered == ["nl", "es", "de"]


async def test_pictures_come_first_and_their_descriptions_second(reader: Visitor, alice: Person) -> None:
    page = await reader.get(COMPOSE)

    form = await reader.send(page, COMPOSE, text="A picture.", media=picture(".png"), do="upload")
    row = MediaAttachment.get()
    described = {f"description_{row.id}": "A linnet on a twig."}
    await reader.send(form, COMPOSE, do="post", **described)

    status = the_post()
    row = MediaAttachment.get_by_id(row.id)
    assert form.status == 200
    assert form.value("text") == "A picture."
    assert (row.status_id, row.description) == (status.id, "A linnet on a twig.")
    assert "A linnet on a twig." in (await reader.get(f"/@alice/{status.id}")).text


@pytest.mark.parametrize("name", ["media_ids", "media_ids_2"])
async def test_who_forgets_a_description_is_reminded_once(reader: Visitor, alice: Person, name: str) -> None:
    media = make_media(alice)
    page = await reader.get(COMPOSE)

    reminded = await reader.send(page, COMPOSE, text="A wren.", text_2="Two.", **{name: str(media.id)}, do="post")
    before = Status.select().count()
    after = await reader.send(reminded, COMPOSE, do="post")

    assert (reminded.status, reminded.error()) == (
        422,
        "Something here has no description. Describe it, or post it as it is.",
    )
    assert (before, reminded.value("text"), reminded.value(name)) == (0, "A wren.", str(media.id))
    assert (after.status, Status.select().count()) == (303, 2)


async def test_who_describes_or_wants_no_reminder_is_not_reminded(reader: Visitor, alice: Person) -> None:
    described, bare = make_media(alice, description="A wren."), make_media(alice)
    page = await reader.get(COMPOSE)

    first = await reader.send(page, COMPOSE, text="One.", media_ids=str(described.id), do="post")
    settings_page = await reader.get("/settings/posting")
    await reader.send(settings_page, "/settings/posting", posting_reminder=None)
    second = await reader.send(page, COMPOSE, text="Two.", media_ids=str(bare.id), do="post")

    assert (first.status, second.status, Status.select().count()) == (303, 303, 2)


async def test_a_picture_can_be_taken_away_again(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)
    form = await reader.send(page, COMPOSE, text="A picture.", media=picture(".png"), do="upload")

    without = await reader.send(form, COMPOSE, remove_media=str(MediaAttachment.get().id))

    assert without.value("media_ids") is None
    assert without.value("text") == "A picture."


async def test_what_is_no_picture_is_refused(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)

    again = await reader.send(page, COMPOSE, text="Look.", media=b"<svg onload=alert(1)>", do="post")

    assert again.status == 422
    assert again.value("text") == "Look."
    assert MediaAttachment.select().count() == Status.select().count() == 0


async def test_pictures_of_others_cannot_be_used(reader: Visitor, bob: Person) -> None:
    theirs = make_media(bob)
    page = await reader.get(COMPOSE)

    again = await reader.send(page, COMPOSE, text="Mine now.", media_ids=str(theirs.id), do="post")

    assert again.status == 404
    assert Status.select().count() == 0


async def test_a_poll_is_asked_and_voted_in(reader: Visitor, other: Visitor, alice: Person, bob: Person) -> None:
    page = await reader.get(COMPOSE)
    await reader.send(page, COMPOSE, text="Which?", poll_option=["This", "That", "", ""], do="post")
    status = the_post()

    shown = await other.get(f"/@alice/{status.id}")
    voted = await other.send(shown, f"/statuses/{status.id}/vote", choices="1")
    twice = await other.send(shown, f"/statuses/{status.id}/vote", choices="0")

    assert voted.location == f"/@alice/{status.id}#post-{status.id}"
    assert twice.status == 422
    assert polls.own_votes(bob.account.id, Poll.get().id) == [1]


async def test_an_answer_begins_with_names_and_keeps_warning_and_visibility(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    parent = make_status(bob, "@alice hello", visibility=Visibility.PRIVATE, spoiler_text="Birds")

    hidden = await reader.get(f"{COMPOSE}?in_reply_to_id={parent.id}")
    open_parent = make_status(bob, "@alice hello", visibility=Visibility.UNLISTED, spoiler_text="Birds")
    page = await reader.get(f"{COMPOSE}?in_reply_to_id={open_parent.id}")
    await reader.send(page, COMPOSE, do="post")

    answer = the_post()
    assert hidden.status == 200  # who is named may read it
    assert page.value("text") == "@bob "
    assert answer.in_reply_to_id == open_parent.id
    assert (answer.visibility, answer.spoiler_text) == (Visibility.UNLISTED, "Birds")


async def test_an_answer_keeps_the_language_of_what_it_answers(reader: Visitor, bob: Person) -> None:
    parent = make_status(bob, "Sie singen.", language="de")
    unsaid = make_status(bob, "…", language=None)

    long = await reader.get(f"{COMPOSE}?in_reply_to_id={parent.id}")
    chosen = long.tree.css_first("select[name=language] option[selected]")
    await reader.send(await reader.get(f"/@bob/{parent.id}"), COMPOSE, text="Ja.")

    assert chosen is not None
    assert (chosen.attributes["value"], the_post().language) == ("de", "de")
    assert (await reader.get(f"/@bob/{unsaid.id}")).value("language") == ""


async def test_an_answer_to_what_cannot_be_read_is_a_404(reader: Visitor, bob: Person) -> None:
    secret = make_status(bob, "A secret.", visibility=Visibility.PRIVATE)

    assert (await reader.get(f"{COMPOSE}?in_reply_to_id={secret.id}")).status == 404


async def test_a_post_is_edited_and_its_poll_and_pictures_stay(reader: Visitor, alice: Person) -> None:
    attached = make_media(alice, description="Before.")
    poll = PollDraft(options=("This", "That"), expires_in_ms=clock.DAY)
    status = make_status(alice, "Words.", poll=poll, media_ids=(attached.id,))
    page = await reader.get(f"/statuses/{status.id}/edit")

    described = {f"description_{attached.id}": "After."}
    answer = await reader.send(page, f"/statuses/{status.id}/edit", text="Other words.", do="post", **described)

    assert page.value("text") == "Words."
    assert answer.location == f"/@alice/{status.id}"
    assert Status.get_by_id(status.id).source == "Other words."
    assert MediaAttachment.get_by_id(attached.id).description == "After."
    assert polls.of_status(status.id) is not None


async def test_a_refused_edit_changes_nothing(reader: Visitor, alice: Person) -> None:
    status = make_status(alice, "Words.")
    page = await reader.get(f"/statuses/{status.id}/edit")

    again = await reader.send(page, f"/statuses/{status.id}/edit", text="", do="post")

    assert again.status == 422
    assert Status.get_by_id(status.id).source == "Words."


async def test_posts_of_others_are_neither_edited_nor_deleted(reader: Visitor, bob: Person) -> None:
    status = make_status(bob, "Theirs.")
    csrf = (await reader.get(COMPOSE)).value("csrf")

    answers = [
        await reader.get(f"/statuses/{status.id}/edit"),
        await reader.post(f"/statuses/{status.id}/edit", {"text": "Mine.", "csrf": csrf}),
        await reader.get(f"/statuses/{status.id}/delete"),
        await reader.post(f"/statuses/{status.id}/delete", {"csrf": csrf}),
    ]

    assert [answer.status for answer in answers] == [404] * 4
    assert Status.get_by_id(status.id).source == "Theirs."


async def test_a_post_is_deleted_after_a_question(reader: Visitor, alice: Person) -> None:
    status = make_status(alice, "Soon gone.")
    question = await reader.get(f"/statuses/{status.id}/delete")

    after = await reader.follow(await reader.send(question, f"/statuses/{status.id}/delete"))

    assert "Soon gone." in question.text
    assert "Your post has been deleted." in after.text
    assert Status.select().where(Status.id == status.id).count() == 0


async def test_the_limit_of_characters_is_the_communitys(reader: Visitor) -> None:
    with store.transaction():
        settings.change({"max_characters": 10}, None)
    page = await reader.get(COMPOSE)

    again = await reader.send(page, COMPOSE, text="x" * 11, do="post")

    assert "at most 10 characters" in again.error()


@pytest.mark.parametrize(
    "where", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "/\t/x"]
)
async def test_nobody_is_led_to_another_site(reader: Visitor, where: str) -> None:
    page = await reader.get(COMPOSE)

    answer = await reader.send(page, COMPOSE, text="Hello.", next=where, do="post")

    assert answer.location == f"/@alice/{the_post().id}"


async def test_the_script_uploads_describes_and_gets_suggestions(reader: Visitor, alice: Person, bob: Person) -> None:
    csrf = (await reader.get(COMPOSE)).value("csrf")
    json = {"Accept": "application/json"}

    upload = await reader.post("/compose/media", {"file": picture(".png"), "csrf": csrf}, **json)
    row = MediaAttachment.get()
    change = await reader.post(f"/compose/media/{row.id}", {"description": "A bird.", "csrf": csrf}, **json)
    suggestions = await reader.get("/compose/suggest?q=@bo", **json)
    nothing = await reader.get("/compose/suggest?q=bo", **json)

    assert f'"id":"{row.id}"' in upload.text
    assert change.status == 200
    assert MediaAttachment.get().description == "A bird."
    assert '"insert":"@bob"' in suggestions.text
    assert nothing.text == "[]"


async def test_old_words_are_shown_for_an_edit_as_they_were_typed(reader: Visitor, alice: Person) -> None:
    with store.transaction():
        status = posting.post(alice.account.id, Draft(text="**Bold** & <b>"))

    assert (await reader.get(f"/statuses/{status.id}/edit")).value("text") == "**Bold** & <b>"


async def test_the_account_of_a_post_is_never_the_forms_choice(reader: Visitor, alice: Person, bob: Person) -> None:
    page = await reader.get(COMPOSE)
    await reader.send(page, COMPOSE, text="Hello.", account_id=str(bob.account.id), do="post")

    assert the_post().account_id == alice.account.id
    assert Account.get_by_id(bob.account.id).statuses_count == 0


async def test_140_characters_are_a_limit_that_the_counter_and_the_check_share(reader: Visitor) -> None:
    await store.write(settings.change, {"max_characters": 140}, None)
    page = await reader.get(COMPOSE)
    link = f"https://example.test/{'x' * 200} "  # counts as 23 and a blank

    refused = await reader.send(page, COMPOSE, text="y" * 141, do="post")
    taken = await reader.send(page, COMPOSE, text=link + "y" * 116, do="post")

    assert page.words("output.count") == "140"
    assert page.tree.css_first("l-compose").attributes["data-max"] == "140"
    assert "at most 140 characters" in refused.error()
    assert taken.status == 303
    assert Status.select().count() == 1


async def test_share_buttons_begin_a_post_that_is_not_out_before_somebody_says_so(
    visitor: Visitor, reader: Visitor, alice: Person
) -> None:
    address = "/share?title=Birds+%26+more&text=Look&url=https%3A%2F%2Fa.test%2F1&extra=no"

    shared = await reader.get(address)
    page = await reader.get(shared.location)
    nobody = await visitor.get((await visitor.get(address)).location)

    assert shared.location == "/compose?text=Birds%20%26%20more%0A%0ALook%0A%0Ahttps%3A%2F%2Fa.test%2F1"
    assert "Birds &amp; more\n\nLook\n\nhttps://a.test/1</textarea>" in page.text
    assert nobody.location.startswith("/auth/sign-in?next=")
    assert Status.select().count() == 0


async def test_the_script_gets_emoji_of_this_node(reader: Visitor) -> None:
    with store.transaction():
        for name in ("heron", "heather", "wren"):
            emoji.create(name, f"emoji/{name}.png")

    begun = await reader.get("/compose/suggest?q=:HE", Accept="application/json")
    unknown = await reader.get("/compose/suggest?q=:x", Accept="application/json")

    assert sorted(one["insert"] for one in json.loads(begun.text)) == [":heather:", ":heron:"]
    assert json.loads(unknown.text) == []
