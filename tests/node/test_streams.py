"""Live events, within a process and between the processes of a host."""

import asyncio
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from node import store, streams
from node.errors import NodeError
from node.streams import Event, Overflow

_SIBLING = """
import asyncio, sys
from pathlib import Path
from node import streams
from node.streams import Event

async def main():
    streams.start(Path(sys.argv[1]), 2)
    with streams.subscribe(("user:1",)) as events:
        print("ready", flush=True)
        async for event in events:
            print(event.kind, event.id, flush=True)
            streams._send(Event(("user:2",), "answer", event.id + 1))
            break
    streams.stop()

asyncio.run(main())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    assert not streams._subscribers


async def publish(*topics: str, kind: str = "update", an_id: int = 1) -> None:
    await store.write(streams.publish, topics, kind, an_id)


async def test_an_event_reaches_those_who_listen_to_one_of_its_topics_once(db: None) -> None:
    with streams.subscribe(("user:1", "public")) as mine, streams.subscribe(("user:2",)) as other:
        await publish("user:1", "public", an_id=5)
        await publish("user:2", an_id=6)

        assert (await anext(aiter(mine))).id == 5
        assert (await anext(aiter(other))).id == 6
        assert not mine._events


async def test_what_was_rolled_back_is_not_heard(db: None) -> None:
    def work() -> None:
        streams.publish(("user:1",), "update", 1)
        raise NodeError("no")

    with streams.subscribe(("user:1",)) as mine:
        with pytest.raises(NodeError):
            await store.write(work)
        await publish("user:1", an_id=2)

        assert (await anext(aiter(mine))).id == 2


async def test_topics_come_and_go_while_listening(db: None) -> None:
    with streams.subscribe(("user:1",)) as mine:
        mine.add("public")
        mine.remove("user:1")
        await publish("user:1", an_id=1)
        await publish("public", an_id=2)

        assert (await anext(aiter(mine))).id == 2

    assert not streams._subscribers


async def test_who_does_not_keep_up_is_told_to_start_again(db: None) -> None:
    with streams.subscribe(("user:1",)) as mine:
        for number in range(1_000):
            streams.deliver(Event(("user:1",), "update", number))

        with pytest.raises(Overflow):
            await anext(aiter(mine))
        assert len(mine._events) <= 200


async def test_events_cross_processes_in_both_directions(folder: Path) -> None:
    streams.start(folder, 1)
    sibling = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SIBLING, str(folder), stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(60):
            assert sibling.stdout is not None
            assert await sibling.stdout.readline() == b"ready\n"
            with streams.subscribe(("user:2",)) as mine:
                streams._send(Event(("user:1",), "update", 41))
                assert await sibling.stdout.readline() == b"update 41\n"
                answer = await anext(aiter(mine))
            await sibling.wait()
    finally:
        if sibling.returncode is None:
            sibling.kill()
            await sibling.wait()
        streams.stop()

    assert (answer.kind, answer.id) == ("answer", 42)


async def test_a_dead_or_talkative_sibling_harms_nobody(folder: Path) -> None:

    streams.start(folder, 1)
    try:
        dead = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        dead.bind(str(folder / "7.sock"))
        dead.close()
        talkative = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        talkative.sendto(b"\xc1 no event", str(folder / "1.sock"))
        with streams.subscribe(("user:1",)) as mine:
            streams._send(Event(tuple(f"user:{n}" for n in range(2_000)), "update", 3))
            async with asyncio.timeout(60):
                assert (await anext(aiter(mine))).id == 3
        talkative.close()
    finally:
        streams.stop()


async def test_a_sibling_that_stands_still_hears_everything_afterwards_in_order(folder: Path) -> None:

    streams.start(folder, 1)
    sibling = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sibling.bind(str(folder / "2.sock"))
    sibling.settimeout(10)
    try:
        for number in range(300):
            streams._send(Event(("user:1",), "update", number))

        heard = [
            msgspec.msgpack.decode(await asyncio.to_thread(sibling.recv, 1_000), type=Event).id for _ in range(300)
        ]
    finally:
        sibling.close()
        streams.stop()

    assert heard == list(range(300))
