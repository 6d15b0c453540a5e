"""What somebody should hear about."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.models.account_warning import AccountWarning
from node.models.collection import Collection
from node.models.moderation import Report
from node.models.severance import Severance
from node.models.status import Status
from node.store.base import BaseModel, reference


class NotificationKind(StrEnum):
    """The client API's words."""

    MENTION = "mention"
    STATUS = "status"
    REBLOG = "reblog"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FAVOURITE = "favourite"
    EMOJI_REACTION = "emoji_reaction"  # Fedibird's; Mastodon has none
    POLL = "poll"
    UPDATE = "update"
    QUOTE = "quote"
    QUOTED_UPDATE = "quoted_update"
    PENDING_QUOTE = "pending.quote"  # ours, named as GoToSocial names its own
    PENDING_REPLY = "pending.reply"
    ADDED_TO_COLLECTION = "added_to_collection"
    COLLECTION_UPDATE = "collection_update"
    INVITATION = "organisation_invitation"  # ours: to become a member
    SIGN_UP = "admin.sign_up"
    REPORT = "admin.report"
    MODERATION_WARNING = "moderation_warning"
    SEVERED_RELATIONSHIPS = "severed_relationships"


# Nobody's doing: they come from the account itself, because there has to be one.
OF_NOBODY = frozenset({NotificationKind.MODERATION_WARNING, NotificationKind.SEVERED_RELATIONSHIPS})


# Mastodon has no such kinds, and many apps fail at what they do not know: who knows one names it.
UNUSUAL = frozenset(
    {
        NotificationKind.EMOJI_REACTION,
        NotificationKind.PENDING_QUOTE,
        NotificationKind.PENDING_REPLY,
        NotificationKind.INVITATION,
    }
)


class Notification(BaseModel):
    """`sender` did something that concerns `account`. The same thing done twice tells once."""

    account = reference(Account, index=False)
    account_id: int
    sender = reference(Account)
    sender_id: int
    kind = peewee.TextField()
    status = reference(Status, null=True)
    status_id: int | None
    report = reference(Report, null=True)
    report_id: int | None
    collection = reference(Collection, null=True)
    collection_id: int | None
    warning = reference(AccountWarning, null=True)
    warning_id: int | None
    severance = reference(Severance, null=True)
    severance_id: int | None
    created_at = peewee.BigIntegerField()
    filtered = peewee.BooleanField(default=False)  # held back by the account's policy

    class Meta:
        indexes = (
            (("account", "id"), False),
            (("account", "sender", "kind", "status"), True),
        )
