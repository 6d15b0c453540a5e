"""What somebody does not want to read, or not without a warning."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.status import Status
from node.store.base import BaseModel, reference


class FilterAction(StrEnum):
    """The client API's words, the mildest first."""

    BLUR = "blur"  # the pictures
    WARN = "warn"
    HIDE = "hide"


class FilterContext(StrEnum):
    """The client API's words for where a post is read. Lists count as home, hashtags as public."""

    HOME = "home"
    NOTIFICATIONS = "notifications"
    PUBLIC = "public"
    THREAD = "thread"
    ACCOUNT = "account"


class Filter(BaseModel):
    """Matches a post that has one of its keywords, or is one of its statuses."""

    account = reference(Account)
    account_id: int
    title = peewee.TextField()
    action = peewee.TextField(default=FilterAction.WARN)
    contexts = peewee.TextField()  # separated by blanks
    expires_at = peewee.BigIntegerField(null=True)  # later it matches nothing, and stays to be renewed
    created_at = peewee.BigIntegerField()


class FilterKeyword(BaseModel):
    filter = reference(Filter)
    filter_id: int
    keyword = peewee.TextField()
    whole_word = peewee.BooleanField(default=True)


class FilterStatus(BaseModel):
    filter = reference(Filter, index=False)
    filter_id: int
    status = reference(Status)
    status_id: int

    class Meta:
        indexes = ((("filter", "status"), True),)
