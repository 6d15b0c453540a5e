"""The public timelines: what everybody may read, from here, from elsewhere, or both."""

from functools import cache
from typing import Any

from node import clock
from node.models import Account, MediaAttachment, Status, Visibility
from node.models.access import exists, kept_from_visitors, present, unwanted
from node.models.paged import Paged, one_id
from node.paging import Page
from node.store import param


def is_public(viewer: Any) -> Any:
    """For everybody's eyes: public, no boost, by somebody who is not limited, wanted by this reader."""
    return (
        (Status.visibility == Visibility.PUBLIC)
        & Status.reblog_of.is_null()
        & present(Account)
        & Account.silenced_at.is_null()
        & (~Status.local_only | (viewer != 0))
        & ~kept_from_visitors(Status, Account, viewer)
        & ((Status.account == viewer) | ~unwanted(Account, viewer, param("now")))
    )


def has_media() -> Any:
    return exists(MediaAttachment, MediaAttachment.status == Status.id)


@cache
def _public(local: bool, only_media: bool) -> Paged[int]:
    def build() -> Any:
        query = (
            Status.select(Status.id)
            .join(Account, on=(Account.id == Status.account))
            .where(
                Status.local == local,
                is_public(param("viewer")),
                (Status.in_reply_to_uri == "") | (Status.in_reply_to_account == Status.account),
            )
        )
        return query.where(has_media()) if only_media else query

    return Paged(build, Status.id, one_id)


def public(
    viewer_id: int | None, page: Page, *, local: bool = False, remote: bool = False, only_media: bool = False
) -> list[int]:
    """Public statuses, answers to others left out; with `local` or `remote` only those from here or elsewhere."""
    values = {"viewer": viewer_id or 0, "now": clock.now_ms()}
    # One walk along the index for each part: neither engine would merge them in order by itself.
    parts = [part for part, left_out in ((True, remote), (False, local)) if not left_out]
    rows = [_public(part, only_media).page(page, **values) for part in parts]
    return _merged(rows, page)


def _merged(parts: list[list[int]], page: Page) -> list[int]:
    if len(parts) == 1:
        return parts[0]
    ids = sorted((status_id for part in parts for status_id in part), reverse=True)
    return ids[-page.limit :] if page.is_upward else ids[: page.limit]
