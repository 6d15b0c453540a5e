"""Fetches web pages: unsigned, in small, and nothing but HTML."""

import asyncio
from dataclasses import dataclass

from federation import uris
from federation.http.door import Door
from federation.parse.page import text_of

MAX_BYTES = 1 << 20
SECONDS = 10.0
_TYPES = ("text/html", "application/xhtml+xml")
_ACCEPT = "text/html, application/xhtml+xml;q=0.9"


@dataclass(frozen=True, slots=True)
class Page:
    url: str  # where it was found in the end
    text: str


async def fetch_page(door: Door, address: str) -> Page | None:
    """The beginning of a page; None for what is no page. Raises a `FetchError`."""
    if address.startswith("http://") and not door.plain_http:
        address = f"https{address[4:]}"
    response = await door.fetch(address, accept=_ACCEPT, max_bytes=MAX_BYTES, deadline_seconds=SECONDS, is_cut=True)
    if response.content_type.partition(";")[0].strip().lower() not in _TYPES:
        return None
    text = await asyncio.to_thread(text_of, response.body, response.content_type)
    return Page(uris.without_fragment(response.url), text)
