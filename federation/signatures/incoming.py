"""Which of the two kinds of signature a request carries, and the checks that both share."""

from federation.signatures import cavage, rfc9421
from federation.signatures.claim import LONGEST_HEADER, ReceivedRequest, SignatureClaim, SignedHeaders
from node.config import Config
from node.errors import BadInput, Unauthorized
from node.version import NAME


def challenge(method: str) -> dict[str, str]:
    """What a 401 says about how to sign, in both schemes (RFC 9421, section 5; draft-cavage-12, section 3.1)."""
    bodied = method not in ("GET", "HEAD")
    components = " ".join(f'"{name}"' for name in (rfc9421.POST_COMPONENTS if bodied else rfc9421.GET_COMPONENTS))
    headers = "(request-target) host date digest" if bodied else "(request-target) host date"
    return {
        "Accept-Signature": f"{rfc9421.LABEL}=({components});created",
        "WWW-Authenticate": f'Signature realm="{NAME}",headers="{headers}"',
    }


def parse_signature(request: ReceivedRequest, config: Config, now_ms: int) -> SignatureClaim:
    """Who the request says it is from, with everything checked but the key: coverage, host, time, digest of the body.

    Raises BadInput for what cannot be read and Unauthorized for what proves nothing. `Signature-Input` selects
    RFC 9421, as it does in Mastodon: a request is never tried as both.
    """
    headers = SignedHeaders(request.headers)
    if b"signature" not in headers:
        raise Unauthorized("The request is not signed.")
    new_kind = b"signature-input" in headers
    if len(headers.once(b"signature")) > LONGEST_HEADER or (
        new_kind and len(headers.once(b"signature-input")) > LONGEST_HEADER
    ):
        raise BadInput("The signature headers are too long.")
    if not request.target.startswith("/"):
        raise Unauthorized("The request's target must be a path.")
    return (rfc9421 if new_kind else cavage).parse(request, headers, config, now_ms)
