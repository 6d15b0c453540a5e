"""A post to many servers, of which some hang, some refuse and some answer 503 at first; and another one soon."""

import asyncio
import time
from pathlib import Path

from node.models import Account
from tests.federation.outgoing import tempers
from tests.federation.outgoing.peers import REFUSES
from tests.soak.figures import Figure, cpu_seconds, none_of, seconds, spread
from tests.soak.stage import Hosts, Stage, address, followers, stage

RULES = "R2, R3"


async def run(folder: Path, short: bool) -> list[Figure]:
    hosts, hanging, refusing, busy = (20, 2, 2, 1) if short else (100, 10, 10, 5)
    living = hosts - hanging - refusing - busy

    def fill(alice: Account, around: Hosts) -> None:
        for number in range(hanging):
            around.on(address(living + number), tempers.hang)
        for number in range(busy):
            answer = tempers.in_turn(*[503] * (1 if short else 2))
            around.on(address(living + hanging + number), answer)
        names = [around.name(number) for number in range(hosts - refusing)]
        followers(alice, [*names, *(f"{REFUSES}:{1 + number}" for number in range(refusing))])

    async with stage(folder, fill) as on:
        spent = on.node.cpu_seconds()
        first = await _post(on, living)
        spent = on.node.cpu_seconds() - spent
        await asyncio.sleep(0 if short else 10)
        second = await _post(on, living)
        others = [on.hosts.name(living + hanging + number) for number in range(busy)]
        await on.until(lambda: all(on.hosts.delays([host], second[0], 0) for host in others), 60)
        recovered = [delay for host in others for delay in on.hosts.delays([host], first[0], first[1])]
        answered = [on.hosts.name(number) for number in range(living)] + others
        return [
            *spread("the living have the first post", _delays(on, living, first), median=1, p95=3),
            cpu_seconds("CPU until then", spent, 1),
            *spread("the living have the second post", _delays(on, living, second), median=1, p95=3),
            seconds("those that were busy have the first post, last", max(recovered, default=999), 60),
            none_of(
                "posts that the living or the busy lack",
                _missing(on, answered, first) + _missing(on, answered, second),
            ),
        ]


async def _post(on: Stage, living: int) -> tuple[str, float]:
    """Its uri, and when it was said; returns once all the living have it."""
    at = time.monotonic()
    _, uri, _ = await on.post("A linnet sat on the wire.")
    await on.until(lambda: len(_delays(on, living, (uri, at))) >= living, 60)
    return uri, at


def _delays(on: Stage, living: int, said: tuple[str, float]) -> list[float]:
    return on.hosts.delays([on.hosts.name(number) for number in range(living)], *said)


def _missing(on: Stage, hosts: list[str], said: tuple[str, float]) -> int:
    return sum(not on.hosts.delays([host], *said) for host in hosts)
