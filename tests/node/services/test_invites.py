"""Invitations."""

import pytest

from node import clock
from node.errors import Forbidden, Invalid, NotFound
from node.paging import Page
from node.services.access import invites
from node.services.community import settings
from node.services.moderation import decisions as moderation
from tests.factories import make_person


def test_the_community_says_who_may_invite(unit: None) -> None:
    person = make_person().account

    with pytest.raises(Forbidden):
        invites.create(person)
    settings.change({"invites_from": "user"}, None)

    assert invites.create(person).code


def test_an_invitation_is_good_for_so_many(unit: None) -> None:
    invite = invites.create(make_person(role="admin").account, max_uses=2)

    invites.redeem(invite.code)
    invites.redeem(invite.code)

    with pytest.raises(Invalid):
        invites.redeem(invite.code)


def test_an_invitation_runs_out(unit: None) -> None:
    invite = invites.create(make_person(role="admin").account, ttl_ms=clock.HOUR)

    with clock.frozen(clock.now_ms() + clock.HOUR + 1), pytest.raises(Invalid):
        invites.redeem(invite.code)


def test_invitations_of_the_suspended_are_worth_nothing(unit: None) -> None:
    admin = make_person(role="admin").account
    invite = invites.create(admin)
    moderation.suspend(admin.id, None)

    with pytest.raises(Invalid):
        invites.redeem(invite.code)


def test_its_owner_ends_an_invitation_and_others_cannot_see_it(unit: None) -> None:
    admin, other = make_person(role="admin").account, make_person().account
    invite = invites.create(admin, ttl_ms=None)

    with pytest.raises(NotFound):
        invites.expire(invite.id, other)
    invites.expire(invite.id, admin)

    with pytest.raises(Invalid):
        invites.peek(invite.code)
    assert [row.id for row in invites.of(admin.id, Page())] == [invite.id]
