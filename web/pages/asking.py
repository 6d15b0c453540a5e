"""Asking other servers for more of a thread, and remembering for a while that they were asked."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from aiohttp import web

from federation import resolve
from federation.budget import Budget
from federation.context import FEDERATION, Federation
from federation.kept import Kept
from node import clock, jobs, store
from node.errors import NodeError
from node.jobs import JobKind, Priority
from node.models import Account, Status
from node.services import account_lookup, loading, statuses, threads
from web import params
from web.pages import answers, forms, handles

MAX_HOSTS = 4
_SECONDS = 6.0
_AGAIN_MS = clock.MINUTE  # nobody is asked more often about one thread

# By thread: who was asked, and when. Only for people's information, so each process keeps its own.
_asked: Kept[tuple[list[str], int]] = Kept(seconds=24 * 3600)


def asked_about(thread_id: int | None) -> tuple[list[str], int | None]:
    """The hosts that were asked about a thread, and when."""
    if thread_id is None:
        return [], None
    return _asked.get(str(thread_id)) or ([], None)


async def refresh(request: web.Request) -> web.Response:
    """POST /statuses/{id}/refresh"""
    person = answers.require(request)
    await forms.read(request)
    status, author, remote = await store.read(_thread, person.account_id, params.an_id(request))
    path = f"{handles.path_of(author)}/{status.id}"
    fed = request.app.get(FEDERATION)
    _, before = asked_about(status.thread_id)
    if fed is None or not remote or (before is not None and before > clock.now_ms() - _AGAIN_MS):
        return answers.done(request, path)
    hosts = await _ask(fed, remote)
    if status.thread_id is not None and hosts:
        _asked.put(str(status.thread_id), (hosts, clock.now_ms()))
    asked = ", ".join(hosts)
    return answers.done(request, path, f"{asked} was asked for more." if asked else "Nobody could be reached.")


def _thread(reader_id: int, status_id: int) -> tuple[Status, Account, list[tuple[str, Status]]]:
    """The status, its author, and of each other server one status of the thread: the nearest above comes first."""
    status = statuses.get_original(reader_id, status_id)
    author = loading.account_by_id(status.account_id)
    ids = [status.id, *threads.ancestors(reader_id, status.id)[::-1], *threads.descendants(reader_id, status.id)]
    rows = [row for one in ids[:200] if (row := loading.by_id(one)) is not None and not row.local]
    authors = account_lookup.by_ids(list({row.account_id for row in rows}))
    by_host: dict[str, Status] = {}
    for row in rows:
        if row.account_id in authors:
            by_host.setdefault(authors[row.account_id].domain, row)
    return status, author, list(by_host.items())[:MAX_HOSTS]


async def _ask(fed: Federation, remote: Iterable[tuple[str, Status]]) -> list[str]:
    """The hosts that answered. What they know of is fetched by jobs."""

    async def ask(host: str, status: Status) -> str | None:
        with suppress(NodeError):
            note = await resolve.fetch_note(fed, status.uri, Budget(1))
            if note.replies:
                await store.write(_fetch_later, status.id, note.replies)
            return host
        return None

    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            found = await asyncio.gather(*(ask(host, status) for host, status in remote))
            return [host for host in found if host is not None]
    return []


def _fetch_later(status_id: int, uri: str) -> None:
    jobs.enqueue(JobKind.FETCH_REPLIES, status_id, payload={"uri": uri}, priority=Priority.URGENT, once=True)


ROUTES = [web.post("/statuses/{id}/refresh", refresh)]
