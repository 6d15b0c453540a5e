"""Follows that ended at once, as files that can be brought to where they may go on."""

from typing import Any

from node.models import Portable, SeveredFollow
from node.services.portability.exports import FORMATS, PAGE, Format, Row, cell

# By the name of the file. It has the columns of the lists of those who are there.
FILES: dict[str, tuple[Format, bool]] = {
    "following.csv": (FORMATS[Portable.FOLLOWS], False),
    "followers.csv": (FORMATS[Portable.FOLLOWERS], True),
}


def page(severance_id: int, is_follower: bool, after: int = 0) -> list[Row]:
    model = SeveredFollow
    extra = () if is_follower else (model.show_reblogs, model.notify, model.languages)
    query: Any = model.select(model.id, model.address, *extra).where(
        model.severance == severance_id, model.is_follower == is_follower, model.id > after
    )
    rows = query.order_by(model.id).limit(PAGE).tuples()
    return [(row_id, (address, *map(cell, rest))) for row_id, address, *rest in rows]
