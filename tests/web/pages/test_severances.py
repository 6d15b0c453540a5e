"""Follows that ended: told in apps and on pages, with their lists as files."""

from typing import Any

import pytest

from node.models import Severance, Severity
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from tests.factories import Person, befriend, in_unit
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor


@pytest.fixture
def event(alice: Person, remote: Any) -> Severance:
    carol = remote("carol", "loud.test")
    befriend(alice.account, carol)
    befriend(carol, alice.account)
    with in_unit():
        domain_blocks.block("loud.test", Severity.SUSPEND, Terms(), None)
    return Severance.get()


async def test_the_page_tells_of_it_and_gives_the_lists(reader: Visitor, event: Severance) -> None:
    link = (await reader.get("/notifications")).tree.css_first("a.cite")
    assert link is not None
    page = await reader.get(str(link.attributes["href"]))
    links = [str(one.attributes["href"]) for one in page.tree.css("a[download]")]
    files = [await reader.get(path) for path in links]

    assert "blocked loud.test" in page.words("main")
    assert [file.text for file in files] == [
        "Account address,Show boosts,Notify on new posts,Languages\r\ncarol@loud.test,true,false,\r\n",
        "Account address\r\ncarol@loud.test\r\n",
    ]
    assert "attachment" in files[0].headers["Content-Disposition"]
    assert files[0].headers["Cache-Control"] == "private, no-store"


async def test_nobody_else_gets_them_and_forgotten_ones_are_not_there(
    reader: Visitor, other: Visitor, visitor: Visitor, event: Severance
) -> None:
    path = f"/severed_relationships/{event.id}/following.csv"

    found = [(await one.get(path)).status for one in (reader, other, visitor)]
    with in_unit():
        Severance.update(purged=True).execute()

    assert found == [200, 404, 303]
    assert (await reader.get(path)).status == 404
    assert (await reader.get(f"/severed_relationships/{event.id}/else.csv")).status == 404
    assert "The lists are forgotten." in (await reader.get("/severed_relationships")).words("main")
    assert "loud.test" not in (await other.get("/severed_relationships")).text


@pytest.mark.parametrize("path", ["/api/v1/notifications", "/api/v2/notifications"])
async def test_apps_are_told(client: Client, alice: Person, as_person: Any, event: Severance, path: str) -> None:
    found = await (await client.get(path, headers=as_person(alice))).json()

    (one,) = found["notification_groups"] if isinstance(found, dict) else found
    told = one["event"]
    assert one["type"] == "severed_relationships"
    assert (told["type"], told["target_name"], told["purged"]) == ("domain_block", "loud.test", False)
    assert (told["following_count"], told["followers_count"]) == (1, 1)
