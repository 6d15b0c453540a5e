"""`linnet settings …`"""

from typing import Any

import click

from node import store
from node.cli.opening import opened
from node.cli.output import json_option, show
from node.errors import Invalid
from node.services.community import settings as service


@click.group()
def settings() -> None:
    """What the community decides; takes effect at once."""


@settings.command("get")
@click.argument("name", required=False)
@json_option
def get(name: str | None, as_json: bool) -> None:
    """Show one setting, or all of them."""
    with opened():
        now = service.current()
        names = [key.name for key in service.all_keys()]
        if name is not None and name not in names:
            raise Invalid(f"There is no setting called {name}. See them all: linnet settings get")
        values: dict[str, Any] = {
            each: service.shown(each, getattr(now, each)) for each in ([name] if name else names)
        }
    show(values, as_json)


@settings.command("set")
@click.argument("name")
@click.argument("value")
@json_option
def set_one(name: str, value: str, as_json: bool) -> None:
    """Change a setting."""
    with opened():
        if name not in {key.name for key in service.all_keys()}:
            raise Invalid(f"There is no setting called {name}. See them all: linnet settings get")
        with store.transaction():
            after = service.change({name: service.from_text(name, value)}, None)
    show({name: service.shown(name, getattr(after, name))}, as_json)
