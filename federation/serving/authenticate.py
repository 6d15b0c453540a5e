"""Who signed a GET. Reading needs no activity to agree with: the owner of the key is the reader."""

from aiohttp import web

from federation import uris
from federation.context import FEDERATION, Federation
from federation.finding import keys
from federation.signatures import ReceivedRequest, parse_signature
from node import clock, store
from node.errors import Forbidden
from node.models import Account
from node.services import outbox
from node.services.servers import domains


async def signer_of(request: web.Request) -> Account | None:
    """None for an unsigned request; Unauthorized for a signature that proves nothing.

    Suspended accounts and domains are refused, whatever they want to read.
    """
    if "Signature" not in request.headers:
        return None
    fed = request.app[FEDERATION]
    received = ReceivedRequest(request.method, request.raw_path, request.raw_headers)
    claim = parse_signature(received, fed.config, clock.now_ms())
    signer = await keys.prove(fed, claim, claim.key_id, fed.client_ip(request))
    if signer.is_gone or domains.is_suspended(signer.domain):
        raise Forbidden("This node does not speak with you.")
    await _note_alive(fed, uris.host_of(signer.uri) or "")
    return signer


async def _note_alive(fed: Federation, host: str) -> None:
    """Who reads here lives, as who speaks here does. A host that reads much costs one look in a while."""
    if fed.readers.get(host) is None:
        fed.readers.put(host, True)
        await store.write(outbox.revive, host)
