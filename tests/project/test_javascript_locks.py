"""JavaScript that only tests use is pinned by version and hash, and comes from wherever npm is set up to look."""

import json
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("folder", ["interop", "browser/lighthouse"])
def test_each_package_has_a_version_and_a_hash_and_no_address(folder: str) -> None:
    lock = (TESTS / folder / "package-lock.json").read_text("utf-8")
    packages = {name: package for name, package in json.loads(lock)["packages"].items() if name}

    assert len(packages) > 10
    assert all(package["version"] and package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in lock
