"""A forgotten password."""

import time

import pytest

from node import passwords, site, store
from node.jobs import JobKind
from node.models import Session, Token, User
from node.services.access import attempts, password
from tests.factories import PASSWORD, Person, payload_of, waiting_jobs
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor
from web.pages.door import forgotten

FORGOTTEN = "/auth/forgotten"
NEW = "another password of nine words"


@pytest.fixture
def visitor(client: Client, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    attempts.forget()
    monkeypatch.setattr(site, "sends_mail", True)
    return Visitor(client)


def reset_path(person: Person) -> str:
    with store.transaction():
        return password.reset_link(person.user.id).removeprefix(site.base_url)


async def test_known_and_unknown_addresses_get_the_same_answer_in_the_same_time(
    visitor: Visitor, alice: Person
) -> None:
    form = await visitor.get(FORGOTTEN)

    seen = []
    for address in ("alice@mail.test", "nobody@mail.test"):
        started = time.monotonic()
        page = await visitor.send(form, FORGOTTEN, email=address)
        took = time.monotonic() - started
        assert took >= forgotten._ANSWER_SECONDS  # looking and writing a letter happen meanwhile
        seen.append((page.status, page.words("main")))

    assert seen[0] == seen[1]
    assert seen[0][0] == 200
    (letter,) = waiting_jobs(JobKind.SEND_MAIL)
    assert payload_of(letter)["to"] == "alice@mail.test"


async def test_the_letters_link_sets_a_new_password_and_ends_what_the_old_one_opened(
    visitor: Visitor, alice: Person, token: object
) -> None:
    token(alice)  # type: ignore[operator]
    Visitor(visitor.client).sign_in(alice)
    await visitor.send(await visitor.get(FORGOTTEN), FORGOTTEN, email="ALICE@mail.test")
    (letter,) = waiting_jobs(JobKind.SEND_MAIL)
    link = payload_of(letter)["text"].partition(site.base_url)[2].split()[0]

    page = await visitor.send(await visitor.get(link), link, password=NEW)
    sign_in = await visitor.follow(page)

    assert "Your new password is set" in sign_in.words("[role=status]")
    assert passwords.verify(User.get().password_hash, NEW)
    assert not Session.select().exists()
    assert not Token.select().exists()
    assert "Your new password" not in (await visitor.get("/auth/sign-in")).text


async def test_a_link_works_once(visitor: Visitor, alice: Person) -> None:
    link = reset_path(alice)
    form = await visitor.get(link)
    await visitor.send(form, link, password=NEW)

    again = await visitor.send(form, link, password="yet another one")

    assert again.status == 404
    assert passwords.verify(User.get().password_hash, NEW)
    assert (await visitor.get(link)).status == 404


async def test_a_password_that_is_too_short_leaves_the_link_good(visitor: Visitor, alice: Person) -> None:
    link = reset_path(alice)

    page = await visitor.send(await visitor.get(link), link, password="short")

    assert page.status == 422
    assert page.error("password") == "A password needs 8 characters at least."
    assert passwords.verify(User.get().password_hash, PASSWORD)
    assert (await visitor.get(link)).status == 200


async def test_a_guessed_link_and_a_form_of_others_do_nothing(visitor: Visitor, alice: Person) -> None:
    link = reset_path(alice)

    assert (await visitor.get("/auth/reset-password/guess")).status == 404
    assert (await visitor.post(link, {"password": NEW})).status == 403
    assert passwords.verify(User.get().password_hash, PASSWORD)


async def test_letters_to_one_address_come_to_an_end(visitor: Visitor, alice: Person) -> None:
    for _ in range(10):
        attempts.failed("forgotten", "alice@mail.test", "127.0.0.1")

    page = await visitor.send(await visitor.get(FORGOTTEN), FORGOTTEN, email="alice@mail.test")

    assert page.status == 429
    assert waiting_jobs(JobKind.SEND_MAIL) == []


async def test_a_node_without_mail_says_who_helps(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "sends_mail", False)

    page = await visitor.get(FORGOTTEN)

    assert "sends no mail" in page.words("main")
