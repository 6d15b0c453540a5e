"""Timelines that are kept: the home feed, lists, markers, conversations."""

import peewee

from node.models.account import Account
from node.models.status import Status, Thread
from node.store.base import BaseModel, reference


class Feed(BaseModel):
    """The home timeline of `account`, written when a status is; a boost stands under its own id.

    Clustered on its key: a page is one short walk (docs/architecture.md, "Timelines").
    """

    account = reference(Account, index=False)
    account_id: int
    status = reference(Status)
    status_id: int

    class Meta:
        primary_key = peewee.CompositeKey("account", "status")


class List(BaseModel):
    account = reference(Account)
    account_id: int
    title = peewee.TextField()
    replies_policy = peewee.TextField(default="list")
    exclusive = peewee.BooleanField(default=False)


class ListMember(BaseModel):
    list = reference(List, index=False)
    list_id: int
    account = reference(Account)
    account_id: int

    class Meta:
        primary_key = peewee.CompositeKey("list", "account")


class Marker(BaseModel):
    """How far `account` has read `timeline` (home or notifications)."""

    account = reference(Account, index=False)
    account_id: int
    timeline = peewee.TextField()
    last_read_id = peewee.BigIntegerField()
    version = peewee.IntegerField(default=1)
    updated_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "timeline"), True),)


class Conversation(BaseModel):
    """Direct messages of one thread, as `account` sees them: once for each set of people in it."""

    account = reference(Account, index=False)
    account_id: int
    thread = reference(Thread)
    thread_id: int
    participants = peewee.TextField()  # sorted account ids, comma separated, `account` left out
    last_status = reference(Status, null=True, on_delete="SET NULL")
    last_status_id: int | None
    unread = peewee.BooleanField(default=True)

    class Meta:
        indexes = ((("account", "thread", "participants"), True),)
