"""What a process loads before it is asked for anything."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("engine", "loads_driver"), [("sqlite", False), ("postgres", True)])
def test_the_driver_of_postgresql_is_loaded_where_that_engine_is_chosen(engine: str, loads_driver: bool) -> None:
    program = f"import sys, node.cli.main, node.cli.child, node.store.{engine}; print('psycopg' in sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert loaded.stdout == f"{loads_driver}\n"
