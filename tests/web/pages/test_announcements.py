"""Announcements on pages without scripts: the staff writes them, everybody here reads them."""

import pytest

from node import clock, store
from node.models import Announcement, Role, User
from node.services.community import announcements
from tests.factories import Person
from tests.web.pages.visitor import Visitor

ADMIN, PAGE = "/admin/announcements", "/announcements"


@pytest.fixture
def staff(reader: Visitor, alice: Person) -> Visitor:
    with store.transaction():
        User.update(role=Role.ADMIN).where(User.id == alice.user.id).execute()
    return reader


async def announce(text: str) -> Announcement:
    return await store.write(announcements.publish, text, None, None)


async def test_the_staff_announces_changes_and_removes(staff: Visitor, other: Visitor) -> None:
    page = await staff.get(ADMIN)
    page = await staff.follow(await staff.send(page, ADMIN, text="A pause on Sunday.", ends_at="2099-01-01T06:00"))
    row = Announcement.get()
    assert "A pause on Sunday." in (await other.get("/home")).words(".notice")
    assert clock.iso(row.ends_at) == "2099-01-01T06:00:00.000Z"

    page = await staff.follow(await staff.send(page, f"{ADMIN}/{row.id}", text="A pause on Monday.", ends_at=""))
    assert "A pause on Monday." in (await other.get(PAGE)).words("article")
    assert Announcement.get().ends_at is None

    await staff.send(page, f"{ADMIN}/{row.id}", text="")
    page = await staff.get(ADMIN)
    await staff.post(f"{ADMIN}/{row.id}/delete", {"csrf": page.value("csrf") or ""})

    assert "Nothing is announced" in (await other.get(PAGE)).words("main")
    assert Announcement.select().count() == 0


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 5_001}, "text"),
        ({"text": "Gone.", "ends_at": "2020-01-01T00:00"}, "ends_at"),
        ({"text": "Never.", "ends_at": "soon"}, "ends_at"),
    ],
)
async def test_what_cannot_be_announced_is_explained(staff: Visitor, fields: dict[str, str], name: str) -> None:
    page = await staff.send(await staff.get(ADMIN), ADMIN, **fields)

    assert page.status == 422
    assert page.error(name)
    assert Announcement.select().count() == 0


async def test_what_was_typed_into_one_of_them_stays_there(staff: Visitor) -> None:
    row = await announce("First.")

    page = await staff.send(await staff.get(ADMIN), f"{ADMIN}/{row.id}", text="x" * 5_001)

    assert page.status == 422
    assert page.tree.css_first(f"#t-{row.id}").text().strip() == "x" * 5_001
    assert Announcement.get().text == "First."


async def test_only_administrators_announce(reader: Visitor, visitor: Visitor) -> None:
    row = await announce("First.")
    page = await reader.get("/home")
    csrf = {"csrf": page.value("csrf") or "", "text": "Mine."}

    answers = [
        await reader.get(ADMIN),
        await reader.post(ADMIN, csrf),
        await reader.post(f"{ADMIN}/{row.id}", csrf),
        await reader.post(f"{ADMIN}/{row.id}/delete", csrf),
    ]

    assert [answer.status for answer in answers] == [403] * 4
    assert Announcement.get().text == "First."
    assert (await visitor.get(PAGE)).location.startswith("/auth/sign-in")


async def test_what_was_read_is_not_above_the_timeline_any_more(reader: Visitor) -> None:
    row = await announce("A pause on Sunday.")

    page = await reader.get("/home")
    page = await reader.follow(await reader.press(page, f"{PAGE}/{row.id}/dismiss"))

    assert page.path.startswith("/home")
    assert page.tree.css_first(".notice") is None
    assert "A pause on Sunday." in (await reader.get(PAGE)).words("article")


async def test_people_react_and_take_it_back(reader: Visitor) -> None:
    path = f"{PAGE}/{(await announce('Cake at four.')).id}/react"

    page = await reader.follow(await reader.send(await reader.get(PAGE), path, emoji="🎉"))
    chosen = page.tree.css_first(".chip[aria-pressed=true]")
    refused = await reader.follow(await reader.send(page, path, emoji="cake"))
    page = await reader.follow(await reader.send(page, path, unreact="🎉"))

    assert (chosen.attributes["name"], chosen.attributes["aria-label"]) == ("unreact", "🎉, 1")
    assert "no emoji" in refused.words("#live")
    assert page.tree.css_first(".chip[aria-pressed]") is None


async def test_markup_in_them_is_text(reader: Visitor) -> None:
    await announce('<script>alert(1)</script> <img src=x onerror="alert(1)">')

    for path in (PAGE, "/home"):
        page = await reader.get(path)
        assert len(page.tree.css("script")) == 1
        assert page.tree.css_first("[onerror]") is None
