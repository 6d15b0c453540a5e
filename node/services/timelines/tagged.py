"""The timelines of hashtags."""

from functools import cache
from typing import Any

from peewee import fn

from node import clock
from node.models import Account, Status, StatusTag, Tag
from node.models.access import exists
from node.models.paged import Paged, one_id
from node.paging import Page
from node.services.timelines.everyone import has_media, is_public
from node.store import Prepared, in_ids, param
from node.text.tokens import hashtag_key

_MAX_TAGS = 4  # besides the first, in each of any, all and none, as Mastodon has it


@cache
def _tagged(local: bool, remote: bool, only_media: bool, any_: bool, all_: bool, none: bool) -> Paged[int]:
    def build() -> Any:
        query = (
            StatusTag.select(StatusTag.status)
            .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
            .join_from(Status, Account, on=(Account.id == Status.account))
            .where(is_public(param("viewer")))
        )
        other = StatusTag.alias()
        if any_:
            query = query.where(in_ids(StatusTag.tag, param("tags"))).distinct()
        else:
            query = query.where(StatusTag.tag == param("tag"))
        if all_:
            having = other.select(fn.COUNT(other.tag)).where(
                other.status == StatusTag.status, in_ids(other.tag, param("all_of"))
            )
            query = query.where(having == param("all_count"))
        if none:
            query = query.where(~exists(other, other.status == StatusTag.status, in_ids(other.tag, param("none_of"))))
        if local or remote:
            query = query.where(Status.local == local)
        return query.where(has_media()) if only_media else query

    return Paged(build, StatusTag.status, one_id)


def tag(
    viewer_id: int | None,
    name: str,
    page: Page,
    *,
    any_of: list[str] | None = None,
    all_of: list[str] | None = None,
    none_of: list[str] | None = None,
    local: bool = False,
    remote: bool = False,
    only_media: bool = False,
) -> list[int]:
    """Public statuses with a hashtag, or any of some, which also have all of some and none of others."""
    first = tag_ids([name])
    others, needed = tag_ids(any_of or []), tag_ids(all_of or [])
    wanted_names = {hashtag_key(one.lstrip("#")) for one in (all_of or [])[:_MAX_TAGS]}
    tags = [*first, *others]
    if not tags or len(needed) < len(wanted_names) or (local and remote):
        return []
    excluded = tag_ids(none_of or [])
    query = _tagged(local, remote, only_media, len(tags) > 1, bool(needed), bool(excluded))
    return query.page(
        page,
        viewer=viewer_id or 0,
        now=clock.now_ms(),
        tag=tags[0],
        tags=tags,
        all_of=needed,
        all_count=len(needed),
        none_of=excluded,
    )


_TAG_IDS = Prepared(lambda: Tag.select(Tag.id).where(Tag.key == param("key")), one_id)


def tag_ids(names: list[str]) -> list[int]:
    keys = dict.fromkeys(hashtag_key(name.lstrip("#")) for name in names[:_MAX_TAGS])
    return [found for key in keys if (found := _TAG_IDS.first(key=key)) is not None]
