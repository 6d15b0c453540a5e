"""Reading a node's database beside the running node, whichever engine it is."""

import sqlite3
from contextlib import closing
from typing import Any

import psycopg

from tests.bench.node import Node


def rows(node: Node, query: str, *values: object) -> list[Any]:
    """`query` has a `?` for each value."""
    if url := node.more.get("LINNET_DATABASE_URL"):
        with psycopg.connect(url) as connection:
            return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
    with closing(sqlite3.connect(f"file:{node.folder}/linnet.db?mode=ro", uri=True)) as file:
        return file.execute(query, values).fetchall()


def number(node: Node, query: str, *values: object) -> int:
    return int(rows(node, query, *values)[0][0])
