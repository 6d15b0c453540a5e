"""Polls and the votes in them."""

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class Poll(BaseModel):
    """Of a local poll the votes are counted here; of a remote one its owner's totals are shown."""

    status = reference(Status, unique=True)
    status_id: int
    options = peewee.TextField()  # JSON: [{"title", "votes"}]
    multiple = peewee.BooleanField(default=False)
    hide_totals = peewee.BooleanField(default=False)
    votes_count = peewee.IntegerField(default=0)
    voters_count = peewee.IntegerField(null=True)
    expires_at = peewee.BigIntegerField(null=True)
    closed_at = peewee.BigIntegerField(null=True)  # set once, when the end was announced


class PollVote(BaseModel):
    poll = reference(Poll, index=False)
    poll_id: int
    account = reference(Account)
    account_id: int
    choice = peewee.IntegerField()
    uri = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("poll", "account", "choice"), True),)
