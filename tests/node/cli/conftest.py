"""The command line, run as a person runs it: arguments in, text and an exit code out, a data folder of its own.

- `run("account", "list")`: what came of it; its `answer` is the JSON that it said.
- `with store_open():` the database, between two commands.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from node import config as configuration
from node import store
from node.cli.main import linnet
from tests.logging_kept import logging_kept


@dataclass(frozen=True)
class Outcome:
    code: int
    said: str
    complained: str

    @property
    def answer(self) -> Any:
        assert self.code == 0, self.complained
        return json.loads(self.said)


Run = Callable[..., Outcome]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a node that the environment names, in an otherwise empty place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINNET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LINNET_DOMAIN", "a.test")
    return tmp_path / "data"


@pytest.fixture
def run(data_dir: Path) -> Run:
    def call(*arguments: str, **options: Any) -> Outcome:
        with logging_kept():
            result = CliRunner().invoke(linnet, list(arguments), prog_name="linnet", **options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture(scope="session")
def node_of_alice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a node on which alice is. Migrations, keys and a hash take long: it is made once, and copied."""
    folder = tmp_path_factory.mktemp("node") / "data"
    words = ["account", "create", "alice", "--email", "alice@mail.test", "--password", "likes linnets", "--json"]
    variables = {"LINNET_DATA_DIR": str(folder), "LINNET_DOMAIN": "a.test", "LINNET_CONFIG": os.devnull}
    with logging_kept():
        made = CliRunner().invoke(linnet, words, env=variables, prog_name="linnet")
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def with_alice(run: Run, data_dir: Path, node_of_alice: Path) -> Run:
    """A node on which alice is."""
    shutil.copytree(node_of_alice, data_dir)
    return run


class store_open:  # noqa: N801 - reads as the statement it is
    """The database of the node that the environment names, between two commands."""

    def __enter__(self) -> None:
        store.connect(configuration.load())

    def __exit__(self, *_: object) -> None:
        store.close()
