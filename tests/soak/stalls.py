"""Heavy work of every kind, and somebody who asks every ten milliseconds whether the node is well."""

import asyncio
import re
import time
from pathlib import Path

import aiohttp

from node.models import Account
from tests.bench.peers import note
from tests.node.media.pictures import picture
from tests.soak.figures import Figure, none_of, percentile_95, seconds
from tests.soak.stage import Hosts, Stage, speaker, stage

RULES = "R29"


async def run(folder: Path, short: bool) -> list[Figure]:
    rounds, side = (1, 400) if short else (5, 4_000)
    people: list[str] = []

    def fill(alice: Account, around: Hosts) -> None:
        people.append(speaker(around.name(0)))

    async with stage(folder, fill) as on:
        waits: list[float] = []
        asking = asyncio.create_task(_ask(on, waits))
        data = await asyncio.to_thread(picture, ".jpg", side, side)
        failed = 0
        for number in range(rounds):
            failed += sum(await asyncio.gather(_upload(on, data), _sign_in(on), _great_note(on, people[0], number)))
        asking.cancel()
        return [
            none_of("pieces of work that failed", failed),
            Figure(name="times asked", value=len(waits), least=1),
            seconds("an answer, p95", percentile_95(waits), 0.1),
            seconds("an answer, longest", max(waits), 0.25),
        ]


async def _ask(on: Stage, waits: list[float]) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            at = time.monotonic()
            async with session.get(f"{on.node.base}/health/live") as answer:
                await answer.read()
            waits.append(time.monotonic() - at)
            await asyncio.sleep(0.01)


async def _upload(on: Stage, data: bytes) -> bool:
    form = aiohttp.FormData()
    form.add_field("file", data, filename="moor.jpg", content_type="image/jpeg")
    async with on.session.post(f"{on.node.base}/api/v2/media", data=form) as answer:
        return answer.status not in (200, 202)


async def _sign_in(on: Stage) -> bool:
    """With a wrong password, which costs as much as the right one."""
    page = f"{on.node.base}/auth/sign-in"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:  # the host is an address
        async with session.get(page) as answer:
            found = re.search(r'name="csrf" value="([^"]+)"', await answer.text())
        form = {"email": "alice@mail.test", "password": "alice dislikes linnets"}
        form["csrf"] = found[1] if found else ""
        async with session.post(page, data=form, headers={"Origin": on.node.base}) as answer:
            return answer.status not in (401, 422)


async def _great_note(on: Stage, actor: str, number: int) -> bool:
    text = "<p><b>A <i>linnet</i></b> <a href='https://moor.test'>sat</a> on the wire.</p>" * 2_500
    activity = note(actor, number, f"{actor}/followers", text)
    activity["object"].pop("contentMap")
    activity["object"]["to"] = [f"{on.node.base}/ap/users/{on.alice}"]
    body, headers = on.signed(actor, activity)
    async with on.session.post(f"{on.node.base}/ap/inbox", data=body, headers=headers) as answer:
        return answer.status != 202
