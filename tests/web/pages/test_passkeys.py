"""Passkeys: made in the settings, used at the door. tests/browser/test_passkeys.py does the same in Chromium."""

import json
import subprocess
import sys
from collections.abc import Callable

import pyotp
import pytest

from node import clock, site, store
from node.models import Passkey, Session
from node.services.access import attempts, passkeys, two_factor
from tests.authenticator import Authenticator
from tests.factories import PASSWORD, Person
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor
from web import csrf

SETTINGS = "/settings/passkeys"
SIGN_IN = "/auth/sign-in"
ENTER = "/auth/passkey"
CONFIRM = "/auth/second-factor/passkey"


@pytest.fixture(autouse=True)
def forgiven() -> None:
    attempts.forget()


@pytest.fixture
def phone(client: Client) -> Authenticator:
    return Authenticator(site.base_url)


def options_of(page: Page) -> str:
    node = page.tree.css_first("l-passkey")
    assert node is not None, f"{page.path} asks for no passkey: {page.status}"
    return str(node.attributes["data-options"])


async def begin(reader: Visitor, password: str = PASSWORD) -> Page:
    return await reader.send(await reader.get(SETTINGS), f"{SETTINGS}/begin", password=password)


async def add(reader: Visitor, phone: Authenticator, name: str = "My telephone") -> Page:
    page = await begin(reader)
    return await reader.send(page, SETTINGS, name=name, passkey=phone.make(options_of(page)))


async def enter(visitor: Visitor, phone: Authenticator, page: Page | None = None) -> Page:
    page = page or await visitor.get(f"{SIGN_IN}?next=/bookmarks")
    return await visitor.send(page, ENTER, passkey=phone.sign(options_of(page)))


# ── making one ──


async def test_a_passkey_is_made_after_the_password(reader: Visitor, alice: Person, phone: Authenticator) -> None:
    page = await reader.follow(await add(reader, phone))

    assert "The passkey is added" in page.text
    assert "My telephone" in page.words(".rows")
    assert Passkey.get().user_id == alice.user.id


async def test_without_the_password_nobody_is_asked_to_make_one(reader: Visitor, phone: Authenticator) -> None:
    page = await begin(reader, "not the password")

    assert page.status == 422
    assert page.tree.css_first("l-passkey") is None
    assert page.error("password") == "This is not your password."


async def test_a_challenge_of_another_page_makes_none(reader: Visitor, phone: Authenticator) -> None:
    started = await begin(reader)
    door = await reader.get(f"{SIGN_IN}?next=/home")

    page = await reader.send(started, SETTINGS, name="Stolen", passkey=phone.make(options_of(door)))

    assert page.status == 422
    assert not Passkey.select().exists()


async def test_a_challenge_for_somebody_else_makes_none(
    reader: Visitor, other: Visitor, phone: Authenticator
) -> None:
    answer = phone.make(options_of(await begin(other)))

    page = await reader.send(await begin(reader), SETTINGS, name="Theirs", passkey=answer)

    assert page.status == 422
    assert not Passkey.select().exists()


async def test_making_one_takes_no_longer_than_a_quarter_of_an_hour(reader: Visitor, phone: Authenticator) -> None:
    page = await begin(reader)

    with clock.frozen(clock.now_ms() + 16 * clock.MINUTE):
        late = await reader.send(page, SETTINGS, name="Late", passkey=phone.make(options_of(page)))

    assert late.status == 422
    assert late.error() == "That took too long. Please try again."
    assert not Passkey.select().exists()


async def test_it_has_a_name_and_is_there_once(reader: Visitor, phone: Authenticator) -> None:
    nameless = await add(reader, phone, name=" ")
    await add(reader, phone, name="  My \n telephone ")
    again = await add(reader, phone)

    assert (nameless.status, again.status) == (422, 422)
    assert again.error() == "This passkey is here already."
    assert [row.name for row in Passkey.select()] == ["My telephone"]


async def test_what_exists_is_told_to_the_browser(reader: Visitor, phone: Authenticator) -> None:
    await add(reader, phone)

    options = json.loads(options_of(await begin(reader)))

    assert [one["id"] for one in options["excludeCredentials"]] == [Passkey.get().credential_id]
    assert options["rp"]["id"] == phone.party
    assert options["authenticatorSelection"]["residentKey"] == "required"


async def test_there_is_a_limit(reader: Visitor, alice: Person, phone: Authenticator) -> None:
    with store.transaction():
        for number in range(passkeys.MOST):
            Passkey.create(
                user=alice.user.id,
                credential_id=f"{number}",
                credential="",
                name="One",
                created_at=clock.now_ms(),
            )
    start = await reader.get(SETTINGS)

    page = await reader.post(f"{SETTINGS}/begin", {"csrf": start.value("csrf"), "password": PASSWORD})

    assert page.status == 422
    assert "Remove one first" in page.error()


