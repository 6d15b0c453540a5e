"""Who follows, blocks, mutes whom. A state with a time or a sender is a row, not a flag."""

import peewee

from node.models.account import Account
from node.models.status import Thread
from node.store.base import BaseModel, reference


class _Towards(BaseModel):
    """What `account` does towards `target`, once."""

    account = reference(Account, index=False)
    account_id: int
    target = reference(Account)
    target_id: int

    class Meta:
        indexes = ((("account", "target"), True),)


class _Following(_Towards):
    """`uri` is the activity's id, which an Undo or a Reject may name."""

    uri = peewee.TextField(default="")
    show_reblogs = peewee.BooleanField(default=True)
    notify = peewee.BooleanField(default=False)
    languages = peewee.TextField(default="")  # comma separated; empty: all
    created_at = peewee.BigIntegerField()


class Follow(_Following):
    """`account` follows `target`."""


class FollowRequest(_Following):
    """The same, before `target` agreed."""


class Parting(BaseModel):
    """When somebody on `domain` last ceased to follow `account`: what was posted before may be kept there."""

    account = reference(Account, index=False)
    account_id: int
    domain = peewee.TextField()
    inbox = peewee.TextField()
    parted_at = peewee.BigIntegerField(index=True)

    class Meta:
        indexes = ((("account", "domain"), True),)


class Block(_Towards):
    uri = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()


class Mute(_Towards):
    hide_notifications = peewee.BooleanField(default=True)
    expires_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()


class ThreadMute(BaseModel):
    account = reference(Account, index=False)
    account_id: int
    thread = reference(Thread)
    thread_id: int

    class Meta:
        indexes = ((("account", "thread"), True),)


class AccountNote(_Towards):
    """What `account` wrote down about `target`, for itself alone."""

    comment = peewee.TextField()


class AccountDomainBlock(BaseModel):
    """`account` wants to see nothing of `domain`."""

    account = reference(Account, index=False)
    account_id: int
    domain = peewee.TextField()

    class Meta:
        indexes = ((("account", "domain"), True),)
