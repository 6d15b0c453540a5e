"""Public answers of the API: a visitor who has one already is told so, instead of being sent it again (RFC 9110, 13.1.2).

The tag is made of the bytes: an answer shows more things than have a version, and hashing costs a small part of what
making it did. Caches may keep such an answer, as long as they ask whether it still holds: what was deleted is gone.
"""

from hashlib import blake2b

from aiohttp import web

from web.viewer import bearer

_HEADERS = {"Cache-Control": "public, no-cache", "Vary": "Authorization"}


def offer(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """The answer with a tag, or 304 without a body. Answers to a token are its own, and are left alone."""
    if bearer(request) is not None:
        return response
    if response.status != 200 or not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    tag = f'W/"{blake2b(response.body, digest_size=12).hexdigest()}"'
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["ETag"] = tag
    if not holds(request, tag):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in ("Content-Type", "Content-Length")}
    return web.Response(status=304, headers=kept)


def holds(request: web.Request, tag: str) -> bool:
    """Whether who asks has it already. Weak and strong tags mean the same: a proxy that packs makes one of the other."""
    asked, opaque = request.headers.get("If-None-Match", ""), tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in (opaque, "*") for one in asked[:4_000].split(","))