# ── removing one ──


async def test_it_is_removed_with_the_password(reader: Visitor, visitor: Visitor, phone: Authenticator) -> None:
    await add(reader, phone)
    path = f"{SETTINGS}/{Passkey.get().id}/remove"

    wrong = await reader.send(await reader.get(path), path, password="not the password")
    assert (wrong.status, Passkey.select().count()) == (422, 1)
    done = await reader.send(await reader.get(path), path, password=PASSWORD)

    assert done.location == SETTINGS
    assert not Passkey.select().exists()
    assert (await enter(visitor, phone)).status == 422


async def test_those_of_others_are_not_there(reader: Visitor, other: Visitor, phone: Authenticator) -> None:
    await add(reader, phone)
    path = f"{SETTINGS}/{Passkey.get().id}/remove"
    start = await other.get(SETTINGS)

    assert (await other.get(path)).status == 404
    assert (await other.post(path, {"csrf": start.value("csrf"), "password": PASSWORD})).status == 404
    assert Passkey.select().count() == 1


# ── instead of a password ──


async def test_a_passkey_opens_the_door(reader: Visitor, visitor: Visitor, phone: Authenticator) -> None:
    await add(reader, phone)

    page = await enter(visitor, phone)

    assert page.location == "/bookmarks"
    assert visitor.is_signed_in
    assert Passkey.get().used_at is not None


async def test_it_is_two_factors_by_itself(
    reader: Visitor, visitor: Visitor, alice: Person, phone: Authenticator
) -> None:
    await add(reader, phone)
    _with_two_factors(alice)

    assert (await enter(visitor, phone)).location == "/bookmarks"
    assert visitor.is_signed_in


async def test_another_page_opened_meanwhile_is_not_in_the_way(
    reader: Visitor, visitor: Visitor, phone: Authenticator
) -> None:
    await add(reader, phone)
    page = await visitor.get(SIGN_IN)
    visitor.cookies = {f"{csrf.VISITOR}_another": "the other page's"} | visitor.cookies

    await visitor.send(page, ENTER, passkey=phone.sign(options_of(page)))

    assert visitor.is_signed_in


async def test_an_answer_is_good_once(
    reader: Visitor, visitor: Visitor, client: Client, phone: Authenticator
) -> None:
    await add(reader, phone)
    page = await visitor.get(f"{SIGN_IN}?next=/home")
    answer = phone.sign(options_of(page))
    await visitor.send(page, ENTER, passkey=answer)
    again = Visitor(client)
    again.cookies |= {name: value for name, value in visitor.cookies.items() if name.startswith(csrf.VISITOR)}

    second = await again.send(page, ENTER, passkey=answer)

    assert second.status == 422
    assert not again.is_signed_in


async def test_an_answer_is_good_in_the_browser_that_was_asked(
    reader: Visitor, visitor: Visitor, client: Client, phone: Authenticator
) -> None:
    await add(reader, phone)
    answer = phone.sign(options_of(await visitor.get(SIGN_IN)))
    thief = Visitor(client)

    page = await thief.send(await thief.get(SIGN_IN), ENTER, passkey=answer)

    assert page.status == 422
    assert not thief.is_signed_in


def _of_another_site(phone: Authenticator) -> None:
    phone.origin = "https://evil.example"


def _for_another_site(phone: Authenticator) -> None:
    phone.party = "evil.example"


def _without_asking_who(phone: Authenticator) -> None:
    phone.verifies = False


def _with_another_key(phone: Authenticator) -> None:
    phone.key = Authenticator(phone.origin).key


def _unknown(phone: Authenticator) -> None:
    phone.credential_id = b"unknown"


@pytest.mark.parametrize(
    "spoil", [_of_another_site, _for_another_site, _without_asking_who, _with_another_key, _unknown]
)
async def test_what_does_not_hold_opens_nothing(
    reader: Visitor, visitor: Visitor, phone: Authenticator, spoil: Callable[[Authenticator], None]
) -> None:
    await add(reader, phone)
    spoil(phone)

    page = await enter(visitor, phone)

    assert page.status == 422
    assert page.error()
    assert not visitor.is_signed_in


async def test_a_copy_is_noticed_by_its_count(reader: Visitor, visitor: Visitor, phone: Authenticator) -> None:
    phone.count = 5
    await add(reader, phone)

    assert "copied" in (await enter(visitor, phone)).error()
    phone.count = 6
    assert (await enter(visitor, phone)).location == "/bookmarks"


