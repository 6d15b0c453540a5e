"""One server is dead, one slow, and one has nine tenths of all that waits: the others do not wait for any of them."""

import time
from pathlib import Path

from node import clock, ids, store
from node.models import Account, Activity, Delivery, Destination
from tests.federation.outgoing import tempers
from tests.federation.outgoing.peers import REFUSES
from tests.soak.figures import Figure, cpu_seconds, none_of, seconds, spread
from tests.soak.stage import Hosts, address, followers, insert, stage

RULES = "R19"


async def run(folder: Path, short: bool) -> list[Figure]:
    healthy, queued = (10, 400) if short else (50, 20_000)
    slow_host, huge_host = healthy, healthy + 1

    def fill(alice: Account, around: Hosts) -> None:
        around.on(address(slow_host), tempers.slow(2))
        names = [around.name(number) for number in range(healthy + 2)]
        followers(alice, [*names, f"{REFUSES}:1"])
        _fill_up(alice, names[huge_host], queued)

    async with stage(folder, fill) as on:
        names = [on.hosts.name(number) for number in range(healthy)]
        at, spent = time.monotonic(), on.node.cpu_seconds()
        _, uri, _ = await on.post("To everybody.")
        await on.until(lambda: len(on.hosts.delays(names, uri, at)) == healthy, 60)
        delays = on.hosts.delays(names, uri, at)
        spent = on.node.cpu_seconds() - spent
        until = at + max(delays, default=0)
        meanwhile = sum(at < one.at <= until for one in on.hosts.arrivals[on.hosts.name(huge_host)])
        huge = on.hosts.name(huge_host)
        await on.until(lambda: bool(on.hosts.delays([huge], uri, at)), 30)
        direct_at = time.monotonic()
        _, direct, _ = await on.post(f"@fan0@{huge} psst", visibility="direct")
        await on.until(lambda: bool(on.hosts.delays([huge], direct, direct_at)), 120)
        waited = on.hosts.delays([huge], direct, direct_at)
        overtaken = sum(one.kind == "Like" for one in on.hosts.arrivals[huge])
        return [
            *spread("the healthy have the post", delays, median=1, p95=3),
            cpu_seconds("CPU until then", spent, 1),
            Figure(name="deliveries to the huge server meanwhile", value=meanwhile, most=2 * healthy, of_speed=True),
            none_of("healthy servers without it", healthy - len(delays)),
            seconds("a direct message to the server with the backlog", waited[0] if waited else 999, 10),
            none_of("direct messages that waited for the whole backlog", int(overtaken >= queued)),
        ]


def _fill_up(alice: Account, host: str, queued: int) -> None:
    """Usual things wait for one server."""
    now = clock.now_ms()
    rows = [ids.new_id() for _ in range(queued)]
    destination = {"id": ids.new_id(), "host": host, "due_at": now}
    with store.transaction():
        insert(Destination, [destination])
        insert(
            Activity,
            (
                {
                    "id": one,
                    "actor": alice.id,
                    "body": b'{"type": "Like", "object": "x", "id": "%d"}' % one,
                    "created_at": now,
                }
                for one in rows
            ),
        )
        insert(
            Delivery,
            (
                {
                    "id": ids.new_id(),
                    "destination": destination["id"],
                    "activity": one,
                    "inbox": f"http://{host}/inbox",
                    "priority": 2,
                }
                for one in rows
            ),
        )
