"""https://docs.joinmastodon.org/methods/notifications/#policy: notifications are never held back here.

Whoever wants to hear nothing of somebody mutes them; so every policy is "accept", and there are no requests.
"""

from typing import Any

import msgspec
from aiohttp import web

from node.errors import Invalid, NotFound
from web import params, responses
from web.errors import NOT_FOUND
from web.viewer import require

_ACCEPT = "accept"
_NAMES = (
    "for_not_following",
    "for_not_followers",
    "for_new_accounts",
    "for_private_mentions",
    "for_limited_accounts",
    "for_bots",
)
_SUMMARY = {"pending_requests_count": 0, "pending_notifications_count": 0}
_POLICY: dict[str, Any] = dict.fromkeys(_NAMES, _ACCEPT) | {"summary": _SUMMARY}
_OLD_NAMES = ("filter_not_following", "filter_not_followers", "filter_new_accounts", "filter_private_mentions")
_OLD_POLICY: dict[str, Any] = dict.fromkeys(_OLD_NAMES, False) | {"summary": _SUMMARY}


class _Change(msgspec.Struct):
    for_not_following: str = _ACCEPT
    for_not_followers: str = _ACCEPT
    for_new_accounts: str = _ACCEPT
    for_private_mentions: str = _ACCEPT
    for_limited_accounts: str = _ACCEPT
    for_bots: str = _ACCEPT


class _OldChange(msgspec.Struct):
    filter_not_following: bool = False
    filter_not_followers: bool = False
    filter_new_accounts: bool = False
    filter_private_mentions: bool = False


async def show(request: web.Request) -> web.Response:
    require(request, "read:notifications")
    return responses.json(_POLICY)


async def change(request: web.Request) -> web.Response:
    require(request, "write:notifications")
    wish = await params.read(request, _Change)
    _refuse([name for name in _NAMES if getattr(wish, name) not in (_ACCEPT, "")])
    return responses.json(_POLICY)


async def show_old(request: web.Request) -> web.Response:
    require(request, "read:notifications")
    return responses.json(_OLD_POLICY)


async def change_old(request: web.Request) -> web.Response:
    require(request, "write:notifications")
    wish = await params.read(request, _OldChange)
    _refuse([name for name in _OLD_NAMES if getattr(wish, name)])
    return responses.json(_OLD_POLICY)


def _refuse(names: list[str]) -> None:
    """Better than to let somebody believe that they will not be disturbed."""
    if names:
        raise Invalid(
            "Notifications cannot be held back on this server. Mute or block instead.",
            dict.fromkeys(names, "can only be accept"),
        )


async def requests(request: web.Request) -> web.Response:
    require(request, "read:notifications")
    return responses.json([])


async def merged(request: web.Request) -> web.Response:
    """Whether accepted requests have arrived among the notifications: none is on its way."""
    require(request, "read:notifications")
    return responses.json({"merged": True})


async def settle_some(request: web.Request) -> web.Response:
    """Accepting or dismissing those of `id[]` that exist, which is none."""
    require(request, "write:notifications")
    return responses.empty()


async def show_one(request: web.Request) -> web.Response:
    require(request, "read:notifications")
    raise NotFound(NOT_FOUND)


async def settle_one(request: web.Request) -> web.Response:
    require(request, "write:notifications")
    raise NotFound(NOT_FOUND)


_REQUESTS = "/api/v1/notifications/requests"

# These stand before `/notifications/{id}`, which would match them.
ROUTES = [
    web.get("/api/v2/notifications/policy", show),
    web.patch("/api/v2/notifications/policy", change),
    web.put("/api/v2/notifications/policy", change),
    web.get("/api/v1/notifications/policy", show_old),
    web.patch("/api/v1/notifications/policy", change_old),
    web.put("/api/v1/notifications/policy", change_old),
    web.get(_REQUESTS, requests),
    web.get(f"{_REQUESTS}/merged", merged),
    web.post(f"{_REQUESTS}/accept", settle_some),
    web.post(f"{_REQUESTS}/dismiss", settle_some),
    web.get(f"{_REQUESTS}/{{id}}", show_one),
    web.post(f"{_REQUESTS}/{{id}}/accept", settle_one),
    web.post(f"{_REQUESTS}/{{id}}/dismiss", settle_one),
]
