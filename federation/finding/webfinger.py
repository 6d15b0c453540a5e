"""Which actor a handle names, as the handle's own domain says (RFC 7033).

Asked without a signature: everybody may ask, on servers that let nobody else read too, and to sign costs more than all
else of a first contact.
"""

from typing import NamedTuple
from urllib.parse import quote

from federation.context import Budget, Federation
from federation.errors import BadDocument, BadStatus
from federation.http.documents import fetch_json
from federation.parse.handle import Handle
from federation.parse.webfinger import ParsedWebfinger, parse_host_meta, parse_webfinger
from node.errors import BadInput

_ACCEPT = "application/jrd+json, application/json"
_ACCEPT_XRD = "application/xrd+xml, application/xml;q=0.9"
_MAX_BYTES = 64 * 1024


class Found(NamedTuple):
    """`handle` is the canonical one, which may be on another domain than the one that was asked about."""

    handle: Handle
    actor_uri: str


async def find(fed: Federation, handle: Handle, budget: Budget) -> Found:
    """The actor behind `handle`, and the handle it is to be shown by. Raises a `FetchError`.

    A domain may send us on to another one, once, which must then claim the handle for itself.
    """
    subject, actor_uri = await _ask(fed, handle, budget)
    if subject.key != handle.key:
        again, actor_uri = await _ask(fed, subject, budget)
        if again.key != subject.key:
            raise BadDocument(f"{handle} leads from one domain to the next.")
    return Found(subject, actor_uri)


async def ways(fed: Federation, handle: Handle, budget: Budget) -> tuple[tuple[str, str], ...]:
    """Where the handle's own server takes its people to follow or answer somebody (parse/webfinger.py, `way_on`)."""
    return (await _answer(fed, handle, budget)).ways


async def _ask(fed: Federation, handle: Handle, budget: Budget) -> Found:
    found = await _answer(fed, handle, budget)
    return Found(found.subject or handle, found.actor_uri)


async def _answer(fed: Federation, handle: Handle, budget: Budget) -> ParsedWebfinger:
    origin = f"{fed.config.scheme}://{handle.domain}"
    resource = quote(f"acct:{handle}", safe="")
    budget.spend()
    try:
        answer = await fetch_json(fed.door, f"{origin}/.well-known/webfinger?resource={resource}", accept=_ACCEPT)
    except BadStatus as error:
        if error.status != 404:
            raise
        template = await _template(fed, origin, budget)
        budget.spend()
        answer = await fetch_json(fed.door, template.replace("{uri}", resource), accept=_ACCEPT)
    try:
        return parse_webfinger(answer)
    except BadInput as error:
        raise BadDocument(f"{handle} names nobody that could be followed.") from error


async def _template(fed: Federation, origin: str, budget: Budget) -> str:
    """Where `/.well-known/host-meta` says that WebFinger is to be asked (RFC 6415)."""
    budget.spend()
    response = await fed.door.fetch(f"{origin}/.well-known/host-meta", accept=_ACCEPT_XRD, max_bytes=_MAX_BYTES)
    template = parse_host_meta(response.body)
    if not template:
        raise BadDocument("The domain does not say where its people can be looked up.")
    return template
