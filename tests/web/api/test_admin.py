"""The administration API: who may ask, what they see, and what they decide."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Account, AccountWarning, AuditEntry, DomainBlock, Report, Role, User
from node.services.access import invites, sessions
from node.services.community import rules, settings
from node.services.moderation import reports, warning_presets
from node.services.moderation.reports import Complaint
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_status
from tests.web.conftest import ALL_SCOPES, Client, Headers

AsPerson = Callable[..., Headers]
ADMIN = f"{ALL_SCOPES} admin:read admin:write"
ROOT = "/api/v1/admin"


@pytest.fixture
def staff(as_person: AsPerson, db: None) -> Headers:
    return as_person(make_person("mod", role=Role.MODERATOR), ADMIN)


@pytest.fixture
def ask(client: Client, staff: Headers) -> Callable[..., Any]:
    async def send(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        response = await client.request(method, f"{ROOT}/{path}", headers=staff, json=body)
        assert response.status == status, await response.text()
        return await response.json()

    return send


@pytest.fixture
def report(alice: Person, bob: Person) -> Report:
    status = make_status(bob, "spam")
    with in_unit():
        return reports.file(alice.account.id, Complaint(target_id=bob.account.id, status_ids=(status.id,)))


async def test_members_and_narrow_tokens_are_refused(client: Client, alice: Person, as_person: AsPerson) -> None:
    narrow = as_person(make_person("mod", role=Role.MODERATOR), f"{ALL_SCOPES} admin:read:reports")
    paths = ("accounts", "reports", "domain_blocks", "domain_allows")

    member = [(await client.get(f"{ROOT}/{path}", headers=as_person(alice, ADMIN))).status for path in paths]
    some = [(await client.get(f"{ROOT}/{path}", headers=narrow)).status for path in paths]

    assert (member, some) == ([403] * 4, [403, 200, 403, 403])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("v1/admin/accounts?local=true", "alice bob erin frank mod"),
        ("v1/admin/accounts?remote=true", "carol"),
        ("v1/admin/accounts?staff=true", "mod"),
        ("v1/admin/accounts?username=al", "alice"),
        ("v1/admin/accounts?by_domain=remote.test", "carol"),
        ("v1/admin/accounts?ip=192.0.2.1", ""),
        ("v1/admin/accounts?ip=192.0.2.7", "alice"),
        ("v2/admin/accounts?ip=192.0.2.1/24", "alice"),
        ("v2/admin/accounts?ip=2001:db8:0::/48", "bob"),
        ("v2/admin/accounts?ip=2001:db8:1::/48", ""),
        ("v2/admin/accounts?ip=somewhere", ""),
        ("v1/admin/accounts?suspended=true", "erin"),
        ("v1/admin/accounts?silenced=true", "bob"),
        ("v2/admin/accounts?origin=local&status=active", "alice bob frank mod"),
        ("v2/admin/accounts?status=pending", "frank"),
        ("v2/admin/accounts?status=disabled", "bob"),
        ("v2/admin/accounts?status=suspended", "erin"),
        ("v2/admin/accounts?permissions=staff", "mod"),
        ("v1/admin/accounts?sensitized=true", "alice"),
        ("v2/admin/accounts?status=sensitized", "alice"),
        ("v2/admin/accounts?role_ids[]=1", "mod"),
        ("v2/admin/accounts?role_ids[]=1&role_ids[]=-99", "alice bob erin frank mod"),
        ("v2/admin/accounts?role_ids[]=7", ""),
        ("v2/admin/accounts?role_ids[]=-99&permissions=staff", "mod"),
        ("v2/admin/accounts?invited_by={alice}", "bob"),
        ("v2/admin/accounts?invited_by=5", ""),
    ],
)
async def test_accounts_are_found_by_many_marks(
    client: Client,
    alice: Person,
    bob: Person,
    remote: Callable[..., Account],
    staff: Headers,
    query: str,
    names: str,
) -> None:
    remote("carol")
    assert (
        Account.get_or_none(Account.username == "a.test") is not None
    )  # the node itself, which is nobody's to judge
    with in_unit():
        Account.update(silenced_at=1).where(Account.id == bob.account.id).execute()
        Account.update(sensitized_at=1).where(Account.id == alice.account.id).execute()
        settings.change({"invites_from": Role.USER}, None)
        User.update(invite=invites.create(alice.account).id).where(User.id == bob.user.id).execute()
        User.update(sign_up_ip="2001:db8::7", disabled_at=1).where(User.id == bob.user.id).execute()
        sessions.begin(alice.user.id, "192.0.2.7", "A browser")
        erin, frank = make_person("erin", suspended_at=1), make_person("frank", suspended_at=1)
        User.update(disabled_at=1).where(User.id == erin.user.id).execute()
        User.update(approved_at=None).where(User.id == frank.user.id).execute()

    response = await client.get(f"/api/{query.format(alice=alice.account.id)}", headers=staff)

    found = await response.json()
    wanted = [one["username"] for one in found]
    assert sorted(wanted) == names.split()
    inviters = {one["username"]: one["invited_by_account_id"] for one in found if "invited_by_account_id" in one}
    assert inviters == ({"bob": str(alice.account.id)} if "bob" in wanted else {})


@pytest.mark.parametrize("query", ["origin=elsewhere", "status=happy"])
async def test_whoever_asks_for_accounts_of_no_kind_is_not_shown_all(
    client: Client, staff: Headers, query: str
) -> None:
    assert (await client.get(f"/api/v2/admin/accounts?{query}", headers=staff)).status == 400


async def test_an_account_is_shown_with_its_login(ask: Any, alice: Person) -> None:
    shown = await ask("GET", f"accounts/{alice.account.id}")

    assert (shown["username"], shown["email"], shown["confirmed"], shown["approved"]) == (
        "alice",
        alice.user.email,
        True,
        True,
    )
    await ask("GET", "accounts/5", status=404)


@pytest.mark.parametrize(
    ("kind", "undo", "mark"),
    [
        ("sensitive", "unsensitive", "sensitized"),
        ("silence", "unsilence", "silenced"),
        ("suspend", "unsuspend", "suspended"),
        ("disable", "enable", "disabled"),
    ],
)
async def test_what_is_decided_about_accounts_can_be_taken_back(
    ask: Any, bob: Person, report: Report, kind: str, undo: str, mark: str
) -> None:
    path = f"accounts/{bob.account.id}"

    await ask("POST", f"{path}/action", {"type": kind, "text": "because", "report_id": str(report.id)})
    after = await ask("GET", path)
    undone = await ask("POST", f"{path}/{undo}")

    assert (after[mark], undone[mark]) == (True, False)
    assert Report.get_by_id(report.id).resolved_at is not None
    assert "warn.account" in [row.action for row in AuditEntry.select()]


async def test_an_action_of_no_kind_or_on_the_staff_is_refused(ask: Any, bob: Person) -> None:
    boss = make_person("boss", role=Role.ADMIN)

    await ask("POST", f"accounts/{bob.account.id}/action", {"type": "explode"}, status=400)
    await ask("POST", f"accounts/{boss.account.id}/action", {"type": "suspend"}, status=403)

    assert Account.select().where(Account.suspended_at.is_null(False)).count() == 0


async def test_only_the_suspended_are_deleted(ask: Any, bob: Person) -> None:
    path = f"accounts/{bob.account.id}"

    await ask("DELETE", path, status=403)
    await ask("POST", f"{path}/action", {"type": "suspend"})
    await ask("DELETE", path)
    await ask("GET", path, status=404)


async def test_newcomers_are_let_in_or_turned_away(client: Client, ask: Any, app_row: Any) -> None:
    await store.write(settings.change, {"registrations": "approval", "reason_required": False}, None)
    made = [make_person(name) for name in ("new", "spam")]
    with in_unit():
        for person in made:
            User.update(approved_at=None).where(User.id == person.user.id).execute()
    first, second = (f"accounts/{person.account.id}" for person in made)

    approved = await ask("POST", f"{first}/approve")
    rejected = await ask("POST", f"{second}/reject")

    assert (approved["approved"], rejected["approved"]) == (True, False)
    await ask("POST", f"{first}/reject", status=403)
    await ask("GET", first)
    await ask("GET", second, status=404)


async def test_reports_are_taken_on_resolved_and_opened_again(ask: Any, report: Report) -> None:
    path = f"reports/{report.id}"

    (listed,) = await ask("GET", "reports")
    assigned = await ask("POST", f"{path}/assign_to_self")
    unassigned = await ask("POST", f"{path}/unassign")
    resolved = await ask("POST", f"{path}/resolve")
    done = await ask("GET", "reports?resolved=true")
    opened = await ask("POST", f"{path}/reopen")

    assert (listed["target_account"]["username"], len(listed["statuses"])) == ("bob", 1)
    assert assigned["assigned_account"]["username"] == resolved["action_taken_by_account"]["username"] == "mod"
    assert (unassigned["assigned_account"], opened["action_taken"]) == (None, False)
    assert [one["id"] for one in done] == [str(report.id)]
    await ask("GET", "reports/5", status=404)


async def test_a_report_gets_another_category(ask: Any, report: Report) -> None:
    with in_unit():
        rule = rules.add("No spam.", "", None)

    changed = await ask("PUT", f"reports/{report.id}", {"category": "violation", "rule_ids": [str(rule.id), "5"]})
    plain = await ask("PUT", f"reports/{report.id}", {"category": "spam"})
    await ask("PUT", f"reports/{report.id}", {"category": "boredom"}, status=422)

    assert (changed["category"], [one["text"] for one in changed["rules"]]) == ("violation", ["No spam."])
    assert (plain["category"], plain["rules"]) == ("spam", [])


async def test_domains_are_blocked_changed_and_unblocked(ask: Any) -> None:
    made = await ask("POST", "domain_blocks", {"domain": "Bad.test", "severity": "silence", "public_comment": "spam"})
    path = f"domain_blocks/{made['id']}"
    changed = await ask("PUT", path, {"severity": "suspend"})
    shown = await ask("GET", path)
    listed = await ask("GET", "domain_blocks")
    await ask("DELETE", path)

    assert (made["domain"], made["severity"], changed["created_at"]) == ("bad.test", "silence", made["created_at"])
    assert changed == shown == listed[0]
    assert (shown["severity"], shown["public_comment"]) == ("suspend", "spam")
    assert DomainBlock.select().count() == 0
    await ask("GET", path, status=404)
    await ask("POST", "domain_blocks", {"domain": "no domain"}, status=422)


async def test_a_second_decision_about_a_domain_does_not_take_the_place_of_the_first_unseen(ask: Any) -> None:
    made = await ask("POST", "domain_blocks", {"domain": "bad.test", "severity": "suspend", "public_comment": "spam"})

    refused = await ask("POST", "domain_blocks", {"domain": "BAD.test"}, status=422)
    await ask("POST", "domain_blocks", {"domain": "deep.bad.test"})

    assert refused["existing_domain_block"] == made == await ask("GET", f"domain_blocks/{made['id']}")
    assert refused["error"] == "There is a rule for bad.test already."


async def test_domains_are_allowed_and_not_any_more(ask: Any) -> None:
    made = await ask("POST", "domain_allows", {"domain": "good.test"})
    path = f"domain_allows/{made['id']}"

    assert await ask("GET", path) == (await ask("GET", "domain_allows"))[0] == made
    await ask("DELETE", path)
    await ask("GET", path, status=404)
    await ask("POST", "domain_allows", {"domain": ""}, status=422)


@pytest.mark.parametrize("path", ["/api/v1/notifications", "/api/v2/notifications"])
async def test_who_is_judged_hears_of_it_in_apps(
    client: Client, ask: Any, bob: Person, as_person: AsPerson, path: str
) -> None:
    await ask("POST", f"accounts/{bob.account.id}/action", {"type": "silence", "text": "Be kind."})

    found = await (await client.get(path, headers=as_person(bob))).json()

    (one,) = found["notification_groups"] if isinstance(found, dict) else found
    warning = one["moderation_warning"]
    assert one["type"] == "moderation_warning"
    assert (warning["action"], warning["text"], warning["status_ids"], warning["appeal"]) == (
        "silence",
        "Be kind.",
        None,
        None,
    )
    assert warning["target_account"]["id"] == str(bob.account.id)


async def test_an_action_may_begin_with_words_that_are_at_hand(ask: Any, bob: Person) -> None:
    with in_unit():
        preset = warning_presets.add("Ads", "No advertising.", None)
    path = f"accounts/{bob.account.id}/action"

    await ask("POST", path, {"type": "none", "warning_preset_id": "1"}, status=404)
    await ask("POST", path, {"type": "none", "warning_preset_id": str(preset.id), "text": "Thanks."})

    assert AccountWarning.get().text == "No advertising.\n\nThanks."
