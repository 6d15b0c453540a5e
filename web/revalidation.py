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
    if not _holds(tag, request.headers.get("If-None-Match", "")):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in ("Content-Type", "Content-Length")}
    return web.Response(status=304, headers=kept)


def _holds(tag: str, asked: str) -> bool:
    """Whether it is among the tags that were sent; weak and strong ones mean the same here."""
    opaque = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in (opaque, "*") for one in asked[:4_000].split(","))
