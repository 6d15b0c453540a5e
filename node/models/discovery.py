"""What was decided about finding things: what may be a trend, whom somebody does not want to be shown."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class TrendKind(StrEnum):
    TAG = "tag"
    STATUS = "status"
    LINK = "link"


class TrendDecision(BaseModel):
    """`key` is the folded name of a hashtag, the uri of a status, or the address of a page."""

    kind = peewee.TextField()
    key = peewee.TextField()
    allowed = peewee.BooleanField()
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("kind", "key"), True),)


class DismissedSuggestion(BaseModel):
    """`account` does not want `target` to be suggested any more."""

    account = reference(Account, index=False)
    account_id: int
    target = reference(Account)
    target_id: int
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("account", "target"), True),)
