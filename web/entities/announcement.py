"""Announcement and its Reaction."""

from typing import Any

from node import clock, site
from node.services.accounts import lookup as account_lookup
from node.services.community import emoji
from node.services.community.announcements import AnnouncementView, Reaction
from node.text.render import Format, MentionTarget, render
from node.text.tokens import hashtag_key, hashtags_in, mentions_in, shortcodes_in
from web.entities.emoji import emoji_entity

Entity = dict[str, Any]


def announcement_entity(view: AnnouncementView) -> Entity:
    """Inside a unit of work: whom and what its text names is looked up."""
    row = view.row
    targets, people = _mentioned(row.text)
    custom = [found for one in emoji.usable(shortcodes_in(row.text)) if (found := emoji.find(one)) is not None]
    return {
        "id": str(row.id),
        "content": render(row.text, targets, site.tag_url, Format.MARKDOWN),
        "starts_at": None,
        "ends_at": None if row.ends_at is None else clock.iso(row.ends_at),
        "all_day": False,
        "published_at": clock.iso(row.created_at),
        "updated_at": clock.iso(row.updated_at),
        "read": view.is_read,
        "mentions": people,
        "statuses": [],
        "tags": [{"name": name, "url": site.tag_url(hashtag_key(name))} for name in hashtags_in(row.text)],
        "emojis": [emoji_entity(one) for one in custom],
        "reactions": [reaction_entity(one) for one in view.reactions],
    }


def reaction_entity(reaction: Reaction) -> Entity:
    entity: Entity = {"name": reaction.name, "count": reaction.count, "me": reaction.mine}
    custom = emoji.find(reaction.name) if reaction.name.isascii() else None
    if custom is not None:
        shown = emoji_entity(custom)
        entity |= {"url": shown["url"], "static_url": shown["static_url"]}
    return entity


def _mentioned(text: str) -> tuple[dict[str, MentionTarget], list[Entity]]:
    """People who are known here."""
    targets: dict[str, MentionTarget] = {}
    people: dict[int, Entity] = {}
    for mention in mentions_in(text)[:20]:
        account = account_lookup.find(mention.name, mention.domain or "")
        if account is None or account.is_gone:
            continue
        url = account.url or account.uri
        targets[mention.key] = MentionTarget(url, account.username, account.domain)
        acct = f"{account.username}@{account.domain}" if account.domain else account.username
        people[account.id] = {"id": str(account.id), "username": account.username, "url": url, "acct": acct}
    return targets, list(people.values())
