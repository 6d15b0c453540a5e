"""Imports point downwards, as pyproject.toml says."""

import subprocess
import sys
from pathlib import Path

import pytest


def test_imports_only_point_down_the_list_of_layers() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    root = Path(__file__).parents[2]

    checked = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=120)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    "module", ["web.app", "federation.work", "node.services.statuses.view", "node.services.interactions.polls"]
)
def test_what_is_imported_first_does_not_matter(module: str) -> None:
    """A circle of imports shows, or hides, with the order in which somebody walks into it."""
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, timeout=60)
