"""Apps and what people allow them."""

import base64
import hashlib

import pytest

from node import clock, store, streams
from node.errors import BadInput, Forbidden, Invalid, Unauthorized
from node.models import Application, AuthorizationCode, Token, User
from node.services.access import oauth, password
from node.services.access.oauth import OUT_OF_BAND, Wish
from node.services.moderation import decisions as moderation
from tests.factories import Person, make_person
from tests.queries import assert_query_count

REDIRECT = "https://app.test/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def make_app(scopes: str = "read write", redirects: tuple[str, ...] = (REDIRECT, OUT_OF_BAND)) -> Application:
    return oauth.register_app("App", list(redirects), scopes)[0]


def wish(app: Application, **changes: str) -> Wish:
    values = {"client_id": app.client_id, "redirect_uri": REDIRECT, "scopes": "read"}
    return Wish(**values | changes)  # type: ignore[arg-type]


def make_token(person: Person, scopes: str = "read") -> str:
    with store.transaction():
        return oauth.token_for(person.user, person.account, "App", scopes)[1]


def test_an_app_gets_its_secret_once(unit: None) -> None:
    app, secret = oauth.register_app(" App ", [REDIRECT, REDIRECT], "read push", "https://app.test")

    assert oauth.authenticate_app(app.client_id, secret).name == "App"
    assert secret not in str(app.__data__)
    assert app.redirect_uris == REDIRECT


@pytest.mark.parametrize("secret", ["", "wrong", "\ud800"])
def test_a_wrong_secret_and_an_unknown_app_are_refused_alike(unit: None, secret: str) -> None:
    app = make_app()

    with pytest.raises(Unauthorized) as wrong:
        oauth.authenticate_app(app.client_id, secret)
    with pytest.raises(Unauthorized) as unknown:
        oauth.authenticate_app("nobody", secret)

    assert str(wrong.value) == str(unknown.value)


@pytest.mark.parametrize(
    "uri",
    ["", "callback", "/callback", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "https://a.test/#f",
     "https://a.test/ b", "https://a.test/\nb", "x" * 3000 + "://a"],
)  # fmt: skip
def test_redirects_that_could_harm_are_not_registered(unit: None, uri: str) -> None:
    with pytest.raises(Invalid):
        oauth.register_app("App", [uri])


@pytest.mark.parametrize("uri", ["myapp://done", "com.app.test:/cb", "http://localhost:3000/?x=1", OUT_OF_BAND])
def test_apps_of_all_kinds_are_registered(unit: None, uri: str) -> None:
    assert oauth.register_app("App", [uri])[0].redirect_uris == uri


def test_an_app_from_which_everybody_has_signed_out_is_kept_for_a_year_and_one_registered_in_vain_for_a_month(
    unit: None,
) -> None:
    alice, now = make_person(), clock.now_ms()
    oauth.register_app("In vain", [OUT_OF_BAND])
    app, _ = oauth.register_app("Used", [OUT_OF_BAND])
    token, text = oauth.create_token(app, "read", user_id=alice.user.id, account_id=alice.account.id)

    def left(after_days: int) -> list[str]:
        with clock.frozen(now + after_days * clock.DAY):
            oauth.delete_unused_apps()
        return [one.name for one in Application.select().order_by(Application.id)]

    with clock.frozen(now + 100 * clock.DAY):
        identity = oauth.identify(text)
        assert identity is not None
        oauth.note_use(identity)
    assert left(29) == ["In vain", "Used"]
    assert left(31) == ["Used"]
    assert left(500) == ["Used"]  # a token is there
    oauth.revoke_by_id(alice.user.id, token.id)
    assert left(464) == ["Used"]
    assert left(466) == []


def test_a_code_becomes_a_token_that_speaks_for_the_person(unit: None) -> None:
    alice, app = make_person(), make_app()
    code = oauth.grant_code(wish(app, scopes="read write"), alice.user.id, alice.account.id)

    _, text = oauth.exchange(app, code, REDIRECT)

    identity = oauth.identify(text)
    assert identity is not None
    assert (identity.account_id, identity.user_id, identity.app_id) == (alice.account.id, alice.user.id, app.id)
    assert identity.scopes == {"read", "write"}
    assert text not in str(Token.get().__data__)
    assert code not in text


def test_a_code_is_good_once(unit: None) -> None:
    alice, app = make_person(), make_app()
    code = oauth.grant_code(wish(app), alice.user.id, alice.account.id)
    oauth.exchange(app, code, REDIRECT)

    with pytest.raises(BadInput) as refused:
        oauth.exchange(app, code, REDIRECT)

    assert refused.value.code == "invalid_grant"  # type: ignore[attr-defined]


def test_a_code_is_bound_to_app_redirect_and_time(unit: None) -> None:
    alice, app, other = make_person(), make_app(), make_app()
    code = oauth.grant_code(wish(app), alice.user.id, alice.account.id)

    with pytest.raises(BadInput):
        oauth.exchange(other, code, REDIRECT)
    with pytest.raises(BadInput):
        oauth.exchange(app, code, OUT_OF_BAND)
    with pytest.raises(BadInput):
        oauth.exchange(app, code + "x", REDIRECT)
    with clock.frozen(clock.now_ms() + oauth.CODE_MS + 1), pytest.raises(BadInput):
        oauth.exchange(app, code, REDIRECT)

    assert oauth.exchange(app, code, REDIRECT)


