"""JSON in its one canonical form (RFC 8785), so that both sides of a signature hash the same bytes."""

import json
import math
from collections.abc import Iterator
from typing import Any

from node.errors import BadInput

_quoted = json.JSONEncoder(ensure_ascii=False).encode  # escapes exactly what section 3.2.2.2 says
_EXACT = 1 << 53  # whole numbers below are the same as doubles


def canonical(value: Any) -> bytes:
    """The UTF-8 form; BadInput for what JSON cannot say. The depth of `value` is its reader's matter."""
    try:
        return "".join(_parts(value)).encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput("JSON text holds a character that no text can hold.") from error


def _parts(value: Any) -> Iterator[str]:
    if type(value) is str:
        yield _quoted(value)
    elif type(value) is dict:
        yield "{"
        for number, name in enumerate(_sorted(value)):
            yield f",{_quoted(name)}:" if number else f"{_quoted(name)}:"
            yield from _parts(value[name])
        yield "}"
    elif type(value) is list or type(value) is tuple:
        yield "["
        for number, item in enumerate(value):
            if number:
                yield ","
            yield from _parts(item)
        yield "]"
    elif value is None or value is True or value is False:
        yield {None: "null", True: "true", False: "false"}[value]
    else:
        yield _number(value)


def _sorted(members: dict[str, Any]) -> list[str]:
    """By UTF-16 code units (section 3.2.3)."""
    names = sorted(members)
    if not "".join(names).isascii():  # beyond U+FFFF halves of pairs come before some whole characters
        names.sort(key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return names


def _number(value: Any) -> str:
    """As ECMAScript writes a double (section 3.2.2.3): the fewest digits that name it."""
    if type(value) is int and -_EXACT < value < _EXACT:
        return str(value)
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError) as error:
        raise BadInput("JSON holds a number that is none.") from error
    if not math.isfinite(number):
        raise BadInput("JSON holds a number that is none.")
    if number == 0:
        return "0"  # also for what is below
    return ("-" if number < 0 else "") + _positive(abs(number))


def _positive(number: float) -> str:
    mantissa, _, exponent = repr(number).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the power of `point`.
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    first, rest = digits[0], digits[1:]
    return f"{first}{'.' if rest else ''}{rest}e{point - 1:+d}"
