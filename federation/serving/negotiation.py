"""Whether a reader wants a document or a page (ActivityPub, 3.2)."""

from functools import lru_cache

from aiohttp import web

_DOCUMENTS = ("application/activity+json", "application/ld+json")
_PAGES = ("text/html", "application/xhtml+xml", "*/*")

CONTENT_TYPE = "application/activity+json"
JRD = "application/jrd+json"
# The answer depends on who asks where posts are private, and always on what is asked for.
VARY = "Accept, Signature"


def wants_document(request: web.Request) -> bool:
    """ActivityStreams is named before, or with more weight than, any kind of page."""
    return _prefers_document(request.headers.get("Accept", ""))


@lru_cache(maxsize=1024)
def _prefers_document(accept: str) -> bool:
    best = {"document": 0.0, "page": 0.0}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        kind = "document" if name in _DOCUMENTS else "page" if name in _PAGES else ""
        if kind:
            best[kind] = max(best[kind], _weight(parameters))
    return best["document"] > 0 and best["document"] >= best["page"]


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
