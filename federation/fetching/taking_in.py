"""The job behind a list that somebody brought: finds whom and what its entries name, a few at a time.

One entry after the other, so a list never holds more than one connection. What has to be asked for is asked for
slowly, and a server that does not answer is not asked for the next entry.
"""

import asyncio
import time

from federation.context import Budget, Federation
from federation.errors import FetchError
from federation.finding import lookup, resolve
from federation.parse.handle import parse_handle
from node import clock, jobs, store
from node.errors import NodeError, NotFound, Unavailable
from node.jobs import TakenJob
from node.models import Account, Portable
from node.services.accounts import lookup as account_lookup
from node.services.portability import applying, intakes
from node.services.portability.applying import Target
from node.services.portability.exports import address
from node.services.portability.intakes import Work
from node.services.statuses import loading

ASKED_AT_ONCE = 25
PAUSE_MS = 10 * clock.SECOND
_ROUND_SECONDS = 35.0  # a job's lease is a minute
_ENTRY_SECONDS = 15.0
_FETCHES = 6
_NOBODY = "There is no such account, or its server does not answer."
_NO_POST = "There is no such post, you may not read it, or its server does not answer."


async def take_in(fed: Federation, job: TakenJob) -> None:
    """Until all is done, or so much was asked for that others come first."""
    work = await store.read(intakes.load, job.subject)
    if work is None:
        return
    finder, ends = _Finder(fed, work), time.monotonic() + _ROUND_SECONDS
    for position in range(work.position, len(work.entries)):
        if finder.asked >= ASKED_AT_ONCE or time.monotonic() > ends:
            await store.write(jobs.put_off, job, PAUSE_MS if finder.asked >= ASKED_AT_ONCE else 0)
            return
        if not await _one(finder, work, position):
            return
    while not await store.write(intakes.finish, job):
        if time.monotonic() > ends:
            await store.write(jobs.put_off, job, 0)
            return


async def _one(finder: "_Finder", work: Work, position: int) -> bool:
    """Whether to go on with the next one."""
    try:
        target = await finder.find(work.entries[position].cells)
        return await store.write(intakes.take, work, position, target)
    except NodeError as refusal:
        if isinstance(refusal, Unavailable) and not isinstance(refusal, FetchError):
            raise  # it is us: the job is done again later
        return await store.write(intakes.refuse, work, position, refusal.sentence)


class _Finder:
    """Whom the entries of one intake are about."""

    def __init__(self, fed: Federation, work: Work) -> None:
        self._fed = fed
        self._work = work
        self._silent: set[str] = set()
        self.asked = 0

    async def find(self, cells: tuple[str, ...]) -> Target | None:
        """None for what is about nobody else. NotFound, or why its server does not say."""
        kind = self._work.kind
        if kind in applying.OF_ACCOUNTS:
            found = await self._account(applying.address_in(kind, cells))
            return Target(found.id, applying.with_address(kind, cells, address(found.username, found.domain)))
        return await self._post(cells[0]) if kind is Portable.BOOKMARKS else None

    async def _account(self, text: str) -> Account:
        handle = parse_handle(text, self._fed.config.scheme)
        if handle is None or handle.domain in self._silent:
            raise NotFound(_NOBODY)
        self.asked += await store.point(account_lookup.find, handle.username, handle.domain) is None
        try:
            async with asyncio.timeout(_ENTRY_SECONDS):
                return await resolve.by_handle(self._fed, handle, budget=Budget(_FETCHES))
        except TimeoutError as error:
            self._silent.add(handle.domain)
            raise NotFound(_NOBODY) from error
        except FetchError as error:
            if error.temporary:
                self._silent.add(handle.domain)
            raise
        except NotFound as error:
            raise NotFound(_NOBODY) from error

    async def _post(self, uri: str) -> Target:
        self.asked += await store.point(loading.by_uri, uri) is None
        found = None
        try:
            async with asyncio.timeout(_ENTRY_SECONDS):
                found = await lookup.find(self._fed, uri, self._work.account_id)
        except TimeoutError:
            pass
        if found is None or isinstance(found, Account):
            raise NotFound(_NO_POST)
        return Target(found.id, (found.uri,))
