"""The page on which somebody allows an app to act for them, as it is really shown."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from node import store
from node.models import AuthorizationCode
from node.services.access import attempts, oauth
from tests.factories import PASSWORD, Person
from tests.factories_organisations import make_organisation
from tests.web.pages.visitor import Page, Visitor

REDIRECT = "https://client.test/done"
AUTHORIZE = "/oauth/authorize"


@pytest.fixture
def app(db: None) -> dict[str, str]:
    attempts.forget()
    with store.transaction():
        made, secret = oauth.register_app(
            "<i>Phanpy</i>", [REDIRECT, oauth.OUT_OF_BAND], "read write:statuses push", "https://phanpy.test"
        )
    return {"client_id": made.client_id, "client_secret": secret}


def question(app: dict[str, str], redirect_uri: str = REDIRECT) -> str:
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": redirect_uri,
        "scope": "read write:statuses",
        "state": "s & t",
    }
    return f"{AUTHORIZE}?{urlencode(asked)}"


def answer(page: Page) -> dict[str, str]:
    assert page.status == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(page.location).query).items()}


async def exchange(visitor: Visitor, app: dict[str, str], code: str, redirect_uri: str = REDIRECT) -> Any:
    form = app | {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    return await visitor.client.post("/oauth/token", data=form)


async def test_the_page_says_who_asks_for_what_and_as_whom(reader: Visitor, app: dict[str, str]) -> None:
    page = await reader.get(question(app))

    assert page.title == "Allow <i>Phanpy</i>?"
    assert "@alice@a.test" in page.words(".people")
    assert "See everything that you can see" in page.words(".grants")
    assert "Post, edit, boost and delete for you" in page.words(".grants")
    assert "client.test" in page.words("main")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cross-Origin-Opener-Policy" not in page.headers


async def test_from_signing_in_to_the_apps_token(visitor: Visitor, alice: Person, app: dict[str, str]) -> None:
    sign_in = await visitor.follow(await visitor.get(question(app)))
    assert "<i>Phanpy</i> will be able to act for you" in sign_in.words(".lead")
    consent = await visitor.follow(await visitor.send(sign_in, "/auth/sign-in", login="alice", password=PASSWORD))

    allowed = answer(await visitor.send(consent, AUTHORIZE, decision="allow"))
    token = await (await exchange(visitor, app, allowed["code"])).json()

    assert allowed["state"] == "s & t"
    assert token["scope"] == "read write:statuses"


async def test_who_says_no_sends_the_app_away_with_nothing(reader: Visitor, app: dict[str, str]) -> None:
    denied = answer(await reader.send(await reader.get(question(app)), AUTHORIZE, decision="deny"))

    assert denied["error"] == "access_denied"
    assert not AuthorizationCode.select().exists()


async def test_an_app_without_an_address_gets_its_code_by_hand(reader: Visitor, app: dict[str, str]) -> None:
    consent = await reader.get(question(app, oauth.OUT_OF_BAND))
    page = await reader.follow(await reader.send(consent, AUTHORIZE, decision="allow"))

    code = page.tree.css_first("input.code")
    assert code is not None
    token = await exchange(reader, app, str(code.attributes["value"]), oauth.OUT_OF_BAND)
    assert token.status == 200


async def test_another_account_can_be_used_instead(reader: Visitor, bob: Person, app: dict[str, str]) -> None:
    consent = await reader.get(question(app))

    sign_in = await reader.follow(await reader.follow(await reader.send(consent, "/auth/sign-out")))
    consent = await reader.follow(await reader.send(sign_in, "/auth/sign-in", login="bob", password=PASSWORD))

    assert "@bob@a.test" in consent.words(".people")


async def test_without_our_form_nothing_is_allowed(reader: Visitor, app: dict[str, str]) -> None:
    fields = {name: values[0] for name, values in parse_qs(question(app).partition("?")[2]).items()}

    page = await reader.post(AUTHORIZE, fields | {"decision": "allow"})

    assert page.status == 403
    assert not AuthorizationCode.select().exists()


async def test_an_app_cannot_widen_its_own_access(
    visitor: Visitor, alice: Person, app: dict[str, str], as_person: Any
) -> None:
    """A token that may only read does not stand in for the person at the page of consent."""
    start = await visitor.get("/auth/sign-in")
    fields = {name: values[0] for name, values in parse_qs(question(app).partition("?")[2]).items()}

    page = await visitor.post(
        AUTHORIZE, fields | {"decision": "allow", "csrf": start.value("csrf")}, **as_person(alice, "read")
    )

    assert page.location.startswith("/auth/sign-in")
    assert not AuthorizationCode.select().exists()


async def test_an_unknown_app_is_told_on_a_page(reader: Visitor) -> None:
    page = await reader.get(question({"client_id": "nobody"}))

    assert page.status == 401
    assert "Client authentication failed" in page.words("main")


async def test_who_speaks_for_several_accounts_chooses_one(
    reader: Visitor, alice: Person, bob: Person, app: dict[str, str]
) -> None:
    society = make_organisation(alice)
    consent = await reader.get(question(app))
    assert "@society@a.test" in consent.words("fieldset")

    chosen = answer(await reader.send(consent, AUTHORIZE, decision="allow", account=str(society.account.id)))
    other = await reader.send(consent, AUTHORIZE, decision="allow", account=str(bob.account.id))
    token = await (await exchange(reader, app, chosen["code"])).json()
    who = await reader.client.get(
        "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
    )

    assert (await who.json())["username"] == "society"
    assert other.status == 403
