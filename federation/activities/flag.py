"""Moderators elsewhere report people here. Who it was that complained there they do not say."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from federation import ignored, uris
from federation.context import Federation
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from node import site, store
from node.models import Account
from node.services.accounts import lookup as account_lookup
from node.services.collections import rows as collection_rows
from node.services.moderation import reports
from node.text.plain import plain_text
from node.text.sanitize import sanitize

MAX_OBJECTS = 100


@dataclass(frozen=True, slots=True)
class _Named:
    """Of one account."""

    status_ids: list[int] = field(default_factory=list)
    collection_ids: list[int] = field(default_factory=list)


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    about = await store.read(_about, fed, incoming.activity.object_uris[:MAX_OBJECTS])
    if not about:
        return None
    comment = plain_text(sanitize(incoming.activity.content))
    return partial(_file, incoming.actor, about, comment, incoming.activity.uri)


def _about(fed: Federation, named: tuple[str, ...]) -> dict[int, _Named]:
    """The reported accounts of ours, each with what is named of it."""
    about: defaultdict[int, _Named] = defaultdict(_Named)
    for uri in named:
        local = uris.parse_local(fed.config, uri)
        if isinstance(local, uris.LocalActor):
            about[local.account_id]  # named by itself
        elif isinstance(local, uris.LocalStatus):
            about[local.account_id].status_ids.append(local.status_id)
        elif isinstance(local, uris.LocalProfile):
            account = account_lookup.find_here(local.username)
            if account is not None:
                about[account.id]
        elif local is None and uri.startswith(f"{site.base_url}/"):
            collection = collection_rows.by_uri(uri)
            if collection is not None:
                about[collection.account_id].collection_ids.append(collection.id)
    return about


def _file(sender: Account, about: dict[int, _Named], comment: str, uri: str) -> None:
    for account_id, named in about.items():
        if reports.had_enough_of(sender.domain):
            store.after_commit(partial(ignored.count, "Flag", "too much of a host"))
            return
        reports.receive(sender, account_id, named.status_ids, comment, uri, collection_ids=named.collection_ids)
