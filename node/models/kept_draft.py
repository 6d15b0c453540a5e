"""What somebody began to write, and has not posted."""

import peewee

from node.models.account import Account
from node.models.media import MediaAttachment
from node.store.base import BaseModel, reference


class KeptDraft(BaseModel):
    """One form of the composer. The form has named it before it was kept, so that keeping it twice is one row."""

    account = reference(Account)
    account_id: int
    key = peewee.TextField()
    form = peewee.TextField()  # JSON: what was typed, by the names of the fields
    updated_at = peewee.BigIntegerField()
    # Of an organisation, whose members share it: the account of who changed it last, and how often it was changed.
    by = peewee.BigIntegerField(null=True)
    revision = peewee.IntegerField(default=1)

    class Meta:
        indexes = ((("account", "key"), True),)


class KeptDraftMedia(BaseModel):
    """An upload that is not forgotten while a draft shows it; it may be posted all the same."""

    media = reference(MediaAttachment)
    media_id: int
    draft = reference(KeptDraft, index=False)
    draft_id: int

    class Meta:
        indexes = ((("draft", "media"), True),)
