"""The node's own faults: a full disk, a locked or restarted database, a clock that jumps, poison in the queue."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import psycopg
import pytest

from node import clock, jobs, store
from node.config import Config
from node.errors import Unavailable
from node.jobs import JobKind, TakenJob
from node.models import Job, Setting
from node.store import postgres
from node.worker import Worker


@pytest.fixture
def on_sqlite(on_disk: Config) -> Config:
    if not on_disk.is_sqlite:
        pytest.skip("of SQLite")
    return on_disk


# Locks hold between processes alone.
_LOCK = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def save(value: str) -> None:
    Setting.create(key=f"key {Setting.select().count()}", value=value)


def count() -> int:
    return Setting.select().count()


async def test_a_full_disk_refuses_writers_kindly_lets_readers_read_and_passes(on_sqlite: Config) -> None:
    await store.write(save, "before")

    def limit(pages: int) -> None:
        store.database.execute_sql(f"PRAGMA max_page_count = {pages}")

    await store.write(limit, 1)  # SQLite takes as many as there are
    with pytest.raises(Unavailable, match="disk is full"):
        await store.write(save, "x" * 1_000_000)
    assert await store.read(count) == await store.point(count) == 1

    together = await asyncio.gather(*(store.write(save, "x" * 300_000) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in together), together
    assert await store.read(count) == 1

    await store.write(limit, 1_000_000)
    await store.write(save, "x" * 1_000_000)

    assert await store.read(count) == 2
    assert await store.read(lambda: store.database.execute_sql("PRAGMA integrity_check").fetchone()) == ("ok",)


async def test_a_locked_database_refuses_writers_after_a_while_and_the_loop_goes_on(on_sqlite: Config) -> None:
    await store.write(lambda: store.database.execute_sql("PRAGMA busy_timeout = 100"))
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _LOCK, str(on_sqlite.sqlite_path), stdin=PIPE, stdout=PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    await other.stdout.readline()
    turns = 0

    writing = asyncio.create_task(store.write(save, "x"))
    while not writing.done():
        assert await store.read(count) == 0
        turns += 1
    with pytest.raises(Unavailable):
        await writing
    other.stdin.close()
    await other.wait()
    await store.write(save, "x")

    assert turns > 1
    assert await store.read(count) == 1


async def test_a_locked_table_refuses_writers_after_a_while_and_readers_read(
    db: None, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's transaction stands open, as an administrator's may; many who want to write do not stop the rest."""
    if config.is_sqlite:
        pytest.skip("of PostgreSQL")
    monkeypatch.setattr(postgres, "_LOCK_SECONDS", 0.05)
    with psycopg.connect(config.database_url) as other:
        other.execute("LOCK TABLE setting IN EXCLUSIVE MODE")

        outcomes = await asyncio.gather(*(store.write(save, "x") for _ in range(30)), return_exceptions=True)
        assert all(isinstance(one, Unavailable) for one in outcomes), outcomes
        assert await store.read(count) == 0
        other.execute("LOCK TABLE setting")
        with pytest.raises(Unavailable):
            await store.read(count)
    await store.write(save, "x")

    assert await store.read(count) == 1


async def test_a_server_without_room_refuses_writers_kindly_and_it_passes(db: None, config: Config) -> None:
    if config.is_sqlite:
        pytest.skip("of PostgreSQL")

    def save_without_room() -> None:
        save("x")
        store.database.execute_sql("DO $$ BEGIN RAISE disk_full; END $$")

    with pytest.raises(Unavailable, match="disk is full"):
        await store.write(save_without_room)
    await store.write(save, "x")

    assert await store.read(count) == 1


async def test_a_database_that_was_restarted_is_used_again(db: None, config: Config) -> None:
    if config.is_sqlite:
        pytest.skip("of PostgreSQL")
    await store.write(save, "before")

    def end_all() -> None:
        store.database.execute_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    await asyncio.gather(*(store.read(count) for _ in range(24)))
    await store.write(end_all)
    refused = 0
    async with asyncio.timeout(60):
        while True:  # each thread of the pool finds out by itself
            outcomes = await asyncio.gather(*(store.read(count) for _ in range(24)), return_exceptions=True)
            assert all(one == 1 or isinstance(one, Unavailable) for one in outcomes), outcomes
            lost = sum(isinstance(one, Unavailable) for one in outcomes)
            if not lost:
                break
            refused += lost
    await store.write(save, "after")

    assert refused <= 24
    assert await store.read(count) == 2


async def test_a_clock_that_steps_back_does_a_job_once(db: None) -> None:
    now = clock.now_ms()
    with clock.frozen(now):
        await store.write(lambda: jobs.enqueue(JobKind.CLOSE_POLL, 1, due_at=now + clock.MINUTE))
    with clock.frozen(now + clock.MINUTE):
        (job,) = await store.write(jobs.take, 1, 10)
    with clock.frozen(now + clock.MINUTE - clock.HOUR):  # as when daylight saving is mistaken for time
        assert await store.write(jobs.take, 2, 10) == []
        await store.write(jobs.finish, job)
    jobs._finished.clear()
    with clock.frozen(now + clock.HOUR):
        assert await store.write(jobs.take, 2, 10) == []


async def test_poison_in_the_queue_is_put_aside_and_the_rest_goes_on(db: None) -> None:
    done: list[int] = []

    async def handler(job: TakenJob) -> None:
        assert isinstance(job.payload, dict)
        done.append(job.subject)

    def fill() -> None:
        for number in range(3):
            jobs.enqueue(JobKind.FETCH_ACCOUNT, number, payload={"number": number})
        Job.update(payload="{not json", attempts=jobs.GIVE_UP_AFTER - 1).where(Job.subject == 1).execute()
        Job.update(kind="unheard_of").where(Job.subject == 2).execute()
        jobs.enqueue(JobKind.FETCH_ACCOUNT, 3)

    await store.write(fill)
    worker = Worker({JobKind.FETCH_ACCOUNT: handler}, slot=1)
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(60):
            while Job.select().where(Job.error == "").exists():
                await asyncio.sleep(0.005)
    finally:
        worker.stop()
        await running

    poison, unheard_of = Job.select().order_by(Job.subject)
    assert done == [0, 3]
    assert (poison.subject, poison.failed_at is not None, poison.due_at) == (1, True, clock.LATEST_MS)
    assert (unheard_of.subject, unheard_of.failed_at) == (2, None)  # perhaps a newer process knows it
    assert poison.error.startswith("DecodeError")
