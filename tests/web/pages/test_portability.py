"""Taking one's lists along."""

import msgspec
import pytest

from node import store
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.portability import exports
from node.services.relationships import lists
from tests.factories import Person, befriend
from tests.web.pages.visitor import Visitor

_PAGE = "/settings/portability"
_FILE = f"{_PAGE}/export"


async def test_lists_are_downloaded_by_their_owner_alone(
    reader: Visitor, other: Visitor, visitor: Visitor, alice: Person, bob: Person
) -> None:
    befriend(alice.account, bob.account)
    with store.transaction():
        reading = lists.create(alice.account.id, "=HYPERLINK()")
        lists.add_members(alice.account.id, reading.id, [bob.account.id])

    page = await reader.get(_PAGE)
    follows = await reader.get(f"{_FILE}/following_accounts.csv")
    members = await reader.get(f"{_FILE}/lists.csv")

    assert "Accounts that you follow" in page.words(".rows")
    assert follows.headers["Content-Disposition"] == 'attachment; filename="following_accounts.csv"'
    assert follows.headers["Cache-Control"] == "private, no-store"
    assert follows.text == ("Account address,Show boosts,Notify on new posts,Languages\r\nbob@a.test,true,false,\r\n")
    assert members.text == "'=HYPERLINK(),bob@a.test\r\n"
    assert (await other.get(f"{_FILE}/lists.csv")).text == ""
    assert (await visitor.get(f"{_FILE}/lists.csv")).location.startswith("/auth/sign-in")


@pytest.mark.parametrize("known", exports.FORMATS.values())
async def test_every_file_is_there_and_no_other(reader: Visitor, known: exports.Format) -> None:
    found = await reader.get(f"{_FILE}/{known.file_name}")

    assert (found.status, found.headers["Content-Disposition"]) == (200, f'attachment; filename="{known.file_name}"')
    assert (await reader.get(f"{_FILE}/x{known.file_name}")).status == 404


async def test_filters_are_one_document(reader: Visitor, alice: Person) -> None:
    with store.transaction():
        for title in ("Tea", "Coffee"):
            filters.create(alice.account.id, Terms(title=title, contexts=["home"]), [KeywordChange(keyword=title)])

    found = await reader.get(f"{_FILE}/custom_filters.json")

    titles = [one["title"] for one in msgspec.json.decode(found.text)["custom_filters"]]
    assert titles == ["Tea", "Coffee"]
