"""What Mastodon documents is there: whoever asks for it is answered about the thing, not that there is no such page."""

import re
from collections.abc import Callable, Iterator
from typing import Any

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


async def test_whatever_is_documented_to_be_sent_is_read(client: Client) -> None:
    """By the names of parameters and fields, those in others included (`data.alerts.mention`)."""
    documented, own = schema._document(), await (await client.get("/api/openapi.json")).json()
    read = {(method, _shape(path)): _sent(own, operation) for method, path, operation in _all(own)}

    unread = {
        (method, path): sorted(missing)
        for method, path, operation in _all(documented)
        if (missing := _sent(documented, operation) - read.get((method, _shape(path)), _sent(documented, operation)))
    }

    assert unread == {}
    assert sum(map(len, read.values())) > 500


def _all(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        yield from ((method, path, operation) for method, operation in methods.items() if "responses" in operation)


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _sent(document: Any, operation: Any) -> set[str]:
    """In the query and in the body."""
    names = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        names |= _fields(document, content["schema"])
    # `data[alerts][mention]`, `data.alerts.mention` and `id[]` are three ways of writing one thing.
    return {name.replace("[]", "").replace("[", ".").replace("]", "") for name in names}


def _fields(document: Any, described: Any, within: str = "") -> set[str]:
    if "$ref" in described:
        described = document["components"]["schemas"][described["$ref"].rpartition("/")[2]]
    names: set[str] = set()
    for name, field in described.get("properties", {}).items():
        names |= {within + name, *_fields(document, field, f"{within}{name.removesuffix('[]')}.")}
    parts = [part for word in ("allOf", "oneOf", "anyOf") for part in described.get(word, [])]
    parts += [described["items"]] if "items" in described else []
    return names.union(*(_fields(document, part, within) for part in parts))
