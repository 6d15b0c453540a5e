"""Who gets a message: shown before it is posted, and asked about where that is doubtful."""

from collections.abc import Callable

import pytest

from node import store
from node.models import Account, KeptDraft, Mention, ScheduledStatus, Status, Visibility
from node.services.access import preferences
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Page, Visitor

COMPOSE, RECIPIENTS = "/compose", "/compose/recipients"


async def write(reader: Visitor, text: str, **fields: str) -> Page:
    page = await reader.get(COMPOSE)
    return await reader.send(page, COMPOSE, text=text, visibility="direct", **({"do": "post"} | fields))


async def test_whoever_is_named_and_known_is_shown_and_nothing_is_posted(
    reader: Visitor, bob: Person, remote: Callable[..., Account]
) -> None:
    carol = remote("carol")

    shown = await write(reader, f"@bob @carol@{carol.domain} psst", do="preview")

    assert shown.status == 200
    assert "@bob" in shown.words(".receivers .people")
    assert f"@carol@{carol.domain}" in shown.words(".receivers .people")
    assert shown.value("text") == f"@bob @carol@{carol.domain} psst"
    assert Status.select().count() == 0


async def test_what_is_shown_is_who_gets_it(reader: Visitor, alice: Person, bob: Person) -> None:
    shown = await write(reader, "@bob @alice @nobody psst", do="preview")
    sent = await reader.send(shown, COMPOSE, do="post")

    assert sent.status == 303
    assert "@bob" in shown.words(".receivers .people")
    assert "@alice" not in shown.words(".receivers")
    assert {row.account_id for row in Mention.select()} - {alice.account.id} == {bob.account.id}


async def test_a_message_without_doubts_goes_out_at_once(reader: Visitor, bob: Person) -> None:
    sent = await write(reader, "@bob psst")

    assert sent.status == 303
    assert Status.get().visibility == Visibility.DIRECT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@bob @nobodyhere psst", "Nobody is known by the name @nobodyhere."),
        ("@bob @carol@unknown.test psst", "Nobody is known by the name @carol@unknown.test."),
        ("To whom it may concern", "Nobody gets it but you"),
        ("@alice, remember", "Nobody gets it but you"),
    ],
)
async def test_what_is_doubtful_is_asked_about_once(reader: Visitor, bob: Person, text: str, told: str) -> None:
    asked = await write(reader, text)
    before = Status.select().count()
    sent = await reader.send(asked, COMPOSE, do="post")

    assert asked.status == 422
    assert told in asked.words(".receivers")
    assert "Look at who gets this message" in asked.error()
    assert before == 0
    assert sent.status == 303
    assert Status.get().source == text


async def test_another_doubt_is_asked_about_again(reader: Visitor, bob: Person) -> None:
    asked = await write(reader, "@bob @nobodyhere psst")

    again = await reader.send(asked, COMPOSE, text="@bob @somebodyelse psst", do="post")

    assert again.status == 422
    assert "@somebodyelse" in again.words(".receivers")
    assert Status.select().count() == 0


async def test_other_posts_are_not_asked_about(reader: Visitor) -> None:
    sent = await reader.send(await reader.get(COMPOSE), COMPOSE, text="@nobodyhere hello", visibility="public")

    assert sent.status == 303


async def test_who_holds_posts_back_is_asked_before(reader: Visitor, alice: Person, bob: Person) -> None:
    await store.write(preferences.change, alice.user.id, {"posting_undo": True})

    asked = await write(reader, "@nobodyhere psst")
    held = await reader.send(asked, COMPOSE, do="post")

    assert (asked.status, held.status) == (422, 303)
    assert ScheduledStatus.select().count() == 1


async def test_an_answer_shows_whom_it_goes_to_and_who_is_left_out(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    message = make_status(bob, "@alice psst", visibility=Visibility.DIRECT)
    page = await reader.get(f"{COMPOSE}?in_reply_to_id={message.id}")

    asked = await reader.send(page, COMPOSE, text="Without a name", do="post")
    sent = await reader.send(asked, COMPOSE, text="@bob with it", do="post")

    assert "@bob" in page.words(".receivers .people")
    assert "bob wrote what you answer, but gets this only if you name @bob." in asked.words(".receivers")
    assert sent.status == 303
    assert Status.select().where(Status.in_reply_to == message.id).get().source == "@bob with it"


async def test_an_answer_to_what_everybody_reads_shows_nobody(reader: Visitor, bob: Person) -> None:
    status = make_status(bob, "Hello")

    page = await reader.get(f"{COMPOSE}?in_reply_to_id={status.id}")

    assert page.words(".receivers p") == ""


async def test_the_script_asks_while_somebody_writes(reader: Visitor, bob: Person) -> None:
    page = await reader.get(COMPOSE)
    typed = {"text": "@bob @carol@unknown.test", "visibility": "direct"}

    typing = await reader.send(page, COMPOSE, **typed, do="preview")
    csrf = page.value("csrf")
    piece = await reader.post(RECIPIENTS, [*typed.items(), ("csrf", csrf)])
    looked = await reader.post(RECIPIENTS, [*typed.items(), ("csrf", csrf), ("look", "on")])

    assert "@bob" in piece.words(".people")
    assert "@carol@unknown.test is not known here yet" in piece.text
    assert 'name="seen"' not in piece.text
    assert "Nobody is known by the name @carol@unknown.test." in looked.text
    assert looked.value("seen") == typing.value("seen") == "@carol@unknown.test"
    assert "<html" not in piece.text
    assert KeptDraft.select().count() == 0


async def test_nobody_else_is_told_who_is_known(visitor: Visitor, reader: Visitor, bob: Person) -> None:
    csrf = (await reader.get(COMPOSE)).value("csrf")
    secret = make_status(bob, "A secret.", visibility=Visibility.PRIVATE)
    fields = {"text": "@bob", "visibility": "direct"}

    assert (await visitor.post(RECIPIENTS, fields)).status == 303
    assert (await reader.post(RECIPIENTS, fields)).status == 403
    assert (await reader.post(RECIPIENTS, {"csrf": csrf, "text": "@bob"})).status == 400
    hidden = await reader.post(RECIPIENTS, fields | {"csrf": csrf, "in_reply_to_id": str(secret.id)})
    missing = await reader.post(RECIPIENTS, fields | {"csrf": csrf, "in_reply_to_id": "1"})
    assert (hidden.status, hidden.words("h1")) == (missing.status, missing.words("h1"))
    assert hidden.status == 404


async def test_names_are_shown_as_text(reader: Visitor, bob: Person) -> None:
    with store.transaction():
        Account.update(display_name="<script>alert(1)</script>").where(Account.id == bob.account.id).execute()

    shown = await write(reader, "@bob @nobody<b> psst", do="preview")

    assert "<script>alert(1)" not in shown.text
    assert "&lt;script&gt;alert(1)" in shown.text
