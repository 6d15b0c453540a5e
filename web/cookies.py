"""Cookies: few, never readable by scripts, never sent along by other sites' forms."""

from aiohttp import web

from node import clock, site
from node.services.access.signed_in import SESSION_MS

SESSION = "linnet_session"


def put(response: web.StreamResponse, name: str, value: str, *, max_age_ms: int | None = None) -> None:
    """Without `max_age_ms` it ends with the browser."""
    response.set_cookie(
        name,
        value,
        max_age=None if max_age_ms is None else max_age_ms // clock.SECOND,
        path="/",
        secure=site.base_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )


def sign_in(response: web.StreamResponse, session_token: str) -> None:
    """`session_token` is what `sessions.open` gave."""
    put(response, SESSION, session_token, max_age_ms=SESSION_MS)


def sign_out(response: web.StreamResponse) -> None:
    """What the worker and the composer keep in the browser goes with the session."""
    response.headers["Clear-Site-Data"] = '"storage"'
    response.del_cookie(SESSION, path="/")
