"""Favourites and boosts that were let in: that they are here is the yes (docs/adr/0028-last-gaps.md)."""

from typing import NamedTuple

from node.models import ApprovalKind, Favourite, Status
from node.services.statuses.loading import by_id


class Permit(NamedTuple):
    """By whom nothing is said: `uri` is the Like's or the Announce's own."""

    uri: str
    target: Status


def find(kind: ApprovalKind, number: int) -> Permit | None:
    """Of what somebody elsewhere did to a post of ours; None once either is gone."""
    if kind is ApprovalKind.FAVOURITE:
        favourite = Favourite.get_or_none(Favourite.id == number)
        uri, target_id = (favourite.uri, favourite.status_id) if favourite is not None else ("", None)
    else:
        boost = by_id(number)
        uri, target_id = (boost.uri, boost.reblog_of_id) if boost is not None and not boost.local else ("", None)
    target = by_id(target_id) if uri and target_id is not None else None
    return Permit(uri, target) if target is not None and target.local else None
