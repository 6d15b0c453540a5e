"""What is installed is pinned by version and hash, and comes from wherever pip and npm are set up to look."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TESTS = Path(__file__).parents[1]
PROJECT = TESTS.parent
_PIN = re.compile(
    r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([A-Za-z0-9.+!]+)(?: ; [^#]*?)?((?: --hash=sha256:[0-9a-f]{64})+)"
)


def pinned(name: str) -> dict[str, str]:
    """Package → version, each with a hash."""
    text = (PROJECT / name).read_text("utf-8")
    lines = [
        line for line in text.replace("\\\n", "").splitlines() if line.strip() and not line.strip().startswith("#")
    ]
    found = {}
    for line in lines:
        match = _PIN.fullmatch(re.sub(r"\s+", " ", line).partition(" #")[0].strip())
        assert match is not None, line
        found[canonicalize_name(match[1])] = match[2]
    return found


@pytest.mark.parametrize("folder", ["interop", "browser/lighthouse"])
def test_each_package_of_javascript_has_a_version_and_a_hash_and_no_address(folder: str) -> None:
    lock = (TESTS / folder / "package-lock.json").read_text("utf-8")
    packages = {name: package for name, package in json.loads(lock)["packages"].items() if name}

    assert len(packages) > 10
    assert all(package["version"] and package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in lock


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-fuzz.lock"])
def test_each_package_of_python_has_a_version_and_a_hash_and_no_address(name: str) -> None:
    text = (PROJECT / name).read_text("utf-8")

    assert pinned(name)
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


@pytest.mark.parametrize(("name", "extra"), [("requirements.lock", ""), ("requirements-dev.lock", "dev")])
def test_what_the_project_asks_for_is_pinned_as_it_asks(name: str, extra: str) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    texts = project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    versions = pinned(name)

    missing = [
        str(one)
        for one in map(Requirement, texts)
        if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))
    ]

    assert missing == []


def test_both_files_of_python_name_the_same_versions() -> None:
    running, developing = pinned("requirements.lock"), pinned("requirements-dev.lock")

    assert {name: developing.get(name) for name in running} == running
