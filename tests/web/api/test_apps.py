"""Apps register, and find out who they are."""

from typing import Any

import pytest

from tests.web.conftest import Client


async def register(client: Client, **fields: Any) -> Any:
    wish = {"client_name": "Ivory", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write"} | fields
    return await client.post("/api/v1/apps", json=wish)


async def test_an_app_registers_and_is_told_its_secret_once(client: Client) -> None:
    response = await register(client, website="https://ivory.test")

    app = await response.json()
    assert response.status == 200
    assert app["client_id"]
    assert app["client_secret"]
    assert (app["name"], app["website"], app["scopes"]) == ("Ivory", "https://ivory.test", ["read", "write"])


@pytest.mark.parametrize(
    "uris",
    ["app://done\nhttps://app.test/cb", ["app://done", "https://app.test/cb"]],
)
async def test_several_redirects_come_as_lines_or_as_a_list(client: Client, uris: Any) -> None:
    app = await (await register(client, redirect_uris=uris)).json()

    assert app["redirect_uris"] == ["app://done", "https://app.test/cb"]
    assert app["redirect_uri"] == "app://done\nhttps://app.test/cb"


@pytest.mark.parametrize(
    "fields",
    [
        {"client_name": ""},
        {"redirect_uris": ""},
        {"redirect_uris": "not a uri"},
        {"redirect_uris": "javascript:alert(1)"},
        {"website": "ftp://x"},
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(client: Client, fields: dict[str, str]) -> None:
    response = await register(client, **fields)

    assert response.status == 422
    assert (await response.json())["error"].startswith("Validation failed: ")


async def test_unknown_scopes_are_refused(client: Client) -> None:
    response = await register(client, scopes="read everything")

    assert response.status == 400


async def test_a_token_of_the_app_alone_tells_which_app(client: Client) -> None:
    app = await (await register(client)).json()
    token = await (
        await client.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": app["client_id"],
                "client_secret": app["client_secret"],
            },
        )
    ).json()

    response = await client.get(
        "/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {token['access_token']}"}
    )

    assert response.status == 200
    assert (await response.json())["name"] == "Ivory"


async def test_without_a_token_there_is_no_app(client: Client) -> None:
    response = await client.get("/api/v1/apps/verify_credentials")

    assert response.status == 401
    assert await response.json() == {"error": "The access token is invalid"}
