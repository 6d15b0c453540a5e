"""Copies of a node, on either engine: made while it runs or stands still, and put in its place while it stands still."""

import shutil
import sqlite3
from pathlib import Path

from tests import postgres
from tests.live.node import Node


def copy(node: Node, to: Path) -> None:
    """As docs/operations.md has it made of a node that runs."""
    shutil.copytree(node.data_dir, to / "copy", ignore=shutil.ignore_patterns("linnet.db*", "run"))
    if node.database_url:
        postgres.dump(node.database_url, to / "dump")
        return
    with (
        sqlite3.connect(node.data_dir / "linnet.db") as database,
        sqlite3.connect(to / "copy" / "linnet.db") as other,
    ):
        database.backup(other)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert other.execute("PRAGMA foreign_key_check").fetchall() == []


def put_back(node: Node, copied_to: Path) -> None:
    shutil.rmtree(node.data_dir)
    shutil.copytree(copied_to / "copy", node.data_dir)
    if node.database_url:
        postgres.restore(node.database_url, copied_to / "dump")
