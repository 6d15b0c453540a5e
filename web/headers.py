"""Headers that every answer carries, streams and errors included: added when its head is about to be sent."""

from aiohttp import web
from multidict import istr

from node.version import NAME
from web import head

# Anybody's web client may call these from a browser, errors and preflights included. `*` never
# lets cookies along, so that only what needs a token, or nothing, can be read.
_ANY_ORIGIN = (
    "/api/",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/userinfo",
    "/.well-known/",
    "/nodeinfo",
    "/ap/",
    "/@",
    "/tags/",
    "/health",
)
# So may they fetch these, but there is nothing in their heads to be read; a page has dozens of them.
_FILES = ("/static/", "/media/", "/proxy/")
_EXPOSED = (
    "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Mastodon-Async-Refresh,"
    " Retry-After, Location, Deprecation, ETag"
)
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_ALLOWED = "Authorization, Content-Type, Idempotency-Key, Accept, X-Requested-With, Cache-Control, Last-Event-ID, *"

_ORIGIN = istr("Access-Control-Allow-Origin")
_EXPOSE = istr("Access-Control-Expose-Headers")
_REQUEST_ID = istr("X-Request-Id")
_DEPRECATION = istr("Deprecation")
_SERVER = istr("Server")  # aiohttp would name its version and Python's
_LIMIT, _REMAINING, _RESET = istr("X-RateLimit-Limit"), istr("X-RateLimit-Remaining"), istr("X-RateLimit-Reset")

_EVERYWHERE = ((istr("X-Content-Type-Options"), "nosniff"), (istr("Referrer-Policy"), "same-origin"))
_API = (
    *_EVERYWHERE,
    (istr("Cache-Control"), "private, no-store"),
    (istr("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'"),
)
# Documents say for themselves how long they keep; a refusal is for whoever asked, in the way that they asked.
_DOCUMENTS = (*_EVERYWHERE, (istr("Vary"), "Accept, Signature"), (istr("Cache-Control"), "private, no-store"))
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_PAGES = (
    *_EVERYWHERE,
    (istr("Cache-Control"), "private, no-cache"),
    (istr("X-Frame-Options"), "DENY"),
    (istr("Permissions-Policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
# Nothing is fetched beforehand from there: other pages of the staff are asked for when they are wanted.
_STAFF_PAGES = (
    *_PAGES,
    (istr("Content-Security-Policy"), f"{_PAGE_POLICY}; form-action 'self'"),
    (istr("Cross-Origin-Opener-Policy"), "same-origin-allow-popups"),
)
_ORDINARY_PAGES = (
    *_STAFF_PAGES,
    # What visitors point at is fetched before they press, and for members, whose pages change by what they do, when they
    # do: pages alone, nothing that does something by being looked at.
    (istr("Speculation-Rules"), '"/static/speculation.json"'),
)
# Other sites show these inside of theirs: no form, no cookie, no address of elsewhere.
_FRAMED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_FRAMED = (
    *_EVERYWHERE,
    (istr("Cache-Control"), "private, no-cache"),
    (istr("Content-Security-Policy"), _FRAMED_POLICY),
)
# Between a web client's pop-up and its token: an opener policy would cut the pop-up off, and `form-action` would
# block the last redirect, which goes to the client; of /interact, to the reader's own server.
_SIGN_IN_PAGES = (*_PAGES, (istr("Content-Security-Policy"), _PAGE_POLICY))
_SIGN_IN = ("/oauth/", "/auth/", "/interact")


async def add(request: web.Request, response: web.StreamResponse) -> None:
    """`on_response_prepare`: what a handler has set itself is left alone."""
    headers, path, known = response.headers, request.path, head.of(request)
    rules = _FRAMED if known.is_framed and response.status in (200, 304) else _for(path)
    if rules is _EVERYWHERE and headers.get("Content-Type", "").startswith("text/html"):
        rules = _ORDINARY_PAGES  # the page that says that there is no such file
    for name, value in rules:
        headers.setdefault(name, value)
    headers[_SERVER] = NAME
    headers[_REQUEST_ID] = known.request_id
    if path.startswith(_FILES):
        headers[_ORIGIN] = "*"
    elif path.startswith(_ANY_ORIGIN):
        headers[_ORIGIN] = "*"
        headers[_EXPOSE] = _EXPOSED
        if known.deprecation:
            headers[_DEPRECATION] = known.deprecation
        if known.budget is not None:
            limit, remaining, headers[_RESET] = known.budget
            headers[_LIMIT], headers[_REMAINING] = str(limit), str(remaining)


def preflight(request: web.Request) -> web.Response:
    """OPTIONS, for any address: whether it exists is not what a browser asks here."""
    headers = {"Allow": _METHODS}
    if request.path.startswith((*_ANY_ORIGIN, *_FILES)):
        headers |= {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _ALLOWED,
            "Access-Control-Max-Age": "7200",
        }
    return web.Response(status=204, headers=headers)


def _for(path: str) -> tuple[tuple[istr, str], ...]:
    if path.startswith("/api/"):
        return _API
    if path.startswith(_SIGN_IN):
        return _SIGN_IN_PAGES
    if path.startswith("/ap/"):
        return _DOCUMENTS
    if path.startswith((*_FILES, "/manifest.webmanifest", "/.well-known/", "/nodeinfo", "/health")):
        return _EVERYWHERE
    return _STAFF_PAGES if path.startswith("/admin") else _ORDINARY_PAGES
