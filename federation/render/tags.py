"""What stands in `tag`: mentions, hashtags, emoji."""

from typing import Any

from node import clock, site
from node.media.storage import mime_of
from node.models import Account, CustomEmoji
from node.services.collections.linked import Linked
from node.text.tokens import hashtag_key


def mention_tag(account: Account) -> dict[str, Any]:
    domain = account.domain or site.domain
    return {"type": "Mention", "href": account.uri, "name": f"@{account.username}@{domain}"}


def hashtag_tag(name: str) -> dict[str, Any]:
    """The same address as in the text, where peers look for it."""
    return {"type": "Hashtag", "href": site.tag_url(hashtag_key(name)), "name": f"#{name}"}


def collection_tag(collection: Linked) -> dict[str, Any]:
    """A collection of accounts that the text links to, as Mastodon 4.6 names them."""
    return {"type": "FeaturedCollection", "id": collection.uri}


def foreign_emoji_tag(emoji: CustomEmoji) -> dict[str, Any]:
    """Another server's emoji, as it was told to us; an id it need not have."""
    named = {"id": emoji.uri} if emoji.uri else {}
    return named | {
        "type": "Emoji",
        "name": f":{emoji.shortcode}:",
        "icon": {"type": "Image", "url": emoji.image_remote_url},
    }


def emoji_tag(emoji: CustomEmoji) -> dict[str, Any]:
    return {
        "type": "Emoji",
        "id": emoji.uri or site.emoji_uri(emoji.shortcode),
        "name": f":{emoji.shortcode}:",
        "updated": clock.iso(emoji.updated_at),
        "icon": {"type": "Image", "mediaType": mime_of(emoji.image_key), "url": site.media_url(emoji.image_key)},
    }
