"""`linnet destination …`"""

from collections.abc import Callable
from typing import Any

import click

from node import clock, store
from node.cli.opening import opened
from node.cli.output import json_option, show, show_all
from node.models import Account
from node.services.servers import destinations
from node.services.servers.destinations import Server


@click.group()
def destination() -> None:
    """The servers that this node delivers to."""


@destination.command("list")
@click.option("--waiting", is_flag=True, help="Only those that something is waiting for.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@json_option
def list_destinations(waiting: bool, limit: int, as_json: bool) -> None:
    """Show servers, those that most is waiting for first."""
    with opened():
        rows = [_row(server) for server in destinations.page(limit) if server.waiting or not waiting]
    show_all(rows, as_json, nothing="Nothing waits." if waiting else "Nothing has been sent anywhere yet.")


@destination.command()
@click.argument("host")
@json_option
def retry(host: str, as_json: bool) -> None:
    """Try a server now, whatever its back-off says."""
    _act(destinations.retry, host, as_json)


@destination.command()
@click.argument("host")
@json_option
def pause(host: str, as_json: bool) -> None:
    """Deliver nothing to a server until it is resumed; what is for it waits."""
    _act(destinations.pause, host, as_json)


@destination.command()
@click.argument("host")
@json_option
def resume(host: str, as_json: bool) -> None:
    """Deliver again to a server that was paused."""
    _act(destinations.resume, host, as_json)


@destination.command()
@click.argument("host")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def drop(host: str, yes: bool, as_json: bool) -> None:
    """Throw away what waits for a server: it is never delivered."""
    if not (yes or click.confirm(f"Drop what waits for {host}?", err=True)):
        raise click.ClickException("Nothing was dropped.")
    with opened(), store.transaction():
        count = destinations.drop(destinations.by_host(host).id, None)
    show({"host": host, "dropped": count}, as_json)


def _act(verb: Callable[[int, Account | None], None], host: str, as_json: bool) -> None:
    with opened(), store.transaction():
        found = destinations.by_host(host)
        verb(found.id, None)
        server = destinations.one(found.id)
    show(_row(server), as_json)


def _row(server: Server) -> dict[str, Any]:
    row = server.row
    return {
        "host": row.host,
        "software": server.software,
        "state": row.state,
        "pending": server.waiting,
        "oldest_at": _time(server.oldest_at),
        "failures": row.failures,
        "next_try_at": _time(row.due_at),
        "last_success_at": _time(row.last_success_at),
        "last_error_at": _time(row.last_error_at),
        "last_error": row.last_error,
    }


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.iso(ms)
