"""What commands print: tables for people, JSON for scripts."""

from collections.abc import Callable, Sequence
from typing import Any

import click
import msgspec

json_option: Callable[..., Any] = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")

ROW_ID = click.IntRange(0, 2**63 - 1)  # what the databases hold


def show(answer: dict[str, Any], as_json: bool) -> None:
    """One thing: `name: value` lines, or an object."""
    if as_json:
        click.echo(msgspec.json.encode(answer).decode())
        return
    width = max((len(name) for name in answer), default=0)
    for name, value in answer.items():
        click.echo(f"{name.replace('_', ' '):{width}}  {_text(value)}")


def show_all(rows: Sequence[dict[str, Any]], as_json: bool, *, nothing: str) -> None:
    """Several of one kind: a table, or an array; `nothing` is said to people when there are none."""
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return
    if not rows:
        click.echo(nothing)
        return
    names = list(rows[0])
    table = [[name.replace("_", " ") for name in names], *([_text(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(names))]
    for line in table:
        click.echo("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip())


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    return str(value)
