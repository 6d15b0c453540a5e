"""Reactions under a status, as Fedibird and Akkoma show them; what both know has the same names."""

from typing import Any

from node.services.accounts.view import EmojiView
from node.services.interactions.reaction_view import ReactionView, picture_of
from node.services.statuses.view import StatusView
from web.files import remote_media

Entity = dict[str, Any]


def reaction_entities(view: StatusView) -> list[Entity]:
    return [reaction_entity(one) for one in view.reactions]


def reaction_entity(view: ReactionView) -> Entity:
    return {"name": view.name, "count": view.count, "me": view.mine} | picture_entity(view.picture)


def named_entity(name: str) -> Entity:
    """An emoji by itself, as a notification tells of it."""
    return {"name": name} | picture_entity(picture_of(name))


def picture_entity(picture: EmojiView | None) -> Entity:
    """Of a custom emoji where its picture is; of others, and of one that is not to be shown, nothing."""
    url = "" if picture is None else remote_media.shown(picture.image_key, picture.image_remote_url)
    if picture is None or not url:
        return {}
    still = remote_media.still(picture.image_key, picture.image_remote_url)
    return {"url": url, "static_url": still, "domain": picture.domain or None}
