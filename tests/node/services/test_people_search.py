"""Looking for people by handle and by the words of their names, without reading all of them."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Account
from node.services.accounts import delete_local
from node.services.discovery import search
from tests.factories import Person, befriend, make_person, make_remote

pytestmark = pytest.mark.usefixtures("unit")


def found(text: str, viewer: Person | None = None, **options: Any) -> list[str]:
    ids = search.accounts(viewer.account.id if viewer else None, text, **options)
    names = {row.id: row.username for row in Account.select().where(Account.id.in_(ids))}
    return [names[an_id] for an_id in ids]


@pytest.mark.parametrize(
    "text",
    ["ida", "IDA", "Ida Lövel", "lövelace", "LÖV", "ida l", "ida löv", "cou", "countess", "@countess", "x_y z"],
)
def test_the_words_of_a_name_are_found_as_they_begin(text: str) -> None:
    make_person("countess", display_name="Ida Lövelace (x_y z)")
    make_person("other", display_name="Nobody")

    assert found(text) == ["countess"]


@pytest.mark.parametrize(
    "text", ["", "@", "%", "_", "☃", '"', "'", "*", "a OR b", "(", "ida & x", "\\", "da", "lace"]
)
def test_signs_and_other_parts_of_words_find_nobody(text: str) -> None:
    make_person("alice", display_name="Ida Lovelace")

    assert found(text) == []


def test_a_changed_name_is_found_and_the_old_one_is_not() -> None:
    alice = make_person("alice", display_name="Ida")

    Account.update(display_name="Grace").where(Account.id == alice.account.id).execute()
    assert (found("ida"), found("grace")) == ([], ["alice"])
    Account.update(display_name="").where(Account.id == alice.account.id).execute()
    assert found("grace") == []
    Account.update(display_name="Ida").where(Account.id == alice.account.id).execute()
    assert found("ida") == ["alice"]


def test_who_is_gone_is_not_found(remote: Callable[..., Account]) -> None:
    alice, carol = make_person("alice", display_name="Ida"), remote("carol", display_name="Ida")

    delete_local(alice.account.id)
    Account.delete().where(Account.id == carol.id).execute()

    assert found("ida") == []


def test_of_those_one_follows_any_part_of_the_name_will_do(alice: Person) -> None:
    for name in ("carol", "dora"):
        make_person(name, display_name="Sunflower")
    befriend(alice.account, Account.get(Account.username == "dora"))

    assert found("flow") == []
    assert found("flow", alice) == ["dora"]
    assert found("sun", alice) == ["dora", "carol"]
    assert found("sun", alice, following=True) == ["dora"]


def test_who_is_called_so_is_found_among_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_LOOKED_AT", 3)
    search._accounts.cache_clear()
    for number in range(6):
        make_remote(f"ida{number}", display_name="Ida")
    make_person("ida")

    try:
        assert found("ida")[0] == "ida"
        assert len(found("ida")) <= 6
    finally:
        search._accounts.cache_clear()


@pytest.mark.parametrize("text", ["ida", "ida@remote.test"])
def test_no_account_is_read_that_an_index_does_not_name(alice: Person, text: str) -> None:
    make_person("ida", display_name="Ida Lovelace")

    steps = plan(text, alice)

    assert any("account_search" in step or "VIRTUAL TABLE" in step for step in steps) == ("@" not in text)
    assert not [step for step in steps if re.search(r"SCAN (account|t\d+)$|Seq Scan on account", step)], steps


def plan(text: str, viewer: Person) -> list[str]:
    """How the engine looks, where it may not read a whole table if there is another way."""
    asked: list[tuple[str, Any]] = []
    engine = store.database.obj
    execute = engine.execute_sql

    def note(sql: str, values: Any = None, *rest: Any) -> Any:
        asked.append((sql, values))
        return execute(sql, values, *rest)

    engine.execute_sql = note
    try:
        found(text, viewer)
    finally:
        engine.execute_sql = execute
    sql, values = next(one for one in asked if "LIMIT" in one[0])
    if store.is_sqlite():
        return [row[3] for row in execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
    execute("SET LOCAL enable_seqscan = off")
    return [row[0] for row in execute(f"EXPLAIN {sql}", values).fetchall()]
