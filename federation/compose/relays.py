"""What relays are told, by the instance actor (FEP-ae0c)."""

from federation import uris
from federation.audience import PUBLIC, Addressing
from federation.compose.message import Message
from federation.render import activity
from node.jobs import Priority, TakenJob
from node.models import Relay, RelayKind, Visibility
from node.services import accounts
from node.services.servers import relays
from node.services.statuses import loading


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
