"""Signing in and out."""

import pyotp
import pytest

from node import clock, site, store
from node.jobs import JobKind
from node.models import RecoveryCode, Session, User
from node.services.access import attempts, oauth, two_factor
from node.services.moderation import decisions as moderation
from tests.factories import PASSWORD, Person, waiting_jobs
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor

SIGN_IN = "/auth/sign-in"
CODE = "/auth/second-factor"


@pytest.fixture
def visitor(client: Client) -> Visitor:
    attempts.forget()
    return Visitor(client)


@pytest.fixture
def secret(alice: Person) -> pyotp.TOTP:
    """Alice has a second factor."""
    with store.transaction():
        totp = pyotp.TOTP(two_factor.begin(alice.user.id, "alice").secret)
        User.update(totp_enabled_at=clock.now_ms()).where(User.id == alice.user.id).execute()
    return totp


async def sign_in(visitor: Visitor, login: str = "alice", password: str = PASSWORD, path: str = SIGN_IN) -> Page:
    return await visitor.send(await visitor.get(path), SIGN_IN, login=login, password=password)


async def test_with_name_and_password_a_person_gets_in(visitor: Visitor, alice: Person) -> None:
    page = await sign_in(visitor)

    assert (page.status, page.location) == (303, "/home")
    assert visitor.is_signed_in
    session = Session.get()
    assert (session.account_id, session.ip) == (alice.account.id, "127.0.0.1")


async def test_the_session_is_a_cookie_that_no_script_and_no_other_site_can_use(
    visitor: Visitor, alice: Person
) -> None:
    page = await sign_in(visitor)

    (cookie,) = [line for line in page.headers.getall("Set-Cookie") if line.startswith("linnet_session=")]
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))


async def test_an_address_does_as_well_as_a_name(visitor: Visitor, alice: Person) -> None:
    await sign_in(visitor, "Alice@mail.test")

    assert visitor.is_signed_in


@pytest.mark.parametrize(("login", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("", ""), ("alice", "")])
async def test_wrong_and_unknown_get_the_same_answer(
    visitor: Visitor, alice: Person, login: str, password: str
) -> None:
    page = await sign_in(visitor, login, password)

    assert page.status == 422
    assert page.error() == "This name and this password do not belong together."
    assert page.value("login") == login
    assert not page.value("password")
    assert not visitor.is_signed_in


async def test_guessing_comes_to_an_end_even_with_the_right_password(visitor: Visitor, alice: Person) -> None:
    for _ in range(10):
        await sign_in(visitor, password="wrong")

    page = await sign_in(visitor)

    assert page.status == 429
    assert "Too many attempts" in page.error()
    assert not visitor.is_signed_in


async def test_a_page_that_wanted_a_sign_in_is_shown_afterwards(visitor: Visitor, alice: Person) -> None:
    wanted = await visitor.get("/settings/sessions?a=b&c=d%26e")

    page = await sign_in(visitor, path=wanted.location)

    assert wanted.location.startswith("/auth/sign-in?next=")
    assert page.location == "/settings/sessions?a=b&c=d%26e"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/\t/evil.test", " //x"]
)
async def test_signing_in_leads_to_no_other_site(visitor: Visitor, alice: Person, elsewhere: str) -> None:
    page = await visitor.send(await visitor.get(SIGN_IN), SIGN_IN, login="alice", password=PASSWORD, next=elsewhere)

    assert page.location == "/home"


async def test_a_form_that_is_not_ours_signs_nobody_in(visitor: Visitor, alice: Person) -> None:
    page = await visitor.post(SIGN_IN, {"login": "alice", "password": PASSWORD})

    assert page.status == 403
    assert not visitor.is_signed_in


async def test_a_form_that_another_site_sends_signs_nobody_in(visitor: Visitor, alice: Person) -> None:
    form = await visitor.get(SIGN_IN)

    fields = {"login": "alice", "password": PASSWORD, "csrf": form.value("csrf")}
    page = await visitor.post(SIGN_IN, fields, Origin="https://evil.test")

    assert page.status == 403


async def test_pages_of_signing_in_are_kept_nowhere_and_leave_pop_ups_alone(visitor: Visitor) -> None:
    page = await visitor.get(SIGN_IN)

    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cross-Origin-Opener-Policy" not in page.headers
    assert "form-action" not in page.headers["Content-Security-Policy"]


async def test_the_page_says_for_which_app_somebody_signs_in(visitor: Visitor) -> None:
    with store.transaction():
        app, _ = oauth.register_app("<b>Phanpy</b>", ["https://client.test/"], "read")

    page = await visitor.get(f"{SIGN_IN}?next=/oauth/authorize?client_id={app.client_id}")

    assert "<b>Phanpy</b>" in page.words(".lead")


async def test_who_is_signed_in_already_goes_home(visitor: Visitor, alice: Person) -> None:
    assert (await visitor.sign_in(alice).get(SIGN_IN)).location == "/home"


