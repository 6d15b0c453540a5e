"""What somebody shows on their profile besides their own posts."""

import peewee

from node.models.account import Account
from node.models.tag import Tag
from node.store.base import BaseModel, reference


class FeaturedTag(BaseModel):
    """`name` is how its owner spells the hashtag."""

    account = reference(Account, index=False)
    account_id: int
    tag = reference(Tag)
    tag_id: int
    name = peewee.TextField()
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "tag"), True),)


class Endorsement(BaseModel):
    """`account`, which follows `target`, recommends it."""

    account = reference(Account, index=False)
    account_id: int
    target = reference(Account)
    target_id: int
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "target"), True),)
