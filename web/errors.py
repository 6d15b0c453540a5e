"""What went wrong, as an answer: JSON for programs, a page for people."""

from typing import Any

import structlog
from aiohttp import web

from federation import signatures
from node import errors
from node.services.access import ages, emails, oauth, registration
from node.services.accounts.local import NAME_TAKEN
from node.speech import said
from node.version import NAME
from web import body, responses, words_of_apps
from web.keys import ERROR_PAGE
from web.viewer import NeedsUser

log = structlog.get_logger()

_STATUS: dict[type[errors.NodeError], int] = {
    errors.BadInput: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    body.TooSlow: 408,
    body.TooLarge: 413,
    oauth.UnauthorizedClient: 403,
}
_PROGRAMS = (
    *("/api/", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"),
    *("/.well-known/", "/nodeinfo", "/ap/"),
)
_FOR_SERVERS = ("/ap/", "/@")  # what is not for an app is signed

# What is wrong with a field, in the words of the client API, where apps show sentences of their own for it.
_CODES = {
    NAME_TAKEN: "ERR_TAKEN",
    emails.TAKEN: "ERR_TAKEN",
    registration.RESERVED: "ERR_RESERVED",
    registration.NOT_AGREED: "ERR_ACCEPTED",
    registration.NO_REASON: "ERR_BLANK",
    registration.NO_EMAIL: "ERR_BLANK",
    ages.MISSING: "ERR_BLANK",
    ages.TOO_YOUNG: "ERR_BELOW_LIMIT",
}

# One answer for what is not there and what the reader may not know of (docs/threat-model.md).
NOT_FOUND = said("Record not found")
_NO_ROUTE = said("Not found")
# What the web library refuses, as people are told; programs read its own words.
_IN_WORDS = {
    405: said("What a form sends goes to this address; there is nothing to read at it."),
    408: said("Nothing came for too long. Please try again, perhaps with a better connection."),
    413: said("That is more than this server takes at once."),
    415: said("This server cannot read what was sent in this form."),
}
_OURS = said("Something went wrong here. It has been written down; please try again later.")


def status_of(error: errors.NodeError) -> int:
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS or kind is errors.NodeError)


async def answer(request: web.Request, error: Exception) -> web.StreamResponse:
    """The response for anything that a handler may raise."""
    if isinstance(error, errors.NodeError):
        return await _refusal(request, error)
    if isinstance(error, web.HTTPException):
        return await _http(request, error)
    log.exception("request_failed", method=request.method, path=request.path)
    return await _respond(request, 500, _OURS)


async def _refusal(request: web.Request, error: errors.NodeError) -> web.StreamResponse:
    status, headers = status_of(error), {}
    if isinstance(error, errors.TooMany | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, errors.Unavailable) and error.__cause__ is not None:
        # Whoever asks is told to come again; what is to be done about it, is for the administrator.
        log.warning("unavailable", said=str(error), reason=str(error.__cause__))
    if not is_for_program(request):
        return _with(await _page(request, status, error.sentence), headers)
    if isinstance(error, errors.Unauthorized):
        if request.path.startswith(_FOR_SERVERS):
            headers |= signatures.challenge(request.method)
        else:
            headers["WWW-Authenticate"] = f'Bearer realm="{NAME}", error="invalid_token"'
    return responses.json(_body(error), status=status, headers=headers)


def _body(error: errors.NodeError) -> dict[str, Any]:
    if isinstance(error, errors.NotFound):
        return {"error": NOT_FOUND}
    if code := getattr(error, "code", None):  # RFC 6749, section 5.2
        return {"error": code, "error_description": str(error)}
    if not isinstance(error, errors.Invalid) or isinstance(error, NeedsUser):
        return {"error": str(error)}
    body: dict[str, Any] = {"error": words_of_apps.refusal(error.sentence)}
    if error.fields:
        body["details"] = {
            field: [{"error": _code(what), "description": what}] for field, what in error.fields.items()
        }
    return body


def _code(what: str) -> str:
    return _CODES.get(getattr(what, "msgid", what), "ERR_INVALID")


async def _http(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """aiohttp's own: no route, wrong method, too large; and redirects that a handler raised."""
    if error.status < 400:
        return web.Response(status=error.status, headers={"Location": error.headers["Location"]})
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    message = _NO_ROUTE if error.status == 404 else error.reason
    if not is_for_program(request):
        message = _IN_WORDS.get(error.status, message)
    return _with(await _respond(request, error.status, message), headers)


async def _respond(request: web.Request, status: int, message: str) -> web.StreamResponse:
    if is_for_program(request):
        return responses.json({"error": message}, status=status)
    return await _page(request, status, message)


async def _page(request: web.Request, status: int, message: str) -> web.StreamResponse:
    render = request.app.get(ERROR_PAGE)
    if render is not None:
        try:
            return await render(request, status, message)
        except Exception:  # the page about an error must not be the next error
            log.exception("error_page_failed", path=request.path)
    return web.Response(text=message, status=status)


def is_for_program(request: web.Request) -> bool:
    """API addresses, and whoever asks for JSON elsewhere."""
    if request.path.startswith(_PROGRAMS):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def _with(response: web.StreamResponse, headers: dict[str, str]) -> web.StreamResponse:
    response.headers.update(headers)
    return response
