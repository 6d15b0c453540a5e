"""Tokens that people make for their own scripts."""

from typing import Any

import pytest

from node import store
from node.models import Role, Token
from node.services.access import attempts, oauth
from tests.factories import PASSWORD, Person, make_person
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor

PAGE = "/settings/apps"


@pytest.fixture(autouse=True)
def forgiven() -> None:
    attempts.forget()


async def make(reader: Visitor, *scopes: str, **typed: Any) -> Page:
    fields = {"name": "My weather station", "password": PASSWORD, "scopes": list(scopes)} | typed
    return await reader.send(await reader.get(PAGE), PAGE, **fields)


def token_in(page: Page) -> str:
    node = page.tree.css_first("#token")
    assert node is not None, page.words("main")
    return str(node.attributes["value"])


async def test_a_token_is_shown_once_and_does_what_was_chosen(reader: Visitor, client: Client, alice: Person) -> None:
    text = token_in(await make(reader, "write:statuses", "read:accounts"))

    headers = {"Authorization": f"Bearer {text}"}
    posted = await client.post("/api/v1/statuses", json={"status": "12 degrees."}, headers=headers)
    me = await client.get("/api/v1/accounts/verify_credentials", headers=headers)
    refused = await client.get("/api/v1/timelines/home", headers=headers)
    assert (posted.status, me.status, refused.status) == (200, 200, 403)
    assert (await me.json())["username"] == "alice"
    listed = await reader.get(PAGE)
    assert "My weather station" in listed.words(".rows")
    assert "used" in listed.words(".rows")
    assert text not in listed.text


async def test_what_a_wider_scope_holds_is_not_said_twice(reader: Visitor) -> None:
    token_in(await make(reader, "read", "read:statuses", "write:media"))

    assert Token.get().scopes == "read write:media"


async def test_it_is_taken_back(reader: Visitor, client: Client) -> None:
    text = token_in(await make(reader, "read"))

    await reader.press(await reader.get(PAGE), f"{PAGE}/{Token.get().id}/revoke")

    headers = {"Authorization": f"Bearer {text}"}
    assert (await client.get("/api/v1/accounts/verify_credentials", headers=headers)).status == 401


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password": "not the password"}, "password"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "everything"]}, "scopes"),
        ({"scopes": ["admin:read"]}, "scopes"),
    ],
)
async def test_what_is_wrong_is_said_and_makes_nothing(reader: Visitor, typed: dict[str, Any], field: str) -> None:
    page = await make(reader, "read", **typed)

    assert page.status == 422
    assert page.error(field)
    assert not Token.select().exists()


async def test_what_was_typed_stays_but_for_the_password(reader: Visitor) -> None:
    page = await make(reader, "write:media", password="not the password")

    assert page.value("name") == "My weather station"
    assert page.value("password") == ""
    ticked = [node.attributes["value"] for node in page.tree.css("[name=scopes][checked]")]
    assert ticked == ["write:media"]


async def test_scopes_of_the_staff_are_for_the_staff(client: Client) -> None:
    staff = Visitor(client).sign_in(make_person("mona", role=Role.MODERATOR))

    token_in(await make(staff, "admin:read"))

    assert Token.get().scopes == "admin:read"


async def test_there_is_a_limit(reader: Visitor, alice: Person) -> None:
    with store.transaction():
        app = oauth.register_app("App", [oauth.OUT_OF_BAND])[0]
        for _ in range(oauth.MOST_TOKENS):
            oauth.create_token(app, "read", user_id=alice.user.id, account_id=alice.account.id)

    page = await make(reader, "read")

    assert page.status == 422
    assert "Take some back first" in page.error()
    assert Token.select().count() == oauth.MOST_TOKENS
