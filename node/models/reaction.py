"""Emoji that people answer statuses with (docs/adr/0020-emoji-reactions.md)."""

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class EmojiReaction(BaseModel):
    """`emoji` is the emoji itself, a shortcode of this node, or `shortcode@domain` of another one's."""

    account = reference(Account, index=False)
    account_id: int
    status = reference(Status)
    status_id: int
    emoji = peewee.TextField()
    uri = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "status", "emoji"), True),)
