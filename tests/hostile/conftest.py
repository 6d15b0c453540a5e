"""A node that other servers on this machine can write to (`here`, `there`, `carol`), and a client of it (`client`)."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import TestServer

from federation.context import FEDERATION
from node import jobs
from node.config import Config
from tests.federation.incoming.conftest import carol, there
from tests.federation.incoming.fediverse import Here
from tests.federation.loopback import LOOPBACK
from tests.web.conftest import Client, app_row, as_person, complete_app, token
from web.pages import visitors

__all__ = ["app_row", "as_person", "carol", "there", "token"]


@pytest.fixture
def config(config: Config) -> Config:
    """Whoever tries everything asks more often than people do."""
    return msgspec.structs.replace(config, rate_limits=False, plain_http=True, outgoing_allow=(LOOPBACK,))


@pytest.fixture
async def client(db: None, config: Config, open_reading: None) -> AsyncIterator[Client]:
    visitors.forget()
    async with complete_app(config) as app, Client(TestServer(app)) as client:
        yield client
    jobs._finished.clear()  # what a worker would have noticed; here jobs run without one


@pytest.fixture
async def here(client: Client) -> AsyncIterator[Here]:
    assert isinstance(client.server, TestServer)
    async with aiohttp.ClientSession() as session:
        yield Here(client.server, client.server.app[FEDERATION], session)
