"""Which route answers is what it would be if aiohttp tried one after the other."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from yarl import URL

from web import families
from web.app import _resources
from web.families import Family

METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH")
# What may stand at a placeholder: numbers, a name, a handle, a file, words that are routes themselves.
FILLINGS = ("1", "109371234567890123", "wren", "@wren", "wren@b.test", "wren.rss", "statuses", "follow", "a b", "")


class Asked(NamedTuple):
    """What a dispatcher reads of a request."""

    method: str
    rel_url: URL


def families_here() -> list[Family]:
    return [one for one in _resources() if isinstance(one, Family)]


def addresses() -> Iterator[str]:
    for family in families_here():
        for member in family.members:
            for filling in FILLINGS:
                yield re.sub(r"\{[^}]*\}", filling, member.canonical)
        yield f"{family.canonical}/1/nothing/of/this"


@pytest.mark.parametrize("method", METHODS)
async def test_the_same_route_answers_as_one_after_the_other(method: str) -> None:
    gathered, plain = web.UrlDispatcher(), web.UrlDispatcher()
    for one in _resources():
        gathered.register_resource(one)
        for member in one.members if isinstance(one, Family) else [one]:
            plain.register_resource(member)
    answered = 0

    for address in dict.fromkeys(addresses()):
        request: Any = Asked(method, URL(address))
        found, expected = await gathered.resolve(request), await plain.resolve(request)

        assert (found.handler, dict(found)) == (expected.handler, dict(expected)) or (
            found.http_exception is not None
            and expected.http_exception is not None
            and found.http_exception.status == expected.http_exception.status
        ), address
        answered += found.http_exception is None

    assert answered > 10


def test_most_members_are_found_at_once() -> None:
    """So that an address costs the same, however many siblings it has."""
    sizes = [len(few) for family in families_here() for few in family.table()]

    assert max(sizes) <= 5
    assert sum(sizes) / len(sizes) < 2


def test_no_placeholder_of_a_member_takes_a_slash() -> None:
    """Else an address might belong to a member that has fewer slashes."""
    patterned = [one for family in families_here() for one in family.members if "{" in one.canonical]

    for member in patterned:
        for filling in ("1/1", "a/b", "/"):
            filled = re.sub(r"\{[^}]*\}", filling, member.canonical)
            assert member.get_info()["pattern"].fullmatch(filled) is None, member.canonical
    assert patterned


def test_few_that_begin_alike_are_left_as_they_are() -> None:
    router = web.UrlDispatcher()
    for name in ("one", "two", "three"):
        router.add_resource(f"/few/{{id}}/{name}")

    assert list(families.gathered(router.resources())) == list(router.resources())
