"""`here` is our node, `there` another server, `carol` somebody on it whom `alice` follows."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import TestServer

from federation.context import FEDERATION, Budget, Federation
from federation.finding import resolve
from federation.http.door import Door
from node import jobs
from node.config import Config
from node.services import accounts
from node.services.servers import domains
from tests.factories import Person, in_unit, rsa_keys
from tests.factories_posts import make_follow
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account
from tests.federation.loopback import LOOPBACK
from web.app import build_app


@pytest.fixture
def config(config: Config) -> Config:
    return msgspec.structs.replace(config, plain_http=True, outgoing_allow=(LOOPBACK,))


@pytest.fixture
async def here(db: None, config: Config) -> AsyncIterator[Here]:
    with in_unit():
        accounts.ensure_instance_actor(rsa_keys())
    async with Door(config, refuses=domains.is_ruled_out) as door, aiohttp.ClientSession() as session:
        fed = Federation(config=config, door=door)
        app = build_app(config)
        app[FEDERATION] = fed
        async with TestServer(app) as server:
            yield Here(server, fed, session)
    jobs._finished.clear()  # what a worker would have noticed; here jobs run without one


@pytest.fixture
async def there() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as server:
        yield server


@pytest.fixture
async def carol(here: Here, there: Elsewhere, alice: Person) -> Somebody:
    """Known here since alice follows her."""
    carol = there.somebody("carol")
    await resolve.account(here.fed, carol.uri, budget=Budget(5))
    make_follow(alice, account(carol))
    there.received.clear()
    return carol
