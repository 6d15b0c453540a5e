"""What happens while a transaction of somebody else is still open."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

from node import store


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
        commit.wait(60)

    changing = asyncio.create_task(store.write(change_slowly))
    assert await asyncio.to_thread(made.wait, 60)
    doing = asyncio.ensure_future(job())
    async with asyncio.timeout(60):
        while not (doing.done() or somebody_waits()):
            await asyncio.sleep(0.005)
    commit.set()
    await asyncio.gather(changing, doing)


def somebody_waits() -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return store.database.execute_sql(waiting).fetchone() is not None
