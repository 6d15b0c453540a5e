"""From an app's question to its token, and everything that must not lead to one."""

import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from node import store
from node.config import Config
from node.models import Application, AuthorizationCode, Token
from node.services.access import oauth
from node.services.moderation import decisions as moderation
from node.speech import say
from tests.factories import Person
from tests.web.conftest import Client, Headers, complete_app
from web import csrf
from web.keys import PAGE

Browser = Callable[[Person], Headers]
REDIRECT = "https://client.test/callback?keep=1"


async def _page(request: web.Request, template: str, context: dict[str, Any]) -> web.StreamResponse:
    """A page that tells what it would show."""
    shown = {"template": template, "csrf": csrf.token(request), "cancel": say("Cancel")} | context
    return web.Response(text=escape(json.dumps(shown)), content_type="text/html")


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    async with complete_app(config) as app:
        app[PAGE] = _page
        async with Client(TestServer(app)) as client:
            yield client


@pytest.fixture
def registered(db: None) -> dict[str, str]:
    """What an app knows of itself."""
    with store.transaction():
        app, secret = oauth.register_app("Phanpy", [REDIRECT, oauth.OUT_OF_BAND, "app://done"], "read write")
    return {"client_id": app.client_id, "client_secret": secret}


def question(registered: dict[str, str], **changes: str) -> dict[str, str]:
    asked = {
        "response_type": "code",
        "client_id": registered["client_id"],
        "redirect_uri": REDIRECT,
        "scope": "read",
        "state": "a state & more",
    }
    return asked | changes


async def shown(response: Any) -> dict[str, Any]:
    assert response.status == 200, await response.text()
    text = (await response.text()).replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
    result: dict[str, Any] = json.loads(text)
    return result


async def decide(client: Client, me: Headers, asked: dict[str, str], decision: str = "allow") -> Any:
    """What a browser does with the page of consent."""
    page = await shown(await client.get(f"/oauth/authorize?{urlencode(asked)}", headers=me))
    form = page["hidden"] | {"decision": decision, "csrf": page["csrf"]}
    return await client.post("/oauth/authorize", data=form, headers=me)


def answer_of(response: Any) -> dict[str, str]:
    assert response.status == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


