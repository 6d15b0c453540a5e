"""https://docs.joinmastodon.org/methods/search/"""

from typing import Any

import msgspec
from aiohttp import web

from federation.context import FEDERATION
from federation.finding import lookup
from node import store
from node.errors import Unauthorized
from node.models import Account, Status, TrendKind
from node.paging import LARGEST_ID, Page
from node.services.accounts import view as account_view
from node.services.collections import view as collection_view
from node.services.discovery import search, trend_review
from node.services.statuses import view as status_view
from web import params, responses, route
from web.api import tags
from web.entities.account import account_entities
from web.entities.collection import collection_entity
from web.entities.status import statuses_json
from web.inputs import asks, counted, reader
from web.viewer import INVALID_TOKEN

_LIMIT, _MAX = 20, 40
_MAX_CHARS = 2_000


class _Wish(msgspec.Struct):
    q: str = ""
    type: str = ""
    resolve: bool = False
    following: bool = False
    exclude_unreviewed: bool = False
    account_id: params.Id | None = None
    max_id: params.Id | None = None
    min_id: params.Id | None = None
    limit: params.Limit = _LIMIT


async def find(request: web.Request, viewer_id: int | None, wish: _Wish, offset: int) -> web.Response:
    wish.q = wish.q.strip()[:_MAX_CHARS]
    # Visitors must not make this node knock at others, nor walk through everything that it has.
    if viewer_id is None and (wish.resolve or offset):
        raise Unauthorized(INVALID_TOKEN)
    named = None
    if wish.resolve and wish.q and offset == 0:
        named = await lookup.find(request.app[FEDERATION], wish.q, viewer_id)
    return responses.json(await store.read(_find, viewer_id, wish, offset, named))


def _find(viewer_id: int | None, wish: _Wish, offset: int, named: Account | Status | None) -> dict[str, Any]:
    """`named`: what a pasted address or handle means. If that is a status, nothing else was meant."""
    limit = max(1, min(wish.limit, _MAX))
    wanted = {wish.type} if wish.type else {"accounts", "statuses", "hashtags", "collections"}
    if not wish.q or isinstance(named, Status):
        wanted = set()
    account_ids = [named.id] if isinstance(named, Account) else []
    status_ids = [named.id] if isinstance(named, Status) else []
    hashtags = search.tags(wish.q, limit, offset=offset) if "hashtags" in wanted else []
    if wish.exclude_unreviewed:
        hashtags = [tag for tag in hashtags if trend_review.decision(TrendKind.TAG, tag.key) is not None]
    if "accounts" in wanted:
        account_ids += search.accounts(viewer_id, wish.q, limit, following=wish.following, offset=offset)
    if "statuses" in wanted:
        status_ids += _statuses(viewer_id, wish, limit, offset)
    return {
        "accounts": account_entities(account_view.load(list(dict.fromkeys(account_ids))[:limit])),
        "statuses": msgspec.Raw(statuses_json(status_view.load(status_ids, viewer_id))),
        "hashtags": tags.entities_of(hashtags, viewer_id),
        "collections": _collections(viewer_id, wish, limit, offset) if "collections" in wanted else [],
    }


def _collections(viewer_id: int | None, wish: _Wish, limit: int, offset: int) -> list[dict[str, Any]]:
    """For members: looking for a part of a name reads all names."""
    if viewer_id is None or wish.account_id is not None:
        return []
    return [collection_entity(view) for view in collection_view.found(viewer_id, wish.q, limit, offset)]


def _statuses(viewer_id: int | None, wish: _Wish, limit: int, offset: int) -> list[int]:
    """Visitors find people and hashtags: what people wrote is not for harvesting."""
    if viewer_id is None:
        return []
    page = Page(limit=limit + offset, max_id=wish.max_id or LARGEST_ID, min_id=wish.min_id)
    return search.statuses(viewer_id, wish.q, page, account_id=wish.account_id)[offset:]


ROUTES = [route.get("/api/v2/search", find, reader("read:search"), asks(_Wish), counted)]
