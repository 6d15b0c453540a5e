"""What is being talked about, and whom one may meet."""

import pytest

from node import clock, store
from node.models import Account, Status
from node.services.community import settings
from node.services.relationships import blocks
from tests.factories import Person, in_unit, make_person, make_remote
from tests.web.conftest import TALKED_ABOUT
from tests.web.pages.visitor import Visitor
from web.pages import visitors

TABS = ("/explore", "/explore/tags", "/explore/links")


async def test_visitors_see_what_is_talked_about(visitor: Visitor, talk: Status) -> None:
    liked, tags, links = [await visitor.get(path) for path in TABS]

    assert liked.tree.css_first(f"#post-{talk.id}") is not None
    assert "#storm2 people talk about it" in tags.words(".rows")
    assert links.tree.css_first(".linkcard").attributes["href"] == TALKED_ABOUT
    assert "A storm" in links.words(".rows")
    assert liked.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize("path", TABS)
async def test_where_nothing_is_talked_about_the_page_says_what_will_be_there(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)

    assert page.status == 200
    assert page.words(".empty")


@pytest.mark.parametrize("path", TABS)
async def test_a_community_may_keep_it_for_members(visitor: Visitor, reader: Visitor, path: str) -> None:
    with store.transaction():
        settings.change({"public_timelines": False}, None)

    refused = await visitor.get(path)

    assert (refused.status, refused.location) == (303, f"/auth/sign-in?next={path}")
    assert (await reader.get(path)).status == 200


async def test_nobody_sees_there_whom_they_block(other: Visitor, talk: Status, alice: Person, bob: Person) -> None:
    before = await other.get("/explore")
    with in_unit():
        blocks.block(bob.account.id, alice.account.id)

    after = await other.get("/explore")

    assert before.tree.css_first(f"#post-{talk.id}") is not None
    assert after.tree.css_first(f"#post-{talk.id}") is None


async def test_readers_are_told_whom_to_follow(reader: Visitor, talk: Status) -> None:
    dora = make_person("dora")
    with in_unit():
        changes = {"discoverable": True, "last_status_at": clock.now_ms()}
        Account.update(changes).where(Account.id == dora.account.id).execute()

    page = await reader.get("/explore/tags")

    assert "@dora" in page.words(".side .people")
    followed = await reader.press(page, f"/accounts/{dora.account.id}/follow")
    assert followed.location == "/explore/tags"


async def test_the_navigation_leads_there(visitor: Visitor, reader: Visitor) -> None:
    assert (await visitor.get("/about")).tree.css_first('nav a[href="/explore"]') is not None
    assert (await reader.get("/home")).tree.css_first('nav a[href="/explore"]') is not None


async def test_the_directory_is_for_who_wants_to_be_found(visitor: Visitor, reader: Visitor) -> None:
    found, hidden, remote = make_person("dora"), make_person("eve"), make_remote("far", "far.test")
    with in_unit():
        Account.update(discoverable=True).where(Account.id.in_([found.account.id, remote.id])).execute()
        Account.update(last_status_at=clock.now_ms()).execute()
    visitors.forget()

    here, everywhere = await visitor.get("/people"), await reader.get("/people?place=everywhere")

    assert "@dora" in here.words(".people")
    assert hidden.account.username not in here.words(".people")
    assert "@far@far.test" not in here.words(".people")
    assert "@far@far.test" in everywhere.words(".people")
    assert "@far@far.test" not in (await visitor.get("/people?place=everywhere")).words(".people")


async def test_who_came_last_is_found_before_they_wrote_anything(visitor: Visitor) -> None:
    dora = make_person("dora")
    with in_unit():
        Account.update(discoverable=True).where(Account.id == dora.account.id).execute()

    active, newest = await visitor.get("/people"), await visitor.get("/people?order=new")

    assert active.words(".empty")
    assert "@dora" in newest.words(".people")
    assert newest.words(".chips [aria-current]") == "New here"
