"""FeaturedTag."""

from typing import Any

from node import clock, site
from node.models import Account
from node.services.accounts.featured_tags import FeaturedTagView


def featured_tag_entity(view: FeaturedTagView, account: Account) -> dict[str, Any]:
    """What is counted is known here. The API writes the number as a text."""
    acct = account.username if account.is_local else f"{account.username}@{account.domain}"
    return {
        "id": str(view.id),
        "name": view.name,
        "url": site.tagged_url(acct, view.key),
        "statuses_count": str(view.statuses_count),
        "last_status_at": None if view.last_status_at is None else clock.day(view.last_status_at),
    }
