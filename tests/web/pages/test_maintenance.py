"""Planned maintenance: what everybody is told, and who still writes."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Favourite, Maintenance, Status
from node.services.community import maintenance
from node.services.community.maintenance import Window
from tests.factories import PASSWORD, Person
from tests.factories_posts import make_status
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

PAGE = "/admin/maintenance"


@pytest.fixture
def planned(db: None) -> Callable[..., Maintenance]:
    def plan(*, start: int = 0, **wishes: Any) -> Maintenance:
        now = clock.now_ms()
        window = Window(starts_at=now + start, ends_at=now + start + clock.HOUR, **wishes)
        with store.transaction():
            return maintenance.plan(window, None)

    return plan


async def test_it_is_planned_told_and_called_off(admin: Visitor, visitor: Visitor) -> None:
    start = clock.now_ms() + clock.DAY
    times = {"starts_at": clock.iso(start)[:16], "ends_at": clock.iso(start + clock.HOUR)[:16]}

    before = await visitor.get("/about")
    await admin.send(await admin.get(PAGE), PAGE, **times, text="A <b>new</b> disk", read_only="on")
    row = Maintenance.get()
    after, status = await visitor.get("/about"), await visitor.get("/status")
    back = await admin.press(await admin.get(PAGE), f"{PAGE}/{row.id}/end")

    assert "will be worked on" not in before.text
    assert "A <b>new</b> disk" in after.words("aside.notice")
    assert "nothing can be written" in after.words("aside.notice")
    assert "A <b>new</b> disk" in status.words("main li")
    assert (back.location, row.read_only, row.holds_deliveries) == (PAGE, True, False)
    assert "will be worked on" not in (await visitor.get("/about")).text


async def test_times_that_are_none_come_back_with_what_was_typed(admin: Visitor) -> None:
    form = await admin.get(PAGE)

    page = await admin.send(form, PAGE, starts_at="soon", ends_at="2026-01-01T00:00", text="Disk")

    assert (page.status, page.value("text")) == (422, "Disk")
    assert page.error("starts_at") == "This is not a time."
    assert not Maintenance.select().exists()


async def test_one_that_is_not_there_cannot_be_ended(admin: Visitor) -> None:
    csrf = (await admin.get(PAGE)).value("csrf")

    assert (await admin.post(f"{PAGE}/1/end", {"csrf": csrf})).status == 404


async def test_while_nothing_is_written_people_read_and_administrators_write(
    planned: Callable[..., Maintenance], reader: Visitor, admin: Visitor, bob: Person
) -> None:
    status = make_status(bob, "Birds")
    path, press = f"/@bob/{status.id}", f"/statuses/{status.id}/favourite"
    page, theirs = await reader.get(path), await admin.get(path)
    planned(read_only=True)

    refused = await reader.press(page, press)
    read = await reader.get(path)
    assert refused.status == 503
    assert 0 < int(refused.headers["Retry-After"]) <= 3_600
    assert "takes nothing new until" in refused.words(".lead")
    assert (read.status, Favourite.select().count()) == (200, 0)

    await admin.press(theirs, press)
    assert Favourite.select().count() == 1


async def test_apps_and_other_servers_come_again_later(
    planned: Callable[..., Maintenance], client: Client, alice: Person, as_person: Any
) -> None:
    mine = as_person(alice)
    row = planned(read_only=True)

    posted = await client.post("/api/v1/statuses", json={"status": "Hello"}, headers=mine)
    told = await client.post("/ap/inbox", json={})
    read = await client.get("/api/v1/timelines/home", headers=mine)
    assert [one.status for one in (posted, told, read)] == [503, 503, 200]
    assert "Retry-After" in posted.headers
    assert "worked on" in (await posted.json())["error"]

    with store.transaction():
        maintenance.end(row.id, None)
    assert (await client.post("/api/v1/statuses", json={"status": "Hello"}, headers=mine)).status == 200
    assert Status.select().count() == 1


async def test_whoever_is_to_end_it_gets_in(
    planned: Callable[..., Maintenance], visitor: Visitor, ada: Person
) -> None:
    row = planned(read_only=True)

    form = await visitor.get("/auth/sign-in")
    await visitor.send(form, "/auth/sign-in", login="ada", password=PASSWORD)
    await visitor.press(await visitor.get(PAGE), f"{PAGE}/{row.id}/end")

    assert visitor.is_signed_in
    assert Maintenance.get().ends_at <= clock.now_ms()
