"""Which codings of a body somebody takes (RFC 9110, section 12.5.3)."""

from functools import lru_cache

from aiohttp import web

_MOST_CHARS = 200


def takes_gzip(request: web.Request) -> bool:
    """Named, or meant by an asterisk, with any weight but none at all."""
    return _names_gzip(request.headers.get("Accept-Encoding", "")[:_MOST_CHARS])


@lru_cache(maxsize=500)
def _names_gzip(accepted: str) -> bool:
    weights = {}
    for part in accepted.lower().replace(" ", "").split(","):
        coding, _, weight = part.partition(";q=")
        weights[coding] = weight
    wanted = weights.get("gzip", weights.get("*", "0"))
    return wanted.strip("0.") != "" or wanted == ""
