"""Guessing is slow."""

import pytest

from node.errors import TooMany
from node.services.access import attempts


def test_after_some_failures_a_network_must_wait_and_others_need_not() -> None:
    for _ in range(10):
        attempts.check("sign-in", "Zoe1", "2001:db8::1")
        attempts.failed("sign-in", "zoe1", "2001:db8::2")

    with pytest.raises(TooMany):
        attempts.check("sign-in", "ZOE1 ", "2001:db8::3")
    attempts.check("sign-in", "zoe1", "192.0.2.1")
    attempts.check("sign-in", "somebody", "2001:db8::1")
    attempts.check("code", "zoe1", "2001:db8::1")


def test_from_many_networks_one_login_is_guarded_too() -> None:
    for number in range(100):
        attempts.failed("sign-in", "zoe2", f"192.0.2.{number}")

    with pytest.raises(TooMany):
        attempts.check("sign-in", "zoe2", "198.51.100.1")


def test_success_forgives() -> None:
    for _ in range(10):
        attempts.failed("sign-in", "zoe3", "192.0.2.1")
    attempts.succeeded("sign-in", "zoe3", "192.0.2.1")

    attempts.check("sign-in", "zoe3", "192.0.2.1")


def test_networks_are_addresses_or_halves_of_the_new_ones() -> None:
    assert attempts.network_of("192.0.2.1") == "192.0.2.1"
    assert attempts.network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert attempts.network_of("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert attempts.network_of("fe80::1%eth0") == "fe80::/64"
    assert attempts.network_of("unix") == ""
