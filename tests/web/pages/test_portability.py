"""Taking one's lists along."""

import msgspec
import pytest

from node import clock, store
from node.jobs import JobKind
from node.models import Intake, IntakeState, Portable
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.portability import exports, intakes
from node.services.relationships import lists
from tests.factories import Person, befriend, waiting_jobs
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


_IMPORT = f"{_PAGE}/import"
_FOLLOWS = b"Account address,Show boosts\nbob@a.test,true\nnew@x.test,true\nnonsense,true\n"


async def test_a_list_is_looked_at_begun_and_followed_to_its_end(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    form = await reader.get(_PAGE)

    sent = await reader.send(form, _IMPORT, kind="follows", file=_FOLLOWS)
    seen = await reader.follow(sent)
    assert "1 is new.1 is there already.1 line cannot be read." in seen.words(".pad ul")
    assert "Line 4" in seen.words(".rows")
    assert waiting_jobs(JobKind.TAKE_IN) == []

    here = sent.location
    begun = await reader.follow(await reader.send(seen, f"{here}/start", mode="merge"))
    assert "At work" in begun.words("section")
    assert len(waiting_jobs(JobKind.TAKE_IN)) == 1
    again = await reader.send(seen, f"{here}/start", mode="replace")
    assert (again.status, len(waiting_jobs(JobKind.TAKE_IN))) == (303, 1)

    another = await reader.follow(await reader.send(form, _IMPORT, kind="blocks", file=b"x@x.test"))
    refused = await reader.send(another, f"{another.path}/start", mode="merge")
    assert (refused.status, "still running" in refused.error()) == (422, True)

    with store.transaction():
        done = {"state": IntakeState.DONE, "position": 2, "finished_at": clock.now_ms()}
        Intake.update(done).where(Intake.kind == Portable.FOLLOWS).execute()
    over = await reader.get(here)
    assert "Finished. 2 of 2" in over.words("section")
    failures = await reader.get(f"{here}/failures")
    assert failures.headers["Content-Disposition"] == 'attachment; filename="following_accounts_failures.csv"'
    assert failures.text.splitlines()[1].startswith("nonsense,true,,,This is no address")
    assert (await reader.send(over, f"{here}/delete")).location == _PAGE
    assert (await reader.get(here)).status == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "blocks", "file": _FOLLOWS}, "kind"),
        ({"kind": "followers", "file": _FOLLOWS}, "kind"),
        ({"kind": "blocks", "file": b"hello"}, "file"),
        ({"kind": "blocks", "file": b"\x89PNG"}, ""),
        ({"kind": "blocks"}, "file"),
    ],
)
async def test_what_is_no_such_list_is_refused_with_a_reason(
    reader: Visitor, alice: Person, fields: dict[str, object], field: str
) -> None:
    form = await reader.get(_PAGE)

    answer = await reader.send(form, _IMPORT, **fields)

    assert (answer.status, Intake.select().count()) == (422, 0)
    assert answer.error(field)


async def test_lists_that_were_brought_are_forgotten(reader: Visitor, alice: Person) -> None:
    form = await reader.get(_PAGE)
    await reader.send(form, _IMPORT, kind="blocks", file=b"x@x.test")

    for later, left in ((clock.DAY - clock.MINUTE, 1), (clock.DAY + clock.MINUTE, 0)):
        with clock.frozen(clock.now_ms() + later), store.transaction():
            intakes.delete_old()
        assert Intake.select().count() == left
