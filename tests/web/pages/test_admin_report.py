"""One report: what is kept of posts that go, notes of the staff, and decisions from where it is read."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Account, MediaAttachment, Report, ReportNote, Status
from node.services.moderation import evidence, reports
from node.services.moderation.reports import Complaint
from node.services.statuses import deletion
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.web.pages.visitor import Visitor

SCRIPT = "<script>alert(1)</script>"


def do(verb: Callable[..., Any], *args: Any) -> Any:
    with store.transaction():
        return verb(*args)


@pytest.fixture
def status(bob: Person) -> Status:
    picture = make_media(bob, description="A coin")
    return make_status(bob, f"Buy {SCRIPT}", media_ids=(picture.id,))


@pytest.fixture
def report(alice: Person, bob: Person, status: Status) -> Report:
    complaint = Complaint(target_id=bob.account.id, status_ids=(status.id,), comment="Spam")
    return do(reports.file, alice.account.id, complaint)  # type: ignore[no-any-return]


async def test_a_post_that_goes_is_still_read_as_it_was(
    moderator: Visitor, report: Report, status: Status, bob: Person
) -> None:
    path = f"/admin/reports/{report.id}"
    there = await moderator.get(path)
    do(deletion.delete, bob.account.id, status.id)

    gone = await moderator.get(path)

    assert "Gone." not in there.words(".evidence")
    cover = there.tree.css_first(".evidence details.pictures:not([open])")
    assert len(cover.css(".media img")) == len(there.tree.css(".evidence .media img")) == 1, "shown when asked for"
    assert "Gone. As it was when it was reported" in gone.words(".evidence")
    assert f"Buy {SCRIPT}" in gone.words(".evidence")
    assert "A picture: A coin" in gone.words(".evidence")
    assert SCRIPT not in gone.text


def test_evidence_is_forgotten_long_after_the_report_was_resolved(ada: Person, report: Report) -> None:
    do(reports.resolve, report.id, ada.account)

    assert do(evidence.forget_old) == 0
    with clock.frozen(clock.now_ms() + 91 * clock.DAY):
        assert do(evidence.forget_old) == 1
        assert do(evidence.forget_old) == 0
    assert evidence.read(Report.get()) == {}


def test_evidence_of_an_open_report_stays(db: None, report: Report) -> None:
    with clock.frozen(clock.now_ms() + 400 * clock.DAY):
        assert do(evidence.forget_old) == 0


async def test_the_staff_leaves_notes_and_takes_its_own_away(
    moderator: Visitor, admin: Visitor, report: Report
) -> None:
    path = f"/admin/reports/{report.id}"

    page = await moderator.follow(
        await moderator.send(await moderator.get(path), f"{path}/notes", note=f" {SCRIPT} ")
    )
    theirs = await admin.get(path)
    remove = f"{path}/notes/{ReportNote.get().id}/remove"
    assert SCRIPT in page.words("#notes")
    assert SCRIPT in theirs.words("#notes")
    assert theirs.tree.css_first(f'button[formaction="{remove}"]') is None
    assert (await admin.post(remove, {"csrf": theirs.value("csrf")})).status == 404
    assert ReportNote.select().exists()

    await moderator.press(page, remove)
    assert not ReportNote.select().exists()


@pytest.mark.parametrize("note", ["", "  ", "m" * 2_001])
async def test_a_note_without_words_or_with_too_many_is_refused(
    moderator: Visitor, report: Report, note: str
) -> None:
    path = f"/admin/reports/{report.id}"

    page = await moderator.send(await moderator.get(path), f"{path}/notes", note=note)

    assert page.status == 422
    assert page.error()
    assert not ReportNote.select().exists()


async def test_a_note_about_no_report_is_not_kept(moderator: Visitor) -> None:
    csrf = (await moderator.get("/settings/account")).value("csrf")

    assert (await moderator.post("/admin/reports/1/notes", {"csrf": csrf, "note": "Hm"})).status == 404


async def test_decisions_are_made_from_the_report_and_lead_back_to_it(
    moderator: Visitor, report: Report, alice: Person, bob: Person, ada: Person
) -> None:
    path, account = f"/admin/reports/{report.id}", f"/admin/accounts/{bob.account.id}"

    link = (await moderator.get(path)).tree.css_first(f'a[href="{account}/silence?report={report.id}"]')
    assert link is not None
    question = await moderator.get(str(link.attributes["href"]))
    back = await moderator.send(question, f"{account}/silence", resolve=None, do="act")

    assert back.location == path
    assert Account.get_by_id(bob.account.id).silenced_at is not None
    assert Report.get().resolved_at is None
    with store.transaction():
        other = reports.file(alice.account.id, Complaint(target_id=bob.account.id, comment="Spam again"))
        reports.resolve(report.id, ada.account)
    before = await moderator.get(f"/admin/reports/{other.id}")
    assert "Limited" in before.words(".column")
    assert before.tree.css_first(f'.rep a[href="{path}"]') is not None, "what was reported before"
    await moderator.press(await moderator.get(path), f"{account}/unsilence")
    assert Account.get_by_id(bob.account.id).silenced_at is None


def test_what_many_posts_say_is_kept_within_limits(bob: Person) -> None:
    long = make_status(bob, "m " * 200)
    with store.transaction():
        Status.update(content="<p>" + "m" * 50_000 + "</p>").where(Status.id == long.id).execute()
        MediaAttachment.delete().execute()

    kept = do(evidence.of, [long.id])

    assert len(kept) < 6_000
