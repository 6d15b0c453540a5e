"""The node's own description of its API, and what it promises about scopes."""

from collections.abc import Callable
from typing import Any

import pytest

from node.models import Role
from node.services.access.scopes import SCOPES, allows
from tests.factories import make_person
from tests.web.conftest import Client, Headers
from web import api
from web.viewer import OUTSIDE_SCOPES

AsPerson = Callable[..., Headers]

# Who asks for these in another way than by scope: a token of an app alone, or any token at all.
_OTHERWISE = {("post", "/api/v1/accounts")}


@pytest.fixture
async def described(client: Client) -> dict[str, Any]:
    response = await client.get("/api/openapi.json")
    assert response.status == 200
    return dict(await response.json())


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


async def test_every_route_is_described_once(described: dict[str, Any]) -> None:
    found = operations(described)

    assert len(found) == len({(one.method, one.path) for one in api.ROUTES})
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)


async def test_input_is_what_the_routes_declare(described: dict[str, Any]) -> None:
    search = described["paths"]["/api/v2/search"]["get"]
    block = described["paths"]["/api/v1/domain_blocks"]["post"]
    home = described["paths"]["/api/v1/timelines/home"]["get"]

    assert {"q", "resolve", "account_id", "limit", "offset"} <= {one["name"] for one in search["parameters"]}
    assert search["security"] == [{"token": ["read:search"]}, {}]
    assert "domain_blocks_Domain" in str(block["requestBody"])
    assert described["components"]["schemas"]["domain_blocks_Domain"]["properties"].keys() == {"domain"}
    assert {"max_id", "min_id", "since_id", "limit"} == {one["name"] for one in home["parameters"]}


async def test_ids_are_strings_and_every_operation_says_what_it_does(described: dict[str, Any]) -> None:
    properties = described["components"]["schemas"]["statusesNewStatus"]["properties"]

    assert properties["media_ids"]["items"]["type"] == ["string", "integer"]
    assert properties["in_reply_to_id"]["anyOf"][0]["pattern"] == "^[0-9]{1,18}$"
    assert described["paths"]["/api/v1/accounts/{id}/unfollow"]["post"]["summary"] == "POST accounts unfollow"
    assert len({operation["summary"] for _, _, operation in operations(described)}) > 230


async def test_references_lead_somewhere(described: dict[str, Any]) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(inner) for inner in value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) <= known


async def test_an_operation_asks_for_one_of_its_scopes_and_for_no_other(
    client: Client, described: dict[str, Any], as_person: AsPerson
) -> None:
    """Refused with everything but those scopes, let in with each of them alone: so the description says what holds."""
    admin = make_person("boss", role=Role.ADMIN)
    tokens: dict[str, Headers] = {}

    async def is_outside(method: str, path: str, granted: str) -> bool:
        if granted not in tokens:
            tokens[granted] = as_person(admin, granted)
        response = await client.request(method, path, headers=tokens[granted])
        return response.status == 403 and (await response.json())["error"] == OUTSIDE_SCOPES

    wrong = []
    for method, path, operation in operations(described):
        security = operation.get("security", [{}])
        needed = {scope for one in security for scope in one.get("token", [])}
        if not needed or (method, path) in _OTHERWISE:
            continue
        place = path.replace("{", "").replace("}", "")
        rest = " ".join(sorted(one for one in SCOPES if not any(allows([one], scope) for scope in needed)))
        if not await is_outside(method, place, rest):
            wrong.append((method, path, "with all others"))
        wrong += [(method, path, scope) for scope in sorted(needed) if await is_outside(method, place, scope)]

    assert wrong == []


async def test_what_needs_a_token_is_refused_without_one(client: Client, described: dict[str, Any]) -> None:
    wrong = []
    for method, path, operation in operations(described):
        if {} in operation.get("security", [{}]):
            continue
        response = await client.request(method, path.replace("{", "").replace("}", ""))
        if response.status != 401:
            wrong.append((method, path, response.status))

    assert wrong == []
