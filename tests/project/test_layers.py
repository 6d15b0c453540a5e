"""Imports point downwards, as pyproject.toml says."""

import subprocess
import sys
from pathlib import Path


def test_imports_only_point_down_the_list_of_layers() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    root = Path(__file__).parents[2]

    checked = subprocess.run([program, "--no-cache"], cwd=root, capture_output=True, text=True, timeout=120)

    assert checked.returncode == 0, checked.stdout
