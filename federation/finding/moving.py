"""What people here need the network for when they move: who their other accounts are, and what those say now."""

from federation.context import Budget, Federation
from federation.finding import lookup, resolve
from node import store
from node.errors import Invalid
from node.models import Account
from node.services import accounts
from node.services.accounts import ProfileChange
from node.services.accounts import lookup as account_lookup

_FETCHES = 12
_UNKNOWN = "There is no such account, or its server does not answer. Write it as @name@server."


async def add_alias(fed: Federation, account_id: int, handle: str, by: int | None = None) -> Account:
    """Say that `account_id` is also the account of that handle, which may then move here; that account.

    `by` is the account of who says so for an organisation.
    """
    other = await _find(fed, handle)
    await store.write(_add, account_id, other, by)
    return other


async def move(fed: Federation, account_id: int, handle: str, by: int | None = None) -> Account:
    """Move `account_id` to the account of that handle, which must name it among its aliases; where it went."""
    found = await _find(fed, handle)
    # What is stored may be older than the new account's word on who it was.
    new = await resolve.account(fed, found.uri, budget=Budget(_FETCHES), refresh=True)
    await store.write(accounts.move_out, account_id, new, by)
    return new


async def _find(fed: Federation, handle: str) -> Account:
    found = await lookup.account(fed, handle)
    if found is None or found.is_gone:
        raise Invalid(_UNKNOWN, {"handle": _UNKNOWN})
    return found


def _add(account_id: int, other: Account, by: int | None) -> None:
    if other.id == account_id:
        raise Invalid("This is the account itself.", {"handle": "This is the account itself."})
    account = account_lookup.visible(account_id, account_id)
    uris = (*accounts.aliases(account), other.uri)
    accounts.update_profile(account_id, ProfileChange(also_known_as=uris, by=by))
