"""Who runs the server, and what takes room on it."""

from pathlib import Path

import pytest

from node.config import Config
from node.models import AuditEntry, Role, User
from tests.factories import Person
from tests.web.pages.visitor import Visitor

ROLES, STORAGE = "/admin/roles", "/admin/storage"


def role_of(person: Person) -> str:
    return str(User.get_by_id(person.user.id).role)


async def test_a_role_is_given_by_name_and_taken_back(admin: Visitor, alice: Person) -> None:
    await admin.send(await admin.get(ROLES), ROLES, username="@Alice", role="moderator")
    page = await admin.get(ROLES)
    assert role_of(alice) == Role.MODERATOR
    assert "@alice" in page.words("tbody")

    await admin.send(page, ROLES, username="alice", role="user")
    assert role_of(alice) == Role.USER
    assert "@alice" not in (await admin.get(ROLES)).words("tbody")


@pytest.mark.parametrize(("name", "role"), [("nobody", "moderator"), ("", "moderator"), ("alice", "root")])
async def test_nobody_and_nothing_get_no_role(admin: Visitor, alice: Person, name: str, role: str) -> None:
    page = await admin.send(await admin.get(ROLES), ROLES, username=name, role=role)

    assert page.status == 422
    assert page.value("username") == name
    assert role_of(alice) == Role.USER


async def test_nobody_gives_themselves_another_role(admin: Visitor, ada: Person) -> None:
    page = await admin.send(await admin.get(ROLES), ROLES, username="ada", role="user")

    assert page.status == 422
    assert role_of(ada) == Role.ADMIN


@pytest.fixture
def copy(config: Config) -> Path:
    """The copy of a file of another server."""
    path = config.data_dir / "remote" / "ab" / "abcdef.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 2048)
    return path


async def test_storage_says_what_there_is_and_removes_copies_in_two_steps(admin: Visitor, copy: Path) -> None:
    page = await admin.get(STORAGE)
    assert "2 KiB · 1 file" in page.words(".facts-list")

    question = await admin.get(f"{STORAGE}/remove")
    assert copy.exists()
    await admin.send(question, f"{STORAGE}/remove")

    assert not copy.exists()
    assert AuditEntry.get().action == "remove.copies"
    assert "Remove all copies" not in (await admin.get(STORAGE)).words("main")


async def test_copies_within_their_bounds_stay_when_the_old_ones_go(admin: Visitor, copy: Path) -> None:
    page = await admin.get(STORAGE)

    await admin.post(f"{STORAGE}/remove", {"csrf": page.value("csrf"), "do": "old"})

    assert copy.exists()
