"""The packages of the tests with Fedify are pinned by version and hash, and come from wherever npm is set up to look."""

import json
from pathlib import Path

LOCK = (Path(__file__).parents[1] / "interop/package-lock.json").read_text("utf-8")


def test_each_package_has_a_version_and_a_hash_and_no_address() -> None:
    packages = {name: package for name, package in json.loads(LOCK)["packages"].items() if name}

    assert len(packages) > 10
    assert all(package["version"] and package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in LOCK
