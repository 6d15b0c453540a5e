"""Work that asks other servers first and then writes once: what may fail, for how long, and what happens then."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog

from federation import ignored
from federation.errors import BadStatus, FetchError
from federation.http.budget import Budget, LaneFull, Lanes
from node import jobs, store
from node.errors import NodeError, Unavailable
from node.jobs import TakenJob

log = structlog.get_logger()

# Within the time that a worker gives to a job.
SECONDS = 20.0
# What needs a server that does not answer is given up after so many, which is some hours later.
MOST = 9
# What may not wait for networks yet, since much from its host does, comes again after so long.
_LANE_FULL_MS = (4_000, 8_000)

# To be run in the unit of work that also ends the job. It touches the database and nothing else.
Work = Callable[[], object]


async def attempt(
    lanes: Lanes,
    job: TakenJob,
    fetch: Callable[[Budget], Awaitable[Work | None]],
    *,
    host: str,
    fetches: int,
    finish: Callable[[TakenJob], object] = jobs.finish,
) -> None:
    """Do a job: `fetch` within its limits, then what it returned and `finish` in one unit of work.

    `host` is whose doing it is. What may succeed later is raised, so that the queue does the job again; what will
    not is logged, and the job is done.
    """
    try:
        work = await _fetched(lanes, job, fetch, host, fetches)
    except LaneFull:
        await store.write(jobs.put_off, job, random.randint(*_LANE_FULL_MS))
        return
    try:
        await store.write(_write, job, work, finish)
    except Unavailable:
        raise
    except NodeError as error:  # what was to be written is against a rule; the unit of work is rolled back
        log.info("nothing done", kind=job.kind, host=host, reason=str(error))
        ignored.count_error(job.kind, error)
        await store.write(_write, job, None, finish)


async def _fetched(
    lanes: Lanes, job: TakenJob, fetch: Callable[[Budget], Awaitable[Work | None]], host: str, fetches: int
) -> Work | None:
    try:
        with Budget(fetches, lanes, host) as budget:
            async with asyncio.timeout(SECONDS):
                return await fetch(budget)
    except LaneFull:
        raise
    except (NodeError, TimeoutError) as error:
        if _may_pass(error) and job.attempts < MOST:
            if isinstance(error, BadStatus) and error.retry_after is not None:  # the queue waits as it was asked to
                raise Unavailable(str(error), retry_after_seconds=error.retry_after) from error
            raise
        log.info("nothing done", kind=job.kind, host=host, reason=str(error))
        ignored.count_error(job.kind, error)
        return None


def _may_pass(error: Exception) -> bool:
    return error.temporary if isinstance(error, FetchError) else isinstance(error, Unavailable | TimeoutError)


def _write(job: TakenJob, work: Work | None, finish: Callable[[TakenJob], object]) -> None:
    if work is not None:
        work()
    finish(job)
