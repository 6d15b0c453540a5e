"""The outgoing door: every request to another server leaves through here, so that no limit can be forgotten.

Only public addresses, checked on the socket itself; https alone unless the node runs on plain http; few redirects,
each checked and signed anew; one deadline for the whole; a byte limit; a limit per host; no proxies of the
environment (docs/threat-model.md, Requests to others).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from types import TracebackType
from typing import Final, NamedTuple, Self

from aiohttp.abc import AbstractResolver
from yarl import URL

from federation import uris
from federation.errors import BadStatus, Refused, TimedOut
from federation.http import bodies
from federation.http.answers import Response, Stream, successful
from federation.http.connections import Connections
from federation.http.knocks import Knocks
from federation.signatures import OutgoingRequest, Signer, Style, rfc9421
from node.config import Config

ACTIVITY_JSON: Final = "application/activity+json"
ACCEPT_ACTIVITY: Final = f'{ACTIVITY_JSON}, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

DEADLINE_SECONDS: Final = 30.0
MAX_BYTES: Final = 1 << 20
MOST_REDIRECTS: Final = 3

_SILENCE_SECONDS = 20.0
_CHUNK_BYTES = 64 * 1024
# While so many are posted to at once, a connection over which nothing more is to be said is not kept.
_KEPT_AT_ONCE = 16

_REDIRECTS = (301, 302, 303, 307, 308)
_KEPT_METHOD_REDIRECTS = (307, 308)


class _Limit(NamedTuple):
    """How much of an answer is read, and whether what is longer is cut off or refused."""

    max_bytes: int
    is_cut: bool = False


class Door:
    """`async with Door(config) as door:`; one per process, for all of its life."""

    def __init__(
        self,
        config: Config,
        *,
        resolver: AbstractResolver | None = None,
        refuses: Callable[[str], bool] = lambda host: False,
    ) -> None:
        """`resolver` takes the place of DNS and is closed with the door; its answers are checked all the same.

        `refuses` tells to which hosts redirects are not followed: whom else to ask is for those who ask to know.
        """
        self._config = config
        self._refuses = refuses
        self._resolver = resolver
        self._knocks = Knocks()
        self._posting = 0

    @property
    def plain_http(self) -> bool:
        return self._config.plain_http

    async def __aenter__(self) -> Self:
        # RSA signatures are most of the cost of a delivery and release the GIL: they do not hold the loop up.
        self._signing = ThreadPoolExecutor(2, "sign")
        self._connections = Connections(self._config, self._resolver)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connections.close()
        self._signing.shutdown(wait=False)

    async def fetch(
        self,
        url: str,
        *,
        accept: str = ACCEPT_ACTIVITY,
        signer: Signer | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        deadline_seconds: float = DEADLINE_SECONDS,
        is_cut: bool = False,
    ) -> Response:
        """GET `url`, following redirects. Raises a `FetchError` unless the final answer is 2xx.

        With `is_cut` the first `max_bytes` of an answer are enough; else an answer that is longer is refused.
        `headers` may hold a secret of ours: with them, a redirect to another origin is refused.
        """
        try:
            async with asyncio.timeout(deadline_seconds):
                return await self._follow(url, accept, headers or {}, signer, _Limit(max_bytes, is_cut))
        except TimeoutError as error:
            raise TimedOut(f"{uris.host_of(url)} takes too long to answer.") from error

    @asynccontextmanager
    async def stream(
        self, url: str, *, accept: str, headers: Mapping[str, str] | None = None, deadline_seconds: float
    ) -> AsyncIterator[Stream]:
        """GET `url`, following redirects, and read the answer as it comes. How much of it is wanted is the caller's to say.

        Raises a `FetchError` unless the final answer is 2xx, or when the connection breaks. `headers` hold no secret.
        """
        target = self._checked(url)
        asked = {"Accept": accept, "Accept-Encoding": "identity"} | dict(headers or {})
        try:
            async with asyncio.timeout(deadline_seconds):
                for _ in range(MOST_REDIRECTS + 1):
                    async with self._connections.ask(
                        OutgoingRequest(target), asked, sock_read=_SILENCE_SECONDS
                    ) as answer:
                        response = Response(str(target), answer.status, answer.headers, b"")
                        if answer.status not in _REDIRECTS:
                            yield Stream(successful(response), answer.content.iter_chunked(_CHUNK_BYTES))
                            return
                        target = self._redirected(target, response)
                raise Refused("The address redirects too often.")
        except TimeoutError as error:
            raise TimedOut(f"{uris.host_of(url)} takes too long to answer.") from error

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        signer: Signer | None = None,
        content_type: str = ACTIVITY_JSON,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 0,
        deadline_seconds: float = DEADLINE_SECONDS,
        is_last: bool = False,
    ) -> Response:
        """POST `body`. Raises a `FetchError` unless the answer is 2xx.

        The answer's own body is kept if `max_bytes` allows any. Redirects are not followed, but for one 307 or 308
        within the same host (FEDERATION.md, Delivery). `is_last`: nothing else waits for that host.
        """
        extra = {"Accept": ACCEPT_ACTIVITY, "Content-Type": content_type} | dict(headers or {})
        if is_last and self._posting >= _KEPT_AT_ONCE:  # thousands of idle ones are tens of megabytes
            extra["Connection"] = "close"
        self._posting += 1
        try:
            async with asyncio.timeout(deadline_seconds):
                request = OutgoingRequest(self._checked(url), body, content_type)
                return await self._deliver(request, extra, signer, _Limit(max_bytes))
        except TimeoutError as error:
            raise TimedOut(f"{uris.host_of(url)} takes too long to answer.") from error
        finally:
            self._posting -= 1

    # ── redirects ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _follow(
        self, name: str, accept: str, extra: Mapping[str, str], signer: Signer | None, limit: _Limit
    ) -> Response:
        url = self._checked(name)
        headers = {"Accept": accept} | dict(extra)
        seen = {url}
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._knock(OutgoingRequest(url), headers, signer, limit)
            if response.status not in _REDIRECTS:
                # A document's id is compared with the address as it was written, not as it was encoded.
                final = uris.without_fragment(name) if len(seen) == 1 else response.url
                return successful(replace(response, url=final))
            asked, url = url, self._redirected(url, response)
            if extra and url.origin() != asked.origin():
                raise Refused("The address redirects to another server.")
            if url in seen:
                raise Refused("The address redirects in a circle.")
            seen.add(url)
        raise Refused("The address redirects too often.")

    async def _deliver(
        self, request: OutgoingRequest, headers: dict[str, str], signer: Signer | None, limit: _Limit
    ) -> Response:
        response = await self._knock(request, headers, signer, limit)
        if response.status in _KEPT_METHOD_REDIRECTS:
            url = self._redirected(request.url, response)
            if url.origin() == request.url.origin() and url != request.url:
                moved = OutgoingRequest(url, request.body, request.content_type)
                response = await self._knock(moved, headers, signer, limit)
        return successful(response)

    def _redirected(self, url: URL, response: Response) -> URL:
        location = response.headers.get("Location", "")
        if not location:
            raise BadStatus(url.host_port_subcomponent or "", response.status)
        try:
            target = url.join(URL(location, encoded=location.isascii()))
        except ValueError as error:
            raise Refused("The address redirects to something that is no address.") from error
        if target.scheme != url.scheme:
            raise Refused("The address redirects between http and https.")
        checked = self._checked(str(target))
        if checked.origin() != url.origin() and self._refuses(uris.host_of(str(target)) or ""):
            raise Refused("The address redirects to a server that this node does not speak with.")
        return checked

    def _checked(self, text: str) -> URL:
        """The url to ask for, without its fragment; Refused for what may not be asked for at all."""
        parts = uris.split(text)
        if parts is None:
            raise Refused("This is not an address that can be asked for.")
        scheme, host, rest = parts
        if scheme == "http" and not self._config.plain_http:
            raise Refused("Only https is asked.")
        if host in uris.own_hosts(self._config):
            raise Refused("That is this node itself.")
        path = uris.without_fragment(rest)
        if not path.startswith("/"):
            path = "/" + path
        try:
            # What is already ASCII is sent to the letter: a peer that compares ids compares letters.
            return URL(f"{scheme}://{host}{path}", encoded=path.isascii())
        except ValueError as error:
            raise Refused("This is not an address that can be asked for.") from error

    # ── signatures ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _knock(
        self, request: OutgoingRequest, headers: dict[str, str], signer: Signer | None, limit: _Limit
    ) -> Response:
        """Ask, signed in the way that the host understood last; if it refuses, once more in each other way."""
        if signer is None:
            return await self._send(request, headers, limit)
        host = request.url.authority
        styles = self._knocks.order(host, has_query=bool(request.url.raw_query_string) and request.body is None)
        asked = rfc9421.NOTHING_MORE
        while True:
            style = styles.pop(0)
            signature = await asyncio.get_running_loop().run_in_executor(
                self._signing, signer.headers, request, style, asked
            )
            response = await self._send(request, headers | signature, limit)
            if response.status < 400:
                self._knocks.worked(host, style)
                return response
            wanted = rfc9421.asked_for(response.headers.get("Accept-Signature"))
            if response.status not in (400, 401) and not (response.status == 403 and wanted is not None):
                return response
            self._knocks.failed(host, style)
            # Exactly as it asks, once; also where this very scheme was refused for what it lacked.
            if wanted is not None and asked is rfc9421.NOTHING_MORE and self._is_new(wanted, style):
                styles, asked = [Style.RFC9421], wanted
            if not styles:
                return response

    @staticmethod
    def _is_new(wanted: rfc9421.Asked, tried: Style) -> bool:
        return tried is not Style.RFC9421 or wanted != rfc9421.NOTHING_MORE

    # ── the wire ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _send(self, request: OutgoingRequest, headers: dict[str, str], limit: _Limit) -> Response:
        async with self._connections.ask(request, {"Accept-Encoding": "gzip"} | headers) as answer:
            body = b""
            if limit.max_bytes and 200 <= answer.status < 300:
                body = await bodies.read_body(answer, limit.max_bytes, is_cut=limit.is_cut)
            else:
                await bodies.drain(answer)
            return Response(str(request.url), answer.status, answer.headers, body)
