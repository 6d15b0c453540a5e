"""https://docs.joinmastodon.org/methods/accounts/#account-actions: what somebody does about an account."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services import follows
from node.services.accounts import endorsements
from node.services.accounts import lookup as account_lookup
from node.services.relationships import blocks, mutes, notes
from web import params
from web.api import account_pages
from web.viewer import require


class _Follow(msgspec.Struct):
    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class _Mute(msgspec.Struct):
    notifications: bool = True
    duration: params.Count = 0


class _Note(msgspec.Struct):
    comment: str = ""


async def follow(request: web.Request) -> web.Response:
    wish = await params.read(request, _Follow)
    return await _act(
        request,
        "write:follows",
        follows.follow,
        reblogs=wish.reblogs,
        notify=wish.notify,
        languages=None if wish.languages is None else [code[:10] for code in wish.languages[:100]],
    )


async def mute(request: web.Request) -> web.Response:
    wish = await params.read(request, _Mute)
    return await _act(
        request,
        "write:mutes",
        mutes.mute,
        hide_notifications=wish.notifications,
        duration_seconds=wish.duration,
    )


async def note(request: web.Request) -> web.Response:
    wish = await params.read(request, _Note)
    return await _act(request, "write:accounts", notes.write, wish.comment)


def _plain(scope: str, work: Callable[[int, int], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """An action without terms."""

    async def act(request: web.Request) -> web.Response:
        return await _act(request, scope, work)

    return act


async def _act(request: web.Request, scope: str, work: Callable[..., Any], *args: Any, **terms: Any) -> web.Response:
    viewer, account_id = require(request, scope), params.an_id(request)
    await store.write(_on_visible, work, viewer.account_id, account_id, args, terms)
    return await account_pages.relationship(viewer.account_id, account_id)


def _on_visible(
    work: Callable[..., Any], viewer_id: int, account_id: int, args: tuple[Any, ...], terms: dict[str, Any]
) -> None:
    """What is not there for the viewer, cannot be acted on either."""
    account_lookup.visible(viewer_id, account_id)
    work(viewer_id, account_id, *args, **terms)


ROUTES = [
    web.post("/api/v1/accounts/{id}/follow", follow),
    web.post("/api/v1/accounts/{id}/unfollow", _plain("write:follows", follows.unfollow)),
    web.post("/api/v1/accounts/{id}/remove_from_followers", _plain("write:follows", follows.remove_follower)),
    web.post("/api/v1/accounts/{id}/block", _plain("write:blocks", blocks.block)),
    web.post("/api/v1/accounts/{id}/unblock", _plain("write:blocks", blocks.unblock)),
    web.post("/api/v1/accounts/{id}/mute", mute),
    web.post("/api/v1/accounts/{id}/unmute", _plain("write:mutes", mutes.unmute)),
    web.post("/api/v1/accounts/{id}/note", note),
    web.post("/api/v1/accounts/{id}/endorse", _plain("write:accounts", endorsements.add)),
    web.post("/api/v1/accounts/{id}/unendorse", _plain("write:accounts", endorsements.remove)),
    # Until 4.4 they were called so.
    web.post("/api/v1/accounts/{id}/pin", _plain("write:accounts", endorsements.add)),
    web.post("/api/v1/accounts/{id}/unpin", _plain("write:accounts", endorsements.remove)),
]
