"""Somebody moves to another account, which must say so itself (FEDERATION.md, Accounts)."""

from functools import partial

from federation.context import Federation
from federation.finding import resolve
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from node.services import accounts


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if activity.object_uri != actor.uri or not activity.target_uri:
        return None
    # What is stored may be older than the new account's word on who it was.
    target = await resolve.account(fed, activity.target_uri, budget=incoming.budget, refresh=True)
    return partial(accounts.move_in, actor, target)
