"""Who signed a GET. Reading needs no activity to agree with: the owner of the key is the reader."""

from aiohttp import web

from federation import keys
from federation.context import FEDERATION
from federation.signatures import ReceivedRequest, parse_signature
from node import clock
from node.errors import Forbidden, Unauthorized
from node.models import Account
from node.services import domains


async def signer_of(request: web.Request) -> Account | None:
    """None for an unsigned request; Unauthorized for a signature that proves nothing.

    Suspended accounts and domains are refused, whatever they want to read.
    """
    if "Signature" not in request.headers:
        return None
    fed = request.app[FEDERATION]
    received = ReceivedRequest(request.method, request.raw_path, request.raw_headers)
    claim = parse_signature(received, fed.config, clock.now_ms())
    known = await keys.stored(claim.key_id)
    if known is None:
        known = await keys.look_up(fed, claim.key_id, claim.key_id, fed.client_ip(request))
    elif not claim.verify(known.public):
        known = await keys.renewed(fed, claim.key_id, known)
    if known is None or not claim.verify(known.public):
        raise Unauthorized("The signature does not match the key.")
    if known.owner.is_gone or domains.is_suspended(known.owner.domain):
        raise Forbidden("This node does not speak with you.")
    return known.owner
