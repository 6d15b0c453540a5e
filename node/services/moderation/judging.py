"""Deciding about somebody, with what they are told of it: one transaction (ADR 44)."""

from collections.abc import Callable
from dataclasses import replace

from node.errors import NotFound
from node.models import Account, AccountWarning, MemberRole, Membership, User, WarningAction
from node.services.accounts import lookup as account_lookup
from node.services.moderation import account_warnings, audit, decisions, judged_posts, letters, reports, roles
from node.services.moderation.account_warnings import Notice
from node.speech import said

_OF_ACCOUNT: dict[WarningAction, tuple[str, Callable[[int, Account | None], None]]] = {
    WarningAction.SENSITIVE: ("sensitized_at", decisions.sensitize),
    WarningAction.SILENCE: ("silenced_at", decisions.silence),
    WarningAction.SUSPEND: ("suspended_at", decisions.suspend),
}
_OF_STATUSES = {
    WarningAction.DELETE_STATUSES: judged_posts.delete,
    WarningAction.MARK_STATUSES_AS_SENSITIVE: judged_posts.mark_sensitive,
}


def judge(
    account_id: int, action: WarningAction, notice: Notice, by: Account | None, *, told: bool = True
) -> AccountWarning | None:
    """Do it, and tell whom it is about if they are here and are to be `told`. What is so already is not done again.

    A report that `notice` names is resolved with it.
    """
    account = _account(account_id)
    roles.require_above(by, account_id)
    account_warnings.check(notice)
    if notice.report_id is not None and reports.get(notice.report_id).target_id != account_id:
        raise NotFound("Record not found")
    warning = None
    if _is_news(account, action, notice):
        if action in _OF_STATUSES:
            warning = _judge_posts(account, action, notice, by, told)
        else:
            notice = replace(notice, status_ids=())
            warning = account_warnings.tell(account, action, notice, by) if told and account.is_local else None
            _do(account, action, by)
        _record(account, notice, by, is_told=warning is not None)
    if notice.report_id is not None and by is not None:
        reports.resolve(notice.report_id, by)
    return warning


def delete(account_id: int, notice: Notice, by: Account | None) -> None:
    """A local account ends for good; a letter is all that can be told."""
    account_warnings.check(notice)
    if notice.by_mail:
        roles.require_above(by, account_id)
        subject, what = said("your account is deleted"), said("The staff of this server has deleted your account.")
        letters.to_account(account_id, subject, what, notice.text)
    decisions.delete(account_id, by)


def undo(warning: AccountWarning, by: Account | None) -> None:
    """As far as it can be undone; what was undone meanwhile stays so."""
    account_id, action = warning.target_id, WarningAction(warning.action)
    match action:
        case WarningAction.SENSITIVE:
            decisions.unsensitize(account_id, by)
        case WarningAction.SILENCE:
            decisions.unsilence(account_id, by)
        case WarningAction.SUSPEND:
            decisions.unsuspend(account_id, by)
        case WarningAction.DISABLE:
            for user_id in _logins(account_id):
                decisions.enable(user_id, by)
        case WarningAction.MARK_STATUSES_AS_SENSITIVE:
            judged_posts.unmark(_account(account_id), account_warnings.status_ids(warning), by)


def _judge_posts(
    account: Account, action: WarningAction, notice: Notice, by: Account | None, told: bool
) -> AccountWarning | None:
    statuses = judged_posts.of_account(account, notice.status_ids)
    if action is WarningAction.MARK_STATUSES_AS_SENSITIVE:
        statuses = judged_posts.with_open_pictures(statuses)
    warning = None
    if told and account.is_local:
        about = replace(notice, status_ids=tuple(status.id for status in statuses))
        warning = account_warnings.tell(account, action, about, by)
    _OF_STATUSES[action](account, statuses, by)
    return warning


def _do(account: Account, action: WarningAction, by: Account | None) -> None:
    if action in _OF_ACCOUNT:
        _OF_ACCOUNT[action][1](account.id, by)
    elif action is WarningAction.DISABLE:
        for user_id in _logins(account.id):
            decisions.disable(user_id, by)


def _is_news(account: Account, action: WarningAction, notice: Notice) -> bool:
    """Pressing a button twice tells once."""
    if action in _OF_ACCOUNT:
        # Who waits to be let in is suspended from birth, and refused below.
        return getattr(account, _OF_ACCOUNT[action][0]) in (None, account.created_at)
    if action is WarningAction.DISABLE:
        return any(User.get_by_id(user_id).disabled_at is None for user_id in _logins(account.id))
    return action is not WarningAction.NONE or bool(notice.text.strip())


def _record(account: Account, notice: Notice, by: Account | None, *, is_told: bool) -> None:
    """The words, beside the deed that is recorded by itself."""
    if text := notice.text.strip():
        audit.record(by, "warn.account" if is_told else "note.account", audit.handle(account), {"comment": text})


def _logins(account_id: int) -> list[int]:
    """NotFound where nobody signs in: members of an organisation are not judged by it."""
    own = (Membership.account == account_id) & (Membership.role == MemberRole.SELF)
    found = [row.user for row in Membership.select(Membership.user).where(own)]
    if not found:
        raise NotFound("There is no login for this account.")
    return found


def _account(account_id: int) -> Account:
    account = account_lookup.by_id(account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound(account_lookup.NOT_FOUND)
    return account
