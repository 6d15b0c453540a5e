"""Letters about notifications, for who wants them: of the chosen kinds, at most one each half hour.

Nothing is done when a notification is made. Now and then it is looked what is new to its reader, neither read on a page
or in an app, nor told in a letter before. A letter names people and deeds, and never what was written.
"""

from collections.abc import Set

from node import clock, site
from node.models import Account, ActorKind, MailNotice, NotificationKind, User
from node.models.access import present
from node.paging import Page
from node.services.access import mail, preferences
from node.services.notifications import sentences, view
from node.services.notifications import telling as notifications
from node.services.timelines import markers
from node.speech import said, said_in
from node.text.plain import excerpt

EVERY_MS = 30 * clock.MINUTE
MOST_LINES = 20
_PEOPLE = 10  # that are looked at in a round: one unit of work
_NAME_CHARS = 60


def of(user_id: int, account_id: int) -> frozenset[str]:
    """The kinds that letters to a login are about, of what concerns the account."""
    row = MailNotice.get_or_none(MailNotice.account == account_id, MailNotice.user == user_id)
    return frozenset() if row is None else frozenset(row.kinds.split())


def choose(user_id: int, account_id: int, kinds: Set[NotificationKind]) -> None:
    """From now on. What is there already is not told; no kinds are no letters. Each member chooses for themself."""
    if not kinds:
        MailNotice.delete().where(MailNotice.account == account_id, MailNotice.user == user_id).execute()
        return
    newest = notifications.page(account_id, Page(limit=1), include_held=True)
    values = {
        "kinds": " ".join(sorted(kinds)),
        "told_id": newest[0].id if newest else 0,
        "due_at": clock.now_ms(),
    }
    insert = MailNotice.insert(account=account_id, user=user_id, **values)
    insert.on_conflict(conflict_target=[MailNotice.account, MailNotice.user], update=values).execute()


def work() -> int:
    """One round; how many letters it wrote. Run every minute."""
    if not site.sends_mail:
        return 0
    due = (
        MailNotice.select(MailNotice, User, Account)
        .join(User, on=(User.id == MailNotice.user))
        .join_from(MailNotice, Account, on=(Account.id == MailNotice.account))
        # An address counts once it is proven (services/access/emails.py).
        .where(MailNotice.due_at <= clock.now_ms(), User.email_key.is_null(False), User.disabled_at.is_null())
        .where(present(Account))
        .order_by(MailNotice.due_at)
        .limit(_PEOPLE)
    )
    return sum(_tell(row) for row in list(due))


def _tell(row: MailNotice) -> bool:
    since = max(row.told_id, markers.last_read(row.account_id, "notifications"))
    new = notifications.page(row.account_id, Page(limit=MOST_LINES, since_id=since), row.kinds.split())
    told_id = new[0].id if new else row.told_id
    as_it_was = (MailNotice.id == row.id) & (MailNotice.due_at == row.due_at)
    if not MailNotice.update(told_id=told_id, due_at=clock.now_ms() + EVERY_MS).where(as_it_was).execute():
        return False  # another process looks at it
    language = preferences.language_of(row.user)
    lines = [_line(language, one) for one in view.load(row.account_id, new)]
    if lines:
        mail.send(row.user, _subject(row), _letter(language, lines))
    return bool(lines)


def _subject(row: MailNotice) -> str:
    """Members of an organisation have letters of their own, too."""
    if row.account.kind == ActorKind.ORGANIZATION:
        return said("news for @%(name)s", name=row.account.username)
    return said("news for you")


def _line(language: str, one: view.NotificationView) -> str:
    account = one.sender.account
    name = " ".join(excerpt(account.display_name, _NAME_CHARS).split()) or account.username
    handle = f"@{account.username}@{account.domain or site.domain}"
    return f"- {said_in(language, sentences.sentence(one.notification.kind, f'{name} ({handle})'))}"


def _letter(language: str, lines: list[str]) -> str:
    more = [said("There may be more.")] if len(lines) == MOST_LINES else []
    ways = [
        said("Look at it: %(address)s", address=f"{site.base_url}/notifications"),
        said("No such letters, or fewer: %(address)s", address=f"{site.base_url}/settings/notifications#mail"),
    ]
    parts = [
        "\n".join(lines),
        *(said_in(language, one) for one in more),
        "\n".join(said_in(language, one) for one in ways),
    ]
    return "\n\n".join(parts)
