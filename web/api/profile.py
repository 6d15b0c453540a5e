"""https://docs.joinmastodon.org/methods/profile/ and the credentials part of methods/accounts: one's own profile."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services import follows
from node.services.access import preferences
from node.services.accounts import ProfileChange, featured_tags
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.approvals.policies import Choice
from node.services.community import settings
from web import responses, route
from web.entities.account import credential_account, profile_entity
from web.files import portraits, profile
from web.inputs import person, takes
from web.keys import STORAGE
from web.params import Upload
from web.viewer import Viewer


class _Field(msgspec.Struct):
    name: str = ""
    value: str = ""


class _Source(msgspec.Struct):
    privacy: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: Choice | None = None


class _Change(msgspec.Struct):
    display_name: str | None = None
    note: str | None = None
    avatar: Upload | None = None
    avatar_description: str | None = None
    header: Upload | None = None
    header_description: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: list[str] | None = None
    fields_attributes: list[_Field] | None = None
    source: _Source | None = None


async def verify_credentials(request: web.Request, viewer: Viewer) -> web.Response:
    """Apps ask this whenever they start."""
    view, count = await store.point(_load, viewer.account_id)
    return responses.json(credential_account(view, preferences.of(viewer.user), viewer.role, count))


async def update_credentials(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    await _update(request, viewer, wish)
    return await _credentials(viewer)


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return await _profile(viewer)


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    await _update(request, viewer, wish)
    return await _profile(viewer)


async def delete_avatar(request: web.Request, viewer: Viewer) -> web.Response:
    await profile.save(request, viewer, ProfileChange(avatar_key="", avatar_description=""))
    return await _credentials(viewer)


async def delete_header(request: web.Request, viewer: Viewer) -> web.Response:
    await profile.save(request, viewer, ProfileChange(header_key="", header_description=""))
    return await _credentials(viewer)


async def _update(request: web.Request, viewer: Viewer, wish: _Change) -> None:
    storage = request.app[STORAGE]
    change = ProfileChange(
        display_name=wish.display_name,
        note=wish.note,
        fields=None
        if wish.fields_attributes is None
        else tuple((field.name, field.value) for field in wish.fields_attributes),
        locked=wish.locked,
        bot=wish.bot,
        discoverable=wish.discoverable,
        indexable=wish.indexable,
        hide_collections=wish.hide_collections,
        show_media=wish.show_media,
        show_media_replies=wish.show_media_replies,
        show_featured=wish.show_featured,
        attribution_domains=None if wish.attribution_domains is None else tuple(wish.attribution_domains),
        avatar_key=await portraits.store_avatar(storage, wish.avatar),
        avatar_description=wish.avatar_description,
        header_key=await portraits.store_header(storage, wish.header),
        header_description=wish.header_description,
    )
    await profile.save(request, viewer, change, _chosen(wish.source))


def _chosen(source: _Source | None) -> dict[str, Any]:
    """Preferences that are given. A language can be taken back: that is an empty text."""
    if source is None:
        return {}
    chosen: dict[str, Any] = {
        "posting_visibility": source.privacy,
        "posting_sensitive": source.sensitive,
        "posting_quote_policy": source.quote_policy,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    return given if source.language is None else given | {"posting_language": source.language or None}


async def _credentials(viewer: Viewer) -> web.Response:
    """After a change, which the viewer does not know of."""
    view, count = await store.point(_load, viewer.account_id)
    chosen = await store.point(preferences.of_id, viewer.user_id)
    return responses.json(credential_account(view, chosen, viewer.role, count))


async def _profile(viewer: Viewer) -> web.Response:
    view, _ = await store.point(_load, viewer.account_id)
    featured = await store.point(featured_tags.of_account, viewer.account_id)
    return responses.json(profile_entity(view, featured))


def _load(account_id: int) -> tuple[account_view.AccountView, int]:
    account = account_lookup.visible(account_id, account_id)
    settings.current()  # which the preferences of this account may fall back on
    return account_view.view(account), follows.requests_count(account_id)


ROUTES = [
    route.get("/api/v1/accounts/verify_credentials", verify_credentials, person("profile", "read:accounts")),
    route.patch("/api/v1/accounts/update_credentials", update_credentials, person("write:accounts"), takes(_Change)),
    route.get("/api/v1/profile", show, person("profile", "read:accounts")),
    route.patch("/api/v1/profile", update, person("write:accounts"), takes(_Change)),
    route.delete("/api/v1/profile/avatar", delete_avatar, person("write:accounts")),
    route.delete("/api/v1/profile/header", delete_header, person("write:accounts")),
]
