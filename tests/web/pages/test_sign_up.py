"""Becoming a member on pages: the four ways to do it, and the first administrator."""

from typing import Any

import pytest

from node import clock, passwords, site, store
from node.jobs import JobKind
from node.models import Invite, Role, Session, User
from node.services.access import attempts, first_admin, invites, registration
from node.services.community import rules, settings
from tests.factories import Person, make_person, payload_of, waiting_jobs
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor

SIGN_UP = "/auth/sign-up"
PASSWORD = "nine words are hard to guess"
ENTRY = {"username": "newcomer", "email": "", "password": PASSWORD, "agreement": "on"}


@pytest.fixture
def visitor(client: Client) -> Visitor:
    attempts.forget()
    return Visitor(client)


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "sends_mail", True)


def choose(**values: Any) -> None:
    with store.transaction():
        settings.change(values, None)


async def sign_up(visitor: Visitor, path: str = SIGN_UP, **changes: Any) -> Page:
    return await visitor.send(await visitor.get(path), SIGN_UP, **(ENTRY | changes))


async def test_where_anybody_may_join_a_newcomer_is_at_home_at_once(visitor: Visitor) -> None:
    choose(registrations="open")

    page = await sign_up(visitor)

    assert page.location == "/home"
    assert visitor.is_signed_in
    user = User.get()
    assert user.sign_up_ip == "127.0.0.1"
    assert passwords.verify(user.password_hash, PASSWORD)


async def test_by_approval_a_newcomer_says_why_and_waits(visitor: Visitor) -> None:
    page = await sign_up(visitor, reason="I like birds")

    assert page.title == "Thank you for asking"
    assert "When it is approved, you can sign in" in page.words("main")
    assert not visitor.is_signed_in
    assert User.get().sign_up_reason == "I like birds"
    assert registration.is_waiting(User.get())


async def test_without_a_reason_nobody_is_asked_for(visitor: Visitor) -> None:
    page = await sign_up(visitor, reason=" ")

    assert page.status == 422
    assert page.error("reason") == "Please say why you want to join."
    assert not User.select().exists()


async def test_a_letter_has_to_be_answered_where_letters_are_sent(visitor: Visitor, mail: None) -> None:
    choose(registrations="open")

    page = await sign_up(visitor, email="new@mail.test")
    assert "new@mail.test" in page.words("main")
    assert not visitor.is_signed_in

    (letter,) = waiting_jobs(JobKind.SEND_MAIL)
    link = payload_of(letter)["text"].partition(site.base_url)[2].split()[0]
    confirmed = await visitor.get(link)

    assert confirmed.title == "Your address is confirmed"
    assert User.get().email_key == "new@mail.test"
    assert (await visitor.get(link)).status == 404


async def test_what_looks_ahead_at_a_link_does_not_use_it_up(visitor: Visitor, mail: None) -> None:
    choose(registrations="open")
    await sign_up(visitor, email="new@mail.test")
    (letter,) = waiting_jobs(JobKind.SEND_MAIL)
    link = payload_of(letter)["text"].partition(site.base_url)[2].split()[0]

    await visitor.client.head(link)

    assert (await visitor.get(link)).status == 200


async def test_signing_up_tells_nobody_whether_an_address_is_known(
    visitor: Visitor, mail: None, alice: Person
) -> None:
    choose(registrations="open")

    known = await sign_up(visitor, email="alice@mail.test")
    unknown = await sign_up(visitor, username="another", email="bella@mail.test")

    assert known.words("main").replace("alice", "bella") == unknown.words("main")
    assert {payload_of(job)["to"] for job in waiting_jobs(JobKind.SEND_MAIL)} == {
        "alice@mail.test",
        "bella@mail.test",
    }


async def test_closed_is_closed_and_says_so_in_the_communitys_words(visitor: Visitor) -> None:
    form = await visitor.get(SIGN_UP)
    choose(registrations="closed", closed_message="Come back in **May**.")

    page = await visitor.get(SIGN_UP)
    tried = await visitor.post(SIGN_UP, ENTRY | {"csrf": form.value("csrf") or ""})

    assert "Come back in May." in page.words("main")
    assert "<strong>May</strong>" in page.text
    assert tried.status == 403
    assert not User.select().exists()


# ── invitations ──


@pytest.fixture
def invite() -> Invite:
    with store.transaction():
        return invites.create(make_person("inviter", role=Role.ADMIN).account)


@pytest.mark.parametrize("mode", ["invite", "approval", "open"])
async def test_who_is_invited_need_not_wait(visitor: Visitor, invite: Invite, mode: str) -> None:
    choose(registrations=mode)

    page = await visitor.get(f"/invite/{invite.code}")
    assert "inviter invites you." in page.words(".notice")
    await visitor.send(page, SIGN_UP, **ENTRY)

    assert visitor.is_signed_in
    assert Invite.get().uses == 1


