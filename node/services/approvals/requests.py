"""The queue of those who decide by hand: quotes of their posts and answers to them that wait for a yes."""

from typing import Any

from peewee import fn

from node.errors import NotFound
from node.models import Approval, ApprovalKind, ApprovalState, NotificationKind
from node.models.access import readable
from node.models.paged import Paged, one_id
from node.models.rows import columns, row_of
from node.paging import Page
from node.services.approvals import answers, quotes, replies
from node.services.approvals.rows import change
from node.services.notifications import telling as notifications
from node.services.statuses.loading import NOT_FOUND, by_id
from node.store import Prepared, param

_KINDS = {ApprovalKind.QUOTE: NotificationKind.PENDING_QUOTE, ApprovalKind.REPLY: NotificationKind.PENDING_REPLY}


def _waiting(*selected: Any) -> Any:
    """About posts of an account here."""
    account = param("account")
    return Approval.select(*selected).where(
        Approval.account == account,
        Approval.state == str(ApprovalState.PENDING),
        Approval.target.is_null(False),
        readable(Approval.status, account),
    )


_PAGE: Paged[Any] = Paged(lambda: _waiting(*columns(Approval)), Approval.id, row_of(Approval))
_GET: Prepared[Any] = Prepared(
    lambda: _waiting(*columns(Approval)).where(Approval.id == param("id")), row_of(Approval)
)
_COUNT = Prepared(lambda: _waiting(fn.COUNT(Approval.id)), one_id)


def page(account_id: int, page: Page) -> list[Approval]:
    return _PAGE.page(page, account=account_id)


def count(account_id: int) -> int:
    return _COUNT.first(account=account_id) or 0


def get(account_id: int, request_id: int) -> Approval:
    """NotFound for what others decide, and what is decided."""
    approval: Approval | None = _GET.first(account=account_id, id=request_id)
    if approval is None:
        raise NotFound(NOT_FOUND)
    return approval


def authorize(account_id: int, request_id: int) -> Approval:
    """Yes: the quote is shown, the answer is let in."""
    approval = get(account_id, request_id)
    if approval.kind == ApprovalKind.REPLY:
        replies.let_in(approval)
    else:
        quotes.agree(approval)
    return _done(approval)


def reject(account_id: int, request_id: int) -> Approval:
    approval = get(account_id, request_id)
    if approval.kind == ApprovalKind.REPLY:
        replies.refuse(approval)
    else:
        answers.answer(change(approval, state=str(ApprovalState.REJECTED)))
    return _done(approval)


def _done(approval: Approval) -> Approval:
    """Nobody waits any more."""
    status = by_id(approval.status_id)
    if status is not None:
        notifications.withdraw(_KINDS[ApprovalKind(approval.kind)], status.account_id, status.id)
    return approval
