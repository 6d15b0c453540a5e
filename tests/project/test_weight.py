"""What a process loads before it is asked for anything."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("engine", "loads_driver"), [("sqlite", False), ("postgres", True)])
def test_the_driver_of_postgresql_is_loaded_where_that_engine_is_chosen(engine: str, loads_driver: bool) -> None:
    assert loads("psycopg", by=f"import node.cli.serve, node.cli.child, node.store.{engine}") == loads_driver


@pytest.mark.parametrize("command", ["version", "serve", "migrate"])
def test_a_command_loads_no_more_than_it_needs(command: str) -> None:
    """`serve` is the supervisor, too, whose processes answer and work."""
    assert not loads("web.app", by=f"from node.cli.main import linnet; linnet.commands[{command!r}]")


def test_a_process_that_answers_loads_the_pages() -> None:
    assert loads("web.app", by="import node.cli.child")


def loads(module: str, *, by: str) -> bool:
    program = f"import sys; {by}; print({module!r} in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return loaded.stdout == "True\n"
