"""RelationshipSeveranceEvent."""

from typing import Any

from node import clock
from node.models import Severance


def severance_entity(row: Severance) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "type": row.kind,
        "purged": bool(row.purged),
        "target_name": row.target_name,
        "following_count": row.following_count,
        "followers_count": row.followers_count,
        "created_at": clock.iso(row.created_at),
    }
