"""HTTP signatures, in and out: draft-cavage-12 and RFC 9421.

Outgoing: `Signer(key_id, private_pem).headers(OutgoingRequest(…), Style.CAVAGE)`.
Incoming: `claim = parse_signature(request, config, now_ms)`, look `claim.key_id` up, `claim.verify(key)`.
"""

from federation.signatures.claim import ReceivedRequest, SignatureClaim
from federation.signatures.incoming import challenge, parse_signature
from federation.signatures.replays import Replays
from federation.signatures.signer import OutgoingRequest, Signer, Style

__all__ = [
    "OutgoingRequest",
    "ReceivedRequest",
    "Replays",
    "SignatureClaim",
    "Signer",
    "Style",
    "challenge",
    "parse_signature",
]
