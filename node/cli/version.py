"""`linnet version`"""

import platform
from importlib.metadata import version as version_of

import click

from node.cli.output import json_option, show


@click.command()
@json_option
def version(as_json: bool) -> None:
    """Say which Linnet this is, and on what it runs."""
    import apsw

    show(
        {
            "linnet": version_of("linnet"),
            "python": platform.python_version(),
            "sqlite": apsw.sqlitelibversion(),
            "system": platform.platform(terse=True),
        },
        as_json,
    )
