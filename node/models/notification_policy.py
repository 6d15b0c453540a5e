"""Notifications from strangers: what somebody decided about them, whom they let through, and who waits."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class Decision(StrEnum):
    """The client API's words."""

    ACCEPT = "accept"
    FILTER = "filter"  # held back until somebody looks
    DROP = "drop"


class NotificationPolicy(BaseModel):
    """Without a row: everything is accepted, but for limited accounts, which are not heard."""

    account = reference(Account, unique=True)
    not_following = peewee.TextField(default=Decision.ACCEPT)
    not_followers = peewee.TextField(default=Decision.ACCEPT)
    new_accounts = peewee.TextField(default=Decision.ACCEPT)
    private_mentions = peewee.TextField(default=Decision.ACCEPT)
    limited_accounts = peewee.TextField(default=Decision.DROP)
    bots = peewee.TextField(default=Decision.ACCEPT)


class NotificationPermission(BaseModel):
    """`account` hears `sender`, whatever its policy says."""

    account = reference(Account, index=False)
    sender = reference(Account)
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "sender"), True),)


class NotificationRequest(BaseModel):
    """`sender` has done something that was held back from `account`."""

    account = reference(Account, index=False)
    account_id: int
    sender = reference(Account)
    sender_id: int
    created_at = peewee.BigIntegerField()
    updated_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "sender"), True),)
