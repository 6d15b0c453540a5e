"""A real node with people and posts, and a real browser. Everything here is marked `browser`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.chromium import Window, chromium
from tests.live.node import Node
from tests.live.nursery import Nursery


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}/"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Node]:
    """Not started: modules add people first."""
    made = Node(nursery, tmp_path_factory.mktemp("node"))
    yield made
    made.begin_to_stop()
    made.end()


@pytest.fixture
def new_window(browser: Browser, node: Node) -> Iterator[Callable[..., Window]]:
    """`new_window(scripts=False)` is a browser that runs none; with `state` it has the cookies of an earlier one."""
    contexts = []

    def make(*, scripts: bool = True, state: StorageState | None = None) -> Window:
        context = browser.new_context(java_script_enabled=scripts, reduced_motion="reduce", storage_state=state)
        contexts.append(context)
        return Window(context, node.base_url)

    yield make
    for context in contexts:
        context.close()
