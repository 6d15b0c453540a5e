"""Becoming a member through an app."""

from typing import Any

import pytest

from node import clock, site, store
from node.jobs import JobKind
from node.models import Application, Role, Token, User
from node.services.access import invites, oauth, registration
from node.services.community import settings
from tests.factories import Person, payload_of, waiting_jobs
from tests.web.conftest import Client, Headers

ENTRY = {"username": "newcomer", "password": "nine words are hard to guess", "agreement": True, "reason": "birds"}


@pytest.fixture
def as_app(app_row: Application) -> Headers:
    with store.transaction():
        _, text = oauth.client_token(app_row, "read write")
    return {"Authorization": f"Bearer {text}"}


def registrations(mode: str) -> None:
    with store.transaction():
        settings.change({"registrations": mode}, None)


async def sign_up(client: Client, headers: Headers, **changes: Any) -> Any:
    return await client.post("/api/v1/accounts", headers=headers, json=ENTRY | changes)


async def test_where_anybody_may_join_the_token_works_at_once(client: Client, as_app: Headers) -> None:
    registrations("open")

    token = await (await sign_up(client, as_app)).json()
    me = await client.get(
        "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
    )

    assert (await me.json())["username"] == "newcomer"


async def test_who_waits_for_approval_cannot_act_yet(client: Client, as_app: Headers) -> None:
    token = await (await sign_up(client, as_app)).json()

    me = await client.get(
        "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
    )

    assert me.status == 403
    assert await me.json() == {"error": "Your login is currently pending approval"}


async def test_nobody_joins_a_closed_node(client: Client, as_app: Headers) -> None:
    registrations("closed")

    response = await sign_up(client, as_app)

    assert response.status == 403
    assert User.select().count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "alice"}, "username"),
        ({"username": "Alice"}, "username"),
        ({"username": "has space"}, "username"),
        ({"username": "admin"}, "username"),
        ({"password": "short"}, "password"),
        ({"agreement": False}, "agreement"),
        ({"reason": ""}, "reason"),
    ],
)
async def test_what_is_wrong_is_said_field_by_field(
    client: Client, alice: Person, as_app: Headers, changes: dict[str, Any], field: str
) -> None:
    response = await sign_up(client, as_app, **changes)

    body = await response.json()
    assert response.status == 422
    assert body["error"].startswith("Validation failed: ")
    assert field in body["details"]


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("2010-11-29", ""),
        ("1900-01-01", ""),
        ("2010-11-30", "ERR_BELOW_LIMIT"),
        ("2026-11-29", "ERR_BELOW_LIMIT"),
        ("2027-01-01", "ERR_INVALID"),
        ("1850-01-01", "ERR_INVALID"),
        ("2001-02-30", "ERR_INVALID"),
        ("20010228", "ERR_INVALID"),
        ("0000-00-00", "ERR_INVALID"),
        ("\u0662\u0660\u0660\u0661-01-01", "ERR_INVALID"),
        ("", "ERR_BLANK"),
    ],
)
async def test_whoever_is_too_young_waits_and_no_day_of_birth_is_kept(
    client: Client, as_app: Headers, born: str, code: str
) -> None:
    with store.transaction():
        settings.change({"registrations": "open", "min_age": 16}, None)

    with clock.frozen(clock.parse_iso("2026-11-29T12:00:00Z") or 0):
        response = await sign_up(client, as_app, date_of_birth=born)
        body = await response.json()

    told = body.get("details", {}).get("date_of_birth", [{"error": ""}])
    assert (response.status, told[0]["error"]) == (422 if code else 200, code)
    assert [user.age_checked_at is not None for user in User.select()] == ([] if code else [True])


async def test_where_nobody_is_asked_for_an_age_a_day_of_birth_is_not_looked_at(
    client: Client, as_app: Headers
) -> None:
    registrations("open")

    response = await sign_up(client, as_app, date_of_birth="2026-01-01")
    instance = await (await client.get("/api/v2/instance")).json()
    with store.transaction():
        settings.change({"min_age": 16}, None)
    asking = await (await client.get("/api/v2/instance")).json()

    assert response.status == 200
    assert User.get().age_checked_at is None
    assert [one["registrations"]["min_age"] for one in (instance, asking)] == [None, 16]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "alice"}, "ERR_TAKEN"),
        ({"username": "admin"}, "ERR_RESERVED"),
        ({"agreement": False}, "ERR_ACCEPTED"),
        ({"reason": ""}, "ERR_BLANK"),
        ({"username": "has space"}, "ERR_INVALID"),
    ],
)
async def test_what_is_wrong_has_a_code_that_apps_know(
    client: Client, alice: Person, as_app: Headers, changes: dict[str, Any], code: str
) -> None:
    with store.transaction():
        settings.change({"reserved_names": ["Admin"]}, None)

    body = await (await sign_up(client, as_app, **changes)).json()

    assert body["details"][next(iter(changes))][0]["error"] == code


