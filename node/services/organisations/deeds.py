"""Who did what for an organisation. Its members alone read it; nothing of it is federated."""

from node import clock
from node.models import Act, Deed
from node.paging import Page

KEPT_MS = 365 * clock.DAY


def record(
    account_id: int,
    by: int | None,
    act: Act,
    *,
    status_id: int | None = None,
    about: int | None = None,
    detail: str = "",
) -> None:
    """In the unit of work of what was done. Without `by` nobody acts for an organisation, and nothing is noted."""
    if by is None:
        return
    Deed.create(
        account=account_id,
        by=by,
        act=act,
        about=about,
        status_id=status_id,
        detail=detail,
        created_at=clock.now_ms(),
    )


def page(account_id: int, page: Page) -> list[Deed]:
    """Newest first. Ask before whether the reader is a member."""
    return page.of(Deed.select().where(Deed.account == account_id), Deed.id)


def forget_old() -> int:
    return int(Deed.delete().where(Deed.created_at < clock.now_ms() - KEPT_MS).execute())
