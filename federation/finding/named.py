"""Whom and what an address of ours, or of something that is known, names: questions to the database alone."""

from federation import uris
from federation.context import Federation
from node import site
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.statuses import loading


def local_account(fed: Federation, uri: str) -> Account | None:
    """The account of ours that `uri` names."""
    named = uris.parse_local(fed.config, uri)
    if isinstance(named, uris.LocalInstanceActor):
        return account_lookup.by_uri(uri)
    return account_lookup.by_id(named.account_id) if isinstance(named, uris.LocalActor) else None


def known_status(fed: Federation, uri: str) -> Status | None:
    """The status that `uri` names, ours or another's; of ours also by the id of its Create."""
    named = uris.parse_local(fed.config, uri)
    if isinstance(named, uris.LocalActivity) and named.kind == "activity":
        uri = site.status_uri(named.account_id, named.number)
    return loading.by_uri(uri)
