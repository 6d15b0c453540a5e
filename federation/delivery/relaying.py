"""Relays as the network knows them: we ask to be let in, they pass on what is public (PROTOCOL.md 1.12)."""

from functools import partial

from federation import uris
from federation.compose.message import Message
from federation.context import Federation
from federation.delivery.audience import PUBLIC, Addressing
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.inbox.incoming import Incoming
from federation.render import activity
from node import jobs, store
from node.jobs import JobKind, Priority, TakenJob
from node.models import Relay, RelayKind, RelayState, Visibility
from node.services import accounts
from node.services.servers import relays
from node.services.statuses import loading

_FETCHES = 4


# ── asking ──


async def follow(fed: Federation, job: TakenJob) -> None:
    """FOLLOW_RELAY: find out where its inbox is, and ask."""
    relay = await store.read(Relay.get_or_none, Relay.id == job.subject)
    if relay is None:
        await store.write(jobs.finish, job)
        return
    await attempt(fed, job, partial(_find, fed, relay), host=uris.host_of(relay.address) or "", fetches=_FETCHES)


async def _find(fed: Federation, relay: Relay, budget: Budget) -> Work | None:
    if relay.kind == RelayKind.MASTODON:
        return partial(jobs.enqueue, JobKind.SEND_RELAY_FOLLOW, relay.id)
    actor = await resolve.account(fed, relay.address, budget=budget, refresh=True)
    return partial(relays.found, relay.id, actor)


def followed(job: TakenJob) -> Message | None:
    relay = Relay.get_or_none(Relay.id == job.subject)
    if relay is None or not relay.inbox:
        return None
    actor = accounts.instance_actor()
    document = activity.follow(relays.follow_uri(relay.id), actor.uri, relays.object_of(relay))
    return Message(actor=actor, document=document, inboxes=_at(relay.inbox), about=f"relay {relay.id}")


def unfollowed(job: TakenJob) -> Message | None:
    told = job.payload
    actor = accounts.instance_actor()
    document = activity.undo(activity.follow(relays.follow_uri(told["relay_id"]), actor.uri, told["object"]))
    return Message(actor=actor, document=document, inboxes=_at(told["inbox"]), about=f"relay {told['relay_id']}")


def accepted(job: TakenJob) -> Message | None:
    """Relays of the LitePub kind follow back."""
    told = job.payload
    relay = Relay.get_or_none(Relay.id == told["relay_id"])
    if relay is None:
        return None
    actor = accounts.instance_actor()
    document = activity.accept(f"{actor.uri}#accepts/{job.id}", actor.uri, told["uri"], relay.actor_uri)
    return Message(actor=actor, document=document, inboxes=_at(relay.inbox), about="")


def announced(job: TakenJob) -> Message | None:
    status = loading.by_id(job.subject)
    if status is None or status.visibility != Visibility.PUBLIC:
        return None
    actor = accounts.instance_actor()
    document = activity.announce(
        f"{actor.uri}#announces/{status.id}", actor.uri, status.uri, Addressing([PUBLIC], []), at=status.created_at
    )
    return Message(
        actor=actor,
        document=document,
        inboxes=inboxes(RelayKind.LITEPUB),
        about=status.uri,
        priority=Priority.BULK,
    )


def inboxes(kind: RelayKind) -> dict[str, str]:
    """Inbox → host of those that let us in."""
    found: dict[str, str] = {}
    for inbox in relays.inboxes(kind):
        found |= _at(inbox)
    return found


def _at(inbox: str) -> dict[str, str]:
    host = uris.host_of(inbox)
    return {inbox: host} if host is not None else {}


# ── what they say ──


def answer(incoming: Incoming, state: RelayState) -> Work | None:
    """An Accept or a Reject by somebody who lives where the relay does, of what it was asked."""
    relay = relays.asked_by(incoming.activity.object_uri)
    if relay is None or not uris.same_origin(incoming.actor.uri, relay.inbox):
        return None
    return partial(relays.answered, relay, incoming.actor, state)


def follows_back(incoming: Incoming) -> Work | None:
    relay = relays.of_actor(incoming.actor.uri)
    if relay is None or not incoming.activity.uri:
        return None
    payload = {"relay_id": relay.id, "uri": incoming.activity.uri}
    return partial(jobs.enqueue, JobKind.SEND_RELAY_ACCEPT, payload=payload)


async def passed_on(fed: Federation, incoming: Incoming, uri: str) -> None:
    """A post that a relay names is fetched from its origin, as far as its share goes. No boost: it is nobody's."""
    if uris.is_local(fed.config, uri) or not fed.relayed.take(incoming.actor.uri):
        return
    await resolve.status(fed, uri, incoming.budget)
