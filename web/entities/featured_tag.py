"""FeaturedTag."""

from typing import Any

from node import clock, site
from node.services.featured_tags import FeaturedTagView


def featured_tag_entity(view: FeaturedTagView, username: str) -> dict[str, Any]:
    """Of a local account: others' featured hashtags are not known here. The API writes the number as a text."""
    return {
        "id": str(view.id),
        "name": view.name,
        "url": site.tagged_url(username, view.key),
        "statuses_count": str(view.statuses_count),
        "last_status_at": None if view.last_status_at is None else clock.day(view.last_status_at),
    }
