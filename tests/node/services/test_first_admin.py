"""The first administrator."""

import pytest

from node.errors import Forbidden, NotFound
from node.models import Role
from node.services.access import first_admin
from node.services.accounts.lookup import account_of
from node.services.moderation import audit
from tests.factories import make_person, password_hash, rsa_keys


def token() -> str:
    url = first_admin.link()
    assert url.startswith("https://a.test/auth/first-admin/")
    return url.rpartition("/")[2]


def test_a_new_node_needs_a_link_until_somebody_has_used_it(unit: None) -> None:
    assert first_admin.link_needed()

    user = first_admin.claim(token(), "zoe", password_hash(), rsa_keys())

    assert user.role == Role.ADMIN
    (entry,) = audit.about("@zoe")
    assert entry.account_id == account_of(user.id).id, "nobody typed a command"
    assert not first_admin.link_needed()


def test_a_link_that_was_printed_before_is_void(unit: None) -> None:
    old = token()
    token()

    with pytest.raises(NotFound):
        first_admin.claim(old, "zoe", password_hash(), rsa_keys())


def test_a_left_over_link_is_worth_nothing_once_there_is_an_administrator(unit: None) -> None:
    left_over = token()
    make_person(role="admin")

    with pytest.raises(Forbidden):
        first_admin.claim(left_over, "zoe", password_hash(), rsa_keys())


def test_a_guess_opens_nothing(unit: None) -> None:
    token()

    with pytest.raises(NotFound):
        first_admin.claim("guess", "zoe", password_hash(), rsa_keys())
