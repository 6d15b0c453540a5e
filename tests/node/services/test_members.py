"""Accounts as the staff finds and sees them."""

from collections.abc import Callable

import pytest

from node.models import Account, Role, Session
from node.paging import Page
from node.services.access import invites, registration, sessions
from node.services.access.registration import SignUp
from node.services.community import settings
from node.services.moderation import decisions as moderation
from node.services.moderation import members
from node.services.moderation.members import State
from tests.factories import Person, make_person, rsa_keys
from tests.queries import assert_query_count

Remote = Callable[..., Account]


def names(text: str, state: State = State.ANY, local: bool | None = None) -> list[str]:
    return [account.username for account in members.find(text, state, Page(), local=local)]


def test_everybody_is_found_newest_first(alice: Person, bob: Person, remote: Remote, unit: None) -> None:
    remote("carol")

    assert names("") == ["carol", "bob", "alice"]
    assert names("", local=True) == ["bob", "alice"]
    assert names("", local=False) == ["carol"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ALI", ["alice"]),
        ("@alice", ["alice"]),
        ("alice@mail.test", ["alice"]),
        ("carol@far.test", ["carol"]),
        ("@carol@far", ["carol"]),
        ("far.test", ["dora", "carol"]),
        ("Cartographer", ["alice"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("@", ["dora", "carol", "alice"]),
    ],
)
def test_a_text_finds_names_handles_domains_and_addresses(
    alice: Person, remote: Remote, unit: None, text: str, found: list[str]
) -> None:
    Account.update(display_name="The Cartographer").where(Account.id == alice.account.id).execute()
    remote("carol", "far.test")
    remote("dora", "deep.far.test")

    assert names(text) == found


def test_lists_are_narrowed_by_what_was_decided(alice: Person, bob: Person, unit: None) -> None:
    moderation.suspend(alice.account.id, None)
    moderation.silence(bob.account.id, None)
    moderation.disable(bob.user.id, None)

    assert names("", State.SUSPENDED) == ["alice"]
    assert names("", State.SILENCED) == ["bob"]
    assert names("", State.DISABLED) == ["bob"]


def test_a_member_is_shown_with_login_role_inviter_and_network(unit: None) -> None:
    ada = make_person("ada", role=Role.ADMIN)
    code = invites.create(ada.account).code
    wish = SignUp(username="newcomer", password_hash="x", agreement=True, invite_code=code, ip="192.0.2.1")
    user = registration.sign_up(wish, rsa_keys())
    (account,) = members.find("newcomer", State.ANY, Page())

    (member,) = members.of([account])
    assert (member.role, member.invited_by, member.ip) == (Role.USER, "ada", "192.0.2.1")
    assert member.user is not None
    assert member.user.id == user.id

    sessions.open(user, account, "2001:db8::1", "a browser")
    assert members.of([account])[0].ip == "2001:db8::1"
    Session.delete().execute()
    assert members.of([ada.account])[0].role is Role.ADMIN


def test_who_waits_is_not_called_suspended(unit: None) -> None:
    settings.change({"registrations": "approval", "reason_required": False}, None)
    registration.sign_up(SignUp(username="newcomer", password_hash="x", agreement=True), rsa_keys())
    (account,) = members.find("newcomer", State.ANY, Page())

    (member,) = members.of([account])

    assert (member.is_waiting, member.is_suspended) == (True, False)


def test_remote_accounts_have_no_login(remote: Remote, unit: None) -> None:
    (member,) = members.of([remote("carol")])

    assert (member.user, member.role, member.ip) == (None, Role.USER, "")


def test_a_page_of_members_costs_a_fixed_number_of_queries(unit: None) -> None:
    for _ in range(3):
        make_person()
    few, many = members.find("", State.ANY, Page(limit=1)), members.find("", State.ANY, Page(limit=10))

    with assert_query_count(3):
        members.of(few)
    with assert_query_count(3):
        members.of(many)
    assert (len(few), len(many)) == (1, 3)
