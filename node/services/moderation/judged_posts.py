"""What the staff does about single posts. Those of somebody elsewhere change or go here alone."""

from collections.abc import Sequence

from node.errors import Invalid
from node.models import Account, MediaAttachment, Status
from node.services.moderation import audit
from node.services.statuses import deletion, edits, media
from node.store import in_ids

MOST = 100
_NONE_CHOSEN = "Please choose at least one post."
_NO_PICTURES = "None of these posts has a picture that is not behind a warning yet."


def of_account(account: Account, status_ids: Sequence[int]) -> list[Status]:
    """Those of them that `account` wrote and that are still there, oldest first. Invalid for none."""
    own = Status.select().where(
        in_ids(Status.id, list(status_ids)[:MOST]), Status.account == account.id, Status.reblog_of.is_null()
    )
    found = list(own.order_by(Status.id))
    if not found:
        raise Invalid(_NONE_CHOSEN, {"status_ids": _NONE_CHOSEN})
    return found


def with_open_pictures(statuses: Sequence[Status]) -> list[Status]:
    """Where a warning makes a difference. Invalid for none."""
    found = [status for status in statuses if not status.sensitive and media.of_status(status.id)]
    if not found:
        raise Invalid(_NO_PICTURES, {"status_ids": _NO_PICTURES})
    return found


def delete(account: Account, statuses: Sequence[Status], by: Account | None) -> None:
    """With their pictures: their author cannot post these once more."""
    for status in statuses:
        gone = [row.id for row in deletion.remove(status).media]
        MediaAttachment.delete().where(in_ids(MediaAttachment.id, gone)).execute()
    audit.record(by, "delete.statuses", audit.handle(account), {"count": len(statuses)})


def mark_sensitive(account: Account, statuses: Sequence[Status], by: Account | None) -> None:
    for status in statuses:
        edits.mark_sensitive(status, sensitive=True)
    audit.record(by, "sensitize.statuses", audit.handle(account), {"count": len(statuses)})


def unmark(account: Account, status_ids: Sequence[int], by: Account | None) -> None:
    """Those that are still there."""
    for status in Status.select().where(in_ids(Status.id, list(status_ids)), Status.account == account.id):
        edits.mark_sensitive(status, sensitive=False)
    audit.record(by, "unsensitize.statuses", audit.handle(account), {"count": len(status_ids)})
