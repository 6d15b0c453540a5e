"""Custom emoji: the node's own, and those that remote statuses and profiles use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from node import clock, site
from node.errors import Invalid, NotFound
from node.models import CustomEmoji

_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,128}")


@dataclass(frozen=True, kw_only=True, slots=True)
class EmojiFacts:
    """An emoji as a remote object names it."""

    shortcode: str
    image_url: str
    uri: str = ""
    updated_at: int = 0


def local(*, with_disabled: bool = False) -> list[CustomEmoji]:
    """The node's own, by shortcode."""
    query = CustomEmoji.select().where(CustomEmoji.domain == "").order_by(CustomEmoji.shortcode)
    return list(query if with_disabled else query.where(~CustomEmoji.disabled))


def usable(shortcodes: Iterable[str]) -> list[str]:
    """Those of `shortcodes` that the node has, sorted."""
    asked = sorted(set(shortcodes))
    if not asked:
        return []
    query = CustomEmoji.select(CustomEmoji.shortcode).where(
        (CustomEmoji.domain == "") & ~CustomEmoji.disabled & CustomEmoji.shortcode.in_(asked)
    )
    return sorted(row.shortcode for row in query)


def is_own(uri: str, shortcode: str) -> bool:
    """Whether an emoji that somebody elsewhere uses is one of the node's own."""
    return uri == site.emoji_uri(shortcode) and bool(usable([shortcode]))


def find(shortcode: str, domain: str = "") -> CustomEmoji | None:
    """The emoji that a domain calls so; without a domain the node's own."""
    known = (CustomEmoji.shortcode == shortcode) & (CustomEmoji.domain == domain)
    return CustomEmoji.get_or_none(known & ~CustomEmoji.disabled)


def create(shortcode: str, image_key: str, *, category: str = "") -> CustomEmoji:
    """A new one, or a new picture for an old one."""
    if not _SHORTCODE.fullmatch(shortcode):
        sentence = "A shortcode has 2 to 128 letters, digits and underscores."
        raise Invalid(sentence, {"shortcode": sentence})
    values = {
        CustomEmoji.image_key: image_key,
        CustomEmoji.category: category,
        CustomEmoji.updated_at: clock.now_ms(),
    }
    ours = (CustomEmoji.shortcode == shortcode) & (CustomEmoji.domain == "")
    if not CustomEmoji.update(values).where(ours).execute():
        CustomEmoji.insert({CustomEmoji.shortcode: shortcode, **values}).execute()
    return CustomEmoji.get(ours)


def delete(shortcode: str) -> None:
    if not CustomEmoji.delete().where((CustomEmoji.shortcode == shortcode) & (CustomEmoji.domain == "")).execute():
        raise NotFound("There is no such emoji.")


def receive(domain: str, facts: Iterable[EmojiFacts]) -> None:
    """Remember the pictures of a remote domain's emoji; a newer picture replaces an older one."""
    for emoji in facts:
        if not _SHORTCODE.fullmatch(emoji.shortcode):
            continue
        row = {
            CustomEmoji.shortcode: emoji.shortcode,
            CustomEmoji.domain: domain,
            CustomEmoji.uri: emoji.uri,
            CustomEmoji.image_remote_url: emoji.image_url,
            CustomEmoji.updated_at: emoji.updated_at,
        }
        changed = (CustomEmoji.image_remote_url != emoji.image_url) & (CustomEmoji.updated_at <= emoji.updated_at)
        known = (CustomEmoji.shortcode == emoji.shortcode) & (CustomEmoji.domain == domain)
        if not CustomEmoji.insert(row).on_conflict_ignore().returning(CustomEmoji.id).tuples().execute():
            CustomEmoji.update(row | {CustomEmoji.image_key: ""}).where(known & changed).execute()
