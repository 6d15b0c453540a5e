"""Texts by a part of them, in prepared queries.

holds(Account.display_name, param("part"))      # bound to `part_of("wren")`
"""

import re
from typing import Any

import peewee

_SIGNS, _ESCAPED = re.compile(r"[\\%_]"), r"\\\g<0>"


def holds(column: Any, part: Any) -> Any:
    """`column` has the part in it, whichever case either is written in."""
    pattern = peewee.NodeList((part, peewee.SQL("ESCAPE '\\'")))
    return peewee.Expression(column, peewee.OP.ILIKE, pattern)


def part_of(text: str) -> str:
    """`text` as a pattern that stands for itself, whatever signs are in it."""
    return f"%{_SIGNS.sub(_ESCAPED, text)}%"
