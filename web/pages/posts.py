"""Posts and people as templates take them: entities of the client API, as this reader may see them.

These run where the database may be asked: in `store.point` or `store.read`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from node.paging import Page
from node.services import account_view, relationships, status_view
from node.services.status_view import StatusView
from web.api.interaction_requests import load as waiting_requests
from web.entities.account import account_entities
from web.entities.relationship import relationship_entity
from web.entities.status import status_entity

Entity = dict[str, Any]


def of_ids(status_ids: Sequence[int], viewer_id: int | None) -> list[Entity]:
    """In this order; the ids are those that the reader may read."""
    return [_entity(view) for view in status_view.load(status_ids, viewer_id)]


def one(viewer_id: int | None, status_id: int) -> Entity:
    """NotFound, unless the reader may read it."""
    return _entity(status_view.one(viewer_id, status_id))


def _entity(view: StatusView) -> Entity:
    """Templates ask for what the API leaves out of remote posts, and of all posts for visitors."""
    entity = status_entity(view)
    for shown in (entity, entity["reblog"]):
        if shown is not None:
            _complete(shown)
    return entity


def _complete(shown: Entity) -> None:
    shown.setdefault("application", None)
    if shown["poll"] is not None:
        shown["poll"] = {"voted": False, "own_votes": []} | shown["poll"]


def of_requests(account_id: int, page: Page) -> tuple[list[int], list[Entity]]:
    """Who waits for the word of somebody: ids, by which the pages are counted, and InteractionRequests."""
    ids, requests = waiting_requests(account_id, page)
    for request in requests:
        for shown in (request["status"], request["quote"], request["reply"]):
            if shown is not None:
                _complete(shown)
    return ids, requests


def of_timeline(
    find: Callable[..., list[int]], *args: Any, viewer_id: int | None, page: Page, **terms: Any
) -> tuple[list[int], list[Entity]]:
    """A page of `find(*args, page, **terms)`: its ids, by which the pages are counted, and the posts."""
    ids = find(*args, page, **terms)
    return ids, of_ids(ids, viewer_id)


def people(account_ids: Iterable[int]) -> list[Entity]:
    """Those that exist and may be shown, in this order."""
    return account_entities(account_view.load(list(account_ids)))


def relations(viewer_id: int | None, accounts: Iterable[Entity]) -> dict[str, Entity]:
    """How the reader stands to each of `accounts`, by account id; nothing for visitors."""
    ids = list(dict.fromkeys(int(account["id"]) for account in accounts))
    if viewer_id is None or not ids:
        return {}
    return {str(view.id): relationship_entity(view) for view in relationships.relationships(viewer_id, ids)}
