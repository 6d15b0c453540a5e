"""Account, and what it becomes for its owner (CredentialAccount) and in a list of mutes (MutedAccount).

What an account says about itself changes with its `version`, so that part is made once and remembered; counters,
which change all the time, are laid over it.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import msgspec

from node import clock, site
from node.models import Account, ActorKind, Role
from node.services.access.preferences import Preferences
from node.services.accounts.featured_tags import FeaturedTagView
from node.services.accounts.view import AccountView
from web.entities.approval import feature_approval, quote_policy
from web.entities.emoji import emoji_entities
from web.entities.featured_tag import featured_tag_entity
from web.entities.role import badge, role_entity
from web.files import remote_media

_REMEMBERED = 10_000
_known: OrderedDict[tuple[int, int, str, bool], dict[str, Any]] = OrderedDict()

Entity = dict[str, Any]


def account_entity(view: AccountView) -> Entity:
    """As everybody sees it."""
    account = view.account
    entity = dict(_lasting(account))
    entity["followers_count"] = account.followers_count
    entity["following_count"] = account.following_count
    entity["statuses_count"] = account.statuses_count
    entity["last_status_at"] = None if account.last_status_at is None else clock.day(account.last_status_at)
    if view.emoji:
        entity["emojis"] = emoji_entities(view.emoji)
    if view.moved is not None:
        entity["moved"] = account_entity(view.moved)
    if view.role is not None:
        entity["roles"] = [badge(view.role)]
    return entity


def account_entities(views: Iterable[AccountView]) -> list[Entity]:
    return [account_entity(view) for view in views]


def muted_account(view: AccountView, expires_at: int | None) -> Entity:
    return account_entity(view) | {"mute_expires_at": None if expires_at is None else clock.iso(expires_at)}


def credential_account(view: AccountView, preferences: Preferences, role: Role, requests_count: int) -> Entity:
    """As its owner sees it, with what was typed and how they like to post."""
    account = view.account
    source = {
        "privacy": str(preferences.visibility),
        "sensitive": preferences.posting_sensitive,
        "language": preferences.posting_language,
        "note": account.note_source,
        "fields": [
            {"name": line["name"], "value": line.get("source", ""), "verified_at": _time(line.get("verified_at"))}
            for line in _lines(account)
        ],
        "follow_requests_count": requests_count,
        "hide_collections": account.hide_collections,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "attribution_domains": msgspec.json.decode(account.attribution_domains),
        "quote_policy": quote_policy(preferences),
    }
    return account_entity(view) | {"source": source, "role": role_entity(role)}


def profile_entity(view: AccountView, featured: Iterable[FeaturedTagView]) -> Entity:
    """Profile: the account as its owner edits it, texts as they were typed."""
    account = view.account
    pictures = account_entity(view)
    return {
        "id": str(account.id),
        "display_name": account.display_name,
        "note": account.note_source,
        "fields": [
            {"name": line["name"], "value": line.get("source", ""), "verified_at": _time(line.get("verified_at"))}
            for line in _lines(account)
        ],
        "avatar": pictures["avatar"] if account.avatar_key else None,
        "avatar_static": pictures["avatar_static"] if account.avatar_key else None,
        "avatar_description": account.avatar_description,
        "header": pictures["header"] if account.header_key else None,
        "header_static": pictures["header_static"] if account.header_key else None,
        "header_description": account.header_description,
        "locked": account.locked,
        "bot": pictures["bot"],
        "hide_collections": account.hide_collections,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "show_media": account.show_media,
        "show_media_replies": account.show_media_replies,
        "show_featured": account.show_featured,
        "attribution_domains": msgspec.json.decode(account.attribution_domains),
        "featured_tags": [featured_tag_entity(tag, account) for tag in featured],
    }


def _lasting(account: Account) -> Entity:
    """What the account says about itself. `base_url` is in the key for tests, which are many nodes in turn."""
    key = (account.id, account.version, site.base_url, remote_media.are_shown())
    entity = _known.get(key)
    if entity is None:
        entity = _known[key] = _make(account)
        if len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return entity


def _make(account: Account) -> Entity:
    avatar = remote_media.shown(account.avatar_key, account.avatar_remote_url) or _static("avatar.svg")
    header = remote_media.shown(account.header_key, account.header_remote_url) or _static("header.svg")
    still_avatar = remote_media.still(account.avatar_key, account.avatar_remote_url) or avatar
    still_header = remote_media.still(account.header_key, account.header_remote_url) or header
    return {
        "id": str(account.id),
        "username": account.username,
        "acct": account.username if account.is_local else f"{account.username}@{account.domain}",
        "display_name": account.display_name,
        "locked": account.locked,
        "bot": account.kind in (ActorKind.SERVICE, ActorKind.APPLICATION),
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "group": account.kind == ActorKind.GROUP,
        "actor_type": account.kind,  # ours: what tells organisations from people
        # Mastodon tells the day alone; the hour at which somebody joined is theirs.
        "created_at": f"{clock.day(account.created_at)}T00:00:00.000Z",
        "note": account.note,
        "url": account.url or account.uri,
        "uri": account.uri,
        "avatar": avatar,
        "avatar_static": still_avatar,
        "avatar_description": account.avatar_description,
        "header": header,
        "header_static": still_header,
        "header_description": account.header_description,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
        "last_status_at": None,
        "hide_collections": account.hide_collections,
        "show_media": account.show_media,
        "show_media_replies": account.show_media_replies,
        "show_featured": account.show_featured,
        "noindex": not account.indexable,
        "memorial": account.memorial,
        "suspended": account.suspended_at is not None,
        "limited": account.silenced_at is not None,
        "feature_approval": feature_approval(account),
        "moved": None,
        "emojis": [],
        "roles": [],
        "fields": [
            {"name": line["name"], "value": line["value"], "verified_at": _time(line.get("verified_at"))}
            for line in _lines(account)
        ],
    }


def _lines(account: Account) -> list[dict[str, Any]]:
    return [] if account.fields == "[]" else msgspec.json.decode(account.fields, type=list[dict[str, Any]])


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.iso(ms)


def _static(name: str) -> str:
    """For who has no picture."""
    return f"{site.base_url}/static/{name}"
