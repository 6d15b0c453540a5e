"""Work that is due by the clock. Each task is a unit of work that may run twice, or late, and changes nothing then."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from node import clock, store
from node.errors import NodeError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    every_ms: int
    work: Callable[[], object]


async def run(tasks: tuple[Periodic, ...]) -> None:
    """For as long as the process runs. The first round comes soon, and not for all tasks at once."""
    await asyncio.gather(*(_repeat(task) for task in tasks))


async def _repeat(task: Periodic) -> None:
    await asyncio.sleep(random.uniform(5, 60))
    while True:
        try:
            await store.write(task.work)
        except NodeError as error:
            log.info("periodic work failed", task=task.name, error=str(error))
        except Exception:  # a bug in one task must not end the others
            log.exception("periodic work failed", task=task.name)
        await asyncio.sleep(task.every_ms / clock.SECOND * random.uniform(0.9, 1.1))
