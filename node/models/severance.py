"""Follows that ended at once, without whom they belonged to ending them one by one."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class SeveranceKind(StrEnum):
    """The client API's words."""

    DOMAIN_BLOCK = "domain_block"
    USER_DOMAIN_BLOCK = "user_domain_block"
    ACCOUNT_SUSPENSION = "account_suspension"


class Severance(BaseModel):
    """What `account` lost when something was decided about `target_name`, a domain or a handle."""

    account = reference(Account, index=False)
    account_id: int
    kind = peewee.TextField()
    target_name = peewee.TextField()
    following_count = peewee.IntegerField()
    followers_count = peewee.IntegerField()
    purged = peewee.BooleanField(default=False)  # the lists are forgotten
    created_at = peewee.BigIntegerField(index=True)

    class Meta:
        indexes = ((("account", "id"), False),)


class SeveredFollow(BaseModel):
    """One of them, as it stands in a file: whom it is about may be gone."""

    severance = reference(Severance, index=False)
    severance_id: int
    is_follower = peewee.BooleanField()
    address = peewee.TextField()
    show_reblogs = peewee.BooleanField()
    notify = peewee.BooleanField()
    languages = peewee.TextField()

    class Meta:
        indexes = ((("severance", "is_follower", "id"), False),)
