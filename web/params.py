"""Input into structs: query, form, multipart or JSON, whichever a client likes to send, with Rails' brackets.

    class Vote(msgspec.Struct): choices: list[params.Count]
    vote = await params.read(request, Vote)          query and body; the body wins
    search = params.query(request, SearchParams)     query alone, for GET
    pairs = await params.form_items(request)         the form as it is, for pages, which repeat plain names
    status_id = params.an_id(request)                 the {id} of the route

Clients are free with types (`"1"`, `1`, `"true"`, one value for a list), so values are fitted to the struct's types
before they are checked. What does not fit is BadInput, whatever its type and place. An empty or null value counts
as absent, except that text may be empty. Files of a multipart form arrive as `Upload`.
"""

from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from msgspec import Meta

from node.errors import BadInput, NotFound
from node.paging import LARGEST_ID
from web import body
from web.brackets import nested
from web.files.upload import Upload
from web.shapes import shape_of

__all__ = ["Count", "Id", "Limit", "Upload", "an_id", "form_items", "query", "query_items", "read", "text", "tree"]

T = TypeVar("T")

Id = Annotated[int, Meta(ge=0, le=LARGEST_ID)]
Count = Annotated[int, Meta(ge=0, le=1 << 31)]
# How many of a list: beyond its bounds the nearest one is meant, and what is no number says nothing (`web/pagination.py`).
Limit = Annotated[int, Meta(extra={"is_limit": True})]

_MAX_FIELDS = 1_000
_MAX_DEPTH = 50
_QUERY: web.RequestKey[list[tuple[str, str]]] = web.RequestKey("query", list)
_TREE: web.RequestKey[dict[str, Any]] = web.RequestKey("tree", dict)
_FORM: web.RequestKey[list[tuple[str, str | Upload]]] = web.RequestKey("form", list)


async def read(request: web.Request, into: type[T]) -> T:
    """Query and body as `into`."""
    return _fit(await tree(request), into)


def query(request: web.Request, into: type[T]) -> T:
    """The query alone as `into`."""
    return _fit(_checked(nested(query_items(request))), into)


def an_id(request: web.Request, name: str = "id") -> int:
    """An id from the route. What is no number is nobody's id, and answers like an id that does not exist."""
    value = request.match_info[name]
    if len(value) > 19 or not value.isascii() or not value.isdigit() or int(value) > LARGEST_ID:
        raise NotFound("Record not found")
    return int(value)


def text(request: web.Request, name: str, *, most: int = 1_000) -> str:
    """A text from the route."""
    value = request.match_info[name]
    if len(value) > most or not _is_text(value):
        raise NotFound("Record not found")
    return value


def query_items(request: web.Request) -> list[tuple[str, str]]:
    """The query's pairs, brackets as they are."""
    raw = request.rel_url.raw_query_string
    if not raw:
        return []
    known = request.get(_QUERY)
    if known is None:
        known = request[_QUERY] = pairs(raw)
    return known


def pairs(encoded: str) -> list[tuple[str, str]]:
    """`a=1&b=2`; unreadable bytes become the replacement character."""
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="replace", max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise BadInput("There are too many parameters.") from error


async def tree(request: web.Request) -> dict[str, Any]:
    """Everything that was sent, as nested dictionaries, lists, texts and uploads; read once."""
    known = request.get(_TREE)
    if known is None:
        known = _checked(nested(query_items(request)))
        if request.body_exists:
            known |= _checked(await _body(request))
        request[_TREE] = known
    return known


async def form_items(request: web.Request) -> list[tuple[str, str | Upload]]:
    """The pairs of a form's body, in order, names as they are. Nothing for other kinds of bodies."""
    await tree(request)
    items = request.get(_FORM, [])
    for pair in items:
        _check([*pair], _MAX_DEPTH)
    return items


async def _body(request: web.Request) -> dict[str, Any]:
    kind = request.content_type
    if kind == "multipart/form-data":
        return _form(request, await body.multipart(request))
    data = await body.read(request)
    if not data:
        return {}
    if kind == "application/x-www-form-urlencoded":
        return _form(request, [*pairs(data.decode("utf-8", "replace"))])
    if kind == "application/json" or kind.endswith("+json"):
        return _json(data)
    return {}


def _form(request: web.Request, items: list[tuple[str, str | Upload]]) -> dict[str, Any]:
    request[_FORM] = items
    return nested(items)


def _json(data: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput("The body is not valid JSON.") from error
    if value is None:  # some apps write it where they have nothing to say
        return {}
    if not isinstance(value, dict):
        raise BadInput("The body must be a JSON object.")
    return value


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    _check(value, _MAX_DEPTH)
    return value


def _check(value: Any, depth: int) -> None:
    """No text that a database cannot hold, at any place, and no nesting without end."""
    if depth == 0:
        raise BadInput("The parameters are nested too deeply.")
    if isinstance(value, str):
        if not _is_text(value):
            raise BadInput("A parameter holds characters that are not text.")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)


def _is_text(value: str) -> bool:
    """Neither NUL, which PostgreSQL refuses, nor half of a surrogate pair, which is no UTF-8."""
    return "\0" not in value and (value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value))


def _fit(values: dict[str, Any], into: type[T]) -> T:
    try:
        return msgspec.convert(shape_of(into)(values), into, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(_sentence(str(error))) from error


def _sentence(message: str) -> str:
    """`Expected int, got str - at $.poll.options` → `The parameter poll.options is not valid: expected int, …`"""
    what, _, where = message.replace("`", "").partition(" - at $.")
    if not where:
        return f"The parameters are not valid: {what[:1].lower()}{what[1:]}."
    return f"The parameter {where} is not valid: {what[:1].lower()}{what[1:]}."
