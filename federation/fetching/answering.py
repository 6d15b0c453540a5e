"""What people elsewhere let others do with their posts, by stamps (FETCH_STAMP, docs/adr/0033) and by new policies."""

from dataclasses import replace
from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding import resolve, stamps
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.parse.stamp import ParsedStamp
from node import jobs, store
from node.errors import NodeError
from node.jobs import TakenJob
from node.services.accounts import lookup as account_lookup
from node.services.approvals import answers_received, belated
from node.services.approvals import rows as approvals
from node.services.statuses import loading


async def fetch(fed: Federation, job: TakenJob) -> None:
    wanted = await store.point(_wanted, job.subject, str(job.payload.get("stamp", "")))
    if wanted is None:
        await store.write(jobs.finish, job)
        return
    look = partial(_look, fed, job.subject, wanted)
    host = uris.host_of(wanted.interacting_uri) or ""
    try:
        await attempt(fed.lanes, job, look, host=host, fetches=2, finish=_finish)
    except (NodeError, TimeoutError):  # it is tried again; whoever does not answer is not seen meanwhile
        await store.write(answers_received.hold, job.subject)
        raise


def _finish(job: TakenJob) -> None:
    answers_received.hold(job.subject)
    jobs.finish(job)


async def _look(fed: Federation, approval_id: int, wanted: ParsedStamp, budget: Budget) -> Work:
    if not wanted.uri:  # the answer was here before what it answers; what it claims was not kept
        note = await resolve.fetch_note_once(fed, wanted.interacting_uri, budget)
        wanted = replace(wanted, uri=note.approved_by)
    true = wanted.uri != "" and await stamps.is_true(fed, wanted, budget)
    return partial(answers_received.stamped, approval_id, wanted.uri, true=true)


def _wanted(approval_id: int, stamp: str) -> ParsedStamp | None:
    """What must stand at `stamp`; None if the answer, what it answers or whoever wrote that is gone, or here."""
    approval = approvals.by_id_of(approval_id)
    status = loading.by_id(approval.status_id) if approval is not None else None
    target = loading.by_id(approval.target_id) if approval is not None and approval.target_id is not None else None
    author = account_lookup.by_id(target.account_id) if target is not None else None
    if status is None or target is None or author is None or author.is_local:
        return None
    return ParsedStamp(
        uri=stamp,
        type="ReplyAuthorization",
        author_uri=author.uri,
        interacting_uri=status.uri,
        target_uri=target.uri,
    )


async def hold_earlier(_: Federation, job: TakenJob) -> None:
    await store.write(belated.hold_earlier, job)


async def let_in(_: Federation, job: TakenJob) -> None:
    await store.write(belated.let_in, job)


async def return_boosts(_: Federation, job: TakenJob) -> None:
    await store.write(belated.return_boosts, job)


async def tell_favourites(_: Federation, job: TakenJob) -> None:
    await store.write(belated.tell_favourites, job)
