"""People who are named in a post and not known here yet."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from federation import uris
from federation.context import Budget, Federation
from federation.facts.note import unknown_mentions
from federation.finding import resolve
from federation.parse.handle import Handle
from federation.parse.note import ParsedNote
from node import store
from node.errors import NodeError
from node.models import Account
from node.services.accounts import lookup as account_lookup
from node.text.tokens import Mention, mentions_in

SECONDS = 5.0
MAX_IN_ARRIVING = 5
MAX_IN_DRAFT = 20


async def resolve_for_readers(fed: Federation, note: ParsedNote, budget: Budget) -> None:
    """Of a post that is addressed to somebody here, get to know the others whom it names: an answer goes to all.

    Whoever cannot be found in a few seconds stays plain text.
    """
    if len(note.tags.mentions) < 2:
        return
    if not any(uris.is_local(fed.config, one.uri) for one in note.tags.mentions if one.uri):
        return
    unknown = await store.point(unknown_mentions, fed, note)
    await _together([resolve.account(fed, uri, budget=budget) for uri in unknown[:MAX_IN_ARRIVING]])


async def resolve_in_draft(fed: Federation, text: str) -> None:
    """The same for a text that somebody here is about to post."""
    named = [one for one in mentions_in(text) if one.domain] if "@" in text else []
    unknown = [one for one in named[:MAX_IN_DRAFT] if await store.point(_is_unknown, one)]
    budget = Budget(6 * len(unknown))
    await _together([resolve.by_handle(fed, Handle(one.name, one.domain or ""), budget=budget) for one in unknown])


def _is_unknown(mention: Mention) -> bool:
    return account_lookup.find(mention.name, mention.domain or "") is None


async def _together(lookups: list[Coroutine[Any, Any, Account]]) -> None:
    async def attempt(lookup: Coroutine[Any, Any, Account]) -> None:
        with suppress(NodeError):
            await lookup

    if lookups:
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await asyncio.gather(*(attempt(lookup) for lookup in lookups))
