"""What nobody needs any more: deliveries to hosts that are gone for good, bodies, and keys of accounts that were."""

from peewee import fn

from node import clock, ids
from node.jobs import JobKind
from node.models import Account, Activity, Delivery, Destination, Job, SigningKey
from node.services.outbox.rows import GIVEN_UP_AFTER_MS
from node.store import in_ids

_AT_ONCE = 1_000  # rows of each host, so that no unit of work takes long; the rest goes the next time
_BODIES_KEPT_MS = clock.HOUR


def forget_long_dead() -> int:
    """What waits for hosts that were dead for a month. What is said later, they are tried with once a week."""
    dead = Destination.select(Destination.id).where(
        Destination.state == "dead", Destination.first_failure_at < clock.now_ms() - GIVEN_UP_AFTER_MS
    )
    old = Delivery.id < ids.first_id_at(clock.now_ms() - GIVEN_UP_AFTER_MS)
    count = 0
    for host in dead:
        own = Delivery.destination == host.id
        found = [row.id for row in Delivery.select(Delivery.id).where(own, old).order_by(Delivery.id).limit(_AT_ONCE)]
        count += Delivery.delete().where(own, in_ids(Delivery.id, found)).execute() if found else 0
    return count


def forget_bodies() -> int:
    """Activities that wait for no inbox. Most go with their last delivery; of two that end at one moment, neither."""
    waiting = Delivery.select(Delivery.id).where(Delivery.activity == Activity.id)
    queueing = Job.select(Job.id).where(Job.id == Activity.id)
    old = Activity.created_at < clock.now_ms() - _BODIES_KEPT_MS
    unused = Activity.select(Activity.id).where(old, ~fn.EXISTS(waiting), ~fn.EXISTS(queueing)).limit(_AT_ONCE)
    found = [row.id for row in unused]
    return int(Activity.delete().where(in_ids(Activity.id, found)).execute()) if found else 0


def forget_keys() -> int:
    """The key of a deleted account signs its goodbyes; once they are delivered, it is of no use but to thieves."""
    saying = Activity.select(Activity.id).where(Activity.actor == Account.id)
    to_be_said = Job.select(Job.id).where(
        Job.kind == JobKind.SEND_ACCOUNT_DELETE, Job.subject == Account.id, Job.failed_at.is_null()
    )
    gone = Account.select(Account.id).where(
        Account.domain == "", Account.deleted_at.is_null(False), ~fn.EXISTS(saying), ~fn.EXISTS(to_be_said)
    )
    return int(SigningKey.delete().where(SigningKey.account.in_(gone)).execute())
