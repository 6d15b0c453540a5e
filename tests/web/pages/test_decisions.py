"""What the staff decided, as it is written before and read afterwards, and objections to it."""

from typing import Any

import pytest

from node import clock, site, store
from node.models import Account, AccountWarning, Appeal, Report, Status, User, WarningAction, WarningPreset
from node.services.access import two_factor
from node.services.moderation import judging, reports
from node.services.moderation.account_warnings import Notice
from node.services.moderation.reports import Complaint
from tests.factories import PASSWORD, Person, in_unit
from tests.factories_posts import make_status
from tests.web.pages.visitor import Page, Visitor

SCRIPT = "<script>alert(1)</script>"


def judge(person: Person, action: WarningAction = WarningAction.SILENCE, text: str = f"Be kind. {SCRIPT}") -> str:
    """The path of what is told."""
    with in_unit():
        made = judging.judge(person.account.id, action, Notice(text=text), None)
    assert made is not None
    return f"/decisions/{made.id}"


async def enter(visitor: Visitor, name: str) -> Page:
    return await visitor.send(await visitor.get("/auth/sign-in"), "/auth/sign-in", login=name, password=PASSWORD)


async def test_the_staff_reads_the_notice_before_it_is_sent(
    moderator: Visitor, reader: Visitor, alice: Person
) -> None:
    path = f"/admin/accounts/{alice.account.id}/silence"

    first = await moderator.get(path)
    before = await moderator.send(first, path, text=f"Be kind. {SCRIPT}", do="preview")
    assert "Only your followers see your posts" in first.words("#preview")
    assert SCRIPT in before.words("#preview blockquote")
    assert before.value("text") == f"Be kind. {SCRIPT}"
    assert Account.get_by_id(alice.account.id).silenced_at is None
    await moderator.send(before, path, do="act")

    assert Account.get_by_id(alice.account.id).silenced_at is not None
    link = (await reader.get("/notifications")).tree.css_first("a.cite")
    assert link is not None
    page = await reader.get(str(link.attributes["href"]))
    assert (page.words("blockquote"), page.words(".lead")) == (f"Be kind. {SCRIPT}", before.words("#preview .lead"))
    assert SCRIPT not in page.text
    assert "mod" not in page.words("main").split()


async def test_the_staff_may_tell_nothing(moderator: Visitor, alice: Person) -> None:
    path = f"/admin/accounts/{alice.account.id}/silence"

    await moderator.send(await moderator.get(path), path, text="A bot", tell=None, do="act")

    assert Account.get_by_id(alice.account.id).silenced_at is not None
    assert not AccountWarning.select().exists()


async def test_words_are_needed_where_they_are_all(moderator: Visitor, alice: Person) -> None:
    path = f"/admin/accounts/{alice.account.id}/warn"
    page = await moderator.get(path)

    refused = await moderator.send(page, path, text=" ", do="act")
    too_long = await moderator.send(page, path, text="m" * 2_001, do="act")
    sent = await moderator.send(page, path, text="Hello.", do="act")

    assert (refused.status, too_long.status, sent.status) == (422, 422, 303)
    assert refused.error("text")
    assert AccountWarning.get().text == "Hello."


async def test_posts_are_chosen_from_the_report_and_deleted_with_it(
    moderator: Visitor, reader: Visitor, alice: Person, bob: Person
) -> None:
    bad, good = make_status(alice, "Buy coins"), make_status(alice, "Tea")
    with in_unit():
        complaint = Complaint(target_id=alice.account.id, status_ids=(bad.id, good.id))
        report = reports.file(bob.account.id, complaint)
    path = f"/admin/accounts/{alice.account.id}/delete-posts"

    page = await moderator.get(f"{path}?report={report.id}")
    before = await moderator.send(page, path, status_ids=[bad.id], text="No coins.", do="preview")
    assert "Buy coins" in before.words("#preview")
    assert "Tea" not in before.words("#preview")
    done = await moderator.send(before, path, do="act")

    assert done.location == f"/admin/reports/{report.id}"
    assert [row.id for row in Status.select()] == [good.id]
    assert Report.get().resolved_at is not None
    told = await reader.get(f"/decisions/{AccountWarning.get().id}")
    assert "Buy coins" in told.words("main")


