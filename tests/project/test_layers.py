"""Imports point downwards, as pyproject.toml says."""

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp


def test_imports_only_point_down_the_list_of_layers() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    root = Path(__file__).parents[2]

    checked = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=120)

    assert checked.returncode == 0, checked.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    """A circle of imports shows, or hides, with the order in which somebody walks into it."""
    graph = grimp.build_graph("node", "federation", "web", exclude_type_checking_imports=True, cache_dir=None)

    order = TopologicalSorter({one: graph.find_modules_directly_imported_by(one) for one in graph.modules})

    order.prepare()  # names the circle, if there is one
