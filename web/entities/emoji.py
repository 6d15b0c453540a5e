"""CustomEmoji."""

from collections.abc import Iterable
from typing import Any

from node.models import CustomEmoji
from node.services.accounts.view import EmojiView
from web.files import remote_media


def emoji_entities(emoji: Iterable[EmojiView]) -> list[dict[str, Any]]:
    """Those with a picture to show."""
    return [entity for one in emoji if (entity := emoji_entity(one))["url"]]


def emoji_entity(emoji: EmojiView | CustomEmoji) -> dict[str, Any]:
    url = remote_media.shown(emoji.image_key, emoji.image_remote_url)
    return {
        "shortcode": emoji.shortcode,
        "url": url,
        "static_url": remote_media.still(emoji.image_key, emoji.image_remote_url),
        "visible_in_picker": bool(emoji.visible_in_picker) and emoji.domain == "",
        "category": emoji.category or None,
    }
