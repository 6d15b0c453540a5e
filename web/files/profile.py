"""One's own profile, stored with its pictures: the same for the client API and for pages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from node import store
from node.models import Account
from node.services import accounts
from node.services.access import preferences
from node.services.accounts import ProfileChange
from node.services.accounts import lookup as account_lookup
from web.files import portraits
from web.keys import STORAGE
from web.viewer import Viewer


async def save(
    request: web.Request, viewer: Viewer, change: ProfileChange, chosen: Mapping[str, Any] | None = None
) -> None:
    """In one transaction, with preferences that are `chosen` beside.

    Pictures that are not shown afterwards are deleted, whether it succeeds or not.
    """
    storage = request.app[STORAGE]
    change = replace(change, by=viewer.capacity.by)
    try:
        before, after = await store.write(_apply, viewer.account_id, viewer.user_id, change, chosen)
    except Exception:
        await portraits.forget(storage, change.avatar_key, change.header_key)
        raise
    await portraits.forget(storage, *({before.avatar_key, before.header_key} - {after.avatar_key, after.header_key}))


def _apply(
    account_id: int, user_id: int, change: ProfileChange, chosen: Mapping[str, Any] | None
) -> tuple[Account, Account]:
    before = account_lookup.visible(account_id, account_id)
    after = accounts.update_profile(account_id, change)
    if chosen:
        preferences.change(user_id, chosen)
    return before, after
