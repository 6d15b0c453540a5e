"""Pages of the staff: who may see them, and what each action does."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, passwords, site, store
from node.models import (
    Account,
    AllowedDomain,
    AuditEntry,
    Delivery,
    Destination,
    DomainBlock,
    Invite,
    Report,
    Role,
    Rule,
    Session,
    User,
    Visibility,
)
from node.services import outbox
from node.services.access import registration
from node.services.access.registration import SignUp
from node.services.community import rules, settings
from node.services.moderation import decisions as moderation
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.outbox import Outgoing
from node.services.servers import domain_blocks, traffic
from node.services.servers.domain_blocks import Terms
from tests.factories import Person, rsa_keys
from tests.factories_organisations import make_organisation
from tests.factories_posts import make_status
from tests.web.conftest import Client
from tests.web.pages.visitor import Page, Visitor, fields_of

MODERATORS_PAGES = (
    "/admin",
    "/admin/reports",
    "/admin/appeals",
    "/admin/reports?resolved=1",
    "/admin/sign-ups",
    "/admin/accounts",
    "/admin/domains",
    "/admin/deliveries",
    "/admin/servers",
    "/admin/audit",
    "/admin/invites",
)
ADMINS_PAGES = (
    "/admin/settings",
    "/admin/rules",
    "/admin/announcements",
    "/admin/emoji",
    "/admin/roles",
    "/admin/presets",
    "/admin/appearance",
    "/admin/storage",
    "/admin/maintenance",
)
FORMS = (
    "/admin/reports/1/resolve",
    "/admin/reports/1/notes",
    "/admin/reports/1/notes/1/remove",
    "/admin/sign-ups/1/approve",
    "/admin/sign-ups/1/reject",
    "/admin/accounts/1/suspend",
    "/admin/presets",
    "/admin/presets/1",
    "/admin/presets/1/delete",
    "/admin/appeals/1/grant",
    "/admin/accounts/1/role",
    "/admin/accounts/1/reset_link",
    "/admin/domains",
    "/admin/domains/1",
    "/admin/domains/1/delete",
    "/admin/deliveries/1/retry",
    "/admin/settings",
    "/admin/appearance",
    "/admin/appearance/pictures",
    "/admin/rules",
    "/admin/rules/1",
    "/admin/rules/1/delete",
    "/admin/announcements",
    "/admin/announcements/1",
    "/admin/announcements/1/delete",
    "/admin/roles",
    "/admin/storage/remove",
    "/admin/emoji",
    "/admin/emoji/1",
    "/admin/emoji/1/delete",
    "/admin/maintenance",
    "/admin/maintenance/1/end",
    "/admin/invites",
)
SCRIPT = "<script>alert(1)</script>\" onfocus='x"


def do(verb: Callable[..., Any], *args: Any, **options: Any) -> Any:
    with store.transaction():
        return verb(*args, **options)


def no_script_runs(page: Page) -> bool:
    return all(node.attributes.get("src") for node in page.tree.css("script")) and not page.tree.css("[onfocus]")


# ── who may ──


@pytest.mark.parametrize("path", [*MODERATORS_PAGES, *ADMINS_PAGES])
async def test_each_page_has_its_readers(
    visitor: Visitor, reader: Visitor, moderator: Visitor, admin: Visitor, path: str
) -> None:
    found = [await one.get(path) for one in (visitor, reader, moderator, admin)]

    assert [page.status for page in found] == [303, 403, 200 if path in MODERATORS_PAGES else 403, 200]
    assert found[3].headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", FORMS)
async def test_each_form_is_ours_and_of_the_staff(
    visitor: Visitor, reader: Visitor, admin: Visitor, path: str
) -> None:
    csrf = (await reader.get("/settings/account")).value("csrf")

    assert (await visitor.post(path)).status == 303
    assert (await reader.post(path, {"csrf": csrf})).status == 403
    assert (await admin.post(path)).status == 403
    assert not AuditEntry.select().exists()


async def test_an_apps_token_opens_no_administration(client: Client, ada: Person, as_person: Any) -> None:
    assert (await client.get("/admin", headers=as_person(ada))).status == 303


# ── overview ──


async def test_the_overview_says_what_waits_and_how_the_node_fares(
    admin: Visitor, alice: Person, bob: Person
) -> None:
    do(registration.sign_up, SignUp(username="new", password_hash="x", reason="birds", agreement=True), rsa_keys())
    do(reports.file, alice.account.id, Complaint(target_id=bob.account.id, comment="Rude"))

    page = await admin.get("/admin")

    assert "1 person waits for your approval" in page.words(".notice")
    assert "Rude" in page.words(".rep")
    assert all(name in page.words(".kpi") for name in ("Active members", "Posts written", "1 waiting for approval"))
    assert "SQLite" in page.words(".checks") or "PostgreSQL" in page.words(".checks")
    assert page.tree.css_first(".meter[aria-label$='percent used']") is not None


@pytest.mark.parametrize(
    ("asked", "chosen"), [("", "7 days"), ("?days=1", "24 h"), ("?days=365", "1 year"), ("?days=2", "7 days")]
)
async def test_the_overview_tells_of_the_time_that_is_asked_for(admin: Visitor, asked: str, chosen: str) -> None:
    now = clock.now_ms() // clock.HOUR
    with store.transaction():
        hours = {now - 2: {"delivered": 3, "received": 6}, now - 100: {"retried": 4}, now - 5000: {"given_up": 5}}
        traffic.keep(traffic.Counts(hours, {}))

    page = await admin.get(f"/admin{asked}")

    assert [one.text() for one in page.tree.css(".chip[aria-current]")] == [chosen]
    told = {
        "24 h": "3 delivered, 0 retried, 0",
        "7 days": "3 delivered, 4 retried, 0",
        "1 year": "3 delivered, 4 retried, 5",
    }
    assert page.tree.css_first(".areas").attributes["aria-label"] == f"{told[chosen]} given up"
    figures = [[cell.text() for cell in row.css("td")[1:]] for row in page.tree.css(".as-table tbody tr")]
    sums = [sum(map(int, column)) for column in zip(*figures, strict=True)]
    assert "{} delivered, {} retried, {}".format(*sums) == told[chosen], "as a table, too"
    assert "Activities in / out93 out, 6 in" in page.words(".kpi")
    assert (
        page.tree.css_first("l-renew a").attributes["href"] == f"/admin?days={asked[6:] if chosen != '7 days' else 7}"
    )


async def test_the_servers_that_most_is_exchanged_with_come_first_with_what_it_is(admin: Visitor) -> None:
    today = clock.now_ms() // clock.DAY
    with store.transaction():
        for ago, host in enumerate(("busy.test", "slow.test", "silent.test")):
            Destination.create(host=host, last_success_at=clock.now_ms() - ago)
        days = {
            ("slow.test", today): {"received": 4, "delivered": 1, "answers": 2, "answer_ms": 5000},
            ("busy.test", today - 1): {"received": 1200, "delivered": 80, "answers": 80, "answer_ms": 7200},
        }
        traffic.keep(traffic.Counts({}, days))

    page = await admin.get("/admin")

    rows = [[cell.text(strip=True) for cell in row.css("td")][:5] for row in page.tree.css("tbody tr")]
    assert rows[-3:] == [
        ["busy.test", "Healthy", "Unknown", "0 / 0", "90 ms"],
        ["slow.test", "Slow", "Unknown", "4 / 1", "2.5 s"],
        ["silent.test", "Healthy", "Unknown", "0 / 0", "–"],
    ]
    assert "In / out today4 / 1 Answer time2.5 s" in (await admin.get("/admin/servers/slow.test")).words("dl")


# ── sign-ups ──


@pytest.fixture
def newcomer(db: None) -> User:
    wish = SignUp(username="newcomer", password_hash="x", reason=SCRIPT, agreement=True, ip="192.0.2.9")
    return do(registration.sign_up, wish, rsa_keys())  # type: ignore[no-any-return]


async def test_a_newcomer_is_let_in(moderator: Visitor, newcomer: User) -> None:
    page = await moderator.get("/admin/sign-ups")
    assert SCRIPT in page.words("blockquote")
    assert "192.0.2.9" in page.words(".sign")
    assert no_script_runs(page)

    back = await moderator.press(page, f"/admin/sign-ups/{newcomer.id}/approve")

    assert back.location == "/admin/sign-ups"
    assert User.get_by_id(newcomer.id).approved_at is not None
    assert "Nobody is waiting." in (await moderator.get("/admin/sign-ups")).words("main")


async def test_a_newcomer_is_turned_down_in_two_steps(moderator: Visitor, newcomer: User) -> None:
    path = f"/admin/sign-ups/{newcomer.id}/reject"

    question = await moderator.get(path)
    assert User.get_or_none(User.id == newcomer.id) is not None
    await moderator.send(question, path)

    assert User.get_or_none(User.id == newcomer.id) is None


async def test_who_was_let_in_is_not_turned_down(moderator: Visitor, newcomer: User) -> None:
    path = f"/admin/sign-ups/{newcomer.id}/reject"
    question = await moderator.get(path)
    do(registration.approve, newcomer.id, None)

    page = await moderator.follow(await moderator.send(question, path))

    assert "This person is a member already." in page.words("[role=status]")
    assert User.get_or_none(User.id == newcomer.id) is not None


async def test_sign_ups_that_do_not_exist_answer_so(moderator: Visitor) -> None:
    csrf = (await moderator.get("/settings/account")).value("csrf")

    assert (await moderator.get("/admin/sign-ups/1/reject")).status == 404
    assert (await moderator.post("/admin/sign-ups/1/approve", {"csrf": csrf})).status == 404


# ── reports ──


async def test_a_report_is_read_with_its_evidence_and_resolved(
    moderator: Visitor, alice: Person, bob: Person
) -> None:
    secret = make_status(bob, "@alice you are wrong", visibility=Visibility.DIRECT)
    rule = do(rules.add, "Be kind", "", None)
    complaint = Complaint(
        target_id=bob.account.id, status_ids=(secret.id,), comment=SCRIPT, category="violation", rule_ids=(rule.id,)
    )
    report = do(reports.file, alice.account.id, complaint)

    row = await moderator.get("/admin/reports")
    page = await moderator.get(f"/admin/reports/{report.id}")
    assert "Be kind" in row.words(".rep")
    assert "you are wrong" in page.words(".evidence")
    assert SCRIPT in page.words("blockquote")
    assert no_script_runs(page)

    page = await moderator.follow(await moderator.press(page, f"/admin/reports/{report.id}/assign"))
    assert "mod" in page.words(".st.wa")
    page = await moderator.follow(await moderator.press(page, f"/admin/reports/{report.id}/resolve"))

    assert "Resolved" in page.words(".st.ok")
    history = next(one.text() for one in page.tree.css(".panel") if one.css_first("h2").text() == "History")
    assert [history.count(done) for done in ("resolved", "took")] == [1, 1], history
    assert Report.get().resolved_at is not None
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)] == [
        "resolve.report",
        "assign.report",
    ]
    assert "bob" in (await moderator.get("/admin/reports?resolved=1")).words(".rep")


async def test_a_report_about_somebody_suspended_can_still_be_read(
    moderator: Visitor, alice: Person, bob: Person
) -> None:
    report = do(reports.file, alice.account.id, Complaint(target_id=bob.account.id, comment="Rude"))
    do(moderation.suspend, bob.account.id, None)

    assert (await moderator.get(f"/admin/reports/{report.id}")).status == 200
    assert (await moderator.get("/admin/reports")).status == 200


async def test_a_report_or_a_verb_that_does_not_exist_answers_so(moderator: Visitor) -> None:
    csrf = (await moderator.get("/settings/account")).value("csrf")

    for path in ("/admin/reports/1", "/admin/reports/x", "/admin/accounts/1"):
        assert (await moderator.get(path)).status == 404
    assert (await moderator.post("/admin/reports/1/resolve", {"csrf": csrf})).status == 404
    assert (await moderator.post("/admin/reports/1/explode", {"csrf": csrf})).status == 404


# ── accounts ──


async def test_accounts_are_found_by_name_domain_and_address(
    moderator: Visitor, alice: Person, bob: Person, remote: Any
) -> None:
    remote("carol", "far.test")

    async def found(query: str) -> str:
        return (await moderator.get(f"/admin/accounts?{query}")).words("tbody")

    everybody = await found("")
    assert all(name in everybody for name in ("@alice", "@bob", "@carol@far.test"))
    assert await found("q=ali") == await found("q=@alice")
    assert "@bob" not in await found("q=ali")
    assert "@carol@far.test" in await found("q=far.test")
    assert "@carol@far.test" in await found("q=carol@far.test")
    assert "@alice" in await found("q=alice@mail.test")
    assert await found("q=%25") == ""
    assert await found("status=suspended") == ""
    assert "@carol" not in await found("local=1")


@pytest.mark.parametrize(
    ("verb", "undo", "column"),
    [
        ("silence", "unsilence", "silenced_at"),
        ("sensitize", "unsensitize", "sensitized_at"),
        ("suspend", "unsuspend", "suspended_at"),
    ],
)
async def test_what_is_decided_about_an_account_can_be_taken_back(
    moderator: Visitor, alice: Person, verb: str, undo: str, column: str
) -> None:
    path = f"/admin/accounts/{alice.account.id}"

    csrf = (await moderator.get(path)).value("csrf")
    page = await moderator.follow(await moderator.post(f"{path}/{verb}", {"csrf": csrf}))
    assert getattr(Account.get_by_id(alice.account.id), column) is not None
    assert page.words("[role=status]")

    await moderator.press(page, f"{path}/{undo}")
    assert getattr(Account.get_by_id(alice.account.id), column) is None
    assert f"@{alice.account.username}" in (await moderator.get("/admin/audit")).words(".log")


async def test_suspending_is_asked_about_first_and_ends_sessions(
    moderator: Visitor, reader: Visitor, alice: Person
) -> None:
    path = f"/admin/accounts/{alice.account.id}/suspend"

    question = await moderator.get(path)
    assert (await reader.get("/settings/account")).status == 200
    await moderator.send(question, path)

    assert (await reader.get("/settings/account")).status == 303
    assert "suspended" in (await moderator.get("/admin/accounts?status=suspended")).words("tbody").lower()


async def test_a_login_is_stopped_and_allowed_again(moderator: Visitor, alice: Person) -> None:
    path = f"/admin/accounts/{alice.account.id}"
    await moderator.send(await moderator.get(f"{path}/disable"), f"{path}/disable")
    assert User.get_by_id(alice.user.id).disabled_at is not None

    await moderator.press(await moderator.get(path), f"{path}/enable")
    assert User.get_by_id(alice.user.id).disabled_at is None


async def test_an_account_is_deleted_in_two_steps(moderator: Visitor, alice: Person) -> None:
    path = f"/admin/accounts/{alice.account.id}/delete"

    page = await moderator.send(await moderator.get(path), path)

    assert page.location == "/admin/accounts"
    assert Account.get_by_id(alice.account.id).deleted_at is not None
    assert (await moderator.get(f"/admin/accounts/{alice.account.id}")).status == 404


async def test_nobody_acts_on_a_role_like_their_own_or_above(moderator: Visitor, ada: Person) -> None:
    path = f"/admin/accounts/{ada.account.id}"

    question = await moderator.get(f"{path}/suspend")
    page = await moderator.follow(await moderator.send(question, f"{path}/suspend"))

    assert "role like their own or above" in page.words("[role=status]")
    assert Account.get_by_id(ada.account.id).suspended_at is None


async def test_only_administrators_give_roles(admin: Visitor, moderator: Visitor, alice: Person) -> None:
    path = f"/admin/accounts/{alice.account.id}"
    csrf = (await moderator.get(path)).value("csrf")

    refused = await moderator.post(f"{path}/role", {"csrf": csrf, "role": "admin"})
    assert (refused.status, User.get_by_id(alice.user.id).role) == (403, Role.USER)

    await admin.send(await admin.get(path), f"{path}/role", role="moderator")
    assert User.get_by_id(alice.user.id).role == Role.MODERATOR


@pytest.mark.parametrize("role", ["root", "", "ADMIN", "<b>"])
async def test_a_role_that_does_not_exist_is_refused(admin: Visitor, alice: Person, role: str) -> None:
    path = f"/admin/accounts/{alice.account.id}"

    page = await admin.send(await admin.get(path), f"{path}/role", role=role)

    assert page.status == 422
    assert User.get_by_id(alice.user.id).role == Role.USER


async def test_an_administrator_hands_over_a_link_that_sets_a_password(
    admin: Visitor, visitor: Visitor, alice: Person
) -> None:
    path = f"/admin/accounts/{alice.account.id}"
    do(moderation.silence, alice.account.id, None)

    page = await admin.press(await admin.get(path), f"{path}/reset_link")
    assert (await admin.press(page, f"{path}/unsilence")).location == path
    link = page.words(".notice code").removeprefix(site.base_url)
    await visitor.send(await visitor.get(link), link, password="a new one, long enough")

    assert passwords.verify(User.get_by_id(alice.user.id).password_hash, "a new one, long enough")


async def test_a_moderator_gets_no_link_with_which_to_become_somebody_else(moderator: Visitor, alice: Person) -> None:
    path = f"/admin/accounts/{alice.account.id}"
    csrf = (await moderator.get(path)).value("csrf")

    assert (await moderator.post(f"{path}/reset_link", {"csrf": csrf})).status == 403


async def test_remote_accounts_have_no_login_to_act_on(admin: Visitor, remote: Any) -> None:
    path = f"/admin/accounts/{remote('carol').id}"
    page = await admin.get(path)

    assert (await admin.post(f"{path}/disable", {"csrf": page.value("csrf")})).status == 404
    assert (await admin.post(f"{path}/reset_link", {"csrf": page.value("csrf")})).status in (404, 422)


# ── domains ──


async def test_a_domain_is_allowed_by_name_and_taken_off_the_list(moderator: Visitor) -> None:
    form = await moderator.get("/admin/domains")
    await moderator.send(form, "/admin/domains/allowed", allowed="Friends.TEST")
    row = AllowedDomain.get()
    assert row.domain == "friends.test"

    path = f"/admin/domains/allowed/{row.id}/delete"
    await moderator.send(await moderator.get(path), path)
    assert not AllowedDomain.select().exists()


async def test_what_is_no_domain_is_not_allowed_and_the_page_says_so(moderator: Visitor) -> None:
    form = await moderator.get("/admin/domains")
    answer = await moderator.post("/admin/domains/allowed", {"csrf": form.value("csrf"), "allowed": "no domain"})

    assert answer.status == 422
    assert "is not a domain" in answer.text
    assert not AllowedDomain.select().exists()


async def test_a_rule_for_a_domain_is_set_changed_and_lifted(moderator: Visitor) -> None:
    form = await moderator.get("/admin/domains")
    await moderator.send(form, "/admin/domains", domain="Loud.TEST", severity="suspend", private_comment=SCRIPT)
    row = DomainBlock.get()
    assert (row.domain, row.severity) == ("loud.test", "suspend")

    path = f"/admin/domains/{row.id}"
    page = await moderator.get(path)
    assert page.value("private_comment") == SCRIPT
    assert no_script_runs(page)
    await moderator.send(page, path, severity="silence", reject_media="on", obfuscate="on")
    row = DomainBlock.get()
    assert (row.severity, row.reject_media, row.obfuscate) == ("silence", True, True)

    path = f"/admin/domains/{row.id}/delete"
    await moderator.send(await moderator.get(path), path)
    assert not DomainBlock.select().exists()
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        "block.domain",
        "block.domain",
        "unblock.domain",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {"domain": "not a domain"},
        {"domain": ""},
        {"domain": "a.test"},
        {"domain": "loud.test", "severity": "destroy"},
        {"domain": "loud.test", "public_comment": "x" * 1_001},
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(moderator: Visitor, typed: dict[str, str]) -> None:
    page = await moderator.send(await moderator.get("/admin/domains"), "/admin/domains", **typed)

    assert page.status == 422
    assert page.error()
    assert page.value("domain") == typed["domain"]
    assert not DomainBlock.select().exists()


# ── deliveries ──


@pytest.fixture
def waiting(alice: Person) -> Destination:
    outgoing = Outgoing(id=1, actor_id=alice.account.id, body=b"{}")
    do(outbox.add, outgoing, {"https://far.test/inbox": "far.test", "https://near.test/inbox": "near.test"})
    return Destination.get(Destination.host == "far.test")


async def test_deliveries_are_shown_paused_resumed_and_dropped(moderator: Visitor, waiting: Destination) -> None:
    page = await moderator.get("/admin/deliveries")
    assert "2 deliveries are waiting." in page.words(".ahead")
    path = f"/admin/deliveries/{waiting.id}"
    with store.transaction():
        now = clock.now_ms()
        late = {"due_at": now + clock.DAY, "last_error": "timed out <b>", "last_error_at": now - 2 * clock.HOUR}
        Destination.update(late).where(Destination.id == waiting.id).execute()

    page = await moderator.get("/admin/deliveries")
    row = next(one for one in page.tree.css("tbody tr") if "far.test" in one.text())
    assert [cell.text(strip=True) for cell in row.css("td")][3:6] == ["1now", "–", "timed out <b>2 h"]
    await moderator.press(page, f"{path}/retry")
    assert Destination.get_by_id(waiting.id).due_at <= clock.now_ms()
    page = await moderator.get("/admin/deliveries")
    page = await moderator.follow(await moderator.press(page, f"{path}/pause"))
    assert Destination.get_by_id(waiting.id).state == "paused"
    page = await moderator.follow(await moderator.press(page, f"{path}/resume"))
    assert Destination.get_by_id(waiting.id).state == "alive"

    await moderator.send(await moderator.get(f"{path}/drop"), f"{path}/drop")
    assert [row.inbox for row in Delivery.select()] == ["https://near.test/inbox"]
    actions = [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)]
    assert actions == ["retry.deliveries", "pause.deliveries", "resume.deliveries", "drop.deliveries"]


async def test_a_server_that_does_not_exist_answers_so(moderator: Visitor) -> None:
    csrf = (await moderator.get("/settings/account")).value("csrf")

    assert (await moderator.get("/admin/deliveries/1/drop")).status == 404
    assert (await moderator.post("/admin/deliveries/1/retry", {"csrf": csrf})).status == 404
    assert (await moderator.post("/admin/deliveries/1/x", {"csrf": csrf})).status == 404


# ── settings and rules ──


def form_with(page: Page, name: str) -> Any:
    """The form of the settings page that has a field `name`."""
    for node in page.tree.css('form[action="/admin/settings"]'):
        if node.css_first(f'[name="{name}"]') is not None:
            return node
    raise AssertionError(name)


async def save(admin: Visitor, page: Page, name: str, **typed: Any) -> Page:
    """Send the part of the settings page that has `name`."""
    fields = [pair for pair in fields_of(form_with(page, name)) if pair[0] not in typed]
    fields += [(key, value) for key, value in typed.items() if value is not None]
    return await admin.post("/admin/settings", fields)


async def test_settings_are_changed_part_by_part(admin: Visitor) -> None:
    page = await admin.get("/admin/settings")

    page = await admin.follow(await save(admin, page, "title", title="Whinmoor", languages="en, de"))
    assert "Whinmoor" in page.words("title")
    await save(admin, page, "public_timelines", public_timelines=None, authorized_fetch=None)

    now = settings.current()
    assert (now.title, now.languages) == ("Whinmoor", ("en", "de"))
    assert (now.public_timelines, now.authorized_fetch) == (False, False)
    assert {entry.target for entry in AuditEntry.select()} == {
        "title",
        "languages",
        "public_timelines",
        "authorized_fetch",
    }


async def test_a_setting_that_cannot_be_changes_nothing_and_is_named(admin: Visitor) -> None:
    page = await admin.get("/admin/settings")

    page = await save(admin, page, "max_characters", max_characters="many", max_pins="9")

    assert page.status == 422
    assert "max_characters cannot be" in page.error("max_characters")
    assert page.value("max_characters") == "many"
    assert settings.current() == settings.Settings()
    timelines = page.tree.css_first('[name="public_timelines"]')
    assert timelines is not None
    assert "checked" in timelines.attributes


async def test_fields_that_are_no_settings_are_ignored(admin: Visitor) -> None:
    csrf = (await admin.get("/admin/settings")).value("csrf")

    page = await admin.post("/admin/settings", [("csrf", csrf), ("shown", "__class__"), ("shown", "x"), ("x", "y")])

    assert page.status == 303
    assert settings.current() == settings.Settings()


async def test_rules_are_added_moved_changed_and_removed(admin: Visitor) -> None:
    page = await admin.get("/admin/rules")
    for text in ("First", SCRIPT):
        page = await admin.follow(await admin.send(page, "/admin/rules", text=text, hint=text))
    first, second = Rule.select().order_by(Rule.position)
    assert no_script_runs(page)

    await admin.send(
        page, f"/admin/rules/{second.id}", text="Second", position="1", translations="de: Zweitens. | Ja."
    )
    assert rules.translations(rules.all_rules()[0]) == {"de": ("Zweitens.", "Ja.")}
    assert [rule.text for rule in rules.all_rules()] == ["Second", "First"]

    csrf = page.value("csrf")
    await admin.post(f"/admin/rules/{first.id}/delete", {"csrf": csrf})
    assert [rule.text for rule in rules.all_rules()] == ["Second"]
    assert (await admin.post(f"/admin/rules/{first.id}/delete", {"csrf": csrf})).status == 404


async def test_a_rule_without_text_is_refused(admin: Visitor) -> None:
    rule = do(rules.add, "Be kind", "", None)
    page = await admin.get("/admin/rules")

    added = await admin.send(page, "/admin/rules", text=" ", hint="why")
    changed = await admin.send(page, f"/admin/rules/{rule.id}", text="x" * 1_001)
    await admin.send(page, f"/admin/rules/{rule.id}", text="Be cruel", translations="no language here")

    assert (added.status, changed.status) == (422, 422)
    assert added.error("text") == "This cannot be empty."
    assert [one.text for one in rules.all_rules()] == ["Be kind"]


# ── invitations ──


async def test_the_staff_invites_and_ends_invitations(admin: Visitor) -> None:
    page = await admin.follow(
        await admin.send(await admin.get("/admin/invites"), "/admin/invites", max_uses="", ttl="0")
    )

    invite = Invite.get()
    assert (invite.max_uses, invite.expires_at) == (None, None)
    back = await admin.press(page, f"/settings/invites/{invite.id}/expire")

    assert back.location == "/admin/invites"
    assert (Invite.get().expires_at or 0) <= clock.now_ms()


async def test_domain_names_and_titles_are_text_everywhere(admin: Visitor) -> None:
    do(settings.change, {"title": SCRIPT[:100]}, None)
    do(domain_blocks.block, "loud.test", "silence", Terms(public_comment=SCRIPT), None)

    for path in (*MODERATORS_PAGES, *ADMINS_PAGES):
        assert no_script_runs(await admin.get(path)), path


async def test_an_empty_page_of_the_staff_leads_on(moderator: Visitor) -> None:
    empty = "reports reports?resolved=1 appeals sign-ups accounts?q=nobody servers servers?q=none deliveries audit"
    pages = [await moderator.get(f"/admin/{path}") for path in empty.split()]

    ways = {str(page.tree.css_first(".empty a").attributes["href"]) for page in pages}

    assert [(await moderator.get(path)).status for path in ways] == [200] * len(ways)


async def test_sessions_of_the_staff_end_with_their_role(moderator: Visitor) -> None:
    assert (await moderator.get("/admin")).status == 200

    user = Session.get().user
    do(moderation.set_role, user, Role.USER, None)

    assert (await moderator.get("/admin")).status == 403


async def test_an_organisation_has_members_and_no_login_to_be_judged(
    admin: Visitor, alice: Person, bob: Person
) -> None:
    society = make_organisation(alice)
    address = f"/admin/accounts/{society.account.id}"

    page, of_person = await admin.get(address), await admin.get(f"/admin/accounts/{bob.account.id}")

    assert "@alice (Owner)" in page.words(".facts-list")
    assert "Stop sign-in" in of_person.words(".rows")
    assert "Stop sign-in" not in page.words(".rows")
    assert "New password link" not in page.words(".rows")
    csrf = page.value("csrf")
    for verb in ("disable", "reset_link", "role"):
        assert (await admin.post(f"{address}/{verb}", {"csrf": csrf, "role": "admin"})).status in (404, 422)
    assert User.get_by_id(alice.user.id).disabled_at is None
