"""Forwarded addresses are believed only from proxies that we trust."""

import ipaddress
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from node.config import Config
from web.client_ip import client_ip, network_of
from web.keys import CONFIG


async def seen(config: Config, proxies: list[str], forwarded: str | None) -> str:
    """The address that a handler sees for a request that comes from 127.0.0.1."""
    app = web.Application()
    app[CONFIG] = msgspec.structs.replace(
        config, trusted_proxies=tuple(ipaddress.ip_network(proxy) for proxy in proxies)
    )

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=client_ip(request))

    app.router.add_get("/", handler)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    async with TestClient(TestServer(app)) as client:
        return await (await client.get("/", headers=headers)).text()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        ([], "1.2.3.4", "127.0.0.1"),
        (["10.0.0.0/8"], "1.2.3.4", "127.0.0.1"),
        (["127.0.0.0/8"], "1.2.3.4", "1.2.3.4"),
        (["127.0.0.0/8"], None, "127.0.0.1"),
        (["127.0.0.0/8"], "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["127.0.0.0/8", "10.0.0.0/8"], "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (["127.0.0.0/8"], "[2001:db8::1]:99", "2001:db8::1"),
        (["127.0.0.0/8"], "1.2.3.4:99", "1.2.3.4"),
        (["127.0.0.0/8"], "unknown", "127.0.0.1"),
        (["127.0.0.0/8"], "1.2.3.4, <script>", "127.0.0.1"),
    ],
)
async def test_the_last_hop_that_is_no_proxy_of_ours_counts(
    config: Config, proxies: list[str], forwarded: str | None, expected: Any
) -> None:
    assert await seen(config, proxies, forwarded) == expected


def test_a_household_of_ipv6_is_one_network() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:1.2.3.4") == network_of("1.2.3.4")
