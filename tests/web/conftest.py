"""A client of the whole application: real routes, a real database, real tokens.

- `client`: speaks to `build_app(config)`; use `await client.get("/api/…")`.
- `token(person, scopes)`: an access token's text. `as_person(person, scopes)`: headers with one.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from node import store
from node.config import Config
from node.models import Application
from node.services import oauth
from tests.factories import Person, in_unit
from web.app import build_app

ALL_SCOPES = "read write follow push profile"

Headers = dict[str, str]


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(build_app(config))) as client:
        yield client


@pytest.fixture
def app_row(db: None) -> Application:
    """A registered application that may ask for everything."""
    with in_unit():
        app, _ = oauth.register_app("Tester", [oauth.OUT_OF_BAND], ALL_SCOPES, "https://tester.test")
    return app


@pytest.fixture
def token(app_row: Application) -> Callable[..., str]:
    def make(person: Person, scopes: str = ALL_SCOPES) -> str:
        with store.transaction():
            _, text = oauth.create_token(app_row, scopes, user_id=person.user.id, account_id=person.account.id)
        return text

    return make


@pytest.fixture
def as_person(token: Callable[..., str]) -> Callable[..., Headers]:
    def headers(person: Person, scopes: str = ALL_SCOPES) -> Headers:
        return {"Authorization": f"Bearer {token(person, scopes)}"}

    return headers
