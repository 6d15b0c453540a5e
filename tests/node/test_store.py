"""The database on disk: units of work, what follows them, and what happens when they fail."""

import asyncio
import threading

import peewee
import pytest

from node import migrations, store
from node.config import Config
from node.errors import Invalid
from node.models import Setting
from node.store import Prepared, after_commit, database, in_ids, param


def save(key: str) -> int:
    return Setting.create(key=key, value="1").id


def keys() -> list[str]:
    return [row.key for row in Setting.select().order_by(Setting.id)]


async def test_what_a_unit_wrote_is_there_when_it_returns(on_disk: Config) -> None:
    await store.write(save, "a")

    assert await store.read(keys) == await store.point(keys) == ["a"]


async def test_a_unit_that_fails_leaves_nothing_and_tells_its_caller(on_disk: Config) -> None:
    def fail() -> None:
        save("a")
        raise Invalid("no")

    with pytest.raises(Invalid, match="no"):
        await store.write(fail)

    assert await store.read(keys) == []


async def test_units_of_one_group_stand_and_fall_alone(on_disk: Config) -> None:
    def work(number: int) -> int:
        save(f"key{number:03}")
        if number % 3 == 0:
            raise Invalid(str(number))
        return number

    results = await asyncio.gather(*(store.write(work, n) for n in range(100)), return_exceptions=True)

    assert [r for r in results if isinstance(r, int)] == [n for n in range(100) if n % 3]
    assert sorted(await store.read(keys)) == [f"key{n:03}" for n in range(100) if n % 3]


async def test_units_that_are_asked_for_at_once_share_a_commit(on_disk: Config) -> None:
    if not store.is_sqlite():
        pytest.skip("of SQLite")
    commits: list[int] = []

    def count() -> bool:
        commits.append(1)
        return False  # which lets it happen

    await store.write(lambda: database.connection().set_commit_hook(count))
    commits.clear()

    await asyncio.gather(*(store.write(save, f"key{n}") for n in range(50)))

    assert len(commits) == 1


def refuse(code: str) -> None:
    """The server ends the transaction, and gives this as its reason."""
    database.execute_sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")


@pytest.mark.parametrize("code", ["40001", "40P01"])
async def test_a_unit_that_could_not_be_serialized_runs_again_as_a_whole(on_disk: Config, code: str) -> None:
    if store.is_sqlite():
        pytest.skip("of PostgreSQL")
    tries: list[int] = []
    seen: list[int] = []

    def work() -> int:
        tries.append(len(tries) + 1)
        after_commit(lambda number=tries[-1]: seen.append(number))  # type: ignore[misc]
        save("a")
        if len(tries) < 3:
            refuse(code)
        return tries[-1]

    assert await store.write(work) == 3
    assert await store.read(keys) == ["a"]
    assert seen == [3]


@pytest.mark.parametrize(("code", "tries"), [("40001", 5), ("53200", 1)])
async def test_other_refusals_and_the_fifth_are_told(on_disk: Config, code: str, tries: int) -> None:
    if store.is_sqlite():
        pytest.skip("of PostgreSQL")
    made: list[int] = []

    def work() -> None:
        made.append(save("a"))
        refuse(code)

    with pytest.raises(peewee.OperationalError):
        await store.write(work)

    assert len(made) == tries
    assert await store.read(keys) == []


async def test_of_units_that_wait_for_each_other_both_are_done(on_disk: Config) -> None:
    if store.is_sqlite():
        pytest.skip("of PostgreSQL")
    for key in "ab":
        await store.write(save, key)
    met = threading.Barrier(2)
    runs: list[str] = []

    def touch(first: str, second: str) -> None:
        runs.append(first)
        database.execute_sql("SET LOCAL deadlock_timeout = '10ms'")
        for key in (first, second):
            Setting.update(value=Setting.value.concat("+")).where(Setting.key == key).execute()
            if key == first and len(runs) <= 2:
                met.wait(60)

    await asyncio.gather(store.write(touch, "a", "b"), store.write(touch, "b", "a"))

    assert [row.value for row in await store.read(lambda: list(Setting.select()))] == ["1++", "1++"]
    # Mostly one again; but who begins again may overtake the other, which is only just waking, and meet it once more.
    assert len(runs) >= 3


