"""https://docs.joinmastodon.org/methods/accounts/: looking at accounts."""

import msgspec
from aiohttp import web

from federation.context import FEDERATION
from federation.finding import lookup as federation_lookup
from node import store
from node.errors import NotFound
from node.models import Account
from node.paging import Page
from node.services.accounts import lists as account_lists
from node.services.accounts import lookup as account_lookup
from node.services.accounts import verified
from node.services.accounts import view as account_view
from node.services.approvals.policies import Answer
from node.services.collections import consent
from node.services.discovery import search
from node.services.relationships import view as relationships
from node.text.domains import normal_domain
from web import params, responses, route
from web.api import account_pages
from web.entities.account import account_entities, account_entity
from web.entities.approval import feature_approval
from web.entities.relationship import relationship_entity
from web.errors import NOT_FOUND
from web.inputs import asks, counted, paged, person, reader, takes
from web.viewer import Viewer

_MAX_IDS = 40
_MAX_ACCOUNTS = 80


class _Ids(msgspec.Struct):
    id: list[params.Id] = []


class _Related(_Ids):
    with_suspended: bool = False


class _Lookup(msgspec.Struct):
    acct: str = ""


class _Search(msgspec.Struct):
    q: str = ""
    limit: params.Limit = 40
    following: bool = False
    resolve: bool = False


async def show(request: web.Request, viewer_id: int | None) -> web.Response:
    view, may_feature = await store.point(_shown, viewer_id, params.an_id(request))
    if viewer_id is not None and verified.is_due(view.account):
        await store.write(verified.ask, view.account)
    return responses.json(account_entity(view) | {"feature_approval": feature_approval(view.account, may_feature)})


async def several(request: web.Request, _: int | None, wish: _Ids) -> web.Response:
    return await account_pages.of_ids(wish.id[:_MAX_IDS])


async def lookup(_request: web.Request, _reader: int | None, wish: _Lookup) -> web.Response:
    """By handle, among the accounts that are known here."""
    name, _, domain = wish.acct.strip().removeprefix("@").partition("@")
    return responses.json(account_entity(await store.point(_find, name, domain)))


async def find(request: web.Request, viewer: Viewer, wish: _Search, offset: int) -> web.Response:
    """By a part of the name; with `resolve`, a whole handle or address is asked for at its own server, too."""
    named = await federation_lookup.account(request.app[FEDERATION], wish.q) if wish.resolve else None
    ids = await store.read(
        search.accounts,
        viewer.account_id,
        wish.q,
        max(1, min(wish.limit, _MAX_ACCOUNTS)),
        following=wish.following,
        offset=offset,
    )
    return await account_pages.of_ids(ids if named is None else dict.fromkeys([named.id, *ids]))


async def followers(request: web.Request, viewer_id: int | None, page: Page) -> web.Response:
    account_id = params.an_id(request)
    return await account_pages.of_rows(request, account_lists.followers, viewer_id, account_id, page=page)


async def following(request: web.Request, viewer_id: int | None, page: Page) -> web.Response:
    account_id = params.an_id(request)
    return await account_pages.of_rows(request, account_lists.following, viewer_id, account_id, page=page)


async def show_relationships(request: web.Request, viewer: Viewer, wish: _Related) -> web.Response:
    ids, everybody = wish.id[:_MAX_IDS], wish.with_suspended
    views = await store.point(relationships.relationships, viewer.account_id, ids, with_suspended=everybody)
    return responses.json([relationship_entity(view) for view in views])


async def familiar_followers(request: web.Request, viewer: Viewer, wish: _Ids) -> web.Response:
    """Mastodon.py asks with a body in JSON, although it is a GET."""
    ids = list(dict.fromkeys(wish.id[:_MAX_IDS]))
    found = await store.read(account_lists.familiar_followers, viewer.account_id, ids)
    views = await store.point(account_view.load, list({one for many in found.values() for one in many}))
    by_id = {view.account.id: view for view in views}
    return responses.json(
        [
            {
                "id": str(account_id),
                "accounts": account_entities(by_id[one] for one in found[account_id] if one in by_id),
            }
            for account_id in ids
            if account_id in found
        ]
    )


def _shown(viewer_id: int | None, account_id: int) -> tuple[account_view.AccountView, Answer]:
    """With what it means for the reader who may put it into collections."""
    view = _visible(viewer_id, account_id)
    return view, Answer.DENIED if viewer_id is None else consent.judge(viewer_id, view.account)


def _visible(viewer_id: int | None, account_id: int) -> account_view.AccountView:
    return account_view.view(account_lookup.visible(viewer_id, account_id))


def _find(name: str, domain: str) -> account_view.AccountView:
    normal = normal_domain(domain) if domain else ""
    account: Account | None = None if normal is None else account_lookup.find(name, normal)
    if account is None or account.is_gone:
        raise NotFound(NOT_FOUND)
    return account_view.view(account)


ROUTES = [
    route.get("/api/v1/accounts", several, reader("read:accounts"), asks(_Ids)),
    route.get("/api/v1/accounts/lookup", lookup, reader("read:accounts"), asks(_Lookup)),
    route.get("/api/v1/accounts/search", find, person("read:accounts"), asks(_Search), counted),
    route.get("/api/v1/accounts/relationships", show_relationships, person("read:follows"), asks(_Related)),
    route.get("/api/v1/accounts/familiar_followers", familiar_followers, person("read:follows"), takes(_Ids)),
    route.get("/api/v1/accounts/{id}", show, reader("read:accounts")),
    route.get("/api/v1/accounts/{id}/followers", followers, reader("read:accounts"), paged(40, _MAX_ACCOUNTS)),
    route.get("/api/v1/accounts/{id}/following", following, reader("read:accounts"), paged(40, _MAX_ACCOUNTS)),
]
