"""Whether the node reaches others, in plain words."""

import pytest

from node import clock
from node.models import Destination
from node.services.servers import delivery_health
from tests.factories import in_unit
from tests.web.pages.visitor import Visitor


@pytest.fixture(autouse=True)
def nothing_known(db: None) -> None:
    delivery_health.forget()


async def test_a_new_node_is_well(visitor: Visitor) -> None:
    page = await visitor.get("/status")

    assert page.status == 200
    assert "Everything works" in page.words(".notice.ok")
    assert "Nothing yet" in page.words(".keys")
    assert "noindex" in page.headers["X-Robots-Tag"]


async def test_it_counts_servers_and_names_none(visitor: Visitor) -> None:
    now = clock.now_ms()
    with in_unit():
        Destination.create(host="near.test", due_at=now + clock.HOUR, last_success_at=now)
        Destination.create(host="far.test", state="dead", due_at=now + clock.HOUR)

    page = await visitor.get("/status")

    assert "Servers that are reached1" in page.words(".keys")
    assert "not answered for days1" in page.words(".keys")
    assert "far.test" not in page.text


async def test_it_says_that_posts_are_late(visitor: Visitor) -> None:
    with in_unit():
        Destination.create(host="near.test", due_at=clock.now_ms() - 2 * clock.HOUR)

    page = await visitor.get("/status")

    assert "late at the moment" in page.words(".notice.bad")


async def test_all_pages_lead_there(visitor: Visitor, reader: Visitor) -> None:
    for browser in (visitor, reader):
        assert (await browser.get("/about")).tree.css_first('.foot a[href="/status"]') is not None
