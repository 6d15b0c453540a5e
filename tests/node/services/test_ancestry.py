"""Threads of posts that are stored at the same time."""

from node import store
from node.models import Thread
from node.services.statuses.ancestry import thread_of
from tests.meanwhile import do_during

THREAD = "https://elsewhere.example/threads/1"


async def test_two_posts_of_one_new_thread_come_into_it_at_once(db: None) -> None:
    threads: list[int] = []

    await do_during(
        lambda: threads.append(thread_of(THREAD, None)),
        lambda: store.write(lambda: threads.append(thread_of(THREAD, None))),
    )

    assert threads == [Thread.get().id] * 2
