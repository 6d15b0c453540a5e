"""Hashtags and custom emoji."""

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class Tag(BaseModel):
    """`key` is the name folded (NFKC, case): one tag whatever its spelling. `name` is how it was first written."""

    key = peewee.TextField(unique=True)
    name = peewee.TextField()


class StatusTag(BaseModel):
    tag = reference(Tag, index=False)
    tag_id: int
    status = reference(Status)
    status_id: int

    class Meta:
        primary_key = peewee.CompositeKey("tag", "status")


class FollowedTag(BaseModel):
    account = reference(Account, index=False)
    account_id: int
    tag = reference(Tag)
    tag_id: int

    class Meta:
        indexes = ((("account", "tag"), True),)


class CustomEmoji(BaseModel):
    """`domain` is empty for the node's own."""

    shortcode = peewee.TextField()
    domain = peewee.TextField(default="")
    uri = peewee.TextField(default="")
    image_key = peewee.TextField(default="")
    image_remote_url = peewee.TextField(default="")
    category = peewee.TextField(default="")
    visible_in_picker = peewee.BooleanField(default=True)
    disabled = peewee.BooleanField(default=False)
    updated_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("shortcode", "domain"), True),)
