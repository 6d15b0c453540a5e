"""The durable queue."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from node import clock, jobs, store, streams
from node.errors import NodeError, Unavailable
from node.jobs import JobKind, Priority, TakenJob, enqueue
from node.models import Job
from node.worker import Worker

KIND = JobKind.FETCH_ACCOUNT


@pytest.fixture(autouse=True)
def nothing_finished() -> None:
    """Tests without a worker leave what one would have noticed."""
    jobs._finished.clear()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def run_worker(handler: Callable[[TakenJob], Awaitable[object]], condition: Callable[[], bool]) -> None:
    """A worker with `handler`, until `condition` holds."""
    worker = Worker({KIND: handler}, slot=1)
    running = asyncio.create_task(worker.run())
    try:
        await until(condition)
    finally:
        worker.stop()
        await running


def queue_is_empty() -> bool:
    return not Job.select().exists()


async def test_a_job_runs_with_what_it_was_given_and_is_gone(db: None) -> None:
    done: list[tuple[int, object]] = []

    async def handler(job: TakenJob) -> None:
        done.append((job.subject, job.payload))

    await store.write(lambda: enqueue(KIND, 7, payload={"uri": "x"}))
    await run_worker(handler, queue_is_empty)

    assert done == [(7, {"uri": "x"})]


async def test_a_waiting_worker_is_woken(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_LONGEST_SLEEP_SECONDS", 3600)
    done: list[int] = []

    async def handler(job: TakenJob) -> None:
        done.append(job.subject)

    worker = Worker({KIND: handler}, slot=1)
    running = asyncio.create_task(worker.run())
    try:
        await until(lambda: jobs.TOPIC in streams._subscribers)
        await store.write(lambda: enqueue(KIND, 7))
        await until(lambda: bool(done))
    finally:
        worker.stop()
        await running

    assert done == [7]


async def test_a_job_of_a_unit_that_failed_does_not_exist(db: None) -> None:
    def work() -> None:
        enqueue(KIND, 7)
        raise NodeError("no")

    with pytest.raises(NodeError):
        await store.write(work)

    assert queue_is_empty()


def test_the_urgent_go_first_and_then_the_older(unit: None) -> None:
    for subject, priority in ((1, Priority.BULK), (2, Priority.NORMAL), (3, Priority.URGENT), (4, Priority.NORMAL)):
        enqueue(KIND, subject, priority=priority)

    assert [job.subject for job in jobs.take(1, 10)] == [3, 2, 4, 1]
    assert jobs.take(1, 10) == []


def test_what_is_due_later_waits(unit: None) -> None:
    now = clock.now_ms()
    enqueue(KIND, 7, due_at=now + 1_000)

    assert jobs.take(1, 10) == []
    with clock.frozen(now + 1_000):
        assert [job.subject for job in jobs.take(1, 10)] == [7]


def test_turns_are_kept_but_nobody_waits_for_nothing(unit: None) -> None:
    now = clock.now_ms()
    with clock.frozen(now):
        for number in range(3):
            enqueue(KIND, number, priority=Priority.URGENT, due_at=now + 20_000 + number, early=True)
        enqueue(KIND, 7, priority=Priority.URGENT)
        enqueue(KIND, 8, priority=Priority.URGENT, due_at=now + 10)
        enqueue(KIND, 9)

        assert [job.subject for job in jobs.take(1, 3)] == [7, 0, 1]
        assert [job.subject for job in jobs.take(1, 3)] == [2, 9]
        assert jobs.take(1, 3) == []


def test_what_was_taken_early_is_leased_like_the_rest(unit: None) -> None:
    now = clock.now_ms()
    with clock.frozen(now):
        enqueue(KIND, 7, priority=Priority.URGENT, due_at=now + 20_000, early=True)
        (job,) = jobs.take(1, 10)
    with clock.frozen(now + jobs.LEASE_MS - 1):
        assert jobs.take(2, 10) == []
    with clock.frozen(now + jobs.LEASE_MS):
        assert [again.id for again in jobs.take(2, 10)] == [job.id]


async def test_what_its_handler_put_off_comes_again_as_if_for_the_first_time(db: None) -> None:
    done: list[int] = []

    async def handler(job: TakenJob) -> None:
        done.append(job.attempts)
        await store.write(jobs.put_off, job, clock.HOUR)

    await store.write(lambda: enqueue(KIND, 7))
    await run_worker(handler, lambda: bool(done) and not jobs._finished)

    (row,) = Job.select()
    assert (done, row.attempts, row.lease_owner, row.error) == ([0], 0, None, "")
    assert row.due_at > clock.now_ms()


def test_once_is_enough_for_the_same_work(unit: None) -> None:
    for payload in ({"a": 1}, {"a": 1}, {"a": 2}):
        enqueue(KIND, 7, payload=payload, once=True)

    assert Job.select().count() == 2


@pytest.mark.parametrize(("asked", "waited"), [(0, 0), (7_200, 2 * clock.HOUR), (30 * 86_400, clock.DAY)])
def test_a_job_waits_as_long_as_who_was_asked_wishes_but_a_day_at_most(unit: None, asked: int, waited: int) -> None:
    enqueue(KIND, 7)
    (job,) = jobs.take(1, 1)

    with clock.frozen(clock.now_ms()):
        jobs.postpone(job, Unavailable("Later, please.", retry_after_seconds=asked))
        delay = Job.get().due_at - clock.now_ms()

    assert max(waited, 16_000) <= delay <= max(waited, 24_000)


def test_what_was_given_up_keeps_no_other_from_being_enqueued(unit: None) -> None:
    enqueue(KIND, 7, once=True)
    (job,) = jobs.take(1, 1)
    jobs.postpone(job, NodeError("not yet"))
    enqueue(KIND, 7, once=True)
    assert Job.select().count() == 1

    jobs.postpone(msgspec.structs.replace(job, attempts=jobs.GIVE_UP_AFTER), NodeError("never"))
    enqueue(KIND, 7, once=True)

    assert [row.subject for row in Job.select().where(Job.failed_at.is_null())] == [7]


def test_a_lease_that_runs_out_makes_the_job_due_again(unit: None) -> None:
    enqueue(KIND, 7)
    now = clock.now_ms()
    with clock.frozen(now):
        assert len(jobs.take(1, 10)) == 1

    with clock.frozen(now + jobs.LEASE_MS - 1):
        assert jobs.take(2, 10) == []
    with clock.frozen(now + jobs.LEASE_MS):
        (again,) = jobs.take(2, 10)

    assert again.attempts == 1


def test_a_slot_that_starts_anew_takes_its_old_leases_back_and_no_others(unit: None) -> None:
    enqueue(KIND, 1)
    jobs.take(1, 10)
    enqueue(KIND, 2)
    jobs.take(2, 10)

    jobs.take_back(1)

    assert [job.subject for job in jobs.take(1, 10)] == [1]


async def test_a_job_that_fails_is_tried_later_and_says_why(db: None) -> None:
    async def handler(job: TakenJob) -> None:
        raise NodeError("the host is away")

    before = clock.now_ms()

    await store.write(lambda: enqueue(KIND, 7))
    await run_worker(handler, lambda: Job.get().error != "")

    job = Job.get()
    assert job.error == "NodeError: the host is away"
    assert job.due_at > before + 5_000
    assert (job.attempts, job.lease_owner, job.failed_at) == (1, None, None)


async def test_a_job_of_an_unknown_kind_does_not_stop_the_queue(db: None) -> None:
    done: list[int] = []

    async def handler(job: TakenJob) -> None:
        done.append(job.subject)

    await store.write(lambda: enqueue(JobKind.SEND_MAIL, 1))
    await store.write(lambda: enqueue(KIND, 2))
    await run_worker(handler, lambda: done == [2])

    assert Job.select().where(Job.kind == JobKind.SEND_MAIL).exists()


def test_after_many_failures_a_job_is_kept_for_a_person(unit: None) -> None:
    enqueue(KIND, 7)
    now = clock.now_ms()
    for _ in range(jobs.GIVE_UP_AFTER):
        with clock.frozen(now):
            (job,) = jobs.take(1, 10)
            jobs.postpone(job, NodeError("no"))
        now += 7 * clock.HOUR

    with clock.frozen(now + 365 * clock.DAY):
        assert jobs.take(1, 10) == []
    assert Job.get().failed_at is not None
    assert jobs.retry() == 1
    assert [job.subject for job in jobs.take(1, 10)] == [7]


async def test_what_a_handler_finished_in_its_own_unit_is_not_done_twice(db: None) -> None:
    done: list[int] = []

    async def handler(job: TakenJob) -> None:
        await store.write(jobs.finish, job)
        done.append(job.subject)

    await store.write(lambda: enqueue(KIND, 7))
    await run_worker(handler, queue_is_empty)

    assert done == [7]
    assert jobs._finished == set()


async def test_stopping_lets_what_runs_come_to_its_end(db: None) -> None:
    started, may_end = asyncio.Event(), asyncio.Event()

    async def handler(job: TakenJob) -> None:
        started.set()
        await may_end.wait()

    await store.write(lambda: enqueue(KIND, 7))
    worker = Worker({KIND: handler}, slot=1)
    running = asyncio.create_task(worker.run())
    await started.wait()
    worker.stop()
    await asyncio.sleep(0)
    assert not running.done()
    may_end.set()
    await running

    assert queue_is_empty()


async def test_many_jobs_run_at_once_and_no_more_than_there_is_room(db: None) -> None:
    now_running, most, done = 0, 0, 0

    async def handler(job: TakenJob) -> None:
        nonlocal now_running, most, done
        now_running += 1
        most = max(most, now_running)
        await asyncio.sleep(0)
        now_running -= 1
        done += 1

    def fill() -> None:
        for subject in range(100):
            enqueue(KIND, subject)

    await store.write(fill)
    await run_worker(handler, lambda: done == 100)

    assert 1 < most <= 16


async def test_what_a_job_was_about_ends_with_the_last_attempt_and_not_before(db: None) -> None:
    ended: list[int] = []

    async def handler(_: TakenJob) -> None:
        raise NodeError("no")

    worker = Worker({KIND: handler}, slot=1, endings={KIND: lambda job: ended.append(job.subject)})
    running = asyncio.create_task(worker.run())
    try:
        await store.write(lambda: enqueue(KIND, 7))
        await until(lambda: Job.select().where(Job.error != "").exists())
        assert ended == []
        tries = {"attempts": jobs.GIVE_UP_AFTER - 1, "due_at": clock.now_ms(), "error": ""}
        await store.write(lambda: (Job.update(tries).execute(), streams.publish((jobs.TOPIC,), "wake")))
        await until(lambda: Job.select().where(Job.failed_at.is_null(False)).exists())
    finally:
        worker.stop()
        await running
    assert ended == [7]
