"""What the staff decided about somebody here, and what they say to it."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.moderation import Report
from node.store.base import BaseModel, reference


class WarningAction(StrEnum):
    """The client API's words."""

    NONE = "none"  # words alone
    DISABLE = "disable"
    MARK_STATUSES_AS_SENSITIVE = "mark_statuses_as_sensitive"
    DELETE_STATUSES = "delete_statuses"
    SENSITIVE = "sensitive"
    SILENCE = "silence"
    SUSPEND = "suspend"


class AccountWarning(BaseModel):
    """`account` did this about `target`, who reads what is here; not by whom."""

    account = reference(Account, null=True, on_delete="SET NULL")
    account_id: int | None
    target = reference(Account, index=False)
    target_id: int
    action = peewee.TextField()
    text = peewee.TextField(default="")
    report = reference(Report, null=True, on_delete="SET NULL")
    report_id: int | None
    status_ids = peewee.TextField(default="[]")  # JSON
    evidence = peewee.TextField(default="[]")  # JSON: the posts as they were (node/services/moderation/evidence.py)
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("target", "id"), False),)


class AppealState(StrEnum):
    """The client API's words."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Appeal(BaseModel):
    """`warning` is not accepted by whom it is about. Once."""

    warning = reference(AccountWarning, unique=True)
    warning_id: int
    text = peewee.TextField()
    state = peewee.TextField(default=AppealState.PENDING, index=True)
    decided_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()


class WarningPreset(BaseModel):
    """What the staff often writes; `title` is for the staff alone."""

    title = peewee.TextField()
    text = peewee.TextField()
