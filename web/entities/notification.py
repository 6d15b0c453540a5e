"""Notification, and its groups of the second version."""

from collections.abc import Collection
from typing import Any

import msgspec
from markupsafe import escape

from node import clock, site
from node.models import NotificationKind
from node.services.accounts.view import AccountView
from node.services.collections.view import CollectionView
from node.services.notifications import sentences
from node.services.notifications.view import GroupView, NotificationView
from node.speech import say
from web import responses
from web.entities.account import account_entity
from web.entities.account_warning import account_warning_entity
from web.entities.collection import collection_entity
from web.entities.reaction import named_entity
from web.entities.report import report_entity
from web.entities.severance import severance_entity
from web.entities.status import account_json, status_entity, status_json

Entity = dict[str, Any]


def notification_entity(view: NotificationView) -> Entity:
    status = None if view.status is None else status_entity(view.status)
    return _entity(view, account_entity(view.sender.view), status)


def notification_json(view: NotificationView, *, known: Collection[str] = ()) -> bytes:
    """`known`: the kinds that the app says it can show; the others come with a sentence. None named: no sentences."""
    status = None if view.status is None else msgspec.Raw(status_json(view.status))
    entity = _entity(view, msgspec.Raw(account_json(view.sender)), status)
    return responses.encode(entity | _fallback(view.notification.kind, view.sender.view, view.collection, known))


def _entity(view: NotificationView, account: Any, status: Any) -> Entity:
    row = view.notification
    entity = {
        "id": str(row.id),
        "type": row.kind,
        "created_at": clock.iso(row.created_at),
        "group_key": view.group_key,
        "account": account,
        "status": status,
    }
    if view.report is not None:
        entity["report"] = report_entity(*view.report)
    if view.collection is not None:
        entity["collection"] = collection_entity(view.collection)
    if view.warning is not None:
        entity["moderation_warning"] = account_warning_entity(view.warning, account)
    if view.severance is not None:
        entity["event"] = severance_entity(view.severance)
    if view.emoji:
        # Akkoma's place for it, and Fedibird's.
        reaction = named_entity(view.emoji)
        entity |= {"emoji": view.emoji, "emoji_url": reaction.get("url"), "emoji_reaction": reaction}
    return entity


# Kinds that every app can be expected to know, as Mastodon draws the line; all others are told in words on request.
_OLD = frozenset(
    {
        NotificationKind.MENTION,
        NotificationKind.STATUS,
        NotificationKind.REBLOG,
        NotificationKind.FOLLOW,
        NotificationKind.FOLLOW_REQUEST,
        NotificationKind.FAVOURITE,
        NotificationKind.POLL,
        NotificationKind.UPDATE,
        NotificationKind.QUOTE,
        NotificationKind.QUOTED_UPDATE,
    }
)


def _fallback(kind: str, sender: AccountView, named: CollectionView | None, known: Collection[str]) -> Entity:
    """NotificationFallback, HTML, if the app asked for such by naming what it knows, and this is not among it."""
    if not known or kind in known or kind in _OLD:
        return {}
    name = sender.account.display_name.strip() or f"@{sender.account.username}"
    page = escape(f"{site.base_url}/notifications")
    link = f'<a href="{page}">{escape(say(sentences.ON_PAGES))}</a>'
    return {
        "fallback": {
            "title": str(escape(say(sentences.sentence(kind, name)))),
            "summary": None if named is None else str(escape(f"“{named.collection.name}”")),
            "details": f"{escape(say(sentences.NOT_SHOWN))} {link}",
        }
    }


def group_entity(view: GroupView, *, known: Collection[str] = ()) -> Entity:
    """NotificationGroup: ids alone; accounts and statuses stand beside it. `known` as for one by itself."""
    group = view.group
    entity: Entity = {
        "group_key": group.key,
        "notifications_count": group.count,
        "type": group.newest.kind,
        # The one id that the API writes as a number, whatever JavaScript makes of it: typed clients take nothing else.
        "most_recent_notification_id": group.newest.id,
        "page_min_id": str(group.page_min_id),
        "page_max_id": str(group.page_max_id),
        "latest_page_notification_at": clock.iso(group.newest.created_at),
        "sample_account_ids": [str(sender_id) for sender_id in group.sender_ids],
    }
    if group.newest.status_id is not None:
        entity["status_id"] = str(group.newest.status_id)
    if view.report is not None:
        entity["report"] = report_entity(*view.report)
    if view.collection is not None:
        entity["collection"] = collection_entity(view.collection)
    if view.severance is not None:
        entity["event"] = severance_entity(view.severance)
    if view.sender is not None:
        if view.warning is not None:
            entity["moderation_warning"] = account_warning_entity(view.warning, account_entity(view.sender.view))
        entity |= _fallback(group.newest.kind, view.sender.view, view.collection, known)
    return entity


def partial_account(view: AccountView) -> Entity:
    """PartialAccountWithAvatar: of those behind the first of a group."""
    names = ("id", "acct", "locked", "bot", "url", "avatar", "avatar_static", "avatar_description")
    account = account_entity(view)
    return {name: account[name] for name in names}