async def test_signing_in_again_ends_the_session_before(visitor: Visitor, alice: Person) -> None:
    visitor.sign_in(alice)

    await sign_in(visitor, path=f"{SIGN_IN}?next=/home")

    assert Session.select().count() == 1


# ── who may not ──


async def test_a_disabled_login_is_told_so_after_the_right_password_alone(visitor: Visitor, alice: Person) -> None:
    with store.transaction():
        moderation.disable(alice.user.id, None)

    assert "disabled" not in (await sign_in(visitor, password="wrong")).text
    page = await sign_in(visitor)

    assert page.status == 403
    assert page.error() == "Your login is currently disabled."


async def test_who_waits_for_approval_is_told_so(visitor: Visitor, alice: Person) -> None:
    with store.transaction():
        User.update(approved_at=None).execute()

    assert (await sign_in(visitor)).error() == "Your login is currently pending approval."


async def test_who_has_not_confirmed_an_address_gets_another_letter(
    visitor: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "sends_mail", True)
    with store.transaction():
        User.update(confirmed_at=None).execute()

    page = await sign_in(visitor)

    assert "another letter to alice@mail.test" in page.words("main")
    assert len(waiting_jobs(JobKind.SEND_MAIL)) == 1
    assert not visitor.is_signed_in


# ── the second factor ──


async def test_with_a_second_factor_the_password_alone_opens_nothing(
    visitor: Visitor, alice: Person, secret: pyotp.TOTP
) -> None:
    page = await sign_in(visitor, path=f"{SIGN_IN}?next=/bookmarks")

    assert page.location == "/auth/second-factor?next=%2Fbookmarks"
    assert not visitor.is_signed_in
    assert not Session.select().exists()


async def test_password_and_code_get_in(visitor: Visitor, alice: Person, secret: pyotp.TOTP) -> None:
    step = await visitor.follow(await sign_in(visitor, path=f"{SIGN_IN}?next=/bookmarks"))

    page = await visitor.send(step, CODE, code=secret.now())

    assert page.location == "/bookmarks"
    assert visitor.is_signed_in


async def test_a_code_is_good_once(visitor: Visitor, client: Client, alice: Person, secret: pyotp.TOTP) -> None:
    code = secret.now()
    await visitor.send(await visitor.follow(await sign_in(visitor)), CODE, code=code)

    other = Visitor(client)
    page = await other.send(await other.follow(await sign_in(other)), CODE, code=code)

    assert page.status == 422
    assert page.error("code") == "This code is not right, or it was used already."
    assert not other.is_signed_in


async def test_a_recovery_code_stands_in_once(visitor: Visitor, alice: Person, secret: pyotp.TOTP) -> None:
    with store.transaction():
        code, *_ = two_factor.new_recovery_codes(alice.user.id)

    await visitor.send(await visitor.follow(await sign_in(visitor)), CODE, code=code.upper())

    assert visitor.is_signed_in
    assert RecoveryCode.select().count() == two_factor.RECOVERY_CODES - 1


async def test_guessing_codes_comes_to_an_end(visitor: Visitor, alice: Person, secret: pyotp.TOTP) -> None:
    step = await visitor.follow(await sign_in(visitor))
    for _ in range(10):
        await visitor.send(step, CODE, code="no code")

    page = await visitor.send(step, CODE, code=secret.now())

    assert page.status == 429
    assert not visitor.is_signed_in


async def test_nobody_skips_the_password(visitor: Visitor, alice: Person, secret: pyotp.TOTP) -> None:
    start = await visitor.get(SIGN_IN)
    fields = {"code": secret.now(), "csrf": start.value("csrf")}

    for forged in ("", "1.2.3", f"{alice.user.id}.9999999999999.{'0' * 32}", "x.y.z", "²."):
        visitor.cookies["linnet_half_way"] = forged
        page = await visitor.post(CODE, fields)

        assert page.location == SIGN_IN
        assert not visitor.is_signed_in


async def test_being_half_way_in_lasts_ten_minutes(visitor: Visitor, alice: Person, secret: pyotp.TOTP) -> None:
    step = await visitor.follow(await sign_in(visitor))
    later = clock.now_ms() + 11 * clock.MINUTE

    with clock.frozen(later):
        page = await visitor.send(step, CODE, code=secret.at(later // 1000))

    assert page.location == SIGN_IN
    assert not visitor.is_signed_in


# ── signing out ──


async def test_signing_out_ends_the_session(visitor: Visitor, alice: Person) -> None:
    visitor.sign_in(alice)
    page = await visitor.send(await visitor.get("/settings/sessions"), "/auth/sign-out")

    assert page.location == "/"
    assert not visitor.is_signed_in
    assert not Session.select().exists()


async def test_a_link_cannot_sign_anybody_out(visitor: Visitor, alice: Person) -> None:
    visitor.sign_in(alice)

    assert (await visitor.get("/auth/sign-out")).status == 405
    assert (await visitor.post("/auth/sign-out")).status == 403
    assert Session.select().count() == 1
