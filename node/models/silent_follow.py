"""Whom the node itself follows, because they are in lists of people here and nobody here follows them."""

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class SilentFollow(BaseModel):
    """`target` was asked by the node's own actor. The row stays when it refuses: who said no is not asked again."""

    target = reference(Account, unique=True)
    target_id: int
    asked_at = peewee.BigIntegerField()
