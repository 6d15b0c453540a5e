"""`linnet organisation`"""

import pytest

from node import store
from node.cli.accounts import find_user
from node.cli.opening import opened
from node.models import MemberRole, Membership
from node.services.organisations import making
from tests.factories import rsa_keys
from tests.node.cli.conftest import Run


@pytest.fixture
def society(with_alice: Run) -> Run:
    """Alice owns an organisation."""
    with opened(), store.transaction():
        making.make(find_user("alice"), "society", "", rsa_keys())
    return with_alice


def test_the_operator_sees_organisations_and_their_members(society: Run) -> None:
    listed = society("organisation", "list", "--json").answer
    (member,) = society("organisation", "members", "society", "--json").answer
    people = society("account", "list", "--json").answer

    assert listed == [{"username": "society", "members": 1, "owners": ["alice"]}]
    assert (member["username"], member["role"]) == ("alice", "owner")
    assert [one["username"] for one in people] == ["alice"]


def test_the_operator_appoints_an_owner_where_none_is_left(society: Run) -> None:
    society("account", "create", "bob", "--password", "likes linnets")
    with opened(), store.transaction():
        Membership.delete().where(Membership.role == MemberRole.OWNER).execute()

    owners = society("organisation", "appoint", "society", "bob", "--json").answer

    assert [(one["username"], one["role"]) for one in owners] == [("bob", "owner")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["organisation", "members", "alice"],
        ["organisation", "members", "nobody"],
        ["organisation", "appoint", "alice", "alice"],
        ["organisation", "appoint", "society", "society"],
        ["token", "create", "society"],
        ["account", "reset-password", "society"],
    ],
)
def test_what_is_no_organisation_or_no_person_is_told(society: Run, arguments: list[str]) -> None:
    outcome = society(*arguments)

    assert outcome.code == 1
    assert "organisation" in outcome.complained or "no account" in outcome.complained


def test_an_organisation_can_be_called_otherwise(society: Run) -> None:
    assert society("account", "rename", "society", "club", "--json").answer["username"] == "club"