async def test_no_chosen_posts_are_a_sentence(moderator: Visitor, alice: Person) -> None:
    make_status(alice)
    path = f"/admin/accounts/{alice.account.id}/delete-posts"

    refused = await moderator.send(await moderator.get(path), path, do="act")

    assert (refused.status, refused.error()) == (422, "Please choose at least one post.")
    assert Status.select().count() == 1


@pytest.mark.parametrize("verb", ["warn", "disable", "delete"])
async def test_what_concerns_people_here_is_not_there_for_others(moderator: Visitor, remote: Any, verb: str) -> None:
    assert (await moderator.get(f"/admin/accounts/{remote('carol').id}/{verb}")).status == 404
    assert (await moderator.get(f"/admin/accounts/{remote('dora').id}/silence")).status == 200


async def test_a_report_about_somebody_else_is_not_found(moderator: Visitor, alice: Person, bob: Person) -> None:
    with in_unit():
        report = reports.file(bob.account.id, Complaint(target_id=alice.account.id))

    assert (await moderator.get(f"/admin/accounts/{bob.account.id}/silence?report={report.id}")).status == 404
    assert (await moderator.get(f"/admin/accounts/{bob.account.id}/silence?report=1")).status == 404


# ── whom it is about ──


async def test_decisions_are_read_by_whom_they_are_about_alone(
    reader: Visitor, other: Visitor, visitor: Visitor, alice: Person
) -> None:
    path = judge(alice)

    found = [await one.get(path) for one in (reader, other, visitor)]
    listed = [await one.get("/decisions") for one in (reader, other, visitor)]

    assert [page.status for page in found] == [200, 404, 303]
    assert [page.tree.css_first(f'a[href="{path}"]') is not None for page in listed] == [True, False, False]
    assert found[0].headers["Cache-Control"] == "private, no-store"


async def test_one_objects_and_the_staff_grants_it(reader: Visitor, moderator: Visitor, alice: Person) -> None:
    path = judge(alice)
    page = await reader.get(path)

    refused = await reader.send(page, f"{path}/appeal", text=" ")
    sent = await reader.follow(await reader.send(page, f"{path}/appeal", text=f"I was. {SCRIPT}"))
    waiting = await moderator.get("/admin/appeals")
    twice = await reader.post(f"{path}/appeal", {"csrf": page.value("csrf"), "text": "Again"})
    await moderator.press(waiting, f"/admin/appeals/{Appeal.get().id}/grant")

    assert (refused.status, twice.status) == (422, 403)
    assert "Waits for the staff" in sent.words("main")
    assert sent.tree.css_first("textarea") is None
    assert SCRIPT in waiting.words("blockquote")
    assert SCRIPT not in waiting.text
    assert "1" in waiting.words('.rail a[href="/admin/appeals"] .badge')
    assert Account.get_by_id(alice.account.id).silenced_at is None
    assert "Granted" in (await reader.get(path)).words("main")
    assert "Granted" in (await moderator.get("/admin/appeals?decided=1")).words("main")
    assert not (await moderator.get("/admin/appeals")).tree.css("blockquote")


async def test_an_objection_can_be_refused(reader: Visitor, moderator: Visitor, alice: Person) -> None:
    path = judge(alice)
    await reader.send(await reader.get(path), f"{path}/appeal", text="I was.")

    await moderator.press(await moderator.get("/admin/appeals"), f"/admin/appeals/{Appeal.get().id}/refuse")

    assert Account.get_by_id(alice.account.id).silenced_at is not None
    assert "Refused" in (await reader.get(path)).words("main")
    nonsense = await moderator.post(
        f"/admin/appeals/{Appeal.get().id}/nonsense", {"csrf": (await moderator.get("/admin")).value("csrf")}
    )
    assert nonsense.status == 404


async def test_the_time_to_object_ends(reader: Visitor, alice: Person) -> None:
    with clock.frozen(clock.now_ms() - 21 * clock.DAY):
        path = judge(alice)

    page = await reader.get(path)

    assert page.tree.css_first("textarea") is None
    assert "The time to object is over." in page.words("main")
    assert (await reader.post(f"{path}/appeal", {"csrf": page.value("csrf"), "text": "I was."})).status == 403


# ── who cannot sign in ──


