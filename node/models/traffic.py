"""What goes to other servers and comes from them: by hour, and by day for each of them."""

import peewee

from node.store.base import BaseModel


class DeliveryCount(BaseModel):
    """`id` is the hour, counted from 1970. Tries are counted, so one delivery may be retried often."""

    delivered = peewee.IntegerField(default=0)
    retried = peewee.IntegerField(default=0)
    given_up = peewee.IntegerField(default=0)
    received = peewee.IntegerField(default=0)


class ServerDay(BaseModel):
    """`day` is counted from 1970. `answers` came after `answer_ms` altogether, refusals included."""

    host = peewee.TextField()
    day = peewee.IntegerField(index=True)
    received = peewee.IntegerField(default=0)
    delivered = peewee.IntegerField(default=0)
    answers = peewee.IntegerField(default=0)
    answer_ms = peewee.BigIntegerField(default=0)

    class Meta:
        primary_key = peewee.CompositeKey("host", "day")
