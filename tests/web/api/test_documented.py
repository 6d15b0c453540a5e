"""What Mastodon documents is there: whoever asks for it is answered about the thing, not that there is no such page."""

import re
from collections.abc import Callable, Iterator

import pytest

from node.models import Role
from node.services.access.scopes import SCOPES
from tests.factories import make_person
from tests.web import schema
from tests.web.conftest import Client, Headers

# What somebody has yet to make: an app its subscription, a community its terms.
_NOT_YET = {"/api/v1/push/subscription", "/api/v1/instance/terms_of_service"}
_NAMED_IN_THE_QUERY = {"/api/v1/accounts/lookup", "/api/oembed"}


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in sorted(schema._document()["paths"].items()):
        yield from (
            (method, path) for method in sorted({"get", "post", "put", "patch", "delete"}.intersection(methods))
        )


@pytest.fixture
def everything(as_person: Callable[..., Headers]) -> Headers:
    """A token that may do all there is."""
    return as_person(make_person("boss", role=Role.ADMIN), " ".join(sorted(SCOPES)))


async def test_every_documented_operation_has_a_route(client: Client, everything: Headers) -> None:
    nowhere = await client.get("/api/v1/nothing", headers=everything)
    no_route = (await nowhere.json())["error"]
    lacking = []

    for method, path in operations():
        answer = await client.request(method, re.sub(r"\{[^}]*\}", "1", path), headers=everything)
        is_json = answer.content_type == "application/json"
        if answer.status in (405, 501) or (
            answer.status == 404 and is_json and (await answer.json())["error"] == no_route
        ):
            lacking.append((method, path))

    assert nowhere.status == 404
    assert lacking == []


async def test_what_is_asked_for_without_naming_one_is_never_missing(client: Client, everything: Headers) -> None:
    asked = [path for method, path in operations() if method == "get" and "{" not in path]

    missing = [path for path in asked if (await client.get(path, headers=everything)).status == 404]

    assert set(missing) == _NOT_YET | _NAMED_IN_THE_QUERY
    assert len(asked) > 60
