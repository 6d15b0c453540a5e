"""`/api/openapi.json`: what this node answers to, read from the table of routes.

Nothing is written down twice: the inputs of a route (web/inputs.py) are both what holds and what is said here.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from aiohttp import web

from node.paging import LARGEST_ID
from node.services.access.scopes import SCOPES
from node.version import NAME, VERSION
from web import responses, route
from web.inputs import Input
from web.params import Upload
from web.route import Route

PATH = "/api/openapi.json"

_PACKAGE = "web.api"
_PLACE = re.compile(r"\{(\w+)(?::[^{}]*)?\}")
_WITHOUT_BODY = frozenset({"GET", "DELETE", "HEAD"})

Json = dict[str, Any]


def own_route(routes: Iterable[Route]) -> Route:
    """The route that describes all the others; it is made when somebody first asks."""

    @cache
    def description() -> bytes:
        return responses.encode(describe([*routes, own]))

    async def show(_: web.Request) -> web.Response:
        """This description."""
        return responses.raw_json(description(), headers={"Cache-Control": "public, max-age=3600"})

    own = route.get(PATH, show)
    return own


def describe(routes: Iterable[Route]) -> Json:
    """An OpenAPI 3.1 document."""
    schemas: Json = {"Error": _ERROR}
    paths: dict[str, Json] = {}
    for one in routes:
        path = _PLACE.sub(r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, path, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{NAME}: the client API",
            "version": VERSION,
            "description": (
                "Mastodon's client API. Answers have the shapes of https://docs.joinmastodon.org/entities/. Signing in is"
                " described by /.well-known/oauth-authorization-server (RFC 8414), streams in docs/api.md of Linnet."
            ),
        },
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": _TOKEN}},
    }


_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "details": {"type": "object"}},
}
_TOKEN: Json = {
    "type": "oauth2",
    "flows": {
        "authorizationCode": {
            "authorizationUrl": "/oauth/authorize",
            "tokenUrl": "/oauth/token",
            "scopes": {scope: scope for scope in sorted(SCOPES)},
        }
    },
}


_REFUSED: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


def _operation(one: Route, path: str, schemas: Json) -> Json:
    module = one.calls.__module__.removeprefix(f"{_PACKAGE}.").replace(".", "_")
    summary = (one.calls.__doc__ or "").strip().partition("\n")[0]
    operation: Json = {
        "summary": summary or _named(one.method, path),
        "operationId": re.sub(r"\W+", "_", f"{one.method.lower()}{path}").strip("_"),
        "tags": [module],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PLACE.findall(one.path)
        ],
        "responses": {
            "2XX": {"description": "Done", "content": {"application/json": {}}},
            "4XX": {"description": "Refused, and why", "content": _REFUSED},
            "503": {
                "description": "What it takes is not there, or not now; nothing has changed",
                "content": _REFUSED,
            },
        },
    }
    if one.deprecated_since:
        operation["deprecated"] = True
    for given in one.inputs:
        if given.scopes is not None:
            operation["security"] = _security(given)
    _add_input(operation, one, module, schemas)
    return operation


def _named(method: str, path: str) -> str:
    """`POST accounts mute`: where a route has no sentence of its own, its words say what it does."""
    words = re.sub(r"^/api/v\d\w*/|\{\w+\}", "", path)
    return f"{method} {words.replace('/', ' ').replace('_', ' ')}".replace("  ", " ").strip()


def _security(given: Input[Any]) -> list[Json]:
    """One of the scopes is enough, and none is needed where the handler only looks whether there is a token."""
    needed: list[Json] = [{"token": [scope]} for scope in given.scopes or ()] or [{"token": []}]
    return needed if given.is_required else [*needed, {}]


def _add_input(operation: Json, one: Route, module: str, schemas: Json) -> None:
    found = [_schema(given.struct, module, schemas) for given in one.inputs if given.struct is not None]
    asked: Json = {}
    if one.method in _WITHOUT_BODY:
        for name in found:
            asked |= schemas[name].get("properties", {})
    elif found:
        body = {"allOf": [{"$ref": f"#/components/schemas/{name}"} for name in found]}
        kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
        operation["requestBody"] = {"content": {kind: {"schema": body} for kind in kinds}}
    for given in one.inputs:
        asked = given.parameters | asked
    operation["parameters"] += [_parameter(name, schema) for name, schema in asked.items()]


def _parameter(name: str, schema: Json) -> Json:
    many = schema.get("type") == "array"
    return {"name": f"{name}[]" if many else name, "in": "query", "schema": schema}


def _schema(struct: type[msgspec.Struct], module: str, schemas: Json) -> str:
    """The name under which it stands among the components."""
    template = f"#/components/schemas/{module}{{name}}"
    _, components = msgspec.json.schema_components([struct], schema_hook=_of_upload, ref_template=template)
    schemas.update({f"{module}{name}": _with_ids(schema) for name, schema in components.items()})
    return f"{module}{struct.__name__}"


def _with_ids(schema: Any) -> Any:
    """Ids are given as strings, and taken as either: a number of this size is another one in JavaScript."""
    if isinstance(schema, list):
        return [_with_ids(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("maximum") == LARGEST_ID:
        return schema | {"type": ["string", "integer"], "pattern": "^[0-9]{1,18}$"}
    return {name: _with_ids(inner) for name, inner in schema.items()}


def _of_upload(kind: type) -> Json:
    if kind is Upload:
        return {"type": "string", "format": "binary"}
    raise NotImplementedError(kind)