def test_a_code_with_a_challenge_needs_its_verifier(unit: None) -> None:
    alice, app = make_person(), make_app()
    asked = wish(app, code_challenge=CHALLENGE, code_challenge_method="S256")
    code = oauth.grant_code(asked, alice.user.id, alice.account.id)

    for verifier in ("", "w" * 43, "v" * 42, "v" * 43 + "\n", "é" * 43):
        with pytest.raises(BadInput):
            oauth.exchange(app, code, REDIRECT, verifier)

    assert oauth.exchange(app, code, REDIRECT, VERIFIER)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": REDIRECT + "/"},
        {"redirect_uri": REDIRECT + "?x=1"},
        {"redirect_uri": "https://APP.test/callback"},
        {"redirect_uri": f"{REDIRECT}\n{OUT_OF_BAND}"},
        {"redirect_uri": ""},
        {"scopes": "read admin:read"},
        {"scopes": "everything"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
        {"code_challenge": CHALLENGE},
        {"code_challenge_method": "S256"},
        {"code_challenge": "short", "code_challenge_method": "S256"},
    ],
)
def test_wishes_that_do_not_fit_the_app_are_refused(unit: None, changes: dict[str, str]) -> None:
    alice, app = make_person(), make_app()

    with pytest.raises((BadInput, Unauthorized)):
        oauth.grant_code(wish(app, **changes), alice.user.id, alice.account.id)

    assert not AuthorizationCode.select().exists()


def test_an_app_alone_gets_a_token_without_a_person(unit: None) -> None:
    _, text = oauth.client_token(make_app(), "read")

    identity = oauth.identify(text)
    assert identity is not None
    assert identity.account is None
    with pytest.raises(BadInput):
        oauth.client_token(make_app("read"), "write")


def test_a_revoked_token_is_worth_nothing_at_once(alice: Person) -> None:
    text = make_token(alice)
    assert oauth.identify(text) is not None
    app = Application.get()

    with store.transaction():
        oauth.revoke(text, app)
        oauth.revoke(text, app)

    assert oauth.identify(text) is None


def test_only_its_own_app_revokes_a_token(alice: Person) -> None:
    text = make_token(alice)

    with pytest.raises(BadInput), store.transaction():
        oauth.revoke(text, make_app())

    assert oauth.identify(text) is not None


def test_people_take_back_what_they_allowed_and_nothing_else(alice: Person, bob: Person) -> None:
    text = make_token(alice)
    ((token, app),) = oauth.tokens_of(alice.user.id)

    with store.transaction():
        oauth.revoke_by_id(bob.user.id, token.id)
    assert oauth.identify(text) is not None
    with store.transaction():
        oauth.revoke_by_id(alice.user.id, token.id)

    assert app.name == "App"
    assert oauth.identify(text) is None


def test_the_suspended_lose_their_tokens_at_once(alice: Person) -> None:
    text = make_token(alice)
    assert oauth.identify(text) is not None

    with store.transaction():
        moderation.suspend(alice.account.id, None)

    assert oauth.identify(text) is None
    assert not Token.select().exists()


@pytest.mark.parametrize("column", ["disabled_at", "approved_at", "confirmed_at"])
def test_people_who_may_not_act_are_told_why(unit: None, column: str) -> None:
    person = make_person()
    text = oauth.token_for(person.user, person.account, "App", "read")[1]
    User.update({column: 1 if column == "disabled_at" else None}).where(User.id == person.user.id).execute()

    with pytest.raises(Forbidden, match="Your login"):
        oauth.identify(text)


def test_a_new_password_ends_tokens(alice: Person) -> None:
    text = make_token(alice)
    assert oauth.identify(text) is not None

    with store.transaction():
        password.change(alice.user.id, "hash")

    assert oauth.identify(text) is None


def test_use_is_noted_once_an_hour(alice: Person) -> None:
    text = make_token(alice)
    identity = oauth.identify(text)
    assert identity is not None
    assert identity.should_be_noted

    with store.transaction():
        oauth.note_use(identity)

    noted = oauth.identify(text)
    assert noted is not None
    assert not noted.should_be_noted


def test_nobody_makes_a_token_for_an_account_of_somebody_else(unit: None) -> None:
    with pytest.raises(Invalid):
        oauth.token_for(make_person().user, make_person().account, "App", "read")


async def test_streams_hear_of_a_revocation(alice: Person) -> None:
    make_token(alice)
    ((token, _),) = oauth.tokens_of(alice.user.id)

    with streams.subscribe(("control",)) as events:
        await store.write(oauth.revoke_by_id, alice.user.id, token.id)
        event = await anext(aiter(events))

    assert (event.kind, event.id) == ("token_revoked", token.id)


def test_a_known_token_costs_no_query(alice: Person) -> None:
    text = make_token(alice)
    oauth.identify(text)

    with assert_query_count(0):
        oauth.identify(text)
