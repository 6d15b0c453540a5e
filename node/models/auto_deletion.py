"""What people want to go of what they wrote, when it is old."""

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class AutoDeletion(BaseModel):
    """One for each account that ever chose; `scanned_id` and `due_at` are where the work stands."""

    account = reference(Account, unique=True)
    account_id: int
    enabled = peewee.BooleanField(default=False)
    min_age_days = peewee.IntegerField()
    keep_pinned = peewee.BooleanField()
    keep_favourited = peewee.BooleanField()  # by its author
    keep_bookmarked = peewee.BooleanField()  # by its author
    keep_polls = peewee.BooleanField()
    keep_media = peewee.BooleanField()
    keep_direct = peewee.BooleanField()
    min_favourites = peewee.IntegerField(null=True)  # that many, and it stays
    min_reblogs = peewee.IntegerField(null=True)
    scanned_id = peewee.BigIntegerField(default=0)  # what is older was looked at in this round
    due_at = peewee.BigIntegerField(default=0)

    class Meta:
        indexes = ((("enabled", "due_at"), False),)
