"""What stands in somebody's list: its timeline, and whether a new status goes into its stream."""

from typing import Any

import peewee

from node import clock
from node.models import Account, Follow, List, ListMember, Status, Visibility
from node.models.access import exists, follows, present, unwanted, visible
from node.paging import Page
from node.services.relationships import lists
from node.services.timelines.gathered import Gathered
from node.store import Prepared, param


def _listed() -> Any:
    """What stands in a list: the same for its timeline and for its stream."""
    reader, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    return (
        Status.select(Status.id, Status.reblog_of)
        .join_from(Status, ListMember, on=(ListMember.account == Status.account) & (ListMember.list == param("list")))
        .join_from(ListMember, List, on=(List.id == ListMember.list))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            Status.visibility != Visibility.DIRECT,
            visible(Status, Account, reader),
            (Status.account == reader) | ~unwanted(Account, reader, now),
            Status.reblog_of.is_null()
            | (present(original_author) & ~unwanted(original_author, reader, now) & _shows_boosts(reader)),
            (Status.in_reply_to_uri == "")
            | (Status.in_reply_to_account == Status.account)
            | _answers_allowed(reader),
        )
    )


def _shows_boosts(reader: Any) -> Any:
    return ~exists(Follow, Follow.account == reader, Follow.target == ListMember.account, ~Follow.show_reblogs)


def _answers_allowed(reader: Any) -> Any:
    """As the list's owner wants it: to members of the list, to whomever the owner follows, or none."""
    member = ListMember.alias()
    to_member = exists(member, member.list == List.id, member.account == Status.in_reply_to_account)
    to_followed = follows(reader, Status.in_reply_to_account)
    return ((List.replies_policy != "none") & (Status.in_reply_to_account == reader)) | (
        ((List.replies_policy == "list") & to_member) | ((List.replies_policy == "followed") & to_followed)
    )


_LIST = Gathered(ListMember, ListMember.account, lambda: ListMember.list == param("list"), _listed)
_IN_LIST = Prepared(lambda: _listed().where(Status.id == param("status")), lambda status_id, _: int(status_id))


def list_timeline(account_id: int, list_id: int, page: Page) -> list[int]:
    """Statuses of the members of an own list."""
    row: List = lists.get(account_id, list_id)
    rows = _LIST.page(page, account=account_id, list=row.id, now=clock.now_ms())
    return [status_id for status_id, _ in rows]


def is_in_list(account_id: int, list_id: int, status_id: int) -> bool:
    """Whether a status that was just made stands in the list of `account_id`."""
    return _IN_LIST.first(account=account_id, list=list_id, status=status_id, now=clock.now_ms()) is not None
