"""What one account wrote and boosted."""

from functools import cache
from typing import Any

from node.models import Pin, Status, StatusTag, Visibility
from node.models.access import exists
from node.models.paged import Paged, one_id
from node.paging import Page
from node.services.statuses.loading import visible_with_original
from node.services.timelines.everyone import has_media
from node.services.timelines.tagged import tag_ids
from node.store import param


@cache
def _account(
    only_media: bool, exclude_replies: bool, exclude_reblogs: bool, exclude_direct: bool, tagged: bool
) -> Paged[int]:
    def build() -> Any:
        query = visible_with_original(Status.select(Status.id), param("viewer")).where(
            Status.account == param("account")
        )
        if only_media:
            query = query.where(has_media())
        if exclude_replies:
            query = query.where((Status.in_reply_to_uri == "") | (Status.in_reply_to_account == Status.account))
        if exclude_reblogs:
            query = query.where(Status.reblog_of.is_null())
        if exclude_direct:
            query = query.where(Status.visibility != Visibility.DIRECT)
        if tagged:
            query = query.where(exists(StatusTag, StatusTag.status == Status.id, StatusTag.tag == param("tag")))
        return query

    return Paged(build, Status.id, one_id)


_PINNED = Paged(
    lambda: visible_with_original(Status.select(Status.id), param("viewer")).where(
        Status.account == param("account"), exists(Pin, Pin.status == Status.id)
    ),
    Status.id,
    one_id,
)


def account(
    viewer_id: int | None,
    account_id: int,
    page: Page,
    *,
    only_media: bool = False,
    exclude_replies: bool = False,
    exclude_reblogs: bool = False,
    exclude_direct: bool = False,
    pinned: bool = False,
    tagged: str = "",
) -> list[int]:
    """What an account wrote and boosted, as far as the viewer may read it."""
    values: dict[str, Any] = {"viewer": viewer_id or 0, "account": account_id}
    if pinned:
        return _PINNED.page(page, **values)
    if tagged:
        tags = tag_ids([tagged])
        if not tags:
            return []
        values["tag"] = tags[0]
    return _account(only_media, exclude_replies, exclude_reblogs, exclude_direct, bool(tagged)).page(page, **values)
