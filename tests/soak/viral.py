"""A post that everybody likes, boosts and answers, from many servers at once, each of which looks at it first."""

import asyncio
import itertools
import time
from pathlib import Path
from typing import Any

import aiohttp

from node.models import Account
from tests.bench.peers import ACTIVITY, PUBLIC, note
from tests.soak.figures import Figure, count, cpu_seconds, megabytes, none_of, percentile_95, seconds
from tests.soak.stage import Hosts, Stage, speaker, stage

RULES = "R15"
_AT_ONCE = 32
_EACH_SECOND = 45  # 27 000 in ten minutes


async def run(folder: Path, short: bool) -> list[Figure]:
    hosts, each = (5, 2) if short else (500, 10)
    people: list[str] = []

    def fill(alice: Account, around: Hosts) -> None:
        people.extend(speaker(around.name(host), f"one{n}") for host in range(hosts) for n in range(each))

    async with stage(folder, fill) as on:
        status_id, uri, _ = await on.post("Everybody likes this.")
        mentioned = [{"type": "Mention", "href": f"{on.node.base}/ap/users/{on.alice}", "name": "@alice"}]
        activities = []
        for one in people:
            activities += [(one, _act(one, kind, uri)) for kind in ("Like", "Announce")]
            answer = note(one, 1, f"{one}/followers", "So do I.")
            answer["object"] |= {"inReplyTo": uri, "tag": mentioned}
            activities.append((one, answer))
        before, began, spent = on.node.memory_bytes(), time.monotonic(), on.node.cpu_seconds()
        looks: list[float] = []
        refused = await _arrive(on, activities, uri, looks, pause=0 if short else 1 / _EACH_SECOND)

        async def counted() -> dict[str, Any]:
            return dict(await on.ask("GET", f"/api/v1/statuses/{status_id}"))

        wanted = dict.fromkeys(("favourites_count", "reblogs_count", "replies_count"), len(people))
        seen: dict[str, Any] = {}
        while any(seen.get(name) != wanted[name] for name in wanted) and time.monotonic() - began < 600:
            seen = await counted()
            await asyncio.sleep(0.2)
        took, spent = time.monotonic() - began, on.node.cpu_seconds() - spent
        groups = await on.ask(
            "GET", "/api/v2/notifications?grouped_types[]=favourite&grouped_types[]=reblog&limit=80"
        )
        kinds = [group["type"] for group in groups["notification_groups"]]
        return [
            none_of("activities refused", refused),
            *(count(name.replace("_count", ""), seen[name], exactly=len(people)) for name in wanted),
            count("groups of notifications about likes", kinds.count("favourite"), exactly=1),
            count("groups of notifications about boosts", kinds.count("reblog"), exactly=1),
            seconds("a look at the post, p95", percentile_95(looks), 0.1),
            Figure(name="activities", value=round(len(activities) / took), unit="/s", of_speed=True),
            cpu_seconds("CPU for each thousand of them, and as many looks", 1000 * spent / len(activities), 15),
            megabytes("memory gained", on.node.memory_bytes() - before, 60),
        ]


def _act(actor: str, kind: str, uri: str) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{actor}#{kind}",
        "type": kind,
        "actor": actor,
        "object": uri,
        "to": [PUBLIC],
    }


async def _arrive(
    on: Stage, activities: list[tuple[str, dict[str, Any]]], uri: str, looks: list[float], *, pause: float
) -> int:
    """How many were not accepted; `looks` is how long each look at the post took. One comes each `pause` seconds."""
    room = asyncio.Semaphore(_AT_ONCE)
    began = time.monotonic()
    refused = itertools.count()
    async with aiohttp.ClientSession() as session:

        async def one(number: int, actor: str, activity: dict[str, Any]) -> None:
            await asyncio.sleep(max(began + number * pause - time.monotonic(), 0))
            async with room:
                at = time.monotonic()
                async with session.get(uri, headers={"Accept": ACTIVITY}) as answer:
                    await answer.read()
                looks.append(time.monotonic() - at)
                body, headers = on.signed(actor, activity)
                async with session.post(f"{on.node.base}/ap/inbox", data=body, headers=headers) as answer:
                    if answer.status != 202:
                        next(refused)

        await asyncio.gather(*(one(number, *each) for number, each in enumerate(activities)))
    return next(refused)
