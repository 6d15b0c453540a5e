"""Where the outgoing door does not go: the battery against server-side request forgery."""

import asyncio
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from federation.errors import NetworkFailure, Refused
from federation.http.addresses import is_allowed
from federation.http.door import Door
from node.config import Config
from tests.federation.loopback import LOOPBACK, Names, Peer, local_config
from tests.loop_clock import forward_by_steps, standing

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "198.17.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a01:4f8::1",
    "2001:200::1",
]
NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_all_others_are_not(address: str) -> None:
    assert not is_allowed(address)


def test_the_operator_may_allow_networks_besides() -> None:
    assert is_allowed("127.0.0.1", (LOOPBACK,))
    assert not is_allowed("10.0.0.1", (LOOPBACK,))
    assert not is_allowed("::1", (LOOPBACK,))
    assert is_allowed("1.1.1.1", (LOOPBACK,))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "169.254.169.254",
        "10.1.2.3",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "127.1",
        "2130706433",
        "017700000001",
        "0x7f000001",
    ],
)
async def test_literal_private_addresses_are_refused_in_every_spelling(host: str) -> None:
    async with Peer() as peer, Door(Config.for_tests(plain_http=True), resolver=Names(["127.0.0.1"])) as door:
        with pytest.raises(Refused):
            await door.fetch(f"http://{host}:{peer.port}/")
        with pytest.raises(Refused):
            await door.post(f"http://{host}:{peer.port}/", b"{}")

        assert peer.received == []


async def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    async with Peer() as peer, Door(Config.for_tests(plain_http=True), resolver=Names(["127.0.0.1"])) as door:
        with pytest.raises(Refused):
            await door.fetch(f"http://evil.example:{peer.port}/")

        assert peer.received == []


async def test_the_same_name_and_address_are_asked_where_the_operator_allows_them() -> None:
    async with Peer() as peer, Door(local_config(), resolver=Names(["127.0.0.1"])) as door:
        peer.on("/", text="hello")

        response = await door.fetch(f"http://peer.example:{peer.port}/")

        assert response.body == b"hello"
        assert peer.received[0].headers["Host"] == f"peer.example:{peer.port}"


async def test_of_a_names_addresses_only_the_allowed_ones_are_tried() -> None:
    names = Names(["10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"])
    async with Peer() as peer, Door(local_config(), resolver=names) as door:
        peer.on("/", text="hello")

        assert (await door.fetch(f"http://peer.example:{peer.port}/")).body == b"hello"


async def test_a_name_with_several_private_addresses_is_refused_and_not_only_unreachable() -> None:
    async with Door(Config.for_tests(), resolver=Names(["10.0.0.1", "::1", "127.0.0.1"])) as door:
        with pytest.raises(Refused):
            await door.fetch("https://evil.example/")


async def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    """The address that was checked is the address that is connected to; there is no second question."""
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    async with Peer() as peer, Door(local_config(), resolver=names) as door:
        peer.on("/", text="hello")

        assert (await door.fetch(f"http://rebind.example:{peer.port}/")).body == b"hello"
        assert names.asked == ["rebind.example"]
        with pytest.raises(Refused):
            await door.fetch(f"http://rebind2.example:{peer.port}/")


async def test_a_name_without_an_address_is_a_failure_that_may_pass() -> None:
    async with Door(local_config(), resolver=Names([])) as door:
        with pytest.raises(NetworkFailure) as caught:
            await door.fetch("http://nowhere.example/")

    assert caught.value.temporary


class NoAnswer(AbstractResolver):
    """A resolver from which no answer comes."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        await asyncio.Event().wait()
        return []

    async def close(self) -> None:
        pass


async def test_a_name_for_which_no_answer_comes_costs_five_seconds_of_the_deadline() -> None:
    async with Door(local_config(), resolver=NoAnswer()) as door:
        with standing():
            fetching = asyncio.create_task(door.fetch("http://slow.example/"))
            await forward_by_steps(4.5, 0.1)
            assert not fetching.done()

            await forward_by_steps(1, 0.1)

            with pytest.raises(NetworkFailure, match="no address") as caught:
                await fetching
    assert caught.value.temporary


async def test_redirects_are_checked_like_first_addresses() -> None:
    async with Peer() as peer, Door(local_config()) as door:
        for target in (
            "http://10.0.0.1/",
            "http://[::1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://a.test/",
        ):
            peer.on("/", status=302, headers={"Location": target})
            with pytest.raises(Refused):
                await door.fetch(peer.url("/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test/",
        "https://A.TEST:443/ap/users/1",
        "https://web.a.test/x",
        "http://peer.example/",
        "ftp://peer.example/",
        "file:///etc/passwd",
        "https://user:password@peer.example/",
        "https://peer.example\\@a.test/",
        "//peer.example/",
        "peer.example",
        "",
        "https://peer.example/\r\nX: y",
    ],
)
async def test_ourselves_other_schemes_and_odd_addresses_are_refused(url: str) -> None:
    config = Config.for_tests(domain="a.test", web_domain="web.a.test")
    names = Names(["1.1.1.1"])
    async with Door(config, resolver=names) as door:
        with pytest.raises(Refused):
            await door.fetch(url)
        with pytest.raises(Refused):
            await door.post(url, b"{}")

    assert names.asked == []
