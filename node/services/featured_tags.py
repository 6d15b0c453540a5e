"""Hashtags that stand on their owner's profile, with how much the owner wrote about each."""

from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock
from node.errors import Invalid, NotFound
from node.models import FeaturedTag, Status, StatusTag, Tag
from node.models.access import OPEN
from node.services import habits, tags
from node.store import Prepared, in_ids, param
from node.text.tokens import hashtag_name

MAX_FEATURED = 10


class FeaturedTagView(NamedTuple):
    """A featured hashtag; what is counted is what everybody may read."""

    id: int
    name: str
    key: str
    statuses_count: int
    last_status_at: int | None


_OF_ACCOUNT = Prepared(
    lambda: (
        FeaturedTag.select(FeaturedTag.id, FeaturedTag.tag, FeaturedTag.name, Tag.key)
        .join(Tag, on=(Tag.id == FeaturedTag.tag))
        .where(FeaturedTag.account == param("account"))
        .order_by(FeaturedTag.id)
    ),
    lambda *row: row,
)


def _written() -> Any:
    return (
        StatusTag.select(StatusTag.tag, fn.COUNT(SQL("*")), fn.MAX(Status.created_at))
        .join(Status, on=(Status.id == StatusTag.status))
        .where(
            in_ids(StatusTag.tag, param("tags")),
            Status.account == param("account"),
            Status.visibility.in_(OPEN),
            ~Status.local_only,
        )
        .group_by(StatusTag.tag)
    )


_WRITTEN = Prepared(_written, lambda tag_id, count, last: (int(tag_id), (int(count), int(last))))


def of_account(account_id: int) -> list[FeaturedTagView]:
    """The first featured first."""
    rows = _OF_ACCOUNT.all(account=account_id)
    written = dict(_WRITTEN.all(account=account_id, tags=[tag_id for _, tag_id, _, _ in rows])) if rows else {}
    return [FeaturedTagView(row_id, name, key, *written.get(tag_id, (0, None))) for row_id, tag_id, name, key in rows]


def add(account_id: int, name: str) -> FeaturedTagView:
    """Invalid for what can be no hashtag, and beyond the limit. Doing it twice changes nothing."""
    known = hashtag_name(name)
    if known is None:
        raise Invalid("This is not a hashtag.", {"name": "is not a hashtag"})
    tag = tags.ensure(known)
    mine = FeaturedTag.account == account_id
    if FeaturedTag.get_or_none(mine, FeaturedTag.tag == tag.id) is None:
        if FeaturedTag.select().where(mine).count() >= MAX_FEATURED:
            raise Invalid(f"You feature {MAX_FEATURED} hashtags already, which is as many as there can be.")
        FeaturedTag.create(account=account_id, tag=tag.id, name=known, created_at=clock.now_ms())
    return next(view for view in of_account(account_id) if view.key == tag.key)


def remove(account_id: int, featured_id: int) -> None:
    """NotFound for those of others."""
    mine = (FeaturedTag.id == featured_id) & (FeaturedTag.account == account_id)
    if not FeaturedTag.delete().where(mine).execute():
        raise NotFound("Record not found")


def remove_named(account_id: int, name: str) -> None:
    tag = tags.get(name)
    if tag is not None:
        FeaturedTag.delete().where(FeaturedTag.account == account_id, FeaturedTag.tag == tag.id).execute()


def featured_among(account_id: int, tag_ids: list[int]) -> set[int]:
    """Those of `tag_ids` that the account features."""
    query = FeaturedTag.select(FeaturedTag.tag).where(
        FeaturedTag.account == account_id, in_ids(FeaturedTag.tag, tag_ids)
    )
    return {row.tag_id for row in query}


def suggestions(account_id: int) -> list[Tag]:
    """What the account often writes about in public, and does not feature yet; the most used first."""
    found = [tag for name, _ in habits.of(account_id).tags if (tag := tags.get(name)) is not None]
    featured = featured_among(account_id, [tag.id for tag in found])
    return [tag for tag in found if tag.id not in featured]
