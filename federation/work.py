"""Which function does which job."""

from collections.abc import Callable, Mapping
from functools import partial

from federation import receiving
from federation.context import Federation
from federation.delivery import send
from federation.finding import mentions
from node import jobs, store
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind, TakenJob
from node.services import timelines
from node.services.accounts import annual_reports
from node.services.interactions import polls
from node.services.statuses import scheduled
from node.worker import Handler


def handlers(fed: Federation) -> Mapping[str, Handler]:
    """Every kind of job, and who does it; a test holds the two lists against each other."""
    fetching = {kind: partial(handler, fed) for kind, handler in receiving.HANDLERS.items()}
    sending: dict[str, Handler] = dict(send.HANDLERS.items())
    return (
        sending
        | fetching
        | {
            JobKind.BUILD_FEED: _build_feed,
            JobKind.CLOSE_POLL: _close_poll,
            JobKind.POST_SCHEDULED: partial(_post_scheduled, fed),
            JobKind.MAKE_ANNUAL_REPORT: make_annual_report,
        }
    )


async def _build_feed(job: TakenJob) -> None:
    await store.write(_and_finish, job, timelines.rebuild)


async def _close_poll(job: TakenJob) -> None:
    await store.write(_and_finish, job, polls.close)


async def _post_scheduled(fed: Federation, job: TakenJob) -> None:
    text = await store.point(scheduled.due_text, job.subject)
    if text:
        await mentions.resolve_in_draft(fed, text)
    try:
        await store.write(scheduled.publish, job)
    except (Invalid, Forbidden, NotFound) as refusal:
        await store.write(scheduled.refuse, job, refusal.sentence)


async def make_annual_report(job: TakenJob) -> None:
    """Counted while others write."""
    figures = await store.read(annual_reports.compute, job.subject)
    await store.write(annual_reports.made, job, figures)


def _and_finish(job: TakenJob, work: Callable[[int], object]) -> None:
    jobs.finish(job)
    work(job.subject)
