"""The durable queue: received activities, jobs, and deliveries by destination (docs/architecture.md, "The queue")."""

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class ReceivedActivity(BaseModel):
    """An activity that was authenticated and answered with 202. `body` is emptied once it was acted on; the row stays
    a week, so that the same activity by another way is known. Once it was taken back, one that was signed later counts
    under the same uri."""

    uri = peewee.TextField(unique=True)
    actor = reference(Account)
    body = peewee.BlobField()
    received_at = peewee.BigIntegerField()
    signed_at = peewee.BigIntegerField(default=0)
    taken_back = peewee.BooleanField(default=False)


class Job(BaseModel):
    """Work to be done once, at `due_at` or later. A worker that takes it moves `due_at` to the end of its lease."""

    kind = peewee.TextField()
    subject = peewee.BigIntegerField(default=0)  # the id of the row it is about
    payload = peewee.TextField(default="")  # JSON, where an id does not say enough
    priority = peewee.IntegerField(default=1)  # 0 first
    due_at = peewee.BigIntegerField()
    early = peewee.BooleanField(default=False)  # `due_at` says whose turn it is: who has time may take it before
    lease_owner = peewee.IntegerField(null=True)  # slot of the process that runs it
    attempts = peewee.IntegerField(default=0)
    error = peewee.TextField(default="")
    failed_at = peewee.BigIntegerField(null=True)  # given up: kept for a person to look at
    dedup = peewee.TextField(null=True, unique=True)  # one waiting job of this name is enough

    class Meta:
        indexes = ((("priority", "due_at"), False),)


class Activity(BaseModel):
    """The bytes that are delivered, stored once for all who get them."""

    actor = reference(Account, index=False)
    about = peewee.TextField(default="")  # an inbox hears what one actor says about one thing in order
    newness = peewee.IntegerField(default=0)  # of an update: it takes the place of earlier ones that have no more
    body = peewee.BlobField()
    queued_to = peewee.TextField(default="")  # inboxes are queued by name, in parts; so far it is done
    for_followers = peewee.BooleanField(default=False)  # its deliveries say who follows from there (FEP-8fcf)
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("actor", "about"), False),)


class Destination(BaseModel):
    """A host that we deliver to, and how it fares. Back-off and fairness are columns of this one row."""

    host = peewee.TextField(unique=True)
    state = peewee.TextField(default="alive")  # alive, dead, paused
    due_at = peewee.BigIntegerField(null=True)  # when to deliver next; null: nothing pending, or parked
    lease_until = peewee.BigIntegerField(default=0)
    lease_owner = peewee.IntegerField(null=True)
    failures = peewee.IntegerField(default=0)
    first_failure_at = peewee.BigIntegerField(null=True)
    last_success_at = peewee.BigIntegerField(null=True)
    last_error_at = peewee.BigIntegerField(null=True)
    last_error = peewee.TextField(default="")
    software = peewee.TextField(default="")  # as the host says itself (services/servers/software.py)
    software_version = peewee.TextField(default="")
    described_at = peewee.BigIntegerField(null=True)  # when it was last asked

    class Meta:
        indexes = ((("due_at",), False),)


class Delivery(BaseModel):
    """One activity on its way to one inbox. Clustered on (destination, id): a dead host costs nobody."""

    id = peewee.BigIntegerField()
    destination = reference(Destination, index=False)
    activity = reference(Activity)
    inbox = peewee.TextField()
    priority = peewee.IntegerField(default=1)
    attempts = peewee.IntegerField(default=0)  # answers that refused it; that a host was away is its own row's matter
    due_at = peewee.BigIntegerField(default=0)  # later than now: this one was refused while others were taken

    class Meta:
        primary_key = peewee.CompositeKey("destination", "id")
        indexes = (
            (("destination", "activity", "inbox"), True),
            (("destination", "priority", "id"), False),
        )
