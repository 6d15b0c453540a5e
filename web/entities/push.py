"""WebPushSubscription, and the message that apps are sent."""

from typing import Any

import msgspec

from node.models import NotificationKind, PushSubscription
from node.services.notifications import push, sentences
from node.services.notifications.push_delivery import Push
from node.services.notifications.view import NotificationView
from node.speech import nearest, said_in
from node.text.plain import excerpt, plain_text
from node.web_push import MOST_BYTES
from web.entities.account import account_entity

_TITLE_CHARS, _NAME_CHARS, _BODY_CHARS = 100, 60, 140
_LONGEST_ICON = 1_024


def subscription_entity(row: PushSubscription, server_key: str) -> dict[str, Any]:
    wanted = push.kinds_of(row)
    return {
        "id": str(row.id),
        "endpoint": row.endpoint,
        "standard": row.standard,
        "alerts": {str(kind): kind in wanted for kind in NotificationKind},
        "policy": str(row.policy),
        "server_key": server_key,
    }


def push_message(found: Push, access_token: str) -> bytes:
    """In the shape that apps know from Mastodon, where the id is a number."""
    notification = found.view.notification
    account = account_entity(found.view.sender.view)
    name = excerpt(account["display_name"], _NAME_CHARS) or account["username"]
    icon = account["avatar_static"]
    language = nearest(found.locale) or "en"
    message = msgspec.json.encode(
        {
            "access_token": access_token,
            "preferred_locale": found.locale,
            "notification_id": notification.id,
            "notification_type": notification.kind,
            "icon": icon if len(icon) <= _LONGEST_ICON else "",
            "title": excerpt(said_in(language, sentences.sentence(notification.kind, name)), _TITLE_CHARS),
            "body": _body(found.view),
        }
    )
    assert len(message) <= MOST_BYTES  # noqa: S101 - every part has its limit
    return message


def _body(view: NotificationView) -> str:
    """The words of the post, or what the sender says about themselves; a warning in place of what it hides."""
    if view.status is None:
        return excerpt(plain_text(view.sender.account.note), _BODY_CHARS)
    body = view.status.shown.body
    return excerpt(body.spoiler_text or plain_text(body.content), _BODY_CHARS)
