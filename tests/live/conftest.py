"""Everything here runs real processes, so it is marked `live`.

With `--database postgres` each node has a database of its own on one server.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live.conversation import People, meet
from tests.live.node import Node
from tests.postgres import another_database

NewNode = Callable[..., Node]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}/"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.live)


_LOGS = pytest.StashKey[list[Node]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """With a failure comes the end of every node's log."""
    report = yield
    if report.failed:
        for node in item.session.stash.get(_LOGS, []):
            report.sections.append((f"log of {node.domain}", node.tail()))
    return report


@contextmanager
def _nodes(folders: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[NewNode]:
    """What makes nodes; they are not started yet, and are gone at the end of the block, whatever became of them."""
    made: list[Node] = []
    is_postgres = request.config.getoption("--database") == "postgres"
    server = request.getfixturevalue("postgres_url") if is_postgres else ""
    nursery = request.getfixturevalue("nursery")

    def make(*arguments: str, **variables: str) -> Node:
        folder = folders.mktemp("node")
        if is_postgres:
            variables.setdefault("LINNET_DATABASE_URL", another_database(server, folder.name))
        node = Node(nursery, folder, *arguments, **variables)
        made.append(node)
        request.session.stash.setdefault(_LOGS, []).append(node)
        return node

    yield make
    for node in made:
        node.begin_to_stop()
    for node in made:
        node.end()
        request.session.stash[_LOGS].remove(node)


@pytest.fixture(scope="module")
def new_node(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[NewNode]:
    """Makes nodes for the tests of one module."""
    with _nodes(tmp_path_factory, request) as make:
        yield make


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[People]:
    """Two nodes and who lives there, for all tests that kill nobody."""
    with _nodes(tmp_path_factory, request) as make:
        yield meet(make(), make())
