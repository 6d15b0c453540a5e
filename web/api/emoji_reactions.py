"""Emoji under statuses, with Fedibird's and Akkoma's addresses; Mastodon has none (docs/adr/0020-emoji-reactions.md)."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.accounts import view as account_view
from node.services.interactions import reactions
from node.services.statuses import view as status_view
from web import params, responses
from web.api import status_pages
from web.api.status_pages import reader_id
from web.entities.account import account_entities
from web.entities.reaction import reaction_entity
from web.viewer import require

_LONGEST_NAME = 400


class _Named(msgspec.Struct):
    emoji: str = ""


async def add(request: web.Request) -> web.Response:
    viewer, name = require(request, "write:favourites"), params.text(request, "emoji", most=_LONGEST_NAME)
    status = await store.write(reactions.add, viewer.account_id, params.an_id(request), name)
    return await status_pages.of_id(viewer.account_id, status.id)


async def remove(request: web.Request) -> web.Response:
    viewer, name = require(request, "write:favourites"), params.text(request, "emoji", most=_LONGEST_NAME)
    status = await store.write(reactions.remove, viewer.account_id, params.an_id(request), name)
    return await status_pages.of_id(viewer.account_id, status.id)


async def show(request: web.Request) -> web.Response:
    """Each emoji, and who chose it; of one alone if the path or the query names one."""
    name = request.match_info.get("emoji") or params.query(request, _Named).emoji
    found = await store.point(_load, reader_id(request), params.an_id(request), name)
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
    route
    for path in (_FEDIBIRD, _AKKOMA)
    for route in (
        web.get(path, show),
        web.get(path + "/{emoji}", show),
        web.put(path + "/{emoji}", add),
        web.delete(path + "/{emoji}", remove),
    )
]