@pytest.mark.parametrize("action", [WarningAction.SUSPEND, WarningAction.DISABLE])
async def test_who_is_shut_out_shows_the_password_and_may_read_and_object(
    visitor: Visitor, other: Visitor, alice: Person, bob: Person, action: WarningAction
) -> None:
    path, others = judge(alice, action), judge(bob)

    page = await visitor.follow(await enter(visitor, "alice"))
    sent = await visitor.send(page, f"{path}/appeal", text="I was.")

    assert not visitor.is_signed_in
    assert page.path == path
    assert "Be kind." in page.words("blockquote")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert (sent.status, Appeal.get().text) == (303, "I was.")
    assert (await visitor.get(others)).status == 404
    assert [(await visitor.get(one)).status for one in ("/home", "/settings/account")] == [303, 303]
    with clock.frozen(clock.now_ms() + 2 * clock.HOUR):
        assert (await visitor.get(path)).status == 303


async def test_nothing_is_read_with_a_cookie_that_somebody_made_up(visitor: Visitor, alice: Person) -> None:
    path = judge(alice, WarningAction.SUSPEND)
    until = clock.now_ms() + clock.HOUR

    for cookie in (f"{alice.account.id}.{until}.{'0' * 32}", "x", "", f"{alice.account.id}.{until}.ü"):
        visitor.cookies["linnet_judged"] = cookie
        assert (await visitor.get(path)).status == 303


async def test_a_wrong_password_and_a_missing_code_lead_nowhere(visitor: Visitor, alice: Person) -> None:
    path = judge(alice, WarningAction.SUSPEND)
    page = await visitor.get("/auth/sign-in")

    wrong = await visitor.send(page, "/auth/sign-in", login="alice", password="not this one")
    assert wrong.status == 422
    with store.transaction():
        two_factor.begin(alice.user.id, "alice")
        User.update(totp_enabled_at=1).where(User.id == alice.user.id).execute()
    half = await enter(visitor, "alice")

    assert half.location.startswith("/auth/second-factor")
    assert (await visitor.get(path)).status == 303


async def test_who_is_shut_out_without_a_word_is_told_so_at_the_door(visitor: Visitor, alice: Person) -> None:
    with in_unit():
        judging.judge(alice.account.id, WarningAction.SUSPEND, Notice(), None, told=False)

    refused = await enter(visitor, "alice")

    assert refused.status == 403
    assert "suspended" in refused.error()


async def test_who_deletes_may_say_why_in_a_letter(
    moderator: Visitor, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "sends_mail", True)
    path = f"/admin/accounts/{alice.account.id}/delete"

    page = await moderator.send(await moderator.get(path), path, text="Enough.", do="act")

    assert page.location == "/admin/accounts"
    assert Account.get_by_id(alice.account.id).deleted_at is not None


async def test_nobody_judges_the_staff_above(moderator: Visitor, ada: Person) -> None:
    path = f"/admin/accounts/{ada.account.id}/warn"

    refused = await moderator.send(await moderator.get(path), path, text="You!", do="act")

    assert refused.status == 422
    assert "role like their own or above" in refused.error()


async def test_the_staff_has_words_to_begin_with(admin: Visitor, moderator: Visitor, alice: Person) -> None:
    page = await admin.get("/admin/presets")
    refused = await admin.send(page, "/admin/presets", title="Ads", text=" ")
    page = await admin.follow(await admin.send(page, "/admin/presets", title="Ads", text=f"No ads. {SCRIPT}"))
    (row,) = WarningPreset.select()
    await admin.send(page, f"/admin/presets/{row.id}", title="Ads", text="No advertising.")
    path = f"/admin/accounts/{alice.account.id}/warn"

    before = await moderator.send(await moderator.get(path), path, preset=row.id, text="Thanks.", do="preview")
    await moderator.send(before, path, do="act")
    gone = await moderator.send(before, path, preset=row.id + 1, do="act")

    assert (refused.status, refused.error("text")) == (422, "Please fill this in.")
    assert SCRIPT not in page.text
    assert before.words("#preview blockquote") == "No advertising. Thanks."
    assert AccountWarning.get().text == "No advertising.\n\nThanks."
    assert gone.status == 404
    await admin.post(f"/admin/presets/{row.id}/delete", {"csrf": page.value("csrf")})
    assert not WarningPreset.select().exists()
    assert (await admin.post(f"/admin/presets/{row.id}/delete", {"csrf": page.value("csrf")})).status == 404
