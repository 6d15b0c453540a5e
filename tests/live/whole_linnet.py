"""`linnet` with all of its commands, and with what `serve` loads as it runs: who forks from it has everything already."""

from node.cli import child
from node.cli.main import linnet, main

EVERYTHING = (child, *linnet.commands.values())

__all__ = ["EVERYTHING", "main"]
