"""Hashtags that stand on their owner's profile, with how much the owner wrote about each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock, jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind, Priority
from node.models import Account, FeaturedTag, Status, StatusTag, Tag
from node.models.access import OPEN
from node.models.paged import one_id
from node.services.discovery import habits, tags
from node.services.statuses import audience
from node.speech import said
from node.store import Prepared, in_ids, param
from node.text.tokens import hashtag_name

MAX_FEATURED = 10
TOO_MANY = "You feature %(most)s hashtags already, which is as many as there can be."


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
            raise Invalid(said(TOO_MANY, most=MAX_FEATURED))
        FeaturedTag.create(account=account_id, tag=tag.id, name=known, created_at=clock.now_ms())
        _tell_peers(account_id, known, tag.key, is_featured=True)
    return next(view for view in of_account(account_id) if view.key == tag.key)


def remove(account_id: int, featured_id: int) -> None:
    """NotFound for those of others."""
    mine = (FeaturedTag.id == featured_id) & (FeaturedTag.account == account_id)
    row = FeaturedTag.get_or_none(mine)
    if row is None:
        raise NotFound("Record not found")
    _remove(row)


def remove_named(account_id: int, name: str) -> None:
    tag = tags.get(name)
    if tag is not None:
        row = FeaturedTag.get_or_none(FeaturedTag.account == account_id, FeaturedTag.tag == tag.id)
        if row is not None:
            _remove(row)


def receive_add(account: Account, name: str) -> bool:
    """A remote account features a hashtag; whether that is new."""
    mine = FeaturedTag.account == account.id
    if FeaturedTag.select().where(mine).count() >= MAX_FEATURED:
        return False
    tag = tags.ensure(name)
    row = {"account": account.id, "tag": tag.id, "name": name, "created_at": clock.now_ms()}
    return bool(FeaturedTag.insert(**row).on_conflict_ignore().as_rowcount().execute())


def receive_remove(account: Account, name: str) -> bool:
    tag = tags.get(name)
    own = FeaturedTag.account == account.id
    return tag is not None and bool(FeaturedTag.delete().where(own, FeaturedTag.tag == tag.id).execute())


def replace_received(account: Account, names: Sequence[str]) -> None:
    """The whole of a remote account's collection."""
    FeaturedTag.delete().where(FeaturedTag.account == account.id).execute()
    for name in names[:MAX_FEATURED]:
        receive_add(account, name)


def _remove(row: FeaturedTag) -> None:
    FeaturedTag.delete().where(FeaturedTag.id == row.id).execute()
    _tell_peers(row.account_id, row.name, Tag.get_by_id(row.tag_id).key, is_featured=False)


def _tell_peers(account_id: int, name: str, key: str, *, is_featured: bool) -> None:
    if audience.has_remote_follower(account_id):
        payload = {"account_id": account_id, "name": name, "key": key, "featured": is_featured}
        jobs.enqueue(JobKind.SEND_TAG, payload=payload, priority=Priority.BULK)


def featured_among(account_id: int, tag_ids: list[int]) -> set[int]:
    """Those of `tag_ids` that the account features."""
    return set(_FEATURED.all(account=account_id, tags=tag_ids)) if tag_ids else set()


_FEATURED = Prepared(
    lambda: FeaturedTag.select(FeaturedTag.tag).where(
        FeaturedTag.account == param("account"), in_ids(FeaturedTag.tag, param("tags"))
    ),
    one_id,
)


def suggestions(account_id: int) -> list[Tag]:
    """What the account often writes about in public, and does not feature yet; the most used first."""
    found = [tag for name, _ in habits.of(account_id).tags if (tag := tags.get(name)) is not None]
    featured = featured_among(account_id, [tag.id for tag in found])
    return [tag for tag in found if tag.id not in featured]
