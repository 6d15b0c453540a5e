"""A million deliveries wait when the node starts, many for a server that is dead; and it is stopped in the middle."""

import asyncio
import time
from pathlib import Path

from node import clock, ids, store
from node.models import Account, Activity, Delivery, Destination
from tests.bench.node import Node
from tests.federation.outgoing.peers import REFUSES
from tests.soak.beside import number
from tests.soak.figures import Figure, cpu_seconds, megabytes, none_of, seconds
from tests.soak.stage import Hosts, Peak, insert, stage

RULES = "R17, R20"


async def run(folder: Path, short: bool) -> list[Figure]:
    hosts, each, of_dead = (20, 10, 100) if short else (9_000, 100, 100_000)

    def fill(alice: Account, around: Hosts) -> None:
        _wait_for(alice, [around.name(n) for n in range(hosts)], each, of_dead)

    (folder / "empty").mkdir()
    async with stage(folder / "empty", lambda *_: None) as on:
        empty_starts = on.node.cpu_seconds()
    async with stage(folder, fill) as on:
        total = hosts * each
        async with Peak(on.node) as peak:
            started, starts = on.node.started_seconds, on.node.cpu_seconds()
            page = time.monotonic()
            await on.ask("GET", "/api/v1/instance")
            answered = time.monotonic() - page
            began, before = time.monotonic(), on.hosts.taken
            await on.until(lambda: on.hosts.taken >= (total // 2 if short else before + 20_000), 120)
            rate = (on.hosts.taken - before) / (time.monotonic() - began)
            stopping = time.monotonic()
            await on.node.stop()
            stopped = time.monotonic() - stopping
        left = await asyncio.to_thread(_left, on.node)
        lost = total - on.hosts.taken - left
        await on.node.start()
        if short:
            await on.until(lambda: on.hosts.taken >= total, 60)
            await on.until(lambda: _left(on.node) == 0, 60)
            lost = total - on.hosts.taken
        return [
            seconds("start", started, 10),
            cpu_seconds("CPU of the start", starts, 10),
            # Two starts one after the other differ by that much where others keep the cores busy.
            cpu_seconds("CPU of it that is because of what waits", starts - empty_starts, max(1, empty_starts / 2)),
            seconds("a page answers meanwhile", answered, 1),
            megabytes("memory at most", peak.bytes, 300),
            Figure(name="deliveries", value=round(rate), unit="/s", least=100, of_speed=True),
            seconds("stop in the middle", stopped, 10),
            none_of("deliveries lost", max(lost, 0)),
            none_of("deliveries that came twice after an orderly stop", max(-lost, 0)),
            seconds("start again", on.node.started_seconds, 10),
        ]


def _left(node: Node) -> int:
    """Of the living."""
    query = "SELECT count(*) FROM delivery JOIN destination d ON d.id = destination_id WHERE d.state <> 'dead'"
    return number(node, query)


def _wait_for(alice: Account, names: list[str], each: int, of_dead: int) -> None:
    now = clock.now_ms()
    with store.transaction():
        activities = [ids.new_id() for _ in range(max(each, 1))]
        insert(
            Activity,
            (
                {
                    "id": one,
                    "actor": alice.id,
                    "body": b'{"type": "Create", "object": {"id": "%d"}, "id": "x"}' % one,
                    "created_at": now,
                }
                for one in activities
            ),
        )
        dead = {"host": f"{REFUSES}:1", "state": "dead", "failures": 16, "due_at": now + clock.DAY}
        dead |= {"id": ids.new_id(), "first_failure_at": now - 3 * clock.DAY}
        living = [{"id": ids.new_id(), "host": host, "due_at": now} for host in names]
        insert(Destination, [dead])
        insert(Destination, living)
    for row in living:
        with store.transaction():
            insert(Delivery, (_delivery(row, one, f"http://{row['host']}/inbox") for one in activities))
    with store.transaction():
        inboxes = (f"http://{dead['host']}/users/{n}/inbox" for n in range(of_dead))
        insert(Delivery, (_delivery(dead, activities[0], inbox) for inbox in inboxes))


def _delivery(destination: dict[str, object], activity: int, inbox: str) -> dict[str, object]:
    return {"id": ids.new_id(), "destination": destination["id"], "activity": activity, "inbox": inbox}
