"""Pages as browsers ask for them: signed in, and how long the server takes for one after the other."""

import re
import statistics
import time

import aiohttp

from tests.bench.node import Node


async def sign_in(session: aiohttp.ClientSession, node: Node, name: str, password: str) -> dict[str, str]:
    """The headers of a browser in which somebody is signed in."""
    address = f"{node.base}/auth/sign-in"
    async with session.get(address) as answer:
        cookies = {one.key: one.value for one in answer.cookies.values()}
        token = re.search(r'name="csrf" value="([^"]+)"', await answer.text())
    if token is None:
        raise RuntimeError("the page of signing in has no form")
    form = {"csrf": token[1], "login": name, "password": password}
    async with session.post(address, data=form, cookies=cookies, allow_redirects=False) as answer:
        cookies |= {one.key: one.value for one in answer.cookies.values()}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Accept": "text/html"}


async def p95_ms(session: aiohttp.ClientSession, address: str, headers: dict[str, str], count: int) -> float:
    """From asking until all of a page of twenty posts is there: what nineteen of twenty requests do not exceed."""
    took = []
    for _ in range(count):
        started = time.monotonic()
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            body = await answer.text()
        took.append((time.monotonic() - started) * 1000)
        if answer.status != 200 or body.count("<article") < 20:
            raise RuntimeError(f"{address} answers {answer.status}, and not with twenty posts")
    return round(statistics.quantiles(took, n=20)[-1], 1)
