"""Marker."""

from collections.abc import Iterable
from typing import Any

from node import clock
from node.models import Marker


def marker_entities(markers: Iterable[Marker]) -> dict[str, Any]:
    """By timeline."""
    return {
        marker.timeline: {
            "last_read_id": str(marker.last_read_id),
            "version": marker.version,
            "updated_at": clock.iso(marker.updated_at),
        }
        for marker in markers
    }
