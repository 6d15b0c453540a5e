"""Live events between hosts that share a PostgreSQL."""

import asyncio
import sys
from pathlib import Path

import pytest

from node import hosts, store, streams
from node.config import Config

_OTHER_HOST = """
import asyncio, sys
from pathlib import Path
from node import hosts, streams
from node.config import Config
from node.streams import Event

async def main():
    config = Config.for_tests(database_url=sys.argv[1], data_dir=Path(sys.argv[2]))
    running = asyncio.create_task(hosts.run(config))
    with streams.subscribe(("user:1",)) as events:
        async for event in events:
            streams._send(Event(("user:2",), "answer", event.id + 1))
            await asyncio.sleep(30)

asyncio.run(main())
"""


async def test_an_event_reaches_the_other_host_and_its_answer_comes_back(
    postgres_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    config = Config.for_tests(database_url=postgres_url, data_dir=tmp_path / "here")
    store.connect(config)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _OTHER_HOST, postgres_url, str(tmp_path / "there")
    )
    running = asyncio.create_task(hosts.run(config))
    try:
        with streams.subscribe(("user:2",)) as events:
            answers = aiter(events)
            asked = asyncio.create_task(_ask_until_cancelled())
            async with asyncio.timeout(60):
                answer = await anext(answers)
            asked.cancel()

        assert (answer.kind, answer.id) == ("answer", 6)
    finally:
        running.cancel()
        other.kill()
        await other.wait()
        store.close()


async def _ask_until_cancelled() -> None:
    """The other host may still be starting: it answers the first question that it hears."""
    while True:
        await store.write(streams.publish, ("user:1",), "question", 5)
        await asyncio.sleep(0.2)
