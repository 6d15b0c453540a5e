"""Lists: a person's own choice of people, with a timeline each. Their owner need not follow them (follows/silent.py)."""

from typing import Any

from peewee import fn

from node import site
from node.errors import Invalid, NotFound
from node.models import Account, Follow, FollowRequest, List, ListMember
from node.models.access import blocked, exists, present
from node.paging import Page
from node.speech import said
from node.store import in_ids

REPLIES_POLICIES = ("list", "followed", "none")
MAX_LISTS = 50
TOO_MANY = "You have %(most)s lists, which is as many as there can be."
MAX_TITLE_CHARS = 255
MAX_UNFOLLOWED = 500  # the node follows them instead


def create(account_id: int, title: str, *, replies_policy: str = "list", exclusive: bool = False) -> List:
    if List.select().where(List.account == account_id).count() >= MAX_LISTS:
        raise Invalid(said(TOO_MANY, most=MAX_LISTS))
    return List.create(
        account=account_id,
        title=_title(title),
        replies_policy=_policy(replies_policy),
        exclusive=exclusive,
    )


def update(
    account_id: int,
    list_id: int,
    *,
    title: str | None = None,
    replies_policy: str | None = None,
    exclusive: bool | None = None,
) -> List:
    """Change what is given."""
    get(account_id, list_id)
    changes: dict[str, Any] = {}
    if title is not None:
        changes["title"] = _title(title)
    if replies_policy is not None:
        changes["replies_policy"] = _policy(replies_policy)
    if exclusive is not None:
        changes["exclusive"] = exclusive
    if changes:
        List.update(**changes).where(List.id == list_id).execute()
    return get(account_id, list_id)


def delete(account_id: int, list_id: int) -> None:
    List.delete().where(List.id == get(account_id, list_id).id).execute()


def get(account_id: int, list_id: int) -> List:
    """NotFound for those of others."""
    row = List.get_or_none((List.id == list_id) & (List.account == account_id))
    if row is None:
        raise NotFound("Record not found")
    return row


def of_account(account_id: int) -> list[List]:
    return list(List.select().where(List.account == account_id).order_by(List.id))


def sizes(account_id: int) -> dict[int, int]:
    """How many people are in each list of `account_id`, by its id; lists with nobody are left out."""
    owned = List.select(List.id).where(List.account == account_id)
    counted = ListMember.select(ListMember.list, fn.COUNT(ListMember.account).alias("people"))
    rows: Any = counted.where(ListMember.list.in_(owned)).group_by(ListMember.list).tuples()
    return {list_id: int(people) for list_id, people in rows}


def containing(account_id: int, member_id: int) -> list[List]:
    """The lists of `account_id` that have `member_id` in them."""
    query = List.select().join(ListMember, on=(ListMember.list == List.id))
    return list(query.where(List.account == account_id, ListMember.account == member_id).order_by(List.id))


def holding(account_id: int, list_id: int, account_ids: list[int]) -> set[int]:
    """Those of `account_ids` who are in the list."""
    query = ListMember.select(ListMember.account).where(
        ListMember.list == get(account_id, list_id).id, in_ids(ListMember.account, account_ids)
    )
    return {row.account_id for row in query}


def members(account_id: int, list_id: int, page: Page) -> list[int]:
    """Account ids; pages are counted by them, too."""
    query = ListMember.select(ListMember.account).where(ListMember.list == get(account_id, list_id).id)
    return [row.account_id for row in page.of(query, ListMember.account)]


def add_members(account_id: int, list_id: int, member_ids: list[int]) -> None:
    """NotFound if one of them is not there for `account_id`, or either blocks the other: then nobody is added."""
    own = get(account_id, list_id)
    wanted = sorted(set(member_ids))
    if len(possible(account_id, wanted)) < len(wanted):
        raise NotFound("Record not found")
    for member_id in wanted:
        ListMember.insert(list=own.id, account=member_id).on_conflict_ignore().execute()
    if _unfollowed_count(account_id) > MAX_UNFOLLOWED:
        raise Invalid(
            said("Your lists can hold at most %(most)s people whom you do not follow.", most=MAX_UNFOLLOWED)
        )


def possible(account_id: int, account_ids: list[int]) -> set[int]:
    """Those of `account_ids` who can be in a list of `account_id`."""
    there = Account.select(Account.id).where(
        in_ids(Account.id, account_ids),
        present(Account),
        ~blocked(account_id, Account.id),
        Account.uri != site.instance_actor_uri(),
    )
    return {row.id for row in there}


def _unfollowed_count(account_id: int) -> int:
    """How many are in lists of `account_id` and not followed by it."""
    query = (
        ListMember.select(ListMember.account)
        .distinct()
        .join(List, on=(List.id == ListMember.list))
        .where(
            List.account == account_id,
            ListMember.account != account_id,
            ~exists(Follow, Follow.account == account_id, Follow.target == ListMember.account),
            ~exists(FollowRequest, FollowRequest.account == account_id, FollowRequest.target == ListMember.account),
        )
    )
    return int(query.count())


def remove_members(account_id: int, list_id: int, member_ids: list[int]) -> None:
    own = get(account_id, list_id)
    ListMember.delete().where(ListMember.list == own.id, in_ids(ListMember.account, member_ids)).execute()


def drop_from_all(account_id: int, member_id: int) -> None:
    """`member_id` is in no list of `account_id` any more."""
    owned = List.select(List.id).where(List.account == account_id)
    ListMember.delete().where(ListMember.list.in_(owned), ListMember.account == member_id).execute()


def drop_members(member_ids: list[int]) -> None:
    """These are in no list of anybody any more."""
    ListMember.delete().where(in_ids(ListMember.account, member_ids)).execute()


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > MAX_TITLE_CHARS:
        raise Invalid(
            said("A list has a title of at most %(most)s characters.", most=MAX_TITLE_CHARS),
            {"title": "is not valid"},
        )
    return title


def _policy(text: str) -> str:
    if text not in REPLIES_POLICIES:
        raise Invalid("replies_policy is list, followed or none.", {"replies_policy": "is not valid"})
    return text