async def test_an_invitation_that_is_used_up_opens_nothing(visitor: Visitor, invite: Invite) -> None:
    choose(registrations="invite")
    form = await visitor.get(f"/invite/{invite.code}")
    with store.transaction():
        invites.redeem(invite.code)

    page = await visitor.get(f"/invite/{invite.code}")
    tried = await visitor.send(form, SIGN_UP, **ENTRY)

    assert page.status == 422
    assert "used up" in page.error()
    assert tried.status == 422
    assert not User.select().where(User.role == Role.USER).exists()


async def test_by_invitation_alone_the_code_can_be_typed(visitor: Visitor, invite: Invite) -> None:
    choose(registrations="invite")

    page = await visitor.get(SIGN_UP)
    typed = await visitor.get(f"{SIGN_UP}?invite_code={invite.code}")

    assert "by invitation only" in page.words("main")
    assert page.form(SIGN_UP).css_first('[name="invite_code"]') is not None
    assert typed.form(SIGN_UP).css_first('[name="username"]') is not None


# ── what is wrong ──


async def test_everything_that_is_wrong_is_said_at_once_and_what_was_typed_stays(
    visitor: Visitor, alice: Person
) -> None:
    choose(registrations="open")

    page = await sign_up(visitor, username="Alice", email="no address", password="short", agreement=None)

    assert page.status == 422
    assert page.error("username") == "This name is taken. Choose another one."
    assert page.error("email") == "This is not an e-mail address."
    assert page.error("password") == "A password needs 8 characters at least."
    assert page.error("agreement")
    assert (page.value("username"), page.value("email")) == ("Alice", "no address")
    assert not page.value("password")
    assert User.select().count() == 1


@pytest.mark.parametrize("name", ["", "admin", "two words", "<b>", "a" * 31, "élan", "../x"])
async def test_some_names_cannot_be_had(visitor: Visitor, name: str) -> None:
    choose(registrations="open")

    page = await sign_up(visitor, username=name)

    assert page.status == 422
    assert page.error("username")
    assert page.value("username") == name
    assert not User.select().exists()


async def test_a_form_that_is_not_ours_makes_nobody_a_member(visitor: Visitor) -> None:
    choose(registrations="open")

    assert (await visitor.post(SIGN_UP, ENTRY)).status == 403
    assert not User.select().exists()


async def test_the_rules_are_shown_and_escaped(visitor: Visitor) -> None:
    with store.transaction():
        rules.add("<script>alert(1)</script>", '" onclick="x', None)

    page = await visitor.get(SIGN_UP)

    assert "<script>alert(1)</script>" in page.words(".rules")
    assert not [node for node in page.tree.css("script") if node.attributes.get("src") is None]


# ── the first administrator ──


def first_link() -> str:
    with store.transaction():
        return first_admin.link().removeprefix(site.base_url)


async def test_the_link_of_a_new_node_makes_its_visitor_the_administrator(visitor: Visitor) -> None:
    link = first_link()

    page = await visitor.send(
        await visitor.get(link), link, title="Whinmoor", username="ada", password=PASSWORD, email=""
    )

    assert page.location == "/admin"
    assert User.get().role == Role.ADMIN
    assert settings.current().title == "Whinmoor"
    assert (await visitor.get("/admin")).status == 200


async def test_a_name_that_cannot_be_had_leaves_the_link_good(visitor: Visitor) -> None:
    link = first_link()
    form = await visitor.get(link)

    page = await visitor.send(form, link, title="Whinmoor", username="root", password=PASSWORD)
    assert page.status == 422
    assert page.error("username")
    assert (page.value("title"), settings.current().title) == ("Whinmoor", "Linnet")

    await visitor.send(page, link, username="ada", password=PASSWORD)
    assert visitor.is_signed_in


async def test_the_link_works_once_and_a_guess_never(visitor: Visitor, client: Client) -> None:
    link = first_link()
    form = await visitor.get(link)
    await visitor.send(form, link, username="ada", password=PASSWORD)
    other = Visitor(client)

    assert (await other.get(link)).status == 404
    assert (await other.get("/auth/first-admin/guess")).status == 404
    assert (await visitor.send(form, link, username="eve", password=PASSWORD)).status in (403, 404)
    assert User.select().count() == 1
    assert Session.select().count() == 1


async def test_without_a_password_nobody_becomes_administrator(visitor: Visitor) -> None:
    link = first_link()

    page = await visitor.send(await visitor.get(link), link, username="ada", password="")

    assert page.status == 422
    assert page.error("password")
    assert not User.select().exists()


async def test_the_form_asks_for_the_day_of_birth_where_the_community_does(visitor: Visitor) -> None:
    choose(registrations="open")
    assert (await visitor.get(SIGN_UP)).value("date_of_birth") is None
    choose(min_age=16)

    young = await sign_up(visitor, date_of_birth=f"{clock.now().year - 10}-01-01")
    empty = await sign_up(visitor)
    assert (young.status, young.error("date_of_birth")) == (422, "You must be 16 years old to join.")
    assert empty.error("date_of_birth") == "Please say when you were born."
    assert not User.select().exists()

    await sign_up(visitor, date_of_birth=f"{clock.now().year - 30}-01-01")
    assert User.get().age_checked_at is not None
