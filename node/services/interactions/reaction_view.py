"""Reactions under statuses, as one reader sees them."""

import msgspec

from node.services.accounts import view as account_view
from node.services.accounts.view import EmojiView
from node.services.community import settings
from node.services.interactions import reactions


class ReactionView(msgspec.Struct, frozen=True):
    """One emoji under a status. Of a custom one `name` is `shortcode` or `shortcode@domain`."""

    name: str
    count: int
    mine: bool
    picture: EmojiView | None


NONE = "[]"  # what a status without reactions says of them


def load(under: dict[int, str], viewer_id: int | None) -> dict[int, list[ReactionView]]:
    """`under`: what statuses that have reactions say of them. One query for what the reader did."""
    if not settings.current().emoji_reactions:
        return {}
    own = reactions.own(viewer_id, under) if viewer_id is not None else set()
    return {
        status_id: [
            ReactionView(name, count, (status_id, name) in own, picture_of(name))
            for name, count in reactions.decode(said)
        ]
        for status_id, said in under.items()
    }


def picture_of(name: str) -> EmojiView | None:
    """Of a custom emoji that a reaction names."""
    shortcode, _, domain = name.partition("@")
    return next(iter(account_view.emoji_of(domain, (shortcode,))), None) if name.isascii() else None
