"""What people wrote, and what they boosted."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.card import PreviewCard
from node.models.oauth import Application
from node.store.base import BaseModel, reference


class Visibility(StrEnum):
    """The client API's words; ActivityPub's addressing is derived from them in federation/audience.py."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DIRECT = "direct"


class Thread(BaseModel):
    """A conversation: the statuses that share a root. `uri` is what peers call it."""

    uri = peewee.TextField(unique=True)
    context_uri = peewee.TextField(default="")  # where somebody lists the thread (FEP-7888); a hint, no authority


class Status(BaseModel):
    """A post, or with `reblog_of` a boost of one. Deleting removes the row and leaves a `Tombstone`."""

    uri = peewee.TextField(unique=True)
    url = peewee.TextField(default="")
    account = reference(Account, index=False)
    account_id: int
    local = peewee.BooleanField(default=False)
    visibility = peewee.TextField(default=Visibility.PUBLIC)
    local_only = peewee.BooleanField(default=False)

    content = peewee.TextField(default="")  # sanitised HTML
    source = peewee.TextField(default="")  # as typed, local statuses only
    content_type = peewee.TextField(default="text/plain")
    spoiler_text = peewee.TextField(default="")
    sensitive = peewee.BooleanField(default=False)
    language = peewee.TextField(null=True)
    emoji = peewee.TextField(default="[]")  # JSON: the shortcodes used
    kind = peewee.TextField(default="Note")  # the object's type at its origin

    reblog_of = reference("self", null=True, backref="reblogs", index=False)
    reblog_of_id: int | None
    in_reply_to = reference("self", null=True, on_delete="SET NULL", backref="replies")
    in_reply_to_id: int | None
    in_reply_to_account = reference(Account, null=True, on_delete="SET NULL", index=False)
    in_reply_to_account_id: int | None
    in_reply_to_uri = peewee.TextField(default="")  # kept while the parent is unknown
    thread = reference(Thread, null=True, on_delete="SET NULL")
    thread_id: int | None
    application = reference(Application, null=True, on_delete="SET NULL", index=False)
    application_id: int | None

    card = reference(PreviewCard, null=True, on_delete="SET NULL", index=False)
    card_id: int | None

    replies_count = peewee.IntegerField(default=0)
    replies_uri = peewee.TextField(default="")  # where its own server lists the answers
    replies_announced = peewee.IntegerField(null=True)  # how many its own server says there are
    reblogs_count = peewee.IntegerField(default=0)
    favourites_count = peewee.IntegerField(default=0)
    reactions = peewee.TextField(default="[]")  # JSON: [emoji, how many], the first used first
    quotes_count = peewee.IntegerField(default=0)
    policy = peewee.TextField(default="")  # JSON: who may answer, like, boost, quote (services/approvals/policies.py)

    created_at = peewee.BigIntegerField()
    edited_at = peewee.BigIntegerField(null=True)
    fetched_at = peewee.BigIntegerField(null=True)
    version = peewee.IntegerField(default=1)  # grows with each change of what is shown; keys cached renderings

    class Meta:
        indexes = (
            (("account", "id"), False),
            (("visibility", "local", "id"), False),
            # One boost of a status for each account, whatever arrives twice.
            (("account", "reblog_of"), True),
        )


# Whoever arrives before the status it answers is found again when that one comes.
Status.add_index(
    Status.in_reply_to_uri,
    where=(Status.in_reply_to_uri != "") & Status.in_reply_to.is_null(),
    name="status_orphans",
)
# Boosts alone: an engine that does not know the rows would look for what is no boost by it, and read everything.
Status.add_index(Status.reblog_of, where=Status.reblog_of.is_null(False), name="status_reblog_of_id")
# Those that show a page that is still being fetched, or was fetched anew.
Status.add_index(Status.card, where=Status.card.is_null(False), name="status_card")


class StatusEdit(BaseModel):
    """How a status was before an edit; the newest text is the status itself."""

    status = reference(Status)
    status_id: int
    content = peewee.TextField()
    source = peewee.TextField(default="")
    spoiler_text = peewee.TextField(default="")
    sensitive = peewee.BooleanField(default=False)
    media = peewee.TextField(default="[]")  # JSON: [{"id", "description"}], in order
    poll_options = peewee.TextField(default="[]")  # JSON: titles
    created_at = peewee.BigIntegerField()


class Mention(BaseModel):
    """`account` is named in `status`. Silent: addressed without being named, it may read and is not told."""

    status = reference(Status, index=False)
    status_id: int
    account = reference(Account)
    account_id: int
    silent = peewee.BooleanField(default=False)

    class Meta:
        indexes = ((("status", "account"), True),)


class Tombstone(BaseModel):
    """What was deleted stays deleted: a late Create is dropped, a reader is told 410. Each account has its own word on what
    it calls `uri`, so that nobody's keeps out another's."""

    uri = peewee.TextField()
    account_uri = peewee.TextField()
    deleted_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("uri", "account_uri"), True), (("deleted_at",), False))
