"""The end of an account. Its row stays, emptied, so that its name is never given again and its uri answers 410."""

from typing import Any

from peewee import Case, fn

from node import clock
from node.models import (
    Account,
    AccountDomainBlock,
    AccountNote,
    AccountWarning,
    AnnouncementReaction,
    AnnouncementRead,
    AnnualReport,
    Approval,
    ApprovalKind,
    ApprovalState,
    Archive,
    AutoDeletion,
    Block,
    Bookmark,
    Collection,
    CollectionItem,
    Conversation,
    Deed,
    Favourite,
    FeaturedTag,
    Feed,
    Filter,
    FollowedTag,
    Intake,
    KeptDraft,
    List,
    ListMember,
    MailNotice,
    Marker,
    MediaAttachment,
    MemberRole,
    Membership,
    Mute,
    Notification,
    NotificationPermission,
    NotificationPolicy,
    NotificationRequest,
    Pin,
    PushSubscription,
    RemoteKey,
    Restoration,
    RestoredStatus,
    ScheduledStatus,
    Severance,
    Status,
    ThreadMute,
    Tombstone,
    User,
)
from node.models.access import OPEN
from node.services.access import signed_in
from node.services.follows.rows import sever_all
from node.services.interactions import reactions
from node.services.organisations import invitations, members

_EMPTIED = {
    "display_name": "",
    "note": "",
    "note_source": "",
    "fields": "[]",
    "emoji": "[]",
    "also_known_as": "[]",
    "avatar_key": "",
    "avatar_remote_url": "",
    "avatar_description": "",
    "header_key": "",
    "header_remote_url": "",
    "header_description": "",
    "discoverable": False,
    "indexable": False,
    "statuses_count": 0,
    "followers_count": 0,
    "following_count": 0,
    "last_status_at": None,
}


def erase(account: Account) -> None:
    """Remove everything of it. Keys of local accounts stay until its goodbyes are delivered."""
    sever_all([account.id])
    _uncount(account.id)
    reactions.erase_of_account(account.id)
    _bury_statuses(account)
    Status.delete().where(Status.account == account.id).execute()
    for model in _OWN:
        model.delete().where(model.account == account.id).execute()
    for model in (Block, Mute, AccountNote):
        model.delete().where(model.target == account.id).execute()
    AccountWarning.delete().where(AccountWarning.target == account.id).execute()
    Notification.delete().where(Notification.sender == account.id).execute()
    _end_logins(account.id)
    Account.update(_EMPTIED | {"deleted_at": clock.now_ms(), "version": Account.version + 1}).where(
        Account.id == account.id
    ).execute()
    signed_in.account_suspended(account.id)


_OWN: tuple[Any, ...] = (
    AccountDomainBlock,
    AccountNote,
    AnnualReport,
    AnnouncementReaction,
    AnnouncementRead,
    Archive,
    AutoDeletion,
    Block,
    Bookmark,
    Collection,
    CollectionItem,
    Conversation,
    Deed,
    Favourite,
    FeaturedTag,
    Feed,
    Filter,
    FollowedTag,
    Intake,
    List,
    ListMember,
    MailNotice,
    Marker,
    KeptDraft,
    MediaAttachment,
    Mute,
    Notification,
    NotificationPermission,
    NotificationPolicy,
    NotificationRequest,
    Pin,
    PushSubscription,
    RemoteKey,
    Restoration,
    RestoredStatus,
    ScheduledStatus,
    Severance,
    ThreadMute,
)


_OF_QUOTES = (Approval.kind == ApprovalKind.QUOTE, Approval.state == ApprovalState.ACCEPTED)


def _uncount(account_id: int) -> None:
    """What it did with others' statuses does not count any more."""
    favoured = Favourite.select(Favourite.status).where(Favourite.account == account_id)
    Status.update(favourites_count=_less(Status.favourites_count, 1)).where(Status.id.in_(favoured)).execute()
    boosted = Status.select(Status.reblog_of).where(Status.account == account_id, Status.reblog_of.is_null(False))
    Status.update(reblogs_count=_less(Status.reblogs_count, 1)).where(Status.id.in_(boosted)).execute()
    quoting = Status.alias()
    quotes = (
        Approval.select(fn.COUNT(Approval.id))
        .join(quoting, on=(quoting.id == Approval.status))
        .where(Approval.target == Status.id, *_OF_QUOTES, quoting.account == account_id, quoting.visibility.in_(OPEN))
    )
    own = Status.alias()
    quoted = (
        Approval.select(Approval.target).join(own, on=(own.id == Approval.status)).where(own.account == account_id)
    )
    Status.update(quotes_count=_less(Status.quotes_count, quotes)).where(
        Status.id.in_(quoted.where(Approval.target.is_null(False)))
    ).execute()
    reply = Status.alias()
    answers = reply.select(fn.COUNT(reply.id)).where(reply.account == account_id, reply.in_reply_to == Status.id)
    answered = Status.select(Status.in_reply_to).where(
        Status.account == account_id, Status.in_reply_to.is_null(False)
    )
    Status.update(replies_count=_less(Status.replies_count, answers)).where(Status.id.in_(answered)).execute()


def _less(column: Any, by: Any) -> Any:
    return Case(None, [(column > by, column - by)], 0)


def _bury_statuses(account: Account) -> None:
    """A late Create finds a tombstone. The id of the status serves its tombstone too: both are unique."""
    statuses = Status.select(
        Status.id, Status.uri, fn.COALESCE(account.uri, ""), fn.COALESCE(clock.now_ms(), 0)
    ).where(Status.account == account.id, Status.reblog_of.is_null())
    fields = [Tombstone.id, Tombstone.uri, Tombstone.account_uri, Tombstone.deleted_at]
    Tombstone.insert_from(statuses, fields).on_conflict_ignore().execute()


def _end_logins(account_id: int) -> None:
    """The login whose own account it is ends, with its sessions and tokens; members of an organisation lose that one."""
    invitations.erase(account_id)
    members.dissolve(account_id)
    own = (Membership.account == account_id) & (Membership.role == MemberRole.SELF)
    for row in list(Membership.select(Membership.user).where(own)):
        members.hand_over(row.user)
        User.delete().where(User.id == row.user).execute()
        signed_in.user_changed(row.user)
