"""The actor document of a local account, from its rows."""

from typing import Any

from federation.render import actor
from federation.render.loading import local_emoji
from node import site
from node.models import Account
from node.services import accounts


def actor_document(account: Account) -> dict[str, Any] | None:
    """None when the account has no key any more: it was deleted and its goodbyes are said."""
    key = accounts.signing_key(account.id)
    if key is None:
        return None
    if account.uri == site.instance_actor_uri():
        return actor.instance_actor(account, key)
    moved_to = ""
    if account.moved_to_id is not None:
        row = Account.select(Account.uri).where(Account.id == account.moved_to_id).tuples().first()
        moved_to = row[0] if row else ""
    return actor.actor(account, key, local_emoji(account.emoji), moved_to)
