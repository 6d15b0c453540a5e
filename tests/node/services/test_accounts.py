"""Local accounts: names and addresses."""

import pytest

from node import store
from node.errors import Invalid
from node.models import Account
from node.services import accounts
from tests.factories import Person, make_account, rsa_keys


def test_a_new_account_is_addressed_by_its_id_and_shown_by_its_name(unit: None) -> None:
    account = accounts.create_local("Zoe_9", keys=rsa_keys())

    assert account.uri == f"https://a.test/ap/users/{account.id}"
    assert account.url == "https://a.test/@Zoe_9"
    assert account.is_local


def test_upper_and_lower_case_are_one_name(unit: None) -> None:
    make_account("Zoe")

    with pytest.raises(Invalid, match="taken"):
        accounts.create_local("zOE", keys=rsa_keys())


def test_reserved_and_odd_names_are_refused(unit: None) -> None:
    for name in ("admin", "a b", "", "ü", "x" * 31, "a.b"):
        with pytest.raises(Invalid):
            accounts.create_local(name, keys=rsa_keys())

    assert not Account.select().exists()


def test_people_of_one_test_are_gone_in_the_next(alice: Person, bob: Person) -> None:
    assert store.database.execute_sql("SELECT count(*) FROM account").fetchone()[0] == 2


async def test_rows_of_factories_are_seen_by_units_of_work(alice: Person) -> None:
    found = await store.write(lambda: accounts.signing_key(alice.account.id))

    assert found is not None
    assert found.private_pem == rsa_keys().private_pem


def test_the_instance_actor_is_made_once(unit: None) -> None:
    made = accounts.ensure_instance_actor(rsa_keys())

    assert accounts.ensure_instance_actor(rsa_keys()).id == made.id
    assert accounts.instance_actor().username == "a.test"
