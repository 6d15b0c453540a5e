"""Relationship."""

from typing import Any

from node import clock
from node.services.relationships.view import RelationshipView


def relationship_entity(view: RelationshipView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "following": view.following,
        "showing_reblogs": view.showing_reblogs,
        "notifying": view.notifying,
        "languages": view.languages,
        "followed_by": view.followed_by,
        "blocking": view.blocking,
        "blocked_by": view.blocked_by,
        "muting": view.muting,
        "muting_notifications": view.muting_notifications,
        "muting_expires_at": None if view.muting_expires_at is None else clock.iso(view.muting_expires_at),
        "requested": view.requested,
        "requested_by": view.requested_by,
        "domain_blocking": view.domain_blocking,
        "endorsed": view.endorsed,
        "note": view.note,
    }
