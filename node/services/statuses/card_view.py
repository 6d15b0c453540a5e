"""Previews of pages with their authors, as posts and trends show them."""

from collections.abc import Iterable

import msgspec

from node.models import Account, PreviewCard
from node.services.accounts import authorship
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.statuses import cards

_MOST_LOOKED_AT = 200


class CardView(msgspec.Struct, frozen=True):
    """The preview of a page, and who agrees to be named as its author.

    `unconfirmed_id` is somebody here whom the page names and who does not name its site in turn: told to them alone.
    """

    card: PreviewCard
    author: AccountView | None = None
    unconfirmed_id: int | None = None


def load(card_ids: Iterable[int]) -> dict[int, CardView]:
    """Of those that have something to show. One query, one more if a page names its author, or none."""
    found = cards.of_ids(card_ids)
    named = sorted({card.author_id for card in found.values() if card.author_id is not None})
    people = {view.account.id: view for view in account_view.load(named)} if named else {}
    return {card.id: _view(card, people.get(card.author_id or 0)) for card in found.values()}


def sites_that_name(account: Account) -> list[str]:
    """The sites whose pages name an account that does not name them in turn; of many, the newest."""
    query = PreviewCard.select(PreviewCard.url).where(PreviewCard.author == account.id)
    hosts = dict.fromkeys(map(cards.host_of, query.order_by(PreviewCard.id.desc()).limit(_MOST_LOOKED_AT)))
    return [host for host in hosts if not authorship.is_author_at(account, host)]


def _view(card: PreviewCard, named: AccountView | None) -> CardView:
    if named is None:
        return CardView(card)
    if authorship.is_author_at(named.account, cards.host_of(card)):
        return CardView(card, author=named)
    return CardView(card, unconfirmed_id=named.account.id if named.account.is_local else None)
