"""What other servers are asked for: once however many want it, and again when they wish it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from federation import receiving
from federation.context import Budget
from federation.finding import resolve
from federation.http.budget import MOST_WAITING_PER_HOST
from node import clock, jobs, store
from node.errors import Unavailable
from node.jobs import JobKind, TakenJob
from node.models import Job, Status
from tests.federation.incoming.fediverse import ACTIVITY_JSON, Document, Elsewhere, Here, Somebody, stranger_keys
from tests.federation.incoming.test_forwarded import SIGNATURE
from tests.federation.outgoing.peers import until


def path(note: Document) -> str:
    return str(note["id"]).removeprefix(note["attributedTo"].split("/users/")[0])


class Gate:
    """Holds the answer about a note until the test lets it go."""

    def __init__(self, there: Elsewhere, note: Document) -> None:
        self._there, self._path = there, path(note)
        self._open = asyncio.Event()
        there.serve(note)
        self._answer = there._handlers[self._path]
        there.on(self._path, self._wait)

    async def _wait(self, request: web.Request) -> web.StreamResponse:
        await self._open.wait()
        return await self._answer(request)

    def let_go(self) -> None:
        self._open.set()

    @property
    def asked(self) -> int:
        return self._there.asked_for(self._path)


async def due() -> list[TakenJob]:
    return await store.write(jobs.take, 1, 100)


def run(here: Here, job: TakenJob) -> "asyncio.Task[object]":
    return asyncio.create_task(receiving.HANDLERS[JobKind(job.kind)](here.fed, job))  # type: ignore[arg-type]


@pytest.fixture
async def third() -> AsyncIterator[Elsewhere]:
    async with Elsewhere() as server:
        yield server


async def test_a_post_that_several_things_name_at_once_is_asked_for_once(
    here: Here, third: Elsewhere, carol: Somebody
) -> None:
    """Somebody looks it up, two Creates name it by its id alone, and a third server passes it on."""
    first = carol.note()
    await here.receive(carol, carol.creates(first))
    dave = third.somebody("dave", keys=stranger_keys())
    await resolve.account(here.fed, dave.uri, budget=Budget(5))
    note = dave.note(inReplyTo=first["id"])
    gate = Gate(third, note)
    for number in range(2):
        create = dave.creates(note) | {"id": f"{note['id']}/{number}", "object": note["id"]}
        assert await here.deliver(dave, create) == 202
    assert await here.deliver(carol, dave.creates(note) | SIGNATURE) == 202

    looking = asyncio.create_task(resolve.status(here.fed, note["id"], Budget(5)))
    await until(lambda: gate.asked)
    working = [run(here, job) for job in await due()]
    await until(lambda: here.fed.lanes.waiting == 3)
    gate.let_go()
    # On PostgreSQL those who store the same at once may get in each other's way; then the queue does a job again.
    await asyncio.gather(looking, *working, return_exceptions=True)

    assert gate.asked == 1
    assert Status.select().where(Status.uri == note["id"]).count() == 1


async def test_whoever_waits_for_anothers_request_holds_a_place_of_its_host(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    note = carol.note()
    gate = Gate(there, note)
    for number in range(MOST_WAITING_PER_HOST + 2):
        create = carol.creates(note) | {"id": f"{note['id']}/{number}", "object": note["id"]}
        assert await here.deliver(carol, create) == 202

    working = [run(here, job) for job in await due()]
    await until(lambda: sum(task.done() for task in working) == 2)
    gate.let_go()
    await asyncio.gather(*working, return_exceptions=True)  # as above

    assert gate.asked == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_who_asks_for_patience_is_asked_again_when_it_said(
    here: Here, there: Elsewhere, carol: Somebody, status: int
) -> None:
    note = carol.note()
    there.on(path(note), status=status, headers={"Retry-After": "3600"}, content_type=ACTIVITY_JSON)
    await here.deliver(carol, carol.creates(note) | {"object": note["id"]})
    (job,) = await due()

    with pytest.raises(Unavailable) as caught:
        await run(here, job)
    with clock.frozen(clock.now_ms()):
        await store.write(jobs.postpone, job, caught.value)
        assert Job.get().due_at == clock.now_ms() + clock.HOUR
    assert f"answers {status}" in Job.get().error
