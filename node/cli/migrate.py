"""`linnet migrate`"""

import click

from node import config as configuration
from node import migrations, store
from node.cli.opening import connect, refuse_nothing
from node.cli.output import json_option, show


@click.command()
@click.option("--to", "target", default="", help="Go back to this migration. What later ones added is lost.")
@click.option("--status", is_flag=True, help="Only say what is pending.")
@json_option
def migrate(target: str, status: bool, as_json: bool) -> None:
    """Bring the database's schema up to date, or back to an earlier one."""
    config = configuration.load()
    if status or target:
        refuse_nothing(config)
    connect(config)
    try:
        if status:
            show({"pending": migrations.pending()}, as_json)
        elif target:
            show({"reverted": migrations.downgrade(config, target)}, as_json)
        else:
            show({"applied": migrations.upgrade(config)}, as_json)
    finally:
        store.close()
