"""How deliveries fared, by hour."""

import peewee

from node.store.base import BaseModel


class DeliveryCount(BaseModel):
    """`id` is the hour, counted from 1970. Tries are counted, so one delivery may be retried often."""

    delivered = peewee.IntegerField(default=0)
    retried = peewee.IntegerField(default=0)
    given_up = peewee.IntegerField(default=0)
