"""Somebody whom a hundred thousand follow posts, edits and deletes, all within a minute."""

import asyncio
import time
from pathlib import Path

from node.models import Account
from tests.soak.figures import Figure, count, megabytes, none_of, seconds
from tests.soak.stage import Hosts, Peak, Stage, followers, stage

RULES = "R18"


async def run(folder: Path, short: bool) -> list[Figure]:
    hosts, each = (60, 5) if short else (5_000, 20)

    def fill(alice: Account, around: Hosts) -> None:
        followers(alice, [around.name(number) for number in range(hosts)], each)

    async with stage(folder, fill) as on:
        names = [on.hosts.name(number) for number in range(hosts)]
        cold = on.node.memory_bytes()
        _, first, _ = await on.post("To everybody, first.")
        await on.until(lambda: all(_heard(on, host, first) for host in names), 300)
        warm = on.node.memory_bytes()  # SQLite's page caches are full by now, as they are of any node after a while
        async with Peak(on.node) as peak:
            status_id, uri, posting = await on.post("To everybody.")
            pause = 0 if short else 3
            await asyncio.sleep(pause)
            editing = await _timed(
                on, "PUT", f"/api/v1/statuses/{status_id}", json={"status": "To everybody, again."}
            )
            await asyncio.sleep(pause)
            began = time.monotonic()
            deleting = await _timed(on, "DELETE", f"/api/v1/statuses/{status_id}")
            await on.until(lambda: all(_heard(on, host, uri)[-1:] == ["Delete"] for host in names), 300)
            finished = time.monotonic() - began
        heard = [_heard(on, host, uri) for host in names]
        return [
            seconds("POST answers", posting, 0.3),
            seconds("PUT answers", editing, 0.3),
            seconds("DELETE answers", deleting, 0.3),
            seconds("all servers have the deletion", finished),
            count("servers that heard the deletion last", sum(h[-1:] == ["Delete"] for h in heard), exactly=hosts),
            none_of("servers that heard things out of order", sum(h != sorted(h, key=_ORDER.index) for h in heard)),
            none_of("servers that heard something twice", sum(len(h) != len(set(h)) for h in heard)),
            count("servers that were spared the post", sum("Create" not in h for h in heard)),
            megabytes("memory gained by the first post", warm - cold, 75),
            megabytes("memory gained at most by what follows", peak.bytes - warm, 20),
        ]


_ORDER = ["Create", "Update", "Delete"]


async def _timed(on: Stage, method: str, path: str, **options: object) -> float:
    started = time.monotonic()
    await on.ask(method, path, **options)
    return time.monotonic() - started


def _heard(on: Stage, host: str, uri: str) -> list[str]:
    return [one.kind for one in on.hosts.arrivals[host] if one.object_id == uri]
