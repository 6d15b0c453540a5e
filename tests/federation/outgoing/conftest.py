"""`alice` and `bob` are here, `carol` and `dave` on `remote.test`; `erin` on `small.test`, without a shared inbox."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from node import jobs
from node.config import Config
from node.models import Account
from node.services import accounts
from tests.factories import in_unit, rsa_keys
from tests.federation.outgoing.reader import Node, serving


@pytest.fixture
def carol(remote: Callable[..., Account]) -> Account:
    return remote("carol")


@pytest.fixture
def dave(remote: Callable[..., Account]) -> Account:
    return remote("dave")


@pytest.fixture
def erin(remote: Callable[..., Account]) -> Account:
    return remote("erin", "small.test", shared_inbox="")


@pytest.fixture
def instance_actor(db: None) -> Account:
    with in_unit():
        return accounts.ensure_instance_actor(rsa_keys())


@pytest.fixture(autouse=True)
def _no_worker() -> Iterator[None]:
    """What a worker would have noticed; here jobs run without one."""
    yield
    jobs._finished.clear()


@pytest.fixture
async def node(config: Config, instance_actor: Account, open_reading: None) -> AsyncIterator[Node]:
    """This node over HTTP, with public documents for everybody."""
    async with serving(config) as node:
        yield node


@pytest.fixture
async def guarded(config: Config, instance_actor: Account) -> AsyncIterator[Node]:
    """The same as nodes are by default: whoever reads signs."""
    async with serving(config) as node:
        yield node
