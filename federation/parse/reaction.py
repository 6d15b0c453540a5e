"""Which emoji a Like carries, in all spellings of the network (FEP-c0e0; docs/adr/0020-emoji-reactions.md)."""

import re
from dataclasses import dataclass

from federation.parse.activity import ParsedActivity
from node.services.community.emoji import EmojiFacts
from node.text.emoji import one_emoji

# Misskey names the host behind the shortcode, with a dot for itself.
_CUSTOM = re.compile(r":([A-Za-z0-9_]{2,128})(?:@[^\s@]{0,260})?:")


@dataclass(frozen=True, slots=True)
class ParsedReaction:
    """`name` is an emoji, or the shortcode of `picture`."""

    name: str
    picture: EmojiFacts | None = None


def parse_reaction(activity: ParsedActivity) -> ParsedReaction | None:
    """None for what is a Like and nothing more: without an emoji, or with one that cannot be shown."""
    content = activity.content.strip()
    if (plain := one_emoji(content)) is not None:
        return ParsedReaction(plain)
    custom = _CUSTOM.fullmatch(content)
    if custom is None or len(activity.tags.emoji) != 1:
        return None
    (tag,) = activity.tags.emoji
    if tag.shortcode.partition("@")[0] != custom[1]:
        return None
    picture = EmojiFacts(shortcode=custom[1], image_url=tag.image_url, uri=tag.uri, updated_at=tag.updated_at)
    return ParsedReaction(custom[1], picture)
