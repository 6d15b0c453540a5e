"""PreviewCard and Trends::Link. Always a link: what a site would have us embed is not taken over (docs/adr/0021)."""

from typing import Any

from node import clock
from node.services.discovery.links import LinkView
from node.services.statuses.card_view import CardView
from web.entities.account import account_entity
from web.entities.tag import history_entity
from web.files import remote_media

Entity = dict[str, Any]


def card_entity(view: CardView, viewer_id: int | None) -> Entity:
    card = view.card
    return {
        "url": card.url,
        "title": card.title,
        "description": card.description,
        "language": card.language,
        "type": "link",
        "author_name": card.author_name,
        "author_url": card.author_url,
        "provider_name": card.provider_name,
        "provider_url": card.provider_url,
        "html": "",
        "width": card.width,
        "height": card.height,
        "image": remote_media.still("", card.image_url) or None,
        "image_description": card.image_description,
        "embed_url": "",
        "blurhash": None,
        "published_at": None if card.published_at is None else clock.iso(card.published_at),
        "authors": _authors(view),
        # Asks the reader to let the site name them (`attribution_domains`), which it does already.
        "missing_attribution": view.unconfirmed_id is not None and view.unconfirmed_id == viewer_id,
    }


def link_entity(view: LinkView, viewer_id: int | None) -> Entity:
    return card_entity(view.card, viewer_id) | {"history": history_entity(view.history)}


def _authors(view: CardView) -> list[Entity]:
    card, author = view.card, view.author
    if author is not None:
        account = author.account
        name = card.author_name or account.display_name or account.username
        return [{"name": name, "url": card.author_url or account.url, "account": account_entity(author)}]
    if card.author_name:
        return [{"name": card.author_name, "url": card.author_url, "account": None}]
    return []
