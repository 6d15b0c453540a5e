"""One server sends a thousand activities a second; fifty others send one a second each, and do not wait."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import aiohttp

from node import clock, store
from node.models import Account, Follow
from tests.bench.node import Node
from tests.bench.peers import follow, note
from tests.soak import beside
from tests.soak.figures import Figure, count, none_of, spread
from tests.soak.stage import Hosts, Stage, insert, speaker, stage

RULES = "R16"


async def run(folder: Path, short: bool) -> list[Figure]:
    others, lasting, rate = (5, 1, 1_500) if short else (50, 10, 1_000)
    people: list[str] = []

    def fill(alice: Account, around: Hosts) -> None:
        people.extend(speaker(around.name(number)) for number in range(others + 1))
        rows = Account.select().where(Account.uri.in_(people))
        now = clock.now_ms()
        with store.transaction():
            insert(
                Follow,
                [
                    {"account": alice.id, "target": one.id, "uri": follow(one.uri, 1, "")["id"], "created_at": now}
                    for one in rows
                ],
            )

    async with stage(folder, fill, LINNET_RATE_LIMITS="on") as on:
        flooder, *quiet = people
        answers: Counter[int] = Counter()
        sent: dict[str, float] = {}
        masses = [signed(on, flooder, number) for number in range(lasting * rate)]
        words = [[signed(on, one, number) for number in range(lasting)] for one in quiet]
        flooding = asyncio.create_task(_flood(on, masses, lasting, answers))
        seeing = asyncio.create_task(_look(on.node, quiet, lasting * others))
        await asyncio.gather(*(_speak(on, own, one, sent) for own, one in zip(words, quiet, strict=True)))
        await flooding
        seen = await seeing
        delays = [seen[uri] - at for uri, at in sent.items() if uri in seen]
        return [
            *spread("until what the others send can be read", delays, median=2, p95=5),
            none_of("posts of the others that were refused or are lost", others * lasting - len(delays)),
            Figure(name="answers of 429 to the flooding server", value=answers[429], least=1, of_speed=True),
            count("answers of 202 to it", answers[202]),
            none_of("other answers to it", answers.total() - answers[202] - answers[429]),
        ]


Signed = tuple[str, bytes, dict[str, str]]


def signed(on: Stage, actor: str, number: int) -> Signed:
    """The uri of a post, and the request that tells it."""
    body = note(actor, number, f"{actor}/followers", "A linnet sat on the wire.")
    return body["object"]["id"], *on.signed(actor, body)


async def _flood(on: Stage, masses: list[Signed], lasting: int, answers: Counter[int]) -> None:
    room = asyncio.Semaphore(64)
    began = time.monotonic()
    async with aiohttp.ClientSession() as session:

        async def one(signed: Signed) -> None:
            async with room, session.post(f"{on.node.base}/ap/inbox", data=signed[1], headers=signed[2]) as answer:
                answers[answer.status] += 1

        async with asyncio.TaskGroup() as tasks:
            for number, signed in enumerate(masses):
                await asyncio.sleep(max(began + number * lasting / len(masses) - time.monotonic(), 0))
                tasks.create_task(one(signed))


async def _speak(on: Stage, own: list[Signed], actor: str, sent: dict[str, float]) -> None:
    async with aiohttp.ClientSession() as session:
        for uri, data, headers in own:
            at = time.monotonic()
            async with session.post(f"{on.node.base}/ap/inbox", data=data, headers=headers) as answer:
                if answer.status == 202:
                    sent[uri] = at
            await asyncio.sleep(max(at + 1 - time.monotonic(), 0))


async def _look(node: Node, authors: list[str], wanted: int) -> dict[str, float]:
    """When each post of `authors` was there, seen beside the node; until all are, or nothing came for long."""
    seen: dict[str, float] = {}
    deadline = time.monotonic() + 60
    while len(seen) < wanted and time.monotonic() < deadline:
        for uri in await asyncio.to_thread(_posts, node, authors):
            seen.setdefault(uri, time.monotonic())
        await asyncio.sleep(0.1)
    return seen


def _posts(node: Node, authors: list[str]) -> list[str]:
    places = ",".join("?" * len(authors))
    query = f"SELECT s.uri FROM status s JOIN account a ON a.id = s.account_id WHERE a.uri IN ({places})"
    return [uri for (uri,) in beside.rows(node, query, *authors)]
