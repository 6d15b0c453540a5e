"""Completing a thread: who is still to be asked for what. All of it is rows, so that a restart loses nothing."""

from enum import StrEnum

import peewee

from node.models.status import Status, Thread
from node.store.base import BaseModel, reference


class LinkKind(StrEnum):
    """What is found at a link."""

    CONTEXT = "context"  # a list of the whole thread (FEP-7888, FEP-f228)
    REPLIES = "replies"  # a list of the answers to `about`
    NOTE = "note"  # a post that a list names
    PARENT = "parent"  # a post that `about` answers


class LinkState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # its server does not answer


class ThreadFetch(BaseModel):
    """The last time that other servers were asked for more of a thread. `finished_at` is null while they are."""

    thread = reference(Thread, unique=True)
    thread_id: int
    focus = reference(Status)  # the status that somebody looked at
    focus_id: int
    asked_at = peewee.BigIntegerField()
    finished_at = peewee.BigIntegerField(null=True)
    found = peewee.IntegerField(default=0)  # statuses that are new here
    asked = peewee.IntegerField(default=0)  # posts that were asked for
    pages = peewee.IntegerField(default=0)  # lists and pages of lists that were asked for
    recursive = peewee.BooleanField(
        default=False
    )  # nobody lists the whole thread: each post is asked for its answers

    class Meta:
        table_name = "thread_fetch"


class ThreadLink(BaseModel):
    """An address to be asked once in a `ThreadFetch`. `room`: how many more posts may be taken in from here on."""

    fetch = reference(ThreadFetch, index=False)
    fetch_id: int
    uri = peewee.TextField()
    kind = peewee.TextField()
    host = peewee.TextField()
    about = peewee.TextField(default="")
    room = peewee.IntegerField()
    state = peewee.TextField(default=LinkState.WAITING)
    attempts = peewee.IntegerField(default=0)
    due_at = peewee.BigIntegerField(default=0)

    class Meta:
        table_name = "thread_link"
        indexes = (
            (("fetch", "uri"), True),
            (("fetch", "state", "due_at"), False),
        )
