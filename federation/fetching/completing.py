"""Asks other servers for what is missing of a thread: in parts, each link once, and no server for much at once.

What is to be asked, and what follows from the answers, are rows (node/services/completion).
"""

import asyncio
from functools import partial

from federation.context import Federation
from federation.errors import BadDocument, BadStatus, FetchError
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.documents import activity_document
from federation.parse.collection import ParsedCollection, parse_collection
from node import clock, jobs, store
from node.errors import BadInput, NodeError, Unavailable
from node.jobs import TakenJob
from node.models import LinkKind, ThreadFetch
from node.services import completion
from node.services.accounts import lookup as account_lookup
from node.services.completion import going_on
from node.services.completion.going_on import Answer, Link, Outcome

# Of one link; its server is asked again if that was too short.
SECONDS = 8.0
_FETCHES_PER_LINK = 6  # the post, its author, and who is asked about the author's name
_NOTE_KINDS = frozenset({LinkKind.NOTE, LinkKind.PARENT})


async def complete(fed: Federation, job: TakenJob) -> None:
    """FETCH_THREAD: the next part; the job is due again until nothing is left to ask for."""
    fetch, links = await store.read(_next, job.subject)
    if fetch is None:
        await store.write(jobs.finish, job)
        return
    host = links[0].host if links else ""
    part = partial(_part, fed, job, links)
    # The job is finished, or due again, by what `_part` returns.
    await attempt(fed.lanes, job, part, host=host, fetches=_FETCHES_PER_LINK * len(links), finish=_nothing)


def _next(fetch_id: int) -> tuple[ThreadFetch | None, list[Link]]:
    return completion.by_id(fetch_id), going_on.take(fetch_id)


def _nothing(job: TakenJob) -> None:
    pass


async def _part(fed: Federation, job: TakenJob, links: list[Link], budget: Budget) -> Work:
    outcomes = await asyncio.gather(*(_ask(fed, job.subject, link, budget) for link in links))
    return partial(_settle, job, outcomes)


def _settle(job: TakenJob, outcomes: list[Outcome]) -> None:
    due_at = going_on.settle(job.subject, outcomes)
    if due_at is None:
        jobs.finish(job)
    else:
        jobs.put_off(job, max(due_at - clock.now_ms(), 0))


async def _ask(fed: Federation, fetch_id: int, link: Link, budget: Budget) -> Outcome:
    try:
        async with asyncio.timeout(SECONDS):
            if link.kind in _NOTE_KINDS:
                return await _note(fed, fetch_id, link, budget)
            return await _list(fed, link, budget)
    except TimeoutError:
        return Outcome(link=link, answer=Answer.LATER)
    except (FetchError, Unavailable) as error:
        if isinstance(error, FetchError) and not error.temporary:
            return Outcome(link=link, answer=Answer.NOTHING)
        retry_after = error.retry_after if isinstance(error, BadStatus) else None
        return Outcome(link=link, answer=Answer.LATER, wait_ms=(retry_after or 0) * clock.SECOND)
    except NodeError:
        return Outcome(link=link, answer=Answer.NOTHING)


async def _note(fed: Federation, fetch_id: int, link: Link, budget: Budget) -> Outcome:
    note = await resolve.fetch_note_once(fed, link.uri, budget)
    is_known = await store.point(account_lookup.by_uri, note.author_uri) is not None
    if not is_known and not fed.met_in_threads.take(fetch_id):
        # A thread of nobody but strangers may be made up as we go; whoever asks again later has it go on.
        return Outcome(link=link, answer=Answer.NOTHING)
    author, facts = await resolve.facts_of_fetched(fed, note, budget)
    return Outcome(link=link, answer=Answer.GOOD, note=(author, facts), context_uri=note.context)


async def _list(fed: Federation, link: Link, budget: Budget) -> Outcome:
    found = await fed.lists.run(link.uri, partial(fetch_list, fed, link.uri, budget))
    page = parse_collection(found.first_page, link.uri) if found.first_page is not None else found
    items = tuple(dict.fromkeys(uri for one in (*found.items, *page.items) if (uri := one.post_uri)))
    following = page.next_uri or (found.first_uri if page is found else "")
    return Outcome(link=link, answer=Answer.GOOD, items=items, next_uri=following, total=found.total_items)


async def fetch_list(fed: Federation, uri: str, budget: Budget) -> ParsedCollection:
    """A collection or a page of one; pages need no id of their own, their host served them."""
    budget.spend()
    try:
        return parse_collection(activity_document(await fed.door.fetch(uri, signer=await fed.signer())), uri)
    except BadInput as error:
        raise BadDocument(str(error)) from error
