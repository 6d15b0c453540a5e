"""What people do with statuses, besides answering and boosting them."""

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class Favourite(BaseModel):
    account = reference(Account)
    status = reference(Status)
    uri = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "status"), True),)


class Bookmark(BaseModel):
    account = reference(Account)
    status = reference(Status)
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "status"), True),)


class Pin(BaseModel):
    """A status that stands on its author's profile."""

    account = reference(Account)
    status = reference(Status, unique=True)
    created_at = peewee.BigIntegerField()
