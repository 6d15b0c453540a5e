"""Posts and people as templates take them: entities of the client API, as this reader may see them.

These run where the database may be asked: in `store.point` or `store.read`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from node.models import FilterAction, FilterContext
from node.paging import Page
from node.services.accounts import view as account_view
from node.services.approvals import request_view
from node.services.filters import rules as filter_rules
from node.services.relationships import view as relationships
from node.services.statuses import edits, linked
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from node.text.links import objects_in, with_places
from web.entities.account import account_entities
from web.entities.interaction_request import interaction_request_entity
from web.entities.relationship import relationship_entity
from web.entities.status import status_entity

Entity = dict[str, Any]


def of_ids(status_ids: Sequence[int], viewer_id: int | None, context: FilterContext | None = None) -> list[Entity]:
    """In this order; the ids are those that the reader may read. Their filters of `context` are applied."""
    views = status_view.load(status_ids, viewer_id)
    found = [_entity(view) if context is None else filtered(view, context) for view in views]
    entities = [one for one in found if one is not None]
    _link(entities, viewer_id)
    return entities


class Thread(NamedTuple):
    shown: list[Entity]
    hidden: int  # posts that filters of the reader hide
    titles: list[str]  # of those filters, each once


def of_thread(status_ids: Sequence[int], viewer_id: int | None, opened: int, *, reveal: bool = False) -> Thread:
    """The same for a thread: no filter holds for the post that was `opened`, and `reveal` folds what they would hide."""
    views = status_view.load(status_ids, viewer_id)
    context, hidden, found = FilterContext.THREAD, [], []
    for view in views:
        match = None if view.id == opened else filter_rules.strongest(view.filtered, context)
        if match is not None and match.rule.action is FilterAction.HIDE:
            hidden.append(match.rule.title)
            entity = _entity(view) | {"covered": match.rule.title} if reveal else None
        else:
            entity = _entity(view) if view.id == opened else filtered(view, context)
        if entity is not None:
            found.append(entity)
    _link(found, viewer_id)
    return Thread(found, len(hidden), list(dict.fromkeys(hidden)))


def filtered(view: StatusView, context: FilterContext) -> Entity | None:
    """None for what is hidden. `covered` is the title of the filter that folds it, `blurred` one that folds pictures."""
    match = filter_rules.strongest(view.filtered, context)
    if match is not None and match.rule.action is FilterAction.HIDE:
        return None
    entity = _entity(view)
    quote = view.shown.quote
    if quote is not None and quote.status is not None and not (match and match.rule.action is FilterAction.WARN):
        # Whatever is to be done with what is quoted, the quoting post is folded around it.
        inner = filter_rules.strongest(quote.status.filtered, context)
        if inner is not None and inner.rule.action is not FilterAction.BLUR:
            entity["covered"] = inner.rule.title
    if match is not None:
        entity["blurred" if match.rule.action is FilterAction.BLUR else "covered"] = match.rule.title
    return entity


def with_edits(entity: Entity) -> Entity:
    """The post that a page is about says how often it changed. A query more if it did."""
    return entity | {"edits_count": edits.count(int(entity["id"])) if entity["edited_at"] else 0}


def one(viewer_id: int | None, status_id: int) -> Entity:
    """NotFound, unless the reader may read it."""
    entity = _entity(status_view.one(viewer_id, status_id))
    _link([entity], viewer_id)
    return entity


def _link(entities: list[Entity], viewer_id: int | None) -> None:
    """Links to posts that are known here stay here (FEP-e232). A query more if there are any."""
    shown = [one for entity in entities for one in (entity, entity["reblog"]) if one is not None]
    shown += [quote["quoted_status"] for one in shown if (quote := one["quote"]) and quote.get("quoted_status")]
    uris = {uri for one in shown for uri in objects_in(one["content"])}
    places = {uri: f"/@{at.acct}/{at.status_id}" for uri, at in linked.places(uris, viewer_id).items()}
    for one in shown if places else ():
        one["content"] = with_places(one["content"], places)


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
    ids, views = request_view.load(account_id, page)
    requests = [interaction_request_entity(view) for view in views]
    for request in requests:
        for shown in (request["status"], request["quote"], request["reply"]):
            if shown is not None:
                _complete(shown)
    return ids, requests


def of_timeline(
    find: Callable[..., list[int]],
    *args: Any,
    viewer_id: int | None,
    page: Page,
    context: FilterContext,
    **terms: Any,
) -> tuple[list[int], list[Entity]]:
    """A page of `find(*args, page, **terms)`: its ids, by which the pages are counted, and the posts."""
    ids = find(*args, page, **terms)
    return ids, of_ids(ids, viewer_id, context)


def people(account_ids: Iterable[int]) -> list[Entity]:
    """Those that exist and may be shown, in this order."""
    return account_entities(account_view.load(list(account_ids)))


def relations(viewer_id: int | None, accounts: Iterable[Entity]) -> dict[str, Entity]:
    """How the reader stands to each of `accounts`, by account id; nothing for visitors."""
    ids = list(dict.fromkeys(int(account["id"]) for account in accounts))
    if viewer_id is None or not ids:
        return {}
    return {str(view.id): relationship_entity(view) for view in relationships.relationships(viewer_id, ids)}
