"""Organisations and their members, for tests."""

from node import clock
from node.models import ActorKind, MemberRole, Membership
from node.services import accounts
from tests.factories import Person, in_unit, rsa_keys


def make_organisation(owner: Person, username: str = "society") -> Person:
    """As its owner: the organisation, and the login that acts for it."""
    with in_unit():
        account = accounts.create_local(username, keys=rsa_keys(), kind=ActorKind.ORGANIZATION)
    return join(owner, account.id, MemberRole.OWNER)


def join(person: Person, account_id: int, role: MemberRole) -> Person:
    """As a member of that role."""
    with in_unit():
        Membership.create(user=person.user.id, account=account_id, role=role, created_at=clock.now_ms())
    account = accounts.by_id(account_id)
    assert account is not None
    return Person(account, person.user)
