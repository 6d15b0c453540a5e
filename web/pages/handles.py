"""Whom `/@{acct}` names, and when it names nobody."""

import asyncio
from contextlib import suppress
from typing import NamedTuple

from aiohttp import web

from federation.context import FEDERATION
from federation.finding import lookup, resolve
from federation.http.budget import Budget
from node import clock, site, store
from node.errors import Gone, NodeError, NotFound
from node.models import Account, ActorKind
from node.services.accounts import lookup as account_lookup
from node.speech import said, say
from node.text.domains import normal_domain
from web import params
from web.errors import NOT_FOUND
from web.pages import answers, visitors

_STALE_MS = clock.DAY
_REFRESH_SECONDS = 3.0
_FETCHES = 8
_MAX_CHARS = 600


class Handle(NamedTuple):
    username: str
    domain: str  # normalised; empty for our own

    def __str__(self) -> str:
        return f"{self.username}@{self.domain}" if self.domain else self.username


def asked(request: web.Request) -> Handle:
    """NotFound for what can be no handle."""
    name, _, domain = params.text(request, "acct", most=_MAX_CHARS).partition("@")
    normal = normal_domain(domain) if domain else ""
    if not name or normal is None:
        raise NotFound(NOT_FOUND)
    return Handle(name, "" if site.is_local_domain(normal) else normal)


async def account_of(request: web.Request) -> Account:
    """The account that the address names. Who is signed in may ask for one that is not known here yet.

    NotFound when there is none, Gone when there was one.
    """
    handle = asked(request)
    account = await store.point(account_lookup.find, handle.username, handle.domain)
    if account is None and not handle.domain:
        await _send_on(request, handle)
    if account is None and handle.domain and answers.reader(request) is not None:
        account = await _found_elsewhere(request, handle)
    if account is None or (account.is_local and account.kind == ActorKind.APPLICATION):
        raise NotFound(NOT_FOUND)
    if account.is_gone and account.id != answers.reader_id(request):
        raise Gone("This account has been deleted." if account.deleted_at else "This account is suspended.")
    return account


async def _send_on(request: web.Request, handle: Handle) -> None:
    """To the name that somebody has now, if they had this one."""
    account = await store.point(account_lookup.former, handle.username)
    if account is not None and not account.is_gone:
        _, slash, rest = request.rel_url.raw_path.removeprefix("/").partition("/")
        # Not for good: the old name may be theirs again.
        raise web.HTTPFound(f"{path_of(account)}{slash}{rest}", headers={"Vary": visitors.VARY})


def is_whole(text: str) -> bool:
    """Whether it names one person by itself: a handle with its server, or an address. Such a one can be fetched."""
    name = text.removeprefix("@")
    return "@" in name or "/" in name


async def named(request: web.Request, text: str) -> Account | None:
    """Somebody here by name alone; others by their whole handle, or by the address of a profile, fetched if need be."""
    if not is_whole(text):
        return await store.point(account_lookup.find_here, text.removeprefix("@"))
    return await lookup.account(request.app[FEDERATION], text)


def path_of(account: Account) -> str:
    """The one address of a profile."""
    return f"/@{account.username}" if account.is_local else f"/@{account.username}@{account.domain}"


async def refreshed(request: web.Request, account: Account) -> tuple[Account, str]:
    """A remote account as its server describes it now, if we have not looked for a day; and what went wrong."""
    fed = request.app.get(FEDERATION)
    looked_at = account.fetched_at or 0
    if account.is_local or fed is None or looked_at > clock.now_ms() - _STALE_MS:
        return account, ""
    try:
        async with asyncio.timeout(_REFRESH_SECONDS):
            fresh = await resolve.account(fed, account.uri, budget=Budget(_FETCHES), refresh=True)
    except (NodeError, TimeoutError):
        text = said("%(domain)s could not be reached just now. This is what is known here.")
        return account, say(text, domain=account.domain)
    return (fresh, "") if not fresh.is_gone else (account, "")


async def _found_elsewhere(request: web.Request, handle: Handle) -> Account | None:
    fed = request.app.get(FEDERATION)
    if fed is None:
        return None
    with suppress(TimeoutError):
        async with asyncio.timeout(4 * _REFRESH_SECONDS):
            return await lookup.account(fed, f"@{handle}")
    return None
