"""FOLLOW_RELAY: where the inbox of a relay is that we want to be let in by (FEP-ae0c)."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from node import jobs, store
from node.jobs import JobKind, TakenJob
from node.models import Relay, RelayKind
from node.services.servers import relays

_FETCHES = 4


async def follow(fed: Federation, job: TakenJob) -> None:
    """Find out, and ask."""
    relay = await store.read(Relay.get_or_none, Relay.id == job.subject)
    if relay is None:
        await store.write(jobs.finish, job)
        return
    await attempt(
        fed.lanes, job, partial(_find, fed, relay), host=uris.host_of(relay.address) or "", fetches=_FETCHES
    )


async def _find(fed: Federation, relay: Relay, budget: Budget) -> Work | None:
    if relay.kind == RelayKind.MASTODON:
        return partial(jobs.enqueue, JobKind.SEND_RELAY_FOLLOW, relay.id)
    actor = await resolve.account(fed, relay.address, budget=budget, refresh=True)
    return partial(relays.found, relay.id, actor)
