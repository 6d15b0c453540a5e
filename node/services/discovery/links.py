"""Links that are talked about, with what is shown of them."""

from collections.abc import Sequence
from typing import NamedTuple

from node.services.discovery import tag_usage
from node.services.discovery.tag_usage import Day
from node.services.statuses import card_view
from node.services.statuses.card_view import CardView


class LinkView(NamedTuple):
    card: CardView
    history: list[Day]


def load(card_ids: Sequence[int]) -> list[LinkView]:
    """In their order; of those that have something to show."""
    history, cards = tag_usage.of_links(card_ids), card_view.load(card_ids)
    return [LinkView(cards[card_id], history[card_id]) for card_id in card_ids if card_id in cards]
