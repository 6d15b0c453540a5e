"""Moderators elsewhere report people here. Who it was that complained there they do not say."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from node import store
from node.models import Account
from node.services.accounts import lookup as account_lookup
from node.services.moderation import reports
from node.text.plain import plain_text
from node.text.sanitize import sanitize

MAX_OBJECTS = 100


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    about = await store.read(_about, fed, incoming.activity.object_uris[:MAX_OBJECTS])
    if not about:
        return None
    comment = plain_text(sanitize(incoming.activity.content))
    return partial(_file, incoming.actor, about, comment, incoming.activity.uri)


def _about(fed: Federation, named: tuple[str, ...]) -> dict[int, list[int]]:
    """The reported accounts of ours, each with those of its statuses that are named."""
    about: dict[int, list[int]] = {}
    for uri in named:
        local = uris.parse_local(fed.config, uri)
        if isinstance(local, uris.LocalActor):
            about.setdefault(local.account_id, [])
        elif isinstance(local, uris.LocalStatus):
            about.setdefault(local.account_id, []).append(local.status_id)
        elif isinstance(local, uris.LocalProfile):
            account = account_lookup.find_here(local.username)
            if account is not None:
                about.setdefault(account.id, [])
    return about


def _file(sender: Account, about: dict[int, list[int]], comment: str, uri: str) -> None:
    for account_id, status_ids in about.items():
        reports.receive(sender, account_id, status_ids, comment, uri)
