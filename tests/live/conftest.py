"""Everything here runs real processes, so it is marked `live` and kept on one worker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.node import Node, ending


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.live)
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture(scope="module")
def new_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Node]]:
    """Makes nodes that end with the module's tests; they are not started yet."""
    made: list[Node] = []

    def make(*arguments: str, **variables: str) -> Node:
        node = Node(tmp_path_factory.mktemp("node"), *arguments, **variables)
        made.append(node)
        return node

    yield make
    for node in made:
        ending(node)()
