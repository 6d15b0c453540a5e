"""What a year of somebody's came to."""

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class AnnualReport(BaseModel):
    """Asked for, and with `made_at` made: the figures of `year` (UTC) as they were then."""

    account = reference(Account, index=False)
    account_id: int
    year = peewee.IntegerField()
    archetype = peewee.TextField(default="")
    statuses = peewee.IntegerField(default=0)
    followers = peewee.IntegerField(default=0)  # who came in that year and has stayed
    top_status_id = peewee.BigIntegerField(null=True)  # may be gone by now
    tag = peewee.TextField(default="")
    tag_uses = peewee.IntegerField(default=0)
    made_at = peewee.BigIntegerField(null=True)
    read_at = peewee.BigIntegerField(null=True)

    class Meta:
        indexes = ((("account", "year"), True),)
