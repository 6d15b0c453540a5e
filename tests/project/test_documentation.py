"""Documents say what the program does: each command, each key, each activity."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from node import config as configuration
from node.cli.main import linnet

ROOT = Path(__file__).parents[2]


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        elif not command.hidden:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), [*commands(linnet, "linnet")])
def test_each_command_and_each_of_its_options_is_documented(path: str, command: click.Command) -> None:
    row = next((line for line in (ROOT / "docs/cli.md").read_text().splitlines() if f"`{path}" in line), "")

    assert row, f"{path} is not in docs/cli.md"
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "as_json":
            assert any(name in row for name in option.opts), f"{option.opts} of {path} is not in docs/cli.md"


def test_no_command_is_documented_that_does_not_exist() -> None:
    known = {path for path, _ in commands(linnet, "linnet")}
    named = re.findall(r"^\| `(linnet(?: [a-z-]+)+)", (ROOT / "docs/cli.md").read_text(), re.MULTILINE)

    assert set(named) <= known


def test_each_key_of_the_configuration_is_documented() -> None:
    rows = re.findall(
        r"^\| `([a-z_]+)` \| `LINNET_([A-Z_]+)`", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE
    )

    assert {key for key, _ in rows} == set(configuration.Config.__struct_fields__)
    assert all(key.upper() == variable for key, variable in rows)


def test_each_link_between_documents_leads_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests/README.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_map_of_the_tests_shows_each_folder_and_nothing_that_is_not_there() -> None:
    tests = ROOT / "tests"
    named = set(re.findall(r"`([a-z_/]+(?:\.py|/))`", (tests / "README.md").read_text()))
    folders = {f"{path.parent.name}/" for path in tests.glob("*/*") if path.suffix in (".py", ".mjs")}

    assert folders <= named
    assert {name for name in named if not (tests / name).exists()} == set()
