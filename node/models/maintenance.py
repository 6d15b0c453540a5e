"""Times at which the node is worked on, announced beforehand."""

import peewee

from node.store.base import BaseModel


class Maintenance(BaseModel):
    """From `starts_at` until `ends_at`; `text` is what people are told, as it was typed."""

    starts_at = peewee.BigIntegerField()
    ends_at = peewee.BigIntegerField(index=True)
    text = peewee.TextField(default="")
    read_only = peewee.BooleanField(default=False)
    holds_deliveries = peewee.BooleanField(default=False)
    created_at = peewee.BigIntegerField()
