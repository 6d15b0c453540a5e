"""A client of the whole application: real routes, a real database, real tokens.

- `client`: speaks to `build_app(config)`; what the API answers is compared with its description (schema.py).
- `token(person, scopes)`: an access token's text. `as_person(person, scopes)`: headers with one.
- `browser(person)`: cookies of somebody who is signed in.
- `talk`: what trends.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from federation.context import FEDERATION, Federation
from federation.http.door import Door
from node import store
from node.config import Config
from node.models import Account, Application, PreviewCard, Status
from node.services import accounts
from node.services.access import oauth, sessions
from node.services.notifications import push
from node.services.statuses import cards
from node.services.statuses.cards import CardFacts
from tests.factories import Person, in_unit, rsa_keys
from tests.factories_posts import make_status
from tests.web import schema
from web import cookies
from web.app import build_app

ALL_SCOPES = "read write follow push profile"
TALKED_ABOUT = "https://news.test/storm"

Headers = dict[str, str]


class Client(TestClient[Any, Any]):
    """Follows no redirects, and checks each answer in JSON."""

    async def _request(self, method: str, path: Any, **kwargs: Any) -> ClientResponse:
        kwargs.setdefault("allow_redirects", False)
        response = await super()._request(method, path, **kwargs)
        if response.content_type == "application/json" and method != "HEAD":
            schema.check(method, response.url.path, response.status, await response.json())
        return response


@asynccontextmanager
async def complete_app(config: Config) -> AsyncIterator[web.Application]:
    """The application with a way out to other servers, and the actor that signs what goes through it."""
    with store.transaction():
        accounts.ensure_instance_actor(rsa_keys())
        push.ensure_key()
    app = build_app(config)
    async with Door(config) as door:
        app[FEDERATION] = Federation(config=config, door=door)
        yield app


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    async with complete_app(config) as app, Client(TestServer(app)) as client:
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


@pytest.fixture
def browser(db: None) -> Callable[[Person], Headers]:
    def make(person: Person) -> Headers:
        with store.transaction():
            session = sessions.open(person.user, person.account, "127.0.0.1", "a browser")
        return {"Cookie": f"{cookies.SESSION}={session}"}

    return make


@pytest.fixture
def talk(alice: Person, bob: Person) -> Status:
    """Two people speak of the storm; what alice said is liked by two."""
    with in_unit():
        Account.update(discoverable=True).where(Account.id == alice.account.id).execute()
        said = make_status(alice, f"#storm {TALKED_ABOUT}")
        make_status(bob, f"#Storm #alone {TALKED_ABOUT}")
        card = PreviewCard.get(PreviewCard.key == TALKED_ABOUT)
        cards.receive(card.id, CardFacts(url=TALKED_ABOUT, title="A storm"))
        Status.update(favourites_count=2).where(Status.id == said.id).execute()
    return Status.get_by_id(said.id)
