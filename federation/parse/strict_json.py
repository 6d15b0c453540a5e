"""JSON of strangers. What Python's own reader lets pass and later code trips over is refused here (docs/threat-model.md).

Measured for an ordinary Create of 2 KB: the standard library's C scanner with the hook below takes 11 µs; msgspec
takes 4 µs, but keeps the last of two equal keys, and finding those afterwards costs more than it saves.
"""

import json
import re
from typing import Any, NoReturn

from node.errors import BadInput

LARGEST_DEPTH = 50

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


def loads(body: bytes) -> dict[str, Any]:
    """The object that `body` is; BadInput for anything else, however it is broken."""
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput("This is not valid JSON.") from error
    if type(value) is not dict:
        raise BadInput("A JSON object was expected.")
    # Only an escape can smuggle in what the text itself cannot hold: NUL, or half of a surrogate pair.
    suspicious = rb"\u0000" in body or rb"\ud" in body or rb"\uD" in body
    if suspicious or body.count(b"[") + body.count(b"{") > LARGEST_DEPTH:
        _check(value, strings=suspicious)
    return value


def _check(value: Any, *, strings: bool) -> None:
    """Level by level, so that the depth of the document costs no recursion."""
    level = [value]
    for _ in range(LARGEST_DEPTH):
        below: list[Any] = []
        for item in level:
            if type(item) is dict:
                below.extend(item.values())
                if strings:
                    below.extend(item)
            elif type(item) is list:
                below.extend(item)
            elif strings and type(item) is str and _FORBIDDEN.search(item):
                raise BadInput("JSON text holds a character that no text can hold.")
        if not below:
            return
        level = below
    if any(type(item) in (dict, list) for item in level):
        raise BadInput("JSON is nested too deeply.")
    if strings and any(type(item) is str and _FORBIDDEN.search(item) for item in level):
        raise BadInput("JSON text holds a character that no text can hold.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("two members of one name")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN, Infinity and -Infinity are no JSON


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond every float")
    return number


def _bounded(digits: str) -> int:
    """Databases hold 64 bits, and so does every number that a peer has reason to send."""
    if len(digits) > 20 or not -(2**63) <= (number := int(digits)) < 2**63:
        raise ValueError("a number beyond 64 bits")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates,
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_bounded,
)
