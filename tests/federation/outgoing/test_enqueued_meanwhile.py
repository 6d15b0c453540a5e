"""A change whose transaction is still open while a job of the same name is done is not forgotten, on either engine."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

from federation import send, work
from node import jobs, store
from node.jobs import JobKind, TakenJob
from node.models import Account, Feed, Follow
from node.services import statuses, timelines
from node.services.follows.rows import rebuild_feeds
from node.services.statuses import Draft
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.speaking import speak


async def do_during(change: Callable[[], object], job: Callable[[], Awaitable[object]]) -> None:
    """Do `job` after `change` was made and before it is committed."""
    if store.is_sqlite():  # where one unit writes at a time, there is no such moment
        await store.write(change)
        await job()
        return
    made, commit = threading.Event(), threading.Event()

    def change_slowly() -> None:
        change()
        made.set()
        commit.wait(10)

    changing = asyncio.create_task(store.write(change_slowly))
    assert await asyncio.to_thread(made.wait, 10)
    doing = asyncio.ensure_future(job())
    async with asyncio.timeout(10):
        while not (doing.done() or somebody_waits()):
            await asyncio.sleep(0.005)
    commit.set()
    await asyncio.gather(changing, doing)


def somebody_waits() -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return store.database.execute_sql(waiting).fetchone() is not None


async def taken() -> TakenJob:
    (job,) = await store.write(jobs.take, 1, 1)
    return job


async def test_an_edit_is_told(alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "One.")
    await speak()
    with in_unit():
        statuses.edit(alice.account.id, status.id, Draft(text="Two."))
    job = await taken()

    await do_during(
        lambda: statuses.edit(alice.account.id, status.id, Draft(text="Three.")),
        lambda: send.HANDLERS[JobKind.SEND_EDIT](job),
    )

    assert "Three." in (await speak())[-1].document["object"]["content"]


async def test_a_follow_is_in_the_feed(alice: Person, bob: Person) -> None:
    status = make_status(bob, "Hello.")
    with in_unit():
        jobs.Job.delete().execute()
        rebuild_feeds([alice.account.id])
    job = await taken()

    def follow() -> None:
        Follow.create(account=alice.account.id, target=bob.account.id, created_at=1)
        rebuild_feeds([alice.account.id])

    await do_during(follow, lambda: work._build_feed(job))
    for again in await store.write(jobs.take, 1, 10):
        await store.write(timelines.rebuild, again.subject)

    feed = Feed.select(Feed.status).where(Feed.account == alice.account.id).tuples()
    assert list(feed) == [(status.id,)]
