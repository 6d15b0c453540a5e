"""InteractionRequest, as GoToSocial has it, with quotes: somebody waits to be allowed."""

from typing import Any

from node import clock
from node.services.approvals.request_view import RequestView
from web.entities.account import account_entity
from web.entities.status import status_entity

Entity = dict[str, Any]


def interaction_request_entity(view: RequestView) -> Entity:
    """What asks is `reply` or `quote`, and `status` what it asks about, as with GoToSocial."""
    approval, status, target = view
    return {
        "id": str(approval.id),
        "type": approval.kind,
        "created_at": clock.iso(approval.created_at),
        "account": account_entity(status.author.view),
        "status": status_entity(target),
        "reply": status_entity(status) if approval.kind == "reply" else None,
        "quote": status_entity(status) if approval.kind == "quote" else None,
        "accepted_at": None,
        "rejected_at": None,
    }
