"""Fetches ActivityStreams documents, and believes only what an origin says about itself (docs/threat-model.md)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from federation import uris
from federation.errors import BadDocument, TimedOut
from federation.http.answers import Response
from federation.http.door import ACCEPT_ACTIVITY, DEADLINE_SECONDS, Door
from federation.parse import strict_json
from federation.signatures import Signer
from node.errors import BadInput

ACTIVITYSTREAMS: Final = "https://www.w3.org/ns/activitystreams"

_ACCEPT_ANYTHING = f"{ACCEPT_ACTIVITY}, text/html;q=0.1"


async def fetch_json_ld(
    door: Door, url: str, signer: Signer | None = None, *, deadline_seconds: float = DEADLINE_SECONDS
) -> dict[str, Any]:
    """The document that `url` names, whose `id` is where it was really found.

    If it calls itself otherwise, that address is asked once, and must then say the same. The deadline is for all of
    it. Raises a `FetchError`.
    """
    async with _within(deadline_seconds, url):
        return await _named(door, await door.fetch(url, signer=signer), signer)


async def fetch_from_page(
    door: Door, url: str, signer: Signer | None = None, *, deadline_seconds: float = DEADLINE_SECONDS
) -> dict[str, Any]:
    """As `fetch_json_ld`, but `url` may be a web page that links to its document: for what people paste."""
    async with _within(deadline_seconds, url):
        response = await door.fetch(url, accept=_ACCEPT_ANYTHING, signer=signer)
        if not is_activity_type(response.content_type):
            alternate = alternate_of(response)
            if alternate is None:
                raise BadDocument("There is nothing here that this node could show.")
            response = await door.fetch(alternate, signer=signer)
        return await _named(door, response, signer)


async def fetch_json(door: Door, url: str, *, accept: str, signer: Signer | None = None) -> dict[str, Any]:
    """Other JSON than ActivityStreams: WebFinger, NodeInfo. Any JSON type will do, HTML will not."""
    response = await door.fetch(url, accept=accept, signer=signer)
    if not _type_of(response.content_type)[0].endswith(("/json", "+json")):
        raise BadDocument("The answer is not JSON.")
    return _parsed(response)


def activity_document(response: Response) -> dict[str, Any]:
    """The JSON of a 200 that says it is ActivityStreams; its `id` is not looked at (pages of collections)."""
    if response.status != 200 or not is_activity_type(response.content_type) or _is_download(response):
        raise BadDocument("The answer is not an ActivityStreams document.")
    return _parsed(response)


@asynccontextmanager
async def _within(seconds: float, url: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise TimedOut(f"{uris.host_of(url)} takes too long to answer.") from error


async def _named(door: Door, response: Response, signer: Signer | None) -> dict[str, Any]:
    document = activity_document(response)
    name = document.get("id")
    if not uris.is_http_uri(name):
        raise BadDocument("The document does not say what it is.")
    if name == response.url:
        return document
    # JSON behind an open redirect, or an upload, must not speak for anybody: only the host of the name, asked at the
    # very address, can.
    response = await door.fetch(name, signer=signer)
    document = activity_document(response)
    if not (document.get("id") == name == response.url):
        raise BadDocument("The document is not found where it says it is.")
    return document


def _is_download(response: Response) -> bool:
    """What somebody uploaded may have any type that they said it has; hosts that know of it have it saved, not shown."""
    return response.headers.get("Content-Disposition", "").partition(";")[0].strip().lower() == "attachment"


def _parsed(response: Response) -> dict[str, Any]:
    try:
        return strict_json.loads(response.body)
    except BadInput as error:
        raise BadDocument(str(error)) from error


def is_activity_type(content_type: str) -> bool:
    """`application/activity+json`, or `application/ld+json` with the profile; parameters in any order and quoting."""
    kind, profile = _type_of(content_type)
    return kind == "application/activity+json" or (
        kind == "application/ld+json" and ACTIVITYSTREAMS in profile.split()
    )


def _type_of(content_type: str) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")[:1024]
    profile = message.get_param("profile")
    return message.get_content_type() if "/" in content_type else "", profile if isinstance(profile, str) else ""


def alternate_of(response: Response) -> str | None:
    """The document that a web page links to as its other form. Whoever that is must then speak for itself."""
    found = _linked_by_header(response.headers.get("Link", "")) or _linked_by_page(response)
    return found if uris.is_http_uri(found) else None


def _linked_by_header(header: str) -> str | None:
    """RFC 8288, as much of it as servers use here."""
    for link in header[:4096].split(","):
        target, _, parameters = link.strip().partition(">")
        stated = parameters.replace('"', "").replace(" ", "").lower().split(";")
        if target.startswith("<") and "rel=alternate" in stated and "type=application/activity+json" in stated:
            return target[1:]
    return None


def _linked_by_page(response: Response) -> str | None:
    if _type_of(response.content_type)[0] != "text/html":
        return None
    for link in LexborHTMLParser(response.body).css('link[rel~="alternate"][href]'):
        if is_activity_type(link.attributes.get("type") or ""):
            return link.attributes.get("href")
    return None
