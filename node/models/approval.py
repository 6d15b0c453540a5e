"""Quotes, answers and boosts that somebody else has to agree to."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class ApprovalKind(StrEnum):
    QUOTE = "quote"
    REPLY = "reply"
    REBLOG = "reblog"  # by somebody here; one of a post of ours was let in if it is here (docs/adr/0028-last-gaps.md)
    FAVOURITE = "favourite"  # no favourite has a row of its own


class ApprovalState(StrEnum):
    """The client API's words for the state of a quote."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"
    DELETED = "deleted"  # what was quoted or answered is gone
    UNAUTHORIZED = "unauthorized"  # nobody was asked, and the policy does not allow it


class Approval(BaseModel):
    """`status` quotes, answers or boosts `target`, whose author, `account`, agrees or does not."""

    kind = peewee.TextField()
    status = reference(Status, index=False)
    status_id: int
    target = reference(Status, null=True, on_delete="SET NULL", index=False)
    target_id: int | None
    target_uri = peewee.TextField()
    account = reference(Account, null=True, on_delete="SET NULL", index=False)
    account_id: int | None
    state = peewee.TextField(default=ApprovalState.PENDING)
    legacy = peewee.BooleanField(default=False)  # a quote in one of the old ways, which ask nobody
    stamp_uri = peewee.TextField(default="")  # where another node says yes; ours are named by the row
    request_uri = peewee.TextField(default="")  # the request that the answer has to name
    # what a waiting answer (JSON, services/approvals/replies.py) or boost (its visibility) is to be
    held = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = (
            (("status", "kind"), True),
            (("target", "kind", "status"), False),
            (("account", "state", "id"), False),
        )


# A stamp is named by the Delete that takes it back.
Approval.add_index(Approval.stamp_uri, where=Approval.stamp_uri != "", name="approval_stamp_uri")
