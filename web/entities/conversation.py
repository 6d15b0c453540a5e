"""Conversation."""

from typing import Any

from node.services.conversations.view import ConversationView
from web.entities.account import account_entities
from web.entities.status import status_entity


def conversation_entity(view: ConversationView) -> dict[str, Any]:
    return {
        "id": str(view.conversation.id),
        "unread": view.conversation.unread,
        "accounts": account_entities(view.people),
        "last_status": None if view.last_status is None else status_entity(view.last_status),
    }