async def test_a_loop_that_has_ended_is_in_no_other_one_s_way(on_disk: Config) -> None:
    async def ask_and_leave() -> None:
        asyncio.get_running_loop().create_task(store.write(save, "left"))
        await asyncio.sleep(0)

    for turn in range(3):
        await asyncio.to_thread(asyncio.run, ask_and_leave())
        await store.write(save, f"asked{turn}")

    assert {"asked0", "asked1", "asked2", "left"} <= set(await store.read(keys))


async def test_a_broken_constraint_is_the_unit_s_own_trouble(on_disk: Config) -> None:
    results = await asyncio.gather(*(store.write(save, "same") for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(r, int) for r in results) == 1
    assert sum(isinstance(r, peewee.IntegrityError) for r in results) == 9


async def test_callbacks_run_after_the_commit_on_the_loop_and_before_the_answer(on_disk: Config) -> None:
    seen: list[object] = []

    def work() -> None:
        after_commit(lambda: seen.append(threading.current_thread() is threading.main_thread()))
        save("a")

    await store.write(work)

    assert seen == [True]


async def test_callbacks_of_a_unit_that_failed_never_run(on_disk: Config) -> None:
    seen: list[int] = []

    def work() -> None:
        after_commit(lambda: seen.append(1))
        raise Invalid("no")

    with pytest.raises(Invalid):
        await store.write(work)

    assert seen == []


async def test_a_callback_that_fails_keeps_nobody_from_their_result(on_disk: Config) -> None:
    seen: list[int] = []

    def work() -> str:
        after_commit(lambda: 1 / 0)
        after_commit(lambda: seen.append(1))
        return "done"

    assert await store.write(work) == "done"
    assert seen == [1]


async def test_accepted_work_is_finished_even_if_its_caller_goes_away(on_disk: Config) -> None:
    caller = asyncio.create_task(store.write(save, "a"))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    async with asyncio.timeout(60):
        while await store.read(keys) != ["a"]:
            await asyncio.sleep(0.005)


def test_without_a_loop_a_transaction_runs_callbacks_at_its_end(db: None) -> None:
    seen: list[int] = []

    def fail_in_a_transaction() -> None:
        with store.transaction():
            after_commit(lambda: seen.append(2))
            save("b")
            raise Invalid("no")

    with store.transaction():
        after_commit(lambda: seen.append(1))
        save("a")
        assert seen == []

    assert seen == [1]
    with pytest.raises(Invalid):
        fail_in_a_transaction()
    assert seen == [1]
    assert keys() == ["a"]


def test_prepared_queries_bind_values_and_lists_of_ids(unit: None) -> None:
    made = [save(key) for key in "abc"]
    by_key = Prepared(lambda: Setting.select(Setting.id).where(Setting.key == param("key")), int)
    by_ids = Prepared(
        lambda: Setting.select(Setting.key).where(in_ids(Setting.id, param("ids"))).order_by(Setting.id), str
    )

    assert by_key.first(key="b") == made[1]
    assert by_key.first(key="x") is None
    assert by_key.first(key="' OR 1=1 --") is None
    assert by_ids.all(ids=[made[2], made[0], 1]) == ["a", "c"]
    assert by_ids.all(ids=[]) == []


def test_rows_can_be_walked_and_left_before_the_last(unit: None) -> None:
    made = [save(key) for key in "abc"]
    newest = Prepared(lambda: Setting.select(Setting.id).order_by(Setting.id.desc()), int)

    with newest.walk() as rows:
        assert next(rows) == (made[2],)
    with newest.walk() as rows:
        assert list(rows) == [(made_id,) for made_id in made[::-1]]


def test_lists_of_ids_work_in_ordinary_queries_too(unit: None) -> None:
    made = [save(key) for key in "abc"]

    assert Setting.select().where(in_ids(Setting.id, made[:2])).count() == 2
    assert Setting.select().where(in_ids(Setting.id, [])).count() == 0


async def test_a_prepared_query_outlives_the_database_it_was_first_used_with(db: None, config: Config) -> None:
    by_key = Prepared(lambda: Setting.select(Setting.id).where(Setting.key == param("key")), int)
    assert by_key.first(key="a") is None
    store.close()
    store.connect(config)
    if config.is_sqlite:
        migrations.upgrade(config)

    made = await store.write(save, "a")

    assert by_key.first(key="a") == made


def test_a_closed_database_says_so() -> None:
    with pytest.raises(RuntimeError, match="not open"), store.transaction():
        pass
