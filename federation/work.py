"""Which function does which job."""

from collections.abc import Callable, Mapping
from functools import partial

from federation import receiving, send
from federation.context import Federation
from node import jobs, store
from node.jobs import Handler, JobKind, TakenJob
from node.services import polls, timelines


def handlers(fed: Federation) -> Mapping[str, Handler]:
    """Every kind of job, and who does it; a test holds the two lists against each other."""
    fetching = {kind: partial(handler, fed) for kind, handler in receiving.HANDLERS.items()}
    sending: dict[str, Handler] = dict(send.HANDLERS.items())
    return sending | fetching | {JobKind.BUILD_FEED: _build_feed, JobKind.CLOSE_POLL: _close_poll}


async def _build_feed(job: TakenJob) -> None:
    await store.write(_and_finish, job, timelines.rebuild)


async def _close_poll(job: TakenJob) -> None:
    await store.write(_and_finish, job, polls.close)


def _and_finish(job: TakenJob, work: Callable[[int], object]) -> None:
    jobs.finish(job)
    work(job.subject)
