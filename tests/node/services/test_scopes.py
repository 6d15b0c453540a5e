"""OAuth scopes: what holds what."""

import pytest

from node.errors import BadInput
from node.services.access import scopes


@pytest.mark.parametrize(
    ("granted", "needed", "expected"),
    [
        ("read", "read:statuses", True),
        ("read:statuses", "read:statuses", True),
        ("read:statuses", "read:accounts", False),
        ("read:statuses", "read", False),
        ("write", "read", False),
        ("write", "write:media", True),
        ("follow", "write:follows", True),
        ("follow", "read:mutes", True),
        ("follow", "write:statuses", False),
        ("read", "profile", True),
        ("profile", "read:accounts", False),
        ("read write follow push", "admin:read", False),
        ("admin:read", "admin:read:reports", True),
        ("admin:read", "admin:write:reports", False),
        ("read", "push", False),
        ("", "read", False),
    ],
)
def test_a_wide_scope_holds_the_narrow_ones_under_it_and_no_others(granted: str, needed: str, expected: bool) -> None:
    assert scopes.allows(frozenset(granted.split()), needed) is expected


def test_nothing_asked_is_read() -> None:
    assert scopes.parse("") == ("read",)


def test_scopes_are_listed_once_and_plus_signs_separate_too() -> None:
    assert scopes.parse("read+write read") == ("read", "write")


@pytest.mark.parametrize("text", ["everything", "read:secrets", "admin", "READ", "read\x00", "read " * 1000])
def test_unknown_scopes_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        scopes.parse(text)


def test_an_app_may_ask_for_parts_of_what_it_registered() -> None:
    assert scopes.within(["read:statuses", "push"], ["read", "push"])
    assert not scopes.within(["read", "write"], ["read"])
