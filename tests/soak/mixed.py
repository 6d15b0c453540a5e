"""Everything at once for a long time, on a network that fails at random. `SOAK_MINUTES=1440` lasts a day.

`--speed 12` lets the day pass in two hours: what happens in a real second stays the same, and whatever the node does by
the clock (retries, leases, memories, what is tidied up each hour) it does as often as in a day.
"""

import asyncio
import os
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

from node import clock, store
from node.models import Account, Follow
from tests.bench.node import Node
from tests.federation.outgoing import tempers
from tests.soak import beside, flood, hurry
from tests.soak.figures import Figure, count, megabytes, none_of, percentile_99
from tests.soak.stage import Hosts, Stage, address, followers, insert, open_files, speaker, stage, threads

RULES = "R3, R6, R28"
_SHORT_SECONDS = 4.0
# What the node remembers fills for ten minutes; only after that does more memory tell anything.
_MINUTES = "30"
_FAULTS = (
    tempers.break_off,
    tempers.break_off_late,
    tempers.close_after,
    tempers.trickle,
    tempers.slow(1),
    tempers.flap((503, 202)),
    tempers.flap((500, 500, 202)),
)


async def run(folder: Path, short: bool) -> list[Figure]:
    hosts, speakers = (6, 2) if short else (50, 10)
    lasting = _SHORT_SECONDS if short else float(os.environ.get("SOAK_MINUTES", _MINUTES)) * 60
    people: list[str] = []

    def fill(alice: Account, around: Hosts) -> None:
        followers(alice, [around.name(number) for number in range(hosts)])
        people.extend(speaker(around.name(number)) for number in range(speakers))
        now = clock.now_ms()
        with store.transaction():
            rows = Account.select().where(Account.uri.in_(people))
            insert(Follow, [{"account": alice.id, "target": one.id, "created_at": now} for one in rows])

    async with stage(folder, fill) as on:
        said: dict[str, float] = {}
        until = time.monotonic() + lasting
        warm = time.monotonic() + lasting / 5
        before = (0, 0, 0)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_fail_at_random(on, hosts, until))
            heard = tasks.create_task(_be_spoken_to(on, people, until))
            tasks.create_task(_post(on, said, until))
            tasks.create_task(_read(on, until))
            late = tasks.create_task(_lateness(on, until))
            await asyncio.sleep(max(warm - time.monotonic(), 0))
            before = _held(on)
        names = [on.hosts.name(number) for number in range(hosts)]
        for number in range(hosts):
            on.hosts.answers.pop(on.hosts.host(address(number)), None)
        await _retry(on)
        await on.until(lambda: _waiting(on.node)[0] == 0, hurry.real_seconds(120))
        after = _held(on)
        deliveries, overdue, given_up, known = _waiting(on.node)
        came = [on.hosts.came(name) for name in names]
        return [
            count("posts said", len(said)),
            count("posts accepted", len(heard.result())),
            none_of("posts that some server lacks", sum(uri not in at for at in came for uri in said)),
            none_of("posts that were accepted and cannot be read", len(heard.result()) - known),
            none_of("deliveries that are stuck", deliveries),
            none_of("jobs that are stuck", overdue),
            none_of("jobs that were given up", given_up),
            megabytes("memory gained since a fifth of the time", after[0] - before[0], 40),
            Figure(name="open files gained", value=after[1] - before[1], most=60, of_speed=True),
            Figure(name="threads gained", value=after[2] - before[2], most=12, of_speed=True),
            *_spread("age of a post when it came", _ages(said, came)),
            *_flat("lateness of the next delivery", [one for one, _ in late.result()]),
            *_flat("lateness of the next job", [one for _, one in late.result()]),
        ]


def _ages(said: Mapping[str, float], came: Sequence[Mapping[str, float]]) -> list[float]:
    """In the order in which the posts were said, those of all servers."""
    return [at[uri] - then for uri, then in said.items() for at in came if uri in at]


def _spread(name: str, values: list[float]) -> list[Figure]:
    """Without a bar: servers fail at random here, and are asked again after minutes and hours. In turns of the time."""
    fifth = len(values) // 5
    parts = [values[fifth * number : fifth * (number + 1)] or values for number in range(5)]
    return [
        Figure(name=f"{name}, median", value=round(statistics.median(values), 2), unit="s"),
        *(
            Figure(name=f"{name}, p99, fifth {number}", value=round(percentile_99(part), 2), unit="s")
            for number, part in enumerate(parts, 1)
        ),
    ]


