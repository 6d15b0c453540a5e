"""FETCH_QUOTED: what a post quotes, from where it lives, and the stamp, from the host of whoever wrote that."""

from dataclasses import replace
from functools import partial

from federation import uris
from federation.context import Federation
from federation.errors import FetchError
from federation.finding import resolve, stamps
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.parse.stamp import ParsedStamp
from node import jobs, store
from node.errors import NodeError
from node.jobs import TakenJob
from node.models import Account, Approval, Status
from node.services.accounts import lookup as account_lookup
from node.services.approvals import quotes_received
from node.services.approvals import rows as approvals
from node.services.statuses import loading, receiving

_FETCHES = 6


async def fetch(fed: Federation, job: TakenJob) -> None:
    approval = await store.point(approvals.by_id_of, job.subject)
    status = await store.point(loading.by_id, approval.status_id) if approval is not None else None
    if approval is None or status is None or status.local:
        await store.write(jobs.finish, job)
        return
    told = job.payload
    complete = partial(_complete, fed, approval, str(told.get("stamp", "")), int(told.get("depth", 0)))
    await attempt(fed.lanes, job, complete, host=uris.host_of(status.uri) or "", fetches=_FETCHES)


async def _complete(fed: Federation, approval: Approval, stamp: str, depth: int, budget: Budget) -> Work | None:
    """The quoted post is stored first; what its stamp is worth is written at the end."""
    if approval.target_id is None:
        await _quoted(fed, approval.target_uri, depth, budget)
        found = await store.write(quotes_received.found, approval.id, approval.target_uri)
        if found is None or found.target_id is None:
            return None
        approval = found
    if not stamp:
        return None
    status, target, author = await store.point(_around, approval)
    if status is None or target is None or author is None or author.is_local:
        return None
    true = await stamps.is_true(fed, _wanted(stamp, status, target, author), budget)
    return partial(quotes_received.stamped, approval.id, stamp, true=true)


async def _quoted(fed: Federation, uri: str, depth: int, budget: Budget) -> None:
    """What will not be there later either is left out; the row then says that it may not be shown."""
    if await store.point(loading.by_uri, uri) is not None or uris.is_local(fed.config, uri):
        return
    try:
        note = await resolve.fetch_note_once(fed, uri, budget)
        author, facts = await resolve.facts_of_fetched(fed, note, budget)
    except FetchError as error:
        if error.temporary:
            raise
        return
    except NodeError:
        return
    if facts.quote is not None:
        facts = replace(facts, quote=replace(facts.quote, depth=depth + 1))
    await store.write(partial(receiving.receive, author, facts, asked=True))


def _around(approval: Approval) -> tuple[Status | None, Status | None, Account | None]:
    target = loading.by_id(approval.target_id) if approval.target_id is not None else None
    author = account_lookup.by_id(target.account_id) if target is not None else None
    return loading.by_id(approval.status_id), target, author


def _wanted(stamp: str, status: Status, target: Status, author: Account) -> ParsedStamp:
    return ParsedStamp(
        uri=stamp,
        type="QuoteAuthorization",
        author_uri=author.uri,
        interacting_uri=status.uri,
        target_uri=target.uri,
    )