CONFIRMATIONS = "/api/v1/emails/confirmations"


@pytest.fixture
async def newcomer(client: Client, as_app: Headers, monkeypatch: pytest.MonkeyPatch) -> Headers:
    """Somebody with a letter on its way to an address with a slip in it."""
    monkeypatch.setattr(site, "sends_mail", True)
    registrations("open")
    token = await (await sign_up(client, as_app, email="newcomer@mial.test")).json()
    return {"Authorization": f"Bearer {token['access_token']}"}


def letters() -> list[str]:
    return [payload_of(letter)["to"] for letter in waiting_jobs(JobKind.SEND_MAIL)]


async def test_who_waits_for_a_letter_may_have_another_one_at_another_address(
    client: Client, newcomer: Headers
) -> None:
    again = await client.post(CONFIRMATIONS, headers=newcomer)
    corrected = await client.post(CONFIRMATIONS, headers=newcomer, json={"email": "newcomer@mail.test"})
    wrong = await client.post(CONFIRMATIONS, headers=newcomer, json={"email": "nothing"})

    assert (again.status, corrected.status, wrong.status) == (200, 200, 422)
    assert letters() == ["newcomer@mial.test"] * 2 + ["newcomer@mail.test"]
    text = payload_of(waiting_jobs(JobKind.SEND_MAIL)[-1])["text"]
    with store.transaction():
        registration.confirm_email(text.partition("confirm-email/")[2].split()[0])
    assert (await client.get("/api/v1/accounts/verify_credentials", headers=newcomer)).status == 200
    assert User.get().email_key == "newcomer@mail.test"
    assert (await client.post(CONFIRMATIONS, headers=newcomer)).status == 403


async def test_letters_are_sent_to_nobody_else_and_come_to_an_end(
    client: Client, newcomer: Headers, alice: Person, as_person: Any, as_app: Headers
) -> None:
    asked = [{}, as_person(alice), as_app, {"Authorization": "Bearer nonsense"}]
    refused = [(await client.post(CONFIRMATIONS, headers=headers)).status for headers in asked]
    await store.write(
        lambda: Token.update(scopes="read").where(Token.user == User.get(email="newcomer@mial.test")).execute()
    )
    narrow = await client.post(CONFIRMATIONS, headers=newcomer)

    assert (refused, narrow.status) == ([401, 403, 422, 401], 403)
    assert letters() == ["newcomer@mial.test"]
    for _ in range(5):  # counted together with all others that come from here
        last = await client.post(CONFIRMATIONS, headers=newcomer)
    assert last.status == 429


async def test_an_app_reads_an_invitation_and_signs_up_with_it(
    client: Client, alice: Person, as_app: Headers
) -> None:
    with store.transaction():
        settings.change({"registrations": "invite", "invites_from": Role.USER}, None)
        code = invites.create(alice.account).code
    asking = {"Accept": "application/json"}

    told = await (await client.get(f"/invite/{code}", headers=asking)).json()
    joined = await sign_up(client, as_app, invite_code=told["invite_code"])
    used_up = await client.get(f"/invite/{code}", headers=asking)
    page = await client.get(f"/invite/{code}", headers={"Accept": "text/html,application/json;q=0.9"})

    assert told == {"invite_code": code, "instance_api_url": "https://a.test/api/v2/instance"}
    assert (joined.status, used_up.status) == (200, 401)
    assert await used_up.json() == {"error": invites.WORTHLESS}
    assert (page.status, page.content_type) == (422, "text/html")


async def test_people_do_not_sign_up_others(client: Client, alice: Person, as_person: Any) -> None:
    response = await sign_up(client, as_person(alice))

    assert response.status == 403


async def test_without_an_app_nobody_signs_up(client: Client, db: None) -> None:
    assert (await sign_up(client, {})).status == 401
