"""What belongs to organisations: who is asked to become a member, and who did what."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class MemberInvitation(BaseModel):
    """The organisation `account` asks the person of the account `invited` to become a member."""

    account = reference(Account, index=False)
    account_id: int
    invited = reference(Account)
    invited_id: int
    role = peewee.TextField()
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "invited"), True),)


class Act(StrEnum):
    """What a member did in the name of the organisation, or as one of its members."""

    MADE = "made"
    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"
    BOOSTED = "boosted"
    PROFILE = "profile"
    INVITED = "invited"
    JOINED = "joined"
    LEFT = "left"
    REMOVED = "removed"
    ROLE = "role"
    RENAMED = "renamed"
    MOVED = "moved"
    STAYED = "stayed"


class Deed(BaseModel):
    """`by` did something for the organisation `account`. `about` is to whom it was done, where that is an account."""

    account = reference(Account, index=False)
    account_id: int
    by = reference(Account, null=True, index=False, on_delete="SET NULL")
    by_id: int | None
    act = peewee.TextField()
    about = reference(Account, null=True, index=False, on_delete="SET NULL")
    about_id: int | None
    status_id = peewee.BigIntegerField(null=True)  # which may be gone
    detail = peewee.TextField(default="")  # a role, a former name
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "id"), False),)
