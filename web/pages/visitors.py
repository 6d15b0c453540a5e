"""Public pages: the same for all visitors, so that one rendering serves many of them; for a reader, the reader's own.

A handler says what its page depends on (`version`), and how to load the rest. A visitor who asks for the same version
again within a few seconds gets the same bytes, or with `If-None-Match` none. Counters may be that much behind.

Nothing in such a page is secret or depends on who asks, so it is compressed once and kept so.
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, NamedTuple

from aiohttp import web

from node import speech
from node.services.caching.cache import Cache
from node.services.community import pictures, settings
from web import revalidation
from web.encodings import takes_gzip
from web.pages import answers, notices
from web.rendering.environment import render
from web.rendering.page import Page, pause_told, site_of

SECONDS = 10
VARY = "Accept, Accept-Encoding, Accept-Language, Cookie"
_HTML = "text/html; charset=utf-8"
_PUBLIC = f"public, max-age={SECONDS}"
_LEVEL = 6  # of gzip: a page takes a millisecond, and a sixth of its length

Load = Callable[[], Awaitable[dict[str, Any]]]


class _Kept(NamedTuple):
    packed: bytes  # gzip
    etag: str


_kept: Cache[Hashable, _Kept] = Cache(seconds=SECONDS, entries=128)


async def show(
    request: web.Request,
    template: str,
    load: Load,
    *version: Hashable,
    noindex: bool = False,
    is_for_all: bool = False,
) -> web.Response:
    """The page that `template` makes of what `load` finds. `is_for_all`: a reader gets what visitors get."""
    headers = {"Vary": VARY, "X-Robots-Tag": "noindex, noarchive"} if noindex else {"Vary": VARY}
    if not is_for_all and (answers.reader(request) is not None or notices.told(request)):
        return await answers.show(request, template, headers=headers, **await load())
    kept = await _rendered(request, template, load, version)
    headers |= {"Cache-Control": _PUBLIC, "ETag": kept.etag}
    if revalidation.holds(request, kept.etag):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = _HTML
    if not takes_gzip(request):
        return web.Response(body=gzip.decompress(kept.packed), headers=headers)
    headers["Content-Encoding"] = "gzip"
    return web.Response(body=kept.packed, headers=headers)


async def _rendered(request: web.Request, template: str, load: Load, version: tuple[Hashable, ...]) -> _Kept:
    path = request.rel_url.raw_path_qs
    pause = pause_told()
    shown = pictures.current()
    key = (template, path, version, settings.current(), shown, pause, speech.spoken())
    found = _kept.get(key, lambda _: None)
    if found is None:
        page = Page(site=site_of(settings.current(), shown), path=path, pause=pause)
        body = render(template, page, **await load()).encode("utf-8", "replace")
        made = _Kept(gzip.compress(body, _LEVEL, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')
        found = _kept.get(key, lambda _: made) or made
    return found


def forget() -> None:
    """For tests."""
    _kept.clear()
