"""Another name, aliases, and moving away, with another server there to be asked."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import store
from node.config import Config
from node.jobs import JobKind
from node.models import Account
from node.services import accounts
from node.services.access import attempts
from tests.factories import PASSWORD, Person, waiting_jobs
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Elsewhere
from tests.federation.loopback import LOOPBACK
from tests.web.conftest import Client, complete_app
from tests.web.pages.visitor import Visitor

_PAGE = "/settings/moving"


@pytest.fixture(autouse=True)
def forgiven() -> None:
    attempts.forget()


@pytest.fixture
async def there() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as server:
        yield server


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    """Of a node that may reach servers on loopback."""
    open_config = msgspec.structs.replace(config, outgoing_allow=(LOOPBACK,), plain_http=True)
    async with complete_app(open_config) as app, Client(TestServer(app)) as client:
        yield client


def fresh(person: Person) -> Account:
    return Account.get_by_id(person.account.id)


async def test_a_name_is_changed_with_the_password_and_the_old_one_leads_on(
    reader: Visitor, visitor: Visitor, alice: Person
) -> None:
    status = make_status(alice)
    form = await reader.get(_PAGE)

    wrong = await reader.send(form, f"{_PAGE}/name", username="alicia", name_password="not it")
    taken = await reader.send(form, f"{_PAGE}/name", username="admin", name_password=PASSWORD)
    done = await reader.send(form, f"{_PAGE}/name", username="alicia", name_password=PASSWORD)

    assert (wrong.status, taken.status) == (422, 422)
    assert wrong.error("name_password")
    assert taken.error("username")
    assert done.location == _PAGE
    assert fresh(alice).username == "alicia"
    for path in ("", "/replies", "/followers", f"/{status.id}"):
        moved = await visitor.get(f"/@alice{path}")
        assert (moved.status, moved.location) == (302, f"/@alicia{path}")
        assert (await visitor.get(moved.location)).status == 200
    assert (await visitor.get("/@nobody")).status == 404


async def test_an_alias_is_added_and_removed(reader: Visitor, alice: Person, there: Elsewhere) -> None:
    old = there.somebody("alice_there")
    form = await reader.get(_PAGE)

    nobody = await reader.send(form, f"{_PAGE}/aliases", handle=f"@nobody@{there.authority}")
    oneself = await reader.send(form, f"{_PAGE}/aliases", handle="@alice@a.test")
    await reader.send(form, f"{_PAGE}/aliases", handle=f"@alice_there@{there.authority}")

    assert (nobody.status, oneself.status) == (422, 422)
    assert nobody.error("handle")
    assert accounts.aliases(fresh(alice)) == [old.uri]
    assert len(waiting_jobs(JobKind.SEND_PROFILE)) == 1

    page = await reader.get(_PAGE)
    assert f"@alice_there@{there.authority}" in page.words(".rows")
    await reader.send(page, f"{_PAGE}/aliases/remove")
    assert accounts.aliases(fresh(alice)) == []


async def test_one_moves_to_an_account_that_agrees(
    reader: Visitor, visitor: Visitor, alice: Person, there: Elsewhere
) -> None:
    new = there.somebody("alice_there")
    target = f"@alice_there@{there.authority}"
    form = await reader.get(_PAGE)

    early = await reader.send(form, f"{_PAGE}/move", target=target, password=PASSWORD)
    there.serve(new.document(alsoKnownAs=[alice.account.uri]))
    wrong = await reader.send(form, f"{_PAGE}/move", target=target, password="not it")
    nobody = await reader.send(form, f"{_PAGE}/move", target="nonsense", password=PASSWORD)
    assert (early.status, wrong.status, nobody.status) == (422, 422, 422)
    assert nobody.error("target")
    assert fresh(alice).moved_to is None

    done = await reader.send(form, f"{_PAGE}/move", target=target, password=PASSWORD)
    assert done.location == _PAGE
    assert len(waiting_jobs(JobKind.SEND_MOVE)) == 1
    assert target in (await visitor.get("/@alice")).words(".notice")

    page = await reader.get(_PAGE)
    await reader.send(page, f"{_PAGE}/stay")
    assert fresh(alice).moved_to is None
    assert "move again" in (await reader.get(_PAGE)).words("section")


async def test_the_api_shows_where_somebody_went(client: Client, alice: Person, bob: Person) -> None:
    with store.transaction():
        Account.update(moved_to=bob.account.id).where(Account.id == alice.account.id).execute()

    answer = await client.get(f"/api/v1/accounts/{alice.account.id}")

    assert (await answer.json())["moved"]["acct"] == "bob"
