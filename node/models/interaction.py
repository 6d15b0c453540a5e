"""What people do with statuses, besides answering and boosting them."""

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class Favourite(BaseModel):
    account = reference(Account, index=False)
    account_id: int
    status = reference(Status)
    status_id: int
    uri = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()
    stamp_uri = peewee.TextField(default="")  # where an author elsewhere who had to be asked says yes

    class Meta:
        indexes = ((("account", "status"), True), (("account", "id"), False))


class Bookmark(BaseModel):
    account = reference(Account, index=False)
    account_id: int
    status = reference(Status)
    status_id: int
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "status"), True), (("account", "id"), False))


class Pin(BaseModel):
    """A status that stands on its author's profile."""

    account = reference(Account)
    account_id: int
    status = reference(Status, unique=True)
    status_id: int
    created_at = peewee.BigIntegerField()
