"""Emoji under statuses, with Fedibird's and Akkoma's addresses; Mastodon has none (docs/adr/0020-emoji-reactions.md)."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.accounts import view as account_view
from node.services.interactions import reactions
from node.services.statuses import view as status_view
from web import params, responses, route
from web.api import status_pages
from web.entities.account import account_entities
from web.entities.reaction import reaction_entity
from web.inputs import asks, person, reader
from web.viewer import Viewer

_LONGEST_NAME = 400


class _Named(msgspec.Struct):
    emoji: str = ""


async def add(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "emoji", most=_LONGEST_NAME)
    status = await store.write(reactions.add, viewer.account_id, params.an_id(request), name)
    return await status_pages.of_id(viewer.account_id, status.id)


async def remove(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "emoji", most=_LONGEST_NAME)
    status = await store.write(reactions.remove, viewer.account_id, params.an_id(request), name)
    return await status_pages.of_id(viewer.account_id, status.id)


async def show(request: web.Request, viewer_id: int | None, wish: _Named) -> web.Response:
    """Each emoji, and who chose it; of one alone if the path or the query names one."""
    name = request.match_info.get("emoji") or wish.emoji
    found = await store.point(_load, viewer_id, params.an_id(request), name)
    return responses.json(found)


def _load(viewer_id: int | None, status_id: int, name: str) -> list[dict[str, Any]]:
    who = reactions.of_status(viewer_id, status_id, name)
    people = {view.account.id: view for view in account_view.load(list({one for _, ids in who for one in ids}))}
    shown = {one.name: reaction_entity(one) for one in status_view.one(viewer_id, status_id).shown.reactions}
    return [
        shown[emoji] | {"accounts": account_entities(people[one] for one in ids if one in people)}
        for emoji, ids in who
        if emoji in shown
    ]


_FEDIBIRD = "/api/v1/statuses/{id}/emoji_reactions"
_AKKOMA = "/api/v1/pleroma/statuses/{id}/reactions"

ROUTES = [
    one
    for path in (_FEDIBIRD, _AKKOMA)
    for one in (
        route.get(path, show, reader("read:statuses"), asks(_Named)),
        route.get(path + "/{emoji}", show, reader("read:statuses"), asks(_Named)),
        route.put(path + "/{emoji}", add, person("write:favourites")),
        route.delete(path + "/{emoji}", remove, person("write:favourites")),
    )
]
