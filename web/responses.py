"""Answers in JSON, made of bytes: `web.json_response` and its charset bookkeeping cost more than the encoding."""

from typing import Any

import msgspec
from aiohttp import web

from node.speech import Said

JSON = "application/json; charset=utf-8"
_HEADERS = {"Content-Type": JSON}


def _plain(value: Any) -> Any:
    """Sentences are English for programs (node/speech.py)."""
    if isinstance(value, Said):
        return str(value)
    raise NotImplementedError


encode = msgspec.json.Encoder(enc_hook=_plain).encode


def json(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return raw_json(encode(value), status=status, headers=headers)


def raw_json(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """`body` is JSON already."""
    return web.Response(body=body, status=status, headers={**_HEADERS, **headers} if headers else _HEADERS)


def see_other(location: str) -> web.Response:
    """Go there with GET, as after a form (RFC 9110, section 15.4.4). `location` is used as it is."""
    return web.Response(status=303, headers={"Location": location})


def empty() -> web.Response:
    """`{}`: done, and there is nothing to say about it."""
    return raw_json(b"{}")
