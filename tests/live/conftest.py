"""Everything here runs real processes, so it is marked `live` and kept on one worker."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.node import Node, ending


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.live)
            item.add_marker(pytest.mark.xdist_group("live"))


_LOGS = pytest.StashKey[list[Node]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """With a failure comes the end of every node's log."""
    report = yield
    if report.failed:
        for node in item.session.stash.get(_LOGS, []):
            report.sections.append((f"log of {node.domain}", node.tail()))
    return report


@pytest.fixture(scope="module")
def new_node(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Node]]:
    """Makes nodes that end with the module's tests; they are not started yet."""
    made = request.session.stash[_LOGS] = []

    def make(*arguments: str, **variables: str) -> Node:
        node = Node(tmp_path_factory.mktemp("node"), *arguments, **variables)
        made.append(node)
        return node

    yield make
    for node in made:
        ending(node)()
