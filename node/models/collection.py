"""Collections: accounts that somebody recommends, each of which has agreed (docs/adr/0029-collections.md)."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.tag import Tag
from node.store.base import BaseModel, reference


class ItemState(StrEnum):
    """The client API's words for how it stands with somebody's consent."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Collection(BaseModel):
    """Of an account here or elsewhere. Name and description are plain text."""

    account = reference(Account, index=False)
    account_id: int
    uri = peewee.TextField(unique=True)
    url = peewee.TextField(default="")
    name = peewee.TextField()
    description = peewee.TextField(default="")
    language = peewee.TextField(default="")
    sensitive = peewee.BooleanField(default=False)
    discoverable = peewee.BooleanField(default=False)
    tag = reference(Tag, null=True, on_delete="SET NULL")
    tag_id: int | None
    created_at = peewee.BigIntegerField()
    updated_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "id"), False),)


# Posts link to their pages.
Collection.add_index(Collection.url, where=Collection.url != "", name="collection_url")


class CollectionItem(BaseModel):
    """`account` is to be in `collection`."""

    collection = reference(Collection, index=False)
    collection_id: int
    account = reference(Account, index=False)
    account_id: int
    state = peewee.TextField(default=ItemState.PENDING)
    position = peewee.IntegerField(default=0)
    uri = peewee.TextField(default="")  # as the node of the collection names it; ours are named by the row
    stamp_uri = peewee.TextField(default="")  # where another node says yes; ours are named by the row
    stamp_seen_at = peewee.BigIntegerField(null=True)
    request_uri = peewee.TextField(default="")  # the FeatureRequest that our answer has to name
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = (
            (("collection", "account"), True),
            (("account", "state", "id"), False),
        )


# A stamp is named by the Delete that takes it back.
CollectionItem.add_index(
    CollectionItem.stamp_uri, where=CollectionItem.stamp_uri != "", name="collection_item_stamp_uri"
)
