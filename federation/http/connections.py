"""Connections to other servers: to public addresses alone, checked on the socket itself, and few to each host."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import AsyncResolver

from federation.errors import NetworkFailure, Refused
from federation.http import addresses
from federation.http.addresses import AddressRefused
from federation.signatures import OutgoingRequest
from node.config import Config

_CONNECT_SECONDS = 5.0
_RESOLVE_SECONDS = 5.0
_CONNECTIONS = 512
_CONNECTIONS_PER_HOST = 4
# Below the five seconds after which Node.js closes idle connections: closing may not cross a request of ours.
_KEEPALIVE_SECONDS = 4.0
_LONGEST_HEADER = 16 * 1024


class Connections:
    """Opened once by the door, inside of a running loop, and closed with it."""

    def __init__(self, config: Config, resolver: AbstractResolver | None) -> None:
        """`resolver` takes the place of DNS; its answers are checked all the same."""
        self._config = config
        self._user_agent = f"Linnet/{version('linnet')} (+{config.base_url}/)"
        self._guarded = _GuardedResolver(resolver, config)
        connector = aiohttp.TCPConnector(
            resolver=self._guarded,
            socket_factory=self._open_socket,
            limit=_CONNECTIONS,
            limit_per_host=_CONNECTIONS_PER_HOST,
            keepalive_timeout=_KEEPALIVE_SECONDS,
            ttl_dns_cache=60,
            ssl=_tls(ssl.get_default_verify_paths()),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )

    async def close(self) -> None:
        await self._session.close()
        await self._guarded.close()

    @asynccontextmanager
    async def ask(
        self, request: OutgoingRequest, headers: Mapping[str, str], *, sock_read: float | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer as it begins, a redirect too. `sock_read`: seconds of silence. Raises `Refused`, `NetworkFailure`."""
        try:
            async with self._session.request(
                request.method,
                request.url,
                data=request.body,
                headers={**headers, "User-Agent": self._user_agent},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=sock_read),
            ) as answer:
                yield answer
        except (aiohttp.ClientError, OSError, UnicodeError, RuntimeError) as error:
            # uvloop raises RuntimeError where asyncio raises OSError.
            if isinstance(error, aiohttp.InvalidURL):
                raise Refused("This is not an address that can be asked for.") from error
            if isinstance(getattr(error, "os_error", error), AddressRefused):
                raise Refused(f"{request.url.host} has no public address.") from error
            raise NetworkFailure(f"{request.url.host} cannot be reached: {reason(error)}") from error

    def _open_socket(self, info: tuple[object, ...]) -> socket.socket:
        """The last look at where a connection goes, whatever names, caches and literals led here."""
        family, kind, protocol, _, address = info
        assert isinstance(address, tuple)  # noqa: S101 (a shape that aiohttp promises)
        if not addresses.is_allowed(str(address[0]), self._config.outgoing_allow):
            raise AddressRefused(f"{address[0]} is not a public address")
        return socket.socket(family, kind, protocol)  # type: ignore[arg-type]


@cache
def _tls(authorities: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    """Trusts the authorities of the system, or of SSL_CERT_FILE. Reading them takes 50 ms of CPU, so once is enough."""
    return ssl.create_default_context()


class _GuardedResolver(AbstractResolver):
    """Answers with public addresses alone, and in time: a name that leads anywhere else has no address."""

    def __init__(self, inner: AbstractResolver | None, config: Config) -> None:
        """Without `inner`, DNS is asked; what asks it is made for the first name, since it reads the system's settings."""
        self._inner = inner
        self._also = config.outgoing_allow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            if self._inner is None:
                self._inner = AsyncResolver()
            async with asyncio.timeout(_RESOLVE_SECONDS):
                found = await self._inner.resolve(host, port, family)
        except TimeoutError as error:
            raise OSError(f"the name {host} was not resolved in time") from error
        allowed = [result for result in found if addresses.is_allowed(result["host"], self._also)]
        if found and not allowed:
            raise AddressRefused(f"{host} has no public address")
        return allowed

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()


def reason(error: Exception) -> str:
    """For who administers the node: what failed, without our addresses or a stack."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "its certificate or encryption is not valid."
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name has no address."
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ServerTimeoutError):
        return "it does not accept connections."
    return "the connection broke."
