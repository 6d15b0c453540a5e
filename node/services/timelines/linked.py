"""What people say about a page."""

from node import clock
from node.models import Account, PreviewCard, Status
from node.models.paged import Paged, one_id
from node.paging import Page
from node.services.timelines.everyone import is_public
from node.store import Prepared, param

_LINKED = Paged(
    lambda: (
        Status.select(Status.id)
        .join(Account, on=(Account.id == Status.account))
        .where(Status.card == param("card"), is_public(param("viewer")))
    ),
    Status.id,
    one_id,
)
_CARD = Prepared(lambda: PreviewCard.select(PreviewCard.id).where(PreviewCard.key == param("url")), one_id)


def link(viewer_id: int | None, url: str, page: Page) -> list[int]:
    """Public statuses that link to the page `url` before any other; none for a page that nobody here links to."""
    card = _CARD.first(url=url.partition("#")[0])
    return [] if card is None else _LINKED.page(page, card=card, viewer=viewer_id or 0, now=clock.now_ms())
