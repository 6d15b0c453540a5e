"""Networks from which nobody is answered."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_network

import msgspec
import pytest
from aiohttp.test_utils import TestServer

from node import clock, store
from node.config import Config
from node.models import SignUpBlockKind, SignUpSeverity
from node.paging import Page
from node.services.caching import control
from node.services.moderation import closed_networks, sign_up_blocks
from tests.web.conftest import Client, complete_app

CLOSED, OPEN = "192.0.2.77", "198.51.100.7"


@pytest.fixture
async def proxied(db: None, config: Config) -> AsyncIterator[Client]:
    """A client whose `X-Forwarded-For` is believed."""
    behind = msgspec.structs.replace(config, trusted_proxies=(ip_network("127.0.0.0/8"),))
    async with complete_app(behind) as app, Client(TestServer(app)) as client:
        yield client


def close(network: str, **terms: object) -> None:
    with store.transaction():
        severity = terms.pop("severity", SignUpSeverity.NO_ACCESS)
        sign_up_blocks.add(SignUpBlockKind.NETWORK, network, None, severity=severity, **terms)


async def status(client: Client, path: str, ip: str, method: str = "GET") -> int:
    response = await client.request(method, path, headers={"X-Forwarded-For": ip})
    return response.status


@pytest.mark.parametrize("path", ["/api/v2/instance", "/about", "/.well-known/nodeinfo", "/api/v1/nothing"])
async def test_a_closed_network_is_refused_whatever_it_asks(proxied: Client, path: str) -> None:
    close("192.0.2.0/24")

    assert await status(proxied, path, CLOSED) == 403
    assert await status(proxied, path, OPEN) in (200, 404)


async def test_servers_are_refused_from_there_too(proxied: Client) -> None:
    close("192.0.2.0/24")

    assert await status(proxied, "/ap/inbox", CLOSED, "POST") == 403
    assert await status(proxied, "/ap/inbox", OPEN, "POST") != 403


async def test_health_and_this_machine_are_left_open(proxied: Client) -> None:
    close("192.0.2.0/24")
    close("127.0.0.0/8")

    assert await status(proxied, "/health", CLOSED) == 200
    assert (await proxied.get("/api/v2/instance")).status == 200


@pytest.mark.parametrize("severity", [SignUpSeverity.BLOCK, SignUpSeverity.APPROVAL])
async def test_who_may_not_sign_up_may_look(proxied: Client, severity: SignUpSeverity) -> None:
    close("192.0.2.0/24", severity=severity)

    assert await status(proxied, "/api/v2/instance", CLOSED) == 200


@dataclass(frozen=True)
class Case:
    network: str
    inside: str
    outside: str


@pytest.mark.parametrize(
    "case",
    [
        Case("192.0.2.7/32", "192.0.2.7", "192.0.2.8"),
        Case("192.0.2.0/24", "::ffff:192.0.2.9", "::ffff:192.0.3.9"),
        Case("2001:db8::/32", "2001:db8:1::1%eth0", "2001:db9::1"),
        Case("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
    ],
)
def test_a_network_holds_its_addresses(db: None, case: Case) -> None:
    close(case.network)

    assert closed_networks.refuses(case.inside)
    assert not closed_networks.refuses(case.outside)
    assert not closed_networks.refuses("nowhere")


def test_a_block_ends(db: None) -> None:
    now = clock.now_ms()
    close("192.0.2.0/24", expires_at=now + clock.HOUR)

    assert closed_networks.refuses(CLOSED)
    with clock.frozen(now + 2 * clock.HOUR):
        assert not closed_networks.refuses(CLOSED)


def test_taking_a_block_away_opens_the_network_at_once(db: None) -> None:
    close("192.0.2.0/24")
    assert closed_networks.refuses(CLOSED)

    with store.transaction():
        (row,) = sign_up_blocks.page(SignUpBlockKind.NETWORK, Page(limit=1))
        sign_up_blocks.remove(SignUpBlockKind.NETWORK, row.id, None)

    assert not closed_networks.refuses(CLOSED)
    control.forget_all()
    assert not closed_networks.refuses(CLOSED)
