"""`/api/openapi.json`: what this node answers to, read from the table of routes and from the handlers themselves.

Nothing is written down twice. A handler names the structs that its input is fitted to, the scopes that it asks for and
whether it answers page by page; that is found in its code, and in that of the functions of `web.api` that it calls.
A test asks every operation without its scopes (tests/web/api/test_description.py), so that this stays true.
"""

import dis
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from types import CodeType, FunctionType, ModuleType
from typing import Any

import msgspec
from aiohttp import web

from node.services.access.scopes import SCOPES
from node.version import NAME, VERSION
from web import responses
from web.params import Upload

PATH = "/api/openapi.json"

_PACKAGE = "web.api"
_GATES = frozenset({"require", "optional", "require_token", "require_staff"})
_STRICT = frozenset({"require", "require_token", "require_staff"})
_PLACE = re.compile(r"\{(\w+)(?::[^{}]*)?\}")
_WITHOUT_BODY = frozenset({"GET", "DELETE", "HEAD"})
_PAGED = {"limit": "integer", "max_id": "string", "since_id": "string", "min_id": "string"}

Json = dict[str, Any]


class _Facts:
    """What the code of a handler mentions."""

    def __init__(self) -> None:
        self.structs: dict[str, type[msgspec.Struct]] = {}
        self.scopes: set[str] = set()
        self.usual_scopes: set[str] = set()  # where nothing else is said
        self.names: set[str] = set()


def route(routes: Iterable[web.RouteDef]) -> web.RouteDef:
    """The route that describes all the others; it is made when somebody first asks."""

    @cache
    def description() -> bytes:
        return responses.encode(describe([*routes, own]))

    async def show(_: web.Request) -> web.Response:
        """This description."""
        return responses.raw_json(description(), headers={"Cache-Control": "public, max-age=3600"})

    own = web.get(PATH, show)
    return own


def describe(routes: Iterable[web.RouteDef]) -> Json:
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
            "description": "Mastodon's client API. Answers have the shapes of https://docs.joinmastodon.org/entities/.",
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


def _operation(one: web.RouteDef, path: str, schemas: Json) -> Json:
    facts, handler = _Facts(), one.handler
    _look_into(handler, facts, set())
    module = handler.__module__.removeprefix(f"{_PACKAGE}.").replace(".", "_")
    summary = (handler.__doc__ or "").strip().partition("\n")[0]
    operation: Json = {
        "summary": summary or one.handler.__name__.replace("_", " "),
        "operationId": re.sub(r"\W+", "_", f"{one.method.lower()}{path}").strip("_"),
        "tags": [module],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PLACE.findall(one.path)
        ],
        "responses": {
            "2XX": {"description": "Done", "content": {"application/json": {}}},
            "4XX": {
                "description": "Refused, and why",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    needed = [{"token": [scope]} for scope in sorted(facts.scopes or facts.usual_scopes)]
    is_strict = bool(facts.names & _STRICT)
    if needed or is_strict:
        # One of them is enough, and none is needed where the handler only looks whether there is a token.
        operation["security"] = (needed or [{"token": []}]) + ([] if is_strict else [{}])
    _add_input(operation, one.method, module, facts, schemas)
    return operation


def _add_input(operation: Json, method: str, module: str, facts: _Facts, schemas: Json) -> None:
    found = [_schema(struct, module, schemas) for _, struct in sorted(facts.structs.items())]
    if method in _WITHOUT_BODY:
        taken: set[str] = set()
        for schema in found:
            for name, value in schemas[schema].get("properties", {}).items():
                if name not in taken:
                    taken.add(name)
                    operation["parameters"].append(_parameter(name, value))
        wanted = _PAGED if "pagination.page" in facts.names else {}
        if "pagination.offset" in facts.names:
            wanted = wanted | {"offset": "integer"}
        operation["parameters"] += [_parameter(n, {"type": kind}) for n, kind in wanted.items() if n not in taken]
    elif found:
        body = {"allOf": [{"$ref": f"#/components/schemas/{name}"} for name in found]}
        kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
        operation["requestBody"] = {"content": {kind: {"schema": body} for kind in kinds}}


def _parameter(name: str, schema: Json) -> Json:
    many = schema.get("type") == "array"
    return {"name": f"{name}[]" if many else name, "in": "query", "schema": schema}


def _schema(struct: type[msgspec.Struct], module: str, schemas: Json) -> str:
    """The name under which it stands among the components."""
    template = f"#/components/schemas/{module}{{name}}"
    _, components = msgspec.json.schema_components([struct], schema_hook=_of_upload, ref_template=template)
    schemas.update({f"{module}{name}": schema for name, schema in components.items()})
    return f"{module}{struct.__name__}"


def _of_upload(kind: type) -> Json:
    if kind is Upload:
        return {"type": "string", "format": "binary"}
    raise NotImplementedError(kind)


def _look_into(function: Any, facts: _Facts, seen: set[Any]) -> None:
    """Also into the functions of this package that it calls."""
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith(_PACKAGE):
        return
    seen.add(function)
    if _asks_for_scopes(function):
        facts.usual_scopes.update(value for value in function.__defaults__ or () if value in SCOPES)
    for cell in function.__closure__ or ():
        _note(cell.cell_contents, facts, seen)
    for code in _codes(function.__code__):
        names, values = _used(code, function.__globals__)
        facts.names |= names
        if names & {"params.read", "params.query"}:
            structs = [value for value in values if isinstance(value, type) and issubclass(value, msgspec.Struct)]
            facts.structs.update({struct.__name__: struct for struct in structs})
        for value in values:
            _note(value, facts, seen)
        if any(map(_asks_for_scopes, values)):
            facts.scopes.update(text for text in code.co_consts if isinstance(text, str) and text in SCOPES)


def _asks_for_scopes(value: Any) -> bool:
    """It is one of the viewer's (web/viewer.py), or calls one for others."""
    if not isinstance(value, FunctionType):
        return False
    code = value.__code__
    return value.__name__ in _GATES or "scope" in code.co_varnames[: code.co_argcount]


def _note(value: Any, facts: _Facts, seen: set[Any]) -> None:
    if isinstance(value, str):
        facts.scopes.update(scope for scope in value.split() if scope in SCOPES)
    elif isinstance(value, tuple):
        for inner in value:
            _note(inner, facts, seen)
    else:
        _look_into(value, facts, seen)


def _used(code: CodeType, known: dict[str, Any]) -> tuple[set[str], list[Any]]:
    """The names that stand in it, as `name` and `module.name`, and what they mean."""
    names: set[str] = set()
    values: list[Any] = []
    for one, following in pairwise(dis.get_instructions(code)):
        if one.opname != "LOAD_GLOBAL":
            continue
        value = known.get(one.argval)
        names.add(one.argval)
        if isinstance(value, ModuleType) and following.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            names.add(f"{one.argval}.{following.argval}")
            value = getattr(value, following.argval, None)
        values.append(value)
    return names, values


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function, and of those that are written in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
