"""`linnet relay …`"""

from typing import Any

import click

from node import clock, store
from node.cli.opening import opened
from node.cli.output import json_option, show, show_all
from node.models import Relay, RelayKind
from node.services.servers import relays


@click.group()
def relay() -> None:
    """Servers that pass public posts on among those that subscribe to them."""


@relay.command()
@click.argument("address")
@click.option("--kind", type=click.Choice([str(one) for one in RelayKind]), help="If its address does not say it.")
@json_option
def add(address: str, kind: str | None, as_json: bool) -> None:
    """Ask a relay to let this node in. ADDRESS is its inbox (the usual kind) or its actor (litepub)."""
    with opened(), store.transaction():
        row = relays.add(address, RelayKind(kind) if kind else None, None)
    show(_row(row), as_json)


@relay.command()
@click.argument("address")
@json_option
def remove(address: str, as_json: bool) -> None:
    """Leave a relay."""
    with opened(), store.transaction():
        relays.remove(address, None)
    show({"address": address, "state": None}, as_json)


@relay.command("list")
@json_option
def list_relays(as_json: bool) -> None:
    """Show the relays, and whether they let this node in."""
    with opened():
        rows = [_row(row) for row in relays.all_relays()]
    show_all(rows, as_json, nothing="There is no relay.")


def _row(row: Relay) -> dict[str, Any]:
    return {
        "address": row.address,
        "kind": str(row.kind),
        "state": str(row.state),
        "actor": row.actor_uri,
        "created_at": clock.iso(row.created_at),
    }
