"""`linnet account` and `linnet token`"""

import pytest

from node import store
from node.services.access import registration
from node.services.access.registration import SignUp
from tests.factories import rsa_keys
from tests.node.cli.conftest import Run, store_open


def test_an_account_made_here_is_approved_and_confirmed(run: Run) -> None:
    email, role = ["--email", "alice@mail.test"], ["--role", "admin"]

    made = run("account", "create", "alice", *email, "--password", "likes linnets", *role, "--json").answer

    assert made["username"] == "alice"
    assert (made["role"], made["approved"], made["confirmed"], made["disabled"]) == ("admin", True, True, False)
    assert run("account", "list", "--json").answer == [made]


def test_without_a_password_and_without_anybody_to_ask_one_is_made_and_shown_once(run: Run) -> None:
    made = run("account", "create", "alice", "--json").answer

    assert len(made["password"]) == 20
    assert "password" not in run("account", "list", "--json").answer[0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["alice", "--password", "likes linnets"], "taken"),
        (["Alice", "--password", "likes linnets"], "taken"),
        (["al ice", "--password", "likes linnets"], "name"),
        (["bob", "--password", "short"], "8 characters"),
        (["bob", "--password", "likes linnets", "--email", "nobody"], "address"),
        (["bob", "--password", "likes linnets", "--email", "ALICE@mail.test"], "address"),
    ],
)
def test_what_cannot_be_an_account_is_told_and_nothing_changes(
    with_alice: Run, arguments: list[str], told: str
) -> None:
    before = with_alice("account", "list", "--json").answer

    outcome = with_alice("account", "create", *arguments)

    assert outcome.code == 1
    assert told in outcome.complained
    assert "Traceback" not in outcome.complained
    assert with_alice("account", "list", "--json").answer == before


def test_a_role_that_does_not_exist_is_wrong_usage(run: Run) -> None:
    outcome = run("account", "create", "alice", "--role", "king")

    assert outcome.code == 2
    assert "'admin'" in outcome.complained


@pytest.mark.parametrize(
    "arguments",
    [
        ["account", "approve", "nobody"],
        ["account", "role", "nobody", "admin"],
        ["account", "disable", "nobody"],
        ["account", "reset-password", "nobody"],
        ["account", "rename", "nobody", "somebody"],
        ["token", "create", "nobody"],
        ["token", "list", "nobody"],
    ],
)
def test_whoever_does_not_exist_is_told_with_a_way_to_find_who_does(with_alice: Run, arguments: list[str]) -> None:
    outcome = with_alice(*arguments)

    assert outcome.code == 1
    assert "no account called nobody" in outcome.complained
    assert "linnet account list" in outcome.complained


def test_roles_and_sign_in_can_be_changed_and_changed_back(with_alice: Run) -> None:
    assert with_alice("account", "role", "alice", "moderator", "--json").answer["role"] == "moderator"
    assert with_alice("account", "disable", "@alice", "--json").answer["disabled"]
    assert not with_alice("account", "disable", "alice", "--undo", "--json").answer["disabled"]


def test_somebody_who_asked_to_join_is_let_in(with_alice: Run) -> None:
    with store_open(), store.transaction():
        wish = SignUp(username="bob", password_hash="x", reason="I like birds", agreement=True)
        registration.sign_up(wish, rsa_keys())
    before = {row["username"]: row["approved"] for row in with_alice("account", "list", "--json").answer}

    approved = with_alice("account", "approve", "bob", "--json").answer

    assert before == {"alice": True, "bob": False}
    assert (approved["username"], approved["approved"]) == ("bob", True)


def test_somebody_gets_another_name(with_alice: Run) -> None:
    assert with_alice("account", "rename", "alice", "alicia", "--json").answer["username"] == "alicia"
    assert with_alice("account", "rename", "alicia", "alice").code == 1


def test_a_reset_link_leads_to_this_node(with_alice: Run) -> None:
    answer = with_alice("account", "reset-password", "alice", "--json").answer

    assert answer["link"].startswith("https://a.test/auth/")


def test_people_read_tables_and_scripts_read_json(with_alice: Run) -> None:
    said = with_alice("account", "list").said.splitlines()

    assert said[0].split()[:3] == ["id", "username", "email"]
    assert "alice@mail.test" in said[1]


def test_a_token_speaks_until_it_is_revoked(with_alice: Run) -> None:
    made = with_alice(
        "token", "create", "alice", "--app-name", "Script", "--scopes", "read write push", "--json"
    ).answer

    assert len(made["access_token"]) > 30
    listed = with_alice("token", "list", "alice", "--json").answer
    assert [(row["id"], row["app"], row["scopes"]) for row in listed] == [(made["id"], "Script", "read write push")]
    with_alice("token", "revoke", "alice", made["id"])
    assert with_alice("token", "list", "alice", "--json").answer == []


def test_scopes_that_do_not_exist_are_refused(with_alice: Run) -> None:
    outcome = with_alice("token", "create", "alice", "--scopes", "read everything")

    assert outcome.code == 1
    assert "everything" in outcome.complained
    assert with_alice("token", "list", "alice", "--json").answer == []


def test_a_token_that_does_not_exist_cannot_be_revoked(with_alice: Run) -> None:
    outcome = with_alice("token", "revoke", "alice", "5")

    assert outcome.code == 1
    assert "Traceback" not in outcome.complained


def test_an_account_gets_new_keys(with_alice: Run) -> None:
    assert with_alice("account", "rotate-keys", "alice", "--json").answer == {"accounts": 1}
    assert with_alice("account", "rotate-keys", "--all", "--json").answer["accounts"] >= 1
    assert with_alice("account", "rotate-keys").code == 2
    assert with_alice("account", "rotate-keys", "nobody").code == 1