_NO_ANSWERS = (
    "",
    "x",
    "[]",
    '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    '{"id":"a","rawId":"\\u00e9","type":"public-key","response":{"clientDataJSON":"\\u00e9"}}',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"bm9uZQ"}}',
    "[" * 10_000,
    "x" * 20_000,
)


@pytest.mark.parametrize("answer", _NO_ANSWERS, ids=range(len(_NO_ANSWERS)))
async def test_nonsense_opens_nothing(visitor: Visitor, alice: Person, answer: str) -> None:
    page = await visitor.send(await visitor.get(SIGN_IN), ENTER, passkey=answer)

    assert page.status == 422
    assert not visitor.is_signed_in


@pytest.mark.parametrize("part", ["attestationObject", "signature", "authenticatorData"])
@pytest.mark.parametrize("sent", ["", "AA", "gYGBgYGB" * 500, "m" + "_" * 11, "\u00e9", 7])
async def test_broken_parts_are_refused(
    reader: Visitor, visitor: Visitor, phone: Authenticator, part: str, sent: object
) -> None:
    if part == "attestationObject":
        page = await begin(reader)
        answer = json.loads(phone.make(options_of(page)))
        answer["response"][part] = sent
        page = await reader.send(page, SETTINGS, name="Broken", passkey=json.dumps(answer))
    else:
        await add(reader, phone)
        page = await visitor.get(SIGN_IN)
        answer = json.loads(phone.sign(options_of(page)))
        answer["response"][part] = sent
        page = await visitor.send(page, ENTER, passkey=json.dumps(answer))

    assert page.status == 422
    assert not visitor.is_signed_in


async def test_who_may_not_sign_in_does_not_by_passkey_either(
    reader: Visitor, visitor: Visitor, alice: Person, phone: Authenticator
) -> None:
    await add(reader, phone)
    with store.transaction():
        alice.user.disabled_at = clock.now_ms()
        alice.user.save()

    page = await enter(visitor, phone)

    assert page.status == 403
    assert not visitor.is_signed_in


# ── instead of a code ──


def _with_two_factors(person: Person) -> None:
    with store.transaction():
        secret = pyotp.TOTP(two_factor.begin(person.user.id, "here").secret)
        two_factor.confirm(person.user.id, secret.now())


async def _half_way(visitor: Visitor) -> Page:
    page = await visitor.get(f"{SIGN_IN}?next=/bookmarks")
    return await visitor.follow(await visitor.send(page, SIGN_IN, login="alice", password=PASSWORD))


async def test_a_passkey_stands_in_for_the_code(
    reader: Visitor, visitor: Visitor, alice: Person, phone: Authenticator
) -> None:
    await add(reader, phone)
    _with_two_factors(alice)
    phone.verifies = False  # the password was right already

    step = await _half_way(visitor)
    page = await visitor.send(step, CONFIRM, passkey=phone.sign(options_of(step)))

    assert page.location == "/bookmarks"
    assert visitor.is_signed_in


async def test_the_passkey_of_somebody_else_does_not(
    reader: Visitor, other: Visitor, visitor: Visitor, alice: Person, phone: Authenticator
) -> None:
    await add(reader, phone)
    _with_two_factors(alice)
    tablet = Authenticator(site.base_url)
    await add(other, tablet)

    step = await _half_way(visitor)
    page = await visitor.send(step, CONFIRM, passkey=tablet.sign(options_of(step)))

    assert page.status == 422
    assert not visitor.is_signed_in


async def test_an_answer_of_that_step_replaces_no_password(
    reader: Visitor, visitor: Visitor, client: Client, alice: Person, phone: Authenticator
) -> None:
    await add(reader, phone)
    _with_two_factors(alice)
    phone.verifies = False
    step = await _half_way(visitor)
    door = await visitor.get(SIGN_IN)

    page = await visitor.send(door, ENTER, passkey=phone.sign(options_of(step)))

    assert page.status == 422
    assert not visitor.is_signed_in
    assert Session.select().count() == 1  # the reader's own


async def test_who_has_no_passkey_is_asked_for_a_code_alone(visitor: Visitor, alice: Person) -> None:
    _with_two_factors(alice)

    step = await _half_way(visitor)

    assert step.tree.css_first("l-passkey") is None
    assert step.value("code") == ""


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, node.cli.main, node.cli.serve, web.app; print(any(m.startswith('fido2') for m in sys.modules))"
    )

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert loaded.stdout == "False\n"
