"""Telling people here what the staff decided about them (ADR 44). What is decided stands in judging.py."""

from dataclasses import dataclass

import msgspec

from node import clock, site
from node.errors import Invalid
from node.models import Account, AccountWarning, Notification, NotificationKind, WarningAction
from node.services.moderation import evidence, letters
from node.services.notifications import telling as notifications
from node.speech import said

MAX_CHARS = 2_000
_SUBJECT = said("the staff decided something about your account")

# Said to whom it is about.
SENTENCES: dict[str, str] = {
    WarningAction.NONE: said("The staff of this server has something to tell you."),
    WarningAction.DISABLE: said("Nobody can sign in to your account any more. It and its posts stay visible."),
    WarningAction.MARK_STATUSES_AS_SENSITIVE: said("Pictures in posts of yours are behind a warning now."),
    WarningAction.DELETE_STATUSES: said("Posts of yours have been deleted."),
    WarningAction.SENSITIVE: said("All your pictures are behind a warning from now on."),
    WarningAction.SILENCE: said("Only your followers see your posts from now on."),
    WarningAction.SUSPEND: said("Your account is suspended. Nothing of it is shown, and nobody can use it."),
}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What is told besides the deed."""

    text: str = ""
    report_id: int | None = None
    status_ids: tuple[int, ...] = ()
    by_mail: bool = False


def check(notice: Notice) -> None:
    if len(notice.text) > MAX_CHARS:
        sentence = said("Please say it in at most %(most)s characters.", most=MAX_CHARS)
        raise Invalid(sentence, {"text": sentence})


def tell(target: Account, action: WarningAction, notice: Notice, by: Account | None) -> AccountWarning:
    """Before the deed: who is suspended is told nothing any more, and posts that go are kept as they are."""
    warning = AccountWarning.create(
        account=None if by is None else by.id,
        target=target.id,
        action=action,
        text=notice.text.strip(),
        report=notice.report_id,
        status_ids=msgspec.json.encode(notice.status_ids).decode(),
        evidence=evidence.of(notice.status_ids),
        created_at=clock.now_ms(),
    )
    notifications.notify(target.id, NotificationKind.MODERATION_WARNING, target.id, warning_id=warning.id)
    if notice.by_mail:
        letters.to_account(
            target.id, _SUBJECT, SENTENCES[action], notice.text, f"{site.base_url}/decisions/{warning.id}"
        )
    return warning


def tell_again(warning: AccountWarning) -> None:
    """There is news about it: as if it had come just now."""
    Notification.delete().where(Notification.warning == warning.id).execute()
    notifications.notify(
        warning.target_id, NotificationKind.MODERATION_WARNING, warning.target_id, warning_id=warning.id
    )


def status_ids(warning: AccountWarning) -> list[int]:
    return msgspec.json.decode(warning.status_ids, type=list[int])
