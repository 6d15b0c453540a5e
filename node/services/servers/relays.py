"""Relays: servers that pass public posts on among those that subscribe to them (FEP-ae0c).

A relay is a row and no follow: it stands in nobody's list of people, and what it passes on in nobody's home timeline.
"""

from typing import NamedTuple

from node import clock, site, streams
from node.errors import Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, Relay, RelayKind, RelayState, Role, Status, Visibility
from node.services.caching.cache import Kept
from node.services.moderation import audit, roles
from node.services.servers import allowed_domains

MAX_ADDRESS_CHARS = 2_048


class Known(NamedTuple):
    """A relay that accepted us: the part that is asked for with every activity."""

    kind: RelayKind
    inbox: str
    actor_uri: str


def accepted() -> tuple[Known, ...]:
    """From memory: takes a microsecond."""
    return kept.get()


def is_relay(actor_uri: str) -> bool:
    """Whether what this actor passes on is wanted."""
    return any(relay.actor_uri == actor_uri for relay in accepted())


def inboxes(kind: RelayKind) -> list[str]:
    return [relay.inbox for relay in accepted() if relay.kind is kind]


def wants(status: Status) -> bool:
    """Whether a relay is told of a local status: of public ones alone."""
    return status.visibility == Visibility.PUBLIC and not status.local_only and bool(accepted())


def announce(status: Status) -> None:
    """Relays of the one kind are told of the id alone; of the other, they get the post as followers do."""
    if wants(status) and inboxes(RelayKind.LITEPUB):
        enqueue(JobKind.SEND_RELAY_ANNOUNCE, status.id)


# ── what administrators do ──


def add(address: str, kind: RelayKind | None, by: Account | None) -> Relay:
    """Ask a relay to let us in. `address` is its inbox or its actor; without `kind` it is an inbox if it says so."""
    roles.require(by, Role.ADMIN)
    url = address.strip()
    host = url.partition("://")[2].partition("/")[0]
    if len(url) > MAX_ADDRESS_CHARS or not url.startswith(("https://", "http://")):
        raise Invalid("A relay is named by its address, such as https://relay.example/inbox.", {"address": "is none"})
    allowed_domains.checked_name(host)
    chosen = kind or (RelayKind.MASTODON if url.endswith("/inbox") else RelayKind.LITEPUB)
    row, is_new = Relay.get_or_create(
        address=url,
        defaults={
            "kind": chosen,
            "inbox": url if chosen is RelayKind.MASTODON else "",
            "created_at": clock.now_ms(),
        },
    )
    if not is_new:
        raise Invalid("This relay is on the list already.", {"address": "is on the list"})
    enqueue(JobKind.FOLLOW_RELAY, row.id)
    audit.record(by, "add.relay", url)
    return row


def remove(address: str, by: Account | None) -> None:
    roles.require(by, Role.ADMIN)
    row = Relay.get_or_none(Relay.address == address.strip())
    if row is None:
        raise NotFound("This relay is not on the list.")
    Relay.delete().where(Relay.id == row.id).execute()
    if row.inbox:
        payload = {"relay_id": row.id, "inbox": row.inbox, "object": object_of(row)}
        enqueue(JobKind.SEND_RELAY_UNFOLLOW, payload=payload)
    audit.record(by, "remove.relay", row.address)
    _changed()


def all_relays() -> list[Relay]:
    """In the order in which they were added."""
    return list(Relay.select().order_by(Relay.id))


# ── what relays say ──


def follow_uri(relay_id: int) -> str:
    return f"{site.instance_actor_uri()}#relays/{relay_id}"


def object_of(relay: Relay) -> str:
    """What the Follow is of: everything, or the actor."""
    return relay.actor_uri if relay.kind == RelayKind.LITEPUB else "https://www.w3.org/ns/activitystreams#Public"


def asked_by(uri: str) -> Relay | None:
    """The relay that was asked by the Follow with this id."""
    prefix = follow_uri(0)[:-1]
    number = uri.removeprefix(prefix)
    if number == uri or not number.isascii() or not number.isdigit() or len(number) > 19:
        return None
    return Relay.get_or_none(Relay.id == int(number))


def answered(relay: Relay, sender: Account, state: RelayState) -> None:
    """`sender`, who lives where the relay does, let us in or did not. What it passes on is by that actor."""
    Relay.update(state=state, actor_uri=sender.uri).where(Relay.id == relay.id).execute()
    _changed()


def found(relay_id: int, actor: Account) -> None:
    """The actor of a relay was read: now it can be asked."""
    changed = Relay.update(inbox=actor.inbox, actor_uri=actor.uri).where(Relay.id == relay_id).execute()
    if changed:
        enqueue(JobKind.SEND_RELAY_FOLLOW, relay_id)


def of_actor(actor_uri: str) -> Relay | None:
    return Relay.get_or_none(Relay.actor_uri == actor_uri)


def _load() -> tuple[Known, ...]:
    rows = Relay.select().where(Relay.state == RelayState.ACCEPTED)
    return tuple(Known(RelayKind(row.kind), row.inbox, row.actor_uri) for row in rows)


def _changed() -> None:
    kept.forget_with_unit()
    streams.publish(("control",), "relays_changed")


kept = Kept(_load)
