"""Posts that wait for their time."""

import peewee

from node.models.account import Account
from node.models.media import MediaAttachment
from node.models.sentence import SentenceField
from node.store.base import BaseModel, reference


class ScheduledStatus(BaseModel):
    """A row until its time has come; then a status, in one transaction."""

    account = reference(Account)
    account_id: int
    draft = peewee.TextField()  # JSON of node/services/statuses/drafts.py's Draft, without its media
    idempotency = peewee.TextField(null=True, unique=True)  # token id and key of the request that made it
    scheduled_at = peewee.BigIntegerField()
    problem = SentenceField(default="")  # why it was not posted when its time had come; a sentence for its author
    created_at = peewee.BigIntegerField()


class ScheduledMedia(BaseModel):
    """An upload that a scheduled status has taken: nobody else may use it, and it is not forgotten."""

    media = reference(MediaAttachment, unique=True)
    media_id: int
    scheduled = reference(ScheduledStatus)
    scheduled_id: int
    position = peewee.IntegerField(default=0)
