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
from node.services.relationships import view as relationships
from web import params, responses, route
from web.api import account_pages
from web.entities.relationship import relationship_entity
from web.inputs import person, takes
from web.viewer import Viewer


class _Follow(msgspec.Struct):
    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class _Mute(msgspec.Struct):
    notifications: bool = True
    duration: params.Count = 0


class _Note(msgspec.Struct):
    comment: str = ""


async def follow(request: web.Request, viewer: Viewer, wish: _Follow) -> web.Response:
    account_id = params.an_id(request)
    terms = {
        "reblogs": wish.reblogs,
        "notify": wish.notify,
        "languages": None if wish.languages is None else [code[:10] for code in wish.languages[:100]],
    }
    await store.write(_on_visible, follows.follow, viewer.account_id, account_id, (), terms)
    view = await store.point(relationships.followed, viewer.account_id, account_id)
    return responses.json(relationship_entity(view))


async def mute(request: web.Request, viewer: Viewer, wish: _Mute) -> web.Response:
    return await _act(
        request,
        viewer,
        mutes.mute,
        hide_notifications=wish.notifications,
        duration_seconds=wish.duration,
    )


async def note(request: web.Request, viewer: Viewer, wish: _Note) -> web.Response:
    return await _act(request, viewer, notes.write, wish.comment)


def _plain(work: Callable[[int, int], Any]) -> Callable[[web.Request, Viewer], Awaitable[web.Response]]:
    """An action without terms."""

    async def act(request: web.Request, viewer: Viewer) -> web.Response:
        return await _act(request, viewer, work)

    return act


async def _act(
    request: web.Request, viewer: Viewer, work: Callable[..., Any], *args: Any, **terms: Any
) -> web.Response:
    account_id = params.an_id(request)
    await store.write(_on_visible, work, viewer.account_id, account_id, args, terms)
    return await account_pages.relationship(viewer.account_id, account_id)


def _on_visible(
    work: Callable[..., Any], viewer_id: int, account_id: int, args: tuple[Any, ...], terms: dict[str, Any]
) -> None:
    """What is not there for the viewer, cannot be acted on either."""
    account_lookup.visible(viewer_id, account_id)
    work(viewer_id, account_id, *args, **terms)


ROUTES = [
    route.post("/api/v1/accounts/{id}/follow", follow, person("write:follows"), takes(_Follow)),
    route.post("/api/v1/accounts/{id}/unfollow", _plain(follows.unfollow), person("write:follows")),
    route.post(
        "/api/v1/accounts/{id}/remove_from_followers", _plain(follows.remove_follower), person("write:follows")
    ),
    route.post("/api/v1/accounts/{id}/block", _plain(blocks.block), person("write:blocks")),
    route.post("/api/v1/accounts/{id}/unblock", _plain(blocks.unblock), person("write:blocks")),
    route.post("/api/v1/accounts/{id}/mute", mute, person("write:mutes"), takes(_Mute)),
    route.post("/api/v1/accounts/{id}/unmute", _plain(mutes.unmute), person("write:mutes")),
    route.post("/api/v1/accounts/{id}/note", note, person("write:accounts"), takes(_Note)),
    route.post("/api/v1/accounts/{id}/endorse", _plain(endorsements.add), person("write:accounts")),
    route.post("/api/v1/accounts/{id}/unendorse", _plain(endorsements.remove), person("write:accounts")),
    # Until 4.4 they were called so.
    route.post("/api/v1/accounts/{id}/pin", _plain(endorsements.add), person("write:accounts")),
    route.post("/api/v1/accounts/{id}/unpin", _plain(endorsements.remove), person("write:accounts")),
]
