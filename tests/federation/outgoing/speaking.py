"""Runs the jobs that speak, and reads what they queued."""

from typing import Any, NamedTuple

import msgspec

from federation.delivery import send
from federation.uris import origin_of
from node import jobs, site, store
from node.jobs import JobKind
from node.models import Activity, Delivery, Job
from tests.federation.outgoing.terms import undefined_in

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
REMOTE = "https://remote.test/inbox"


class Said(NamedTuple):
    document: dict[str, Any]
    inboxes: set[str]
    priority: int


async def speak() -> list[Said]:
    """Do all jobs that speak and are due; everything that waits to be delivered then, the first said first."""
    while await speak_once():
        pass
    return queued()


async def speak_once() -> int:
    taken = [job for job in await store.write(jobs.take, 1, 100) if job.kind in send.HANDLERS]
    for job in taken:
        await send.HANDLERS[JobKind(job.kind)](job)
    return len(taken)


def queued() -> list[Said]:
    found = []
    for activity in Activity.select().order_by(Activity.id):
        deliveries = list(Delivery.select().where(Delivery.activity == activity.id))
        if deliveries:
            document = msgspec.json.decode(bytes(activity.body))
            if site.base_url == origin_of(document.get("actor")):  # else it is passed on as it came
                assert undefined_in(document) == set()
            found.append(Said(document, {one.inbox for one in deliveries}, deliveries[0].priority))
    return found


def left() -> list[str]:
    """Kinds of the jobs that are still to be done, of those that speak."""
    return [job.kind for job in Job.select().order_by(Job.id) if job.kind in send.HANDLERS]
