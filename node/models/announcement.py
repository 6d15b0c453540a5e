"""What the staff tells everybody here."""

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class Announcement(BaseModel):
    """`text` is as it was typed, in Markdown. After `ends_at` nobody is told of it any more."""

    text = peewee.TextField()
    ends_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()
    updated_at = peewee.BigIntegerField()


class AnnouncementRead(BaseModel):
    announcement = reference(Announcement)
    announcement_id: int
    account = reference(Account, index=False)
    account_id: int

    class Meta:
        indexes = ((("account", "announcement"), True),)


class AnnouncementReaction(BaseModel):
    """`name` is an emoji, or the shortcode of one of the node's own."""

    announcement = reference(Announcement, index=False)
    announcement_id: int
    account = reference(Account)
    account_id: int
    name = peewee.TextField()
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("announcement", "account", "name"), True),)