async def exchange(client: Client, registered: dict[str, str], code: str, **changes: str) -> Any:
    form = registered | {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    return await client.post("/oauth/token", data=form | changes)


async def test_a_person_allows_an_app_and_it_acts_for_them(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    response = await decide(client, browser(alice), question(registered))
    answer = answer_of(response)
    token = await (await exchange(client, registered, answer["code"])).json()
    me = await client.get(
        "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
    )

    assert response.headers["Location"].startswith("https://client.test/callback?keep=1&")
    assert answer["state"] == "a state & more"
    assert (token["token_type"], token["scope"]) == ("Bearer", "read")
    assert (await me.json())["username"] == "alice"


async def test_the_page_of_consent_says_who_asks_for_what(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    page = await shown(
        await client.get(f"/oauth/authorize?{urlencode(question(registered))}", headers=browser(alice))
    )

    assert page["template"] == "consent.html"
    assert (page["app"]["name"], page["scopes"], page["redirect_host"]) == ("Phanpy", ["read"], "client.test")


@pytest.mark.parametrize(
    ("lang", "cancel"), [("de", "Abbrechen"), ("de-AT", "Abbrechen"), ("tlh", "Cancel"), ("", "Cancel")]
)
async def test_an_app_may_say_in_which_language_it_asks(
    client: Client, registered: dict[str, str], alice: Person, browser: Browser, lang: str, cancel: str
) -> None:
    address = f"/oauth/authorize?{urlencode(question(registered, lang=lang))}"

    page = await shown(await client.get(address, headers=browser(alice)))

    assert page["cancel"] == cancel


async def test_who_is_not_signed_in_signs_in_first_and_comes_back(client: Client, registered: dict[str, str]) -> None:
    response = await client.get(f"/oauth/authorize?{urlencode(question(registered))}")

    assert response.headers["Location"].startswith("/auth/sign-in?")
    back = answer_of(response)["next"]
    assert back.startswith("/oauth/authorize?")
    assert parse_qs(urlsplit(back).query)["state"] == ["a state & more"]


async def test_an_app_may_insist_on_signing_in_anew(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    asked = question(registered, force_login="true")

    response = await client.get(f"/oauth/authorize?{urlencode(asked)}", headers=browser(alice))

    assert response.headers["Location"].startswith("/auth/sign-in?")
    assert "force_login" not in answer_of(response)["next"]


async def test_a_refusal_is_told_to_the_app(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    answer = answer_of(await decide(client, browser(alice), question(registered), "deny"))

    assert (answer["error"], answer["state"]) == ("access_denied", "a state & more")
    assert "code" not in answer


async def test_apps_with_a_scheme_of_their_own_are_called_back(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    response = await decide(client, browser(alice), question(registered, redirect_uri="app://done"))

    assert response.headers["Location"].startswith("app://done?code=")


async def test_out_of_band_the_code_is_shown(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    me = browser(alice)
    response = await decide(client, me, question(registered, redirect_uri=oauth.OUT_OF_BAND))

    page = await shown(await client.get(response.headers["Location"], headers=me))
    token = await exchange(client, registered, page["authorization_code"], redirect_uri=oauth.OUT_OF_BAND)

    assert page["template"] == "oob.html"
    assert token.status == 200


async def test_the_page_of_consent_does_not_cut_off_popups(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    response = await client.get(f"/oauth/authorize?{urlencode(question(registered))}", headers=browser(alice))

    assert "Cross-Origin-Opener-Policy" not in response.headers
    assert "form-action" not in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://client.test/callback"},
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": REDIRECT + "/"},
        {"scope": "admin:read"},
        {"scope": "nonsense"},
        {"response_type": "token"},
        {"code_challenge": "short", "code_challenge_method": "S256"},
        {"code_challenge": "A" * 43, "code_challenge_method": "plain"},
    ],
)
async def test_a_wrong_question_is_answered_here_and_redirects_nowhere(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser, changes: dict[str, str]
) -> None:
    asked, me = question(registered, **changes), browser(alice)

    response = await client.get(f"/oauth/authorize?{urlencode(asked)}", headers=me)
    page = await shown(await client.get(f"/oauth/authorize?{urlencode(question(registered))}", headers=me))
    form = asked | {"decision": "allow", "csrf": page["csrf"]}
    posted = await client.post("/oauth/authorize", data=form, headers=me)
    denied = await client.post("/oauth/authorize", data=form | {"decision": "deny"}, headers=me)

    for refused in (response, posted, denied):
        assert refused.status in (400, 401)
        assert "Location" not in refused.headers


@pytest.mark.parametrize("forged", [None, "", "wrong", "0" * 32])
async def test_consent_needs_the_form_that_was_shown(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser, forged: str | None
) -> None:
    form = question(registered) | {"decision": "allow"} | ({} if forged is None else {"csrf": forged})

    response = await client.post("/oauth/authorize", data=form, headers=browser(alice))

    assert response.status == 403


async def test_a_form_of_another_origin_is_refused(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    me = browser(alice)
    page = await shown(await client.get(f"/oauth/authorize?{urlencode(question(registered))}", headers=me))
    form = page["hidden"] | {"decision": "allow", "csrf": page["csrf"]}

    refused = await client.post("/oauth/authorize", data=form, headers=me | {"Origin": "https://evil.test"})
    allowed = await client.post("/oauth/authorize", data=form, headers=me | {"Origin": "https://a.test"})

    assert (refused.status, allowed.status) == (403, 303)


async def test_a_code_is_good_once(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    code = answer_of(await decide(client, browser(alice), question(registered)))["code"]

    first = await exchange(client, registered, code)
    second = await exchange(client, registered, code)

    assert (first.status, second.status) == (200, 400)
    assert (await second.json())["error"] == "invalid_grant"


async def test_a_code_is_bound_to_its_redirect_and_its_app(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    code = answer_of(await decide(client, browser(alice), question(registered)))["code"]
    with store.transaction():
        other, secret = oauth.register_app("Other", [REDIRECT], "read write")
    stranger = {"client_id": other.client_id, "client_secret": secret}

    wrong_redirect = await exchange(client, registered, code, redirect_uri="app://done")
    wrong_app = await exchange(client, stranger, code)
    wrong_secret = await exchange(client, registered, code, client_secret="guessed")
    right = await exchange(client, registered, code)

    assert (wrong_redirect.status, wrong_app.status, wrong_secret.status) == (400, 400, 401)
    assert (await wrong_secret.json())["error"] == "invalid_client"
    assert right.status == 200


async def test_with_pkce_only_who_asked_gets_the_token(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = question(registered, code_challenge=challenge, code_challenge_method="S256")
    code = answer_of(await decide(client, browser(alice), asked))["code"]

    without = await exchange(client, registered, code)
    wrong = await exchange(client, registered, code, code_verifier="x" * 43)
    right = await exchange(client, registered, code, code_verifier=verifier)

    assert (without.status, wrong.status, right.status) == (400, 400, 200)


async def test_the_client_may_identify_itself_in_the_header(client: Client, registered: dict[str, str]) -> None:
    pair = f"{registered['client_id']}:{registered['client_secret']}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    response = await client.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=headers)

    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "follow"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "client_id": ""}, "invalid_client"),
        ({"grant_type": "authorization_code"}, "invalid_grant"),
    ],
)
async def test_wrong_requests_for_tokens_are_told_what_is_wrong(
    client: Client, registered: dict[str, str], form: dict[str, str], error: str
) -> None:
    response = await client.post("/oauth/token", json=registered | form)

    assert response.status in (400, 401)
    assert (await response.json())["error"] == error
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Basic YQ==", "bearer", "Digest x"])
async def test_odd_headers_of_clients_are_refused(client: Client, header: str) -> None:
    response = await client.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": header}
    )

    assert response.status in (400, 401)


async def test_a_revoked_token_is_worth_nothing(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    code = answer_of(await decide(client, browser(alice), question(registered)))["code"]
    token = (await (await exchange(client, registered, code)).json())["access_token"]
    me = {"Authorization": f"Bearer {token}"}
    before = await client.get("/api/v1/accounts/verify_credentials", headers=me)

    revoked = await client.post("/oauth/revoke", data=registered | {"token": token})
    after = await client.get("/api/v1/accounts/verify_credentials", headers=me)

    assert (before.status, revoked.status, after.status) == (200, 200, 401)
    assert await revoked.json() == {}


async def test_only_its_app_revokes_a_token(
    client: Client, alice: Person, registered: dict[str, str], as_person: Callable[..., Headers]
) -> None:
    me = as_person(alice)

    response = await client.post("/oauth/revoke", data=registered | {"token": me["Authorization"].split()[1]})

    assert response.status == 403
    assert (await client.get("/api/v1/accounts/verify_credentials", headers=me)).status == 200


async def test_nobody_revokes_without_the_secret_of_the_app(client: Client, registered: dict[str, str]) -> None:
    form = registered | {"client_secret": "guessed", "token": "x"}

    response = await client.post("/oauth/revoke", data=form)

    assert (response.status, (await response.json())["error"]) == (403, "unauthorized_client")


async def test_an_app_looks_into_its_own_token_alone(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser, as_person: Callable[..., Headers]
) -> None:
    async def asked(token: str) -> dict[str, Any]:
        response = await client.post("/oauth/introspect", data=registered | {"token": token})
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")
        result: dict[str, Any] = await response.json()
        return result

    code = answer_of(await decide(client, browser(alice), question(registered)))["code"]
    token = (await (await exchange(client, registered, code)).json())["access_token"]

    own = await asked(token)
    foreign, unknown = await asked(as_person(alice)["Authorization"].split()[1]), await asked("x")
    with store.transaction():
        moderation.suspend(alice.account.id, None)
    ended = await asked(token)

    assert own.pop("iat") > 0
    assert own == {"active": True, "scope": "read", "client_id": registered["client_id"], "token_type": "Bearer"}
    assert foreign == unknown == ended == {"active": False}


async def test_nobody_looks_into_tokens_without_the_secret_of_the_app(
    client: Client, registered: dict[str, str]
) -> None:
    response = await client.post("/oauth/introspect", data=registered | {"client_secret": "guessed", "token": "x"})

    assert (response.status, (await response.json())["error"]) == (401, "invalid_client")


async def test_a_suspended_account_loses_its_tokens(
    client: Client, alice: Person, as_person: Callable[..., Headers]
) -> None:
    me = as_person(alice)
    before = await client.get("/api/v1/accounts/verify_credentials", headers=me)
    with store.transaction():
        moderation.suspend(alice.account.id, None)

    after = await client.get("/api/v1/accounts/verify_credentials", headers=me)

    assert before.status == 200
    assert after.status in (401, 403)


async def test_an_app_alone_is_no_person(client: Client, registered: dict[str, str]) -> None:
    token = await (await client.post("/oauth/token", data=registered | {"grant_type": "client_credentials"})).json()

    response = await client.get(
        "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
    )

    assert response.status == 422
    assert await response.json() == {"error": "This method requires an authenticated user"}


async def test_a_cookie_is_no_token(client: Client, alice: Person, browser: Browser) -> None:
    response = await client.get("/api/v1/accounts/verify_credentials", headers=browser(alice))

    assert response.status == 401


async def test_userinfo_says_who_the_token_is_for(
    client: Client, alice: Person, as_person: Callable[..., Headers]
) -> None:
    response = await client.get("/oauth/userinfo", headers=as_person(alice, "profile"))

    info = await response.json()
    assert (info["preferred_username"], info["sub"]) == ("alice", alice.account.uri)


async def test_the_metadata_names_what_there_is(client: Client) -> None:
    response = await client.get("/.well-known/oauth-authorization-server")

    metadata = await response.json()
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["token_endpoint"] == "https://a.test/oauth/token"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("redirect", ["http://localhost:5173/", "http://127.0.0.1:8080/done?a=b", "http://[::1]:9/x"])
async def test_an_app_on_the_same_machine_is_called_back(
    client: Client, alice: Person, browser: Browser, redirect: str
) -> None:
    with store.transaction():
        app, secret = oauth.register_app("toot", [redirect], "read")
    registered = {"client_id": app.client_id, "client_secret": secret}

    response = await decide(client, browser(alice), question(registered, redirect_uri=redirect))
    token = await exchange(client, registered, answer_of(response)["code"], redirect_uri=redirect)

    assert response.headers["Location"].startswith(redirect)
    assert token.status == 200


async def test_tokens_and_codes_lie_in_the_database_as_hashes_alone(
    client: Client, alice: Person, registered: dict[str, str], browser: Browser
) -> None:
    code = answer_of(await decide(client, browser(alice), question(registered)))["code"]
    codes = [str(row) for row in AuthorizationCode.select().tuples()]
    token = (await (await exchange(client, registered, code)).json())["access_token"]
    rows = [str(row) for model in (Token, Application) for row in model.select().tuples()]

    assert codes
    assert rows
    assert not [row for row in codes if code in row]
    assert not [row for row in rows if token in row or registered["client_secret"] in row]
