"""Fifty posts to a hundred servers, of which twenty take connections and never answer: the others do not notice."""

import time
from pathlib import Path

from node.models import Account
from tests.federation.outgoing import tempers
from tests.soak.figures import Figure, none_of, percentile_95, seconds
from tests.soak.stage import Hosts, address, followers, stage

RULES = "R2"


async def run(folder: Path, short: bool) -> list[Figure]:
    hosts, hanging, posts = (15, 3, 5) if short else (100, 20, 50)
    without, _ = await _play(folder / "without", hosts - hanging, 0, posts)
    beside, missing = await _play(folder / "beside", hosts - hanging, hanging, posts)
    slower = percentile_95(beside) / percentile_95(without)
    return [
        seconds("the healthy have a post, p95, without tarpits", percentile_95(without)),
        seconds("the healthy have a post, p95, beside tarpits", percentile_95(beside)),
        Figure(name="so many times as long", value=round(slower, 2), most=1.5, of_speed=True),
        none_of("posts that a healthy server lacks", missing),
    ]


async def _play(folder: Path, healthy: int, hanging: int, posts: int) -> tuple[list[float], int]:
    """How long each post took to each healthy server, and how many did not arrive."""
    folder.mkdir()

    def fill(alice: Account, around: Hosts) -> None:
        for number in range(hanging):
            around.on(address(healthy + number), tempers.hang)
        followers(alice, [around.name(number) for number in range(healthy + hanging)])

    async with stage(folder, fill) as on:
        names = [on.hosts.name(number) for number in range(healthy)]
        delays: list[float] = []
        for number in range(posts):
            at = time.monotonic()
            _, uri, _ = await on.post(f"The {number}th post.")
            await on.until(lambda uri=uri, at=at: len(on.hosts.delays(names, uri, at)) == healthy, 60)
            delays += on.hosts.delays(names, uri, at)
        return delays, healthy * posts - len(delays)
