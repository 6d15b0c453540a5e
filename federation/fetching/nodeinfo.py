"""FETCH_NODEINFO: what another server says that it runs (FEP-f1d5)."""

import asyncio
from functools import partial

from federation.context import Federation
from federation.errors import FetchError
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.documents import fetch_json
from federation.parse.nodeinfo import ParsedNodeInfo, parse_nodeinfo, parse_nodeinfo_links
from node import jobs, store
from node.errors import BadInput
from node.jobs import TakenJob
from node.services.servers import domains, software

_ACCEPT = "application/json"
_SECONDS = 15.0


async def fetch(fed: Federation, job: TakenJob) -> None:
    server = await store.point(software.by_id, job.subject)
    if server is None or domains.is_suspended(server.host):
        await store.write(jobs.finish, job)
        return
    await attempt(fed.lanes, job, partial(_ask, fed, server.id, server.host), host=server.host, fetches=2)


async def _ask(fed: Federation, destination_id: int, host: str, budget: Budget) -> Work:
    """Whoever does not answer is asked next week: nobody waits for it."""
    try:
        async with asyncio.timeout(_SECONDS):
            info = await _info(fed, host, budget)
    except (FetchError, BadInput, TimeoutError):
        return partial(software.keep, destination_id, "", "")
    return partial(software.keep, destination_id, info.software, info.version)


async def _info(fed: Federation, host: str, budget: Budget) -> ParsedNodeInfo:
    budget.spend()
    address = f"{fed.config.scheme}://{host}/.well-known/nodeinfo"
    links = parse_nodeinfo_links(await fetch_json(fed.door, address, accept=_ACCEPT), host)
    budget.spend()
    return parse_nodeinfo(await fetch_json(fed.door, links.document_uri, accept=_ACCEPT))