def _flat(name: str, values: list[float]) -> list[Figure]:
    """The 99th percentile in the second fifth of the time (the first warms up) and in the last, which is no worse."""
    fifth = len(values) // 5
    early, late = percentile_99(values[fifth : 2 * fifth] or values), percentile_99(values[-fifth:])
    most = round(early * 1.5 + hurry.real_seconds(0.2), 2)
    return [
        Figure(name=f"{name}, p99, second fifth of the time", value=round(early, 2), unit="s"),
        Figure(name=f"{name}, p99, last fifth", value=round(late, 2), unit="s", most=most, of_speed=True),
    ]


def _held(on: Stage) -> tuple[int, int, int]:
    return on.node.memory_bytes(), open_files(on.node), threads(on.node)


async def _fail_at_random(on: Stage, hosts: int, until: float) -> None:
    chance = random.Random(7)
    while time.monotonic() < until:
        host = chance.randrange(hosts)
        if chance.random() < 0.5:
            on.hosts.on(address(host), chance.choice(_FAULTS))
        else:
            on.hosts.answers.pop(on.hosts.host(address(host)), None)
        await asyncio.sleep(hurry.real_seconds(0.3))


async def _post(on: Stage, said: dict[str, float], until: float) -> None:
    """Each post with the moment before it was said."""
    while time.monotonic() < until:
        before = time.monotonic()
        _, uri, _ = await on.post(f"Post {len(said)} of many.")
        said[uri] = before
        await asyncio.sleep(hurry.real_seconds(0.3))


async def _read(on: Stage, until: float) -> None:
    while time.monotonic() < until:
        await on.ask("GET", "/api/v1/timelines/home")
        await asyncio.sleep(hurry.real_seconds(0.2))


async def _be_spoken_to(on: Stage, people: list[str], until: float) -> list[str]:
    """What was answered with 202."""
    heard: list[str] = []
    number = 0
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            uri, data, headers = flood.signed(on, people[number % len(people)], number)
            async with session.post(f"{on.node.base}/ap/inbox", data=data, headers=headers) as answer:
                if answer.status == 202:
                    heard.append(uri)
            number += 1
            await asyncio.sleep(hurry.real_seconds(0.1))
    return heard


async def _lateness(on: Stage, until: float) -> list[tuple[float, float]]:
    """Again and again, for how many seconds the server and the job that wait longest have been due, and are not begun.

    What is urgent for a server is due up to two minutes before it is said (node/services/outbox/rows.py).
    """
    late: list[tuple[float, float]] = []
    delivery = "SELECT coalesce(min(due_at), ?) FROM destination WHERE lease_until < ?"
    job = "SELECT coalesce(min(due_at), ?) FROM job WHERE failed_at IS NULL AND due_at < ?"
    while time.monotonic() < until:
        await asyncio.sleep(hurry.real_seconds(0.5))
        now = clock.now_ms()
        due = [beside.number(on.node, query, now, now) for query in (delivery, job)]
        late.append((max(now - due[0], 0) / 1000, max(now - due[1], 0) / 1000))
    return late


async def _retry(on: Stage) -> None:
    """What waits for its time goes now: the network is well again. What is on its way yet may still fail, once.

    A server that is well may have refused one thing of many, which has a time of its own.
    """
    waits = "SELECT destination_id FROM delivery WHERE attempts > 0"
    asked = f"SELECT host FROM destination WHERE due_at > ? OR failures > 0 OR id IN ({waits})"
    for (name,) in beside.rows(on.node, asked, clock.now_ms()):
        await asyncio.to_thread(on.node.command, "destination", "retry", name)


def _waiting(node: Node) -> tuple[int, int, int, int]:
    """Deliveries, jobs that should have been done a minute ago, jobs that were given up, and posts from elsewhere."""
    return (
        beside.number(node, "SELECT count(*) FROM delivery"),
        beside.number(
            node, "SELECT count(*) FROM job WHERE due_at < ?", clock.now_ms() - int(hurry.real_seconds(clock.MINUTE))
        ),
        beside.number(node, "SELECT count(*) FROM job WHERE failed_at IS NOT NULL"),
        beside.number(node, "SELECT count(*) FROM status WHERE NOT local"),
    )
