"""Collection and CollectionItem."""

from typing import Any

from node import clock, site
from node.models import CollectionItem
from node.services.collections.view import CollectionView

Entity = dict[str, Any]


def collection_entity(view: CollectionView) -> Entity:
    row = view.collection
    return {
        "id": str(row.id),
        "account_id": str(row.account_id),
        "uri": row.uri,
        "url": row.url or None,
        "name": row.name,
        "description": row.description,
        "language": row.language or None,
        "local": view.is_local,
        "sensitive": row.sensitive,
        "discoverable": row.discoverable,
        "tag": None if view.tag is None else {"name": view.tag.name, "url": site.tag_url(view.tag.key)},
        "item_count": len(view.items),
        "items": [item_entity(item) for item in view.items],
        "created_at": clock.iso(row.created_at),
        "updated_at": clock.iso(row.updated_at),
    }


def item_entity(row: CollectionItem) -> Entity:
    return {
        "id": str(row.id),
        "account_id": str(row.account_id),
        "state": row.state,
        "created_at": clock.iso(row.created_at),
    }
