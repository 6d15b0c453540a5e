"""What one Web Push message needs from the database, and what its answer means there."""

from typing import NamedTuple

from node import clock, jobs
from node.errors import NotFound
from node.jobs import TakenJob
from node.models import FilterContext, PushKey, PushSubscription, Session, Token, User
from node.services.access import preferences
from node.services.community import settings
from node.services.filters import rules as filter_rules
from node.services.notifications import browser_push, push
from node.services.notifications import telling as notifications
from node.services.notifications import view as notification_view
from node.services.notifications.view import NotificationView

# Once it is refused so often in a row, nobody waits for it any more.
MOST_REFUSALS = 20
KEPT_MS = clock.DAY


class Push(NamedTuple):
    subscription: PushSubscription
    view: NotificationView
    locale: str
    key: PushKey
    contact_email: str

    @property
    def ends_at(self) -> int:
        """Later it is no news."""
        return self.view.notification.created_at + KEPT_MS


def load(job: TakenJob) -> Push | None:
    """None when there is nothing to tell any more: unsubscribed, dismissed, deleted, hidden, too old, or at night."""
    subscription = PushSubscription.get_or_none(PushSubscription.id == job.subject)
    if subscription is None or browser_push.is_quiet(subscription):
        return None
    try:
        row = notifications.get(subscription.account_id, job.payload["notification_id"])
    except NotFound:
        return None
    views = notification_view.load(subscription.account_id, [row])
    if not views or _is_hidden(views[0]):
        return None
    found = Push(subscription, views[0], _locale(subscription), push.key(), settings.current().contact_email)
    return found if clock.now_ms() < found.ends_at else None


def _is_hidden(view: NotificationView) -> bool:
    return view.status is not None and filter_rules.is_hidden(view.status.filtered, FilterContext.NOTIFICATIONS)


def _locale(subscription: PushSubscription) -> str:
    owner, owner_id = (
        (Session, subscription.session_id) if subscription.token_id is None else (Token, subscription.token_id)
    )
    user = User.select().join(owner, on=(owner.user == User.id)).where(owner.id == owner_id).first()
    return "en" if user is None else preferences.reading_language(user)


def arrived(job: TakenJob, subscription: PushSubscription) -> None:
    if subscription.refusals:
        PushSubscription.update(refusals=0).where(PushSubscription.id == subscription.id).execute()
    jobs.finish(job)


def gone(job: TakenJob, subscription: PushSubscription) -> None:
    """The push service knows no such subscription (any more)."""
    PushSubscription.delete().where(PushSubscription.id == subscription.id).execute()
    jobs.finish(job)


def refused(job: TakenJob, subscription: PushSubscription) -> None:
    """This message is lost."""
    PushSubscription.update(refusals=PushSubscription.refusals + 1).where(
        PushSubscription.id == subscription.id
    ).execute()
    PushSubscription.delete().where(
        PushSubscription.id == subscription.id, PushSubscription.refusals >= MOST_REFUSALS
    ).execute()
    jobs.finish(job)
