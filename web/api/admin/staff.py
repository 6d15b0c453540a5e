"""How the staff acts through the API."""

from collections.abc import Callable
from typing import Any

from node import store
from node.services.accounts import lookup as account_lookup
from web.viewer import Viewer


async def write(viewer: Viewer, verb: Callable[..., Any], *args: Any) -> Any:
    """`verb(*args, by)` in a transaction, by the account of the staff as it is now."""
    return await store.write(_do, verb, args, viewer.account_id)


def _do(verb: Callable[..., Any], args: tuple[Any, ...], by_id: int) -> Any:
    return verb(*args, account_lookup.visible(by_id, by_id))
