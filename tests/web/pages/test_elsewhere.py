"""People and posts of another server, fetched because somebody here wants to see them."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import store
from node.config import Config
from node.jobs import JobKind
from node.models import Account, LinkState, Mention, Status, ThreadFetch, ThreadLink
from tests.factories import Person, waiting_jobs
from tests.federation.incoming.fediverse import Elsewhere
from tests.federation.loopback import LOOPBACK
from tests.web.conftest import Client, complete_app
from tests.web.pages.visitor import Visitor


@pytest.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as server:
        yield server


@pytest.fixture
async def client(db: None, config: Config) -> AsyncIterator[Client]:
    """Of a node that may reach servers on loopback."""
    open_config = msgspec.structs.replace(config, outgoing_allow=(LOOPBACK,), plain_http=True)
    async with complete_app(open_config) as app, Client(TestServer(app)) as client:
        yield client


async def test_a_pasted_handle_finds_a_person(reader: Visitor, elsewhere: Elsewhere) -> None:
    elsewhere.somebody("carol", name="Carol Corvid")
    handle = f"carol@{elsewhere.authority}"

    found = await reader.get(f"/search?q=@{handle}")
    page = await reader.follow(found)

    assert found.location == f"/@{handle}"
    assert page.title == "Carol Corvid"


async def test_a_pasted_address_finds_a_post_and_its_author(reader: Visitor, elsewhere: Elsewhere) -> None:
    carol = elsewhere.somebody("carol")
    note = carol.note("Written elsewhere.")
    elsewhere.serve(note)

    page = await reader.follow(await reader.get(f"/search?q={note['id']}"))

    assert "Written elsewhere." in page.words("article.root .body")


async def test_who_is_signed_in_may_ask_for_a_profile_that_is_not_known_here(
    visitor: Visitor, reader: Visitor, elsewhere: Elsewhere
) -> None:
    elsewhere.somebody("carol")
    path = f"/@carol@{elsewhere.authority}"

    before = await visitor.get(path)
    asked = len(elsewhere.received)
    page = await reader.get(path)
    after = await visitor.get(path)

    assert (before.status, asked) == (404, 0)
    assert page.status == after.status == 200


async def test_an_old_profile_is_looked_at_again_and_kept_when_its_server_is_silent(
    reader: Visitor, elsewhere: Elsewhere
) -> None:
    carol = elsewhere.somebody("carol", name="Carol")
    path = f"/@carol@{elsewhere.authority}"
    await reader.get(path)

    def let_a_day_pass() -> None:
        with store.transaction():
            Account.update(fetched_at=1).where(Account.uri == carol.uri).execute()

    let_a_day_pass()
    elsewhere.serve(carol.document(name="Carol the Second"))
    renamed = await reader.get(path)
    let_a_day_pass()
    elsewhere.on("/users/carol", status=500)
    silent = await reader.get(path)
    in_german = await reader.get(path, **{"Accept-Language": "de"})

    assert renamed.title == silent.title == "Carol the Second"
    assert "could not be reached" not in renamed.text
    assert "could not be reached" in silent.text
    assert f"{elsewhere.authority} war gerade nicht zu erreichen" in in_german.text


async def test_the_server_of_a_thread_is_asked_for_more(reader: Visitor, elsewhere: Elsewhere) -> None:
    carol = elsewhere.somebody("carol")
    note = carol.note("A long conversation.")
    note["replies"] = f"{note['id']}/replies"
    elsewhere.serve(note)
    page = await reader.follow(await reader.get(f"/search?q={note['id']}"))
    status = Status.get(Status.uri == note["id"])

    after = await reader.follow(await reader.press(page, f"/statuses/{status.id}/refresh"))

    fetch = ThreadFetch.get()
    assert [job.subject for job in waiting_jobs(JobKind.FETCH_THREAD)] == [fetch.id]
    assert ThreadLink.get().uri == note["replies"]
    assert f"{elsewhere.authority} is being asked for more" in after.words(".fetch")
    assert "Ask again" in after.words(".fetch")


async def test_a_thread_says_how_much_of_it_is_known_and_who_did_not_answer(
    visitor: Visitor, reader: Visitor, elsewhere: Elsewhere
) -> None:
    carol = elsewhere.somebody("carol")
    note = carol.note("A long conversation.")
    note["replies"] = {"id": f"{note['id']}/replies", "type": "Collection", "totalItems": 5}
    elsewhere.serve(note)
    found = await reader.get(f"/search?q={note['id']}")
    await reader.follow(found)
    with store.transaction():
        ThreadFetch.update(finished_at=ThreadFetch.asked_at).execute()
        ThreadLink.update(state=LinkState.FAILED).execute()

    opened = await reader.get(found.location)
    looked_at = await visitor.get(found.location)

    for one in (opened, looked_at):
        assert "0 replies of 5 are known here." in one.words(".fetch")
        assert f"{elsewhere.authority} did not answer everything." in one.words(".fetch")
    assert ("Ask again" in opened.words(".fetch"), "Ask again" in looked_at.words(".fetch")) == (True, False)


async def test_whoever_is_named_in_a_post_is_looked_up_first(
    reader: Visitor, alice: Person, elsewhere: Elsewhere
) -> None:
    carol = elsewhere.somebody("carol")
    page = await reader.get("/compose")

    await reader.send(page, "/compose", text=f"Hello @carol@{elsewhere.authority}", do="post")

    mention = Mention.get()
    assert Account.get_by_id(mention.account_id).uri == carol.uri
    assert waiting_jobs(JobKind.SEND_STATUS)
