"""Other servers that read this node over HTTP, signed or not."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer
from yarl import URL

from federation.context import FEDERATION, Federation
from federation.http.door import Door
from federation.signatures import OutgoingRequest, Signer, Style
from node.config import Config
from node.keys import KeyPair
from node.models import Account
from tests.factories import rsa_keys
from tests.federation.outgoing.terms import undefined_in
from web.app import build_app

ACTIVITY_JSON = "application/activity+json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def same(self) -> tuple[int, dict[str, str], bytes]:
        """All that may tell two answers apart but for when they were given."""
        varying = ("date", "x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset")
        headers = {name.lower(): value for name, value in self.headers.items() if name.lower() not in varying}
        return self.status, headers, self.body


class Node:
    def __init__(self, server: TestServer, config: Config, session: aiohttp.ClientSession) -> None:
        self._server = server
        self._config = config
        self._session = session

    async def get(
        self,
        address: str,
        reader: Account | None = None,
        *,
        accept: str = ACTIVITY_JSON,
        keys: KeyPair | None = None,
    ) -> Answer:
        """GET one of our own addresses, signed by `reader` if there is one."""
        url = URL(address) if "://" in address else URL(f"{self._config.base_url}{address}", encoded=True)
        headers = {"Accept": accept} if accept else {}
        if reader is not None:
            signer = Signer(f"{reader.uri}#main-key", (keys or rsa_keys()).private_pem)
            headers |= signer.headers(OutgoingRequest(url), Style.CAVAGE)
        target = self._server.make_url("/").join(URL(url.raw_path_qs, encoded=True))
        async with self._session.get(target, headers=headers, allow_redirects=False) as answer:
            found = Answer(answer.status, dict(answer.headers), await answer.read())
        if found.headers.get("Content-Type") == ACTIVITY_JSON:
            assert undefined_in(found.json) == set()
        return found


@asynccontextmanager
async def serving(config: Config) -> AsyncIterator[Node]:
    async with Door(config) as door, aiohttp.ClientSession() as session:
        app = build_app(config)
        app[FEDERATION] = Federation(config=config, door=door)
        async with TestServer(app) as server:
            yield Node(server, config, session)
