"""A real node with people and posts, and a real browser. Everything here is marked `browser`."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Playwright, StorageState, expect, sync_playwright

from tests.browser.chromium import PATIENCE_MS, Window, launched
from tests.browser.gallery import app
from tests.live.node import Node
from tests.live.nursery import Nursery


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}/"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, whole=False) as running:
        yield running


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Node]:
    """Not started: modules add people first."""
    made = Node(nursery, tmp_path_factory.mktemp("node"))
    yield made
    made.begin_to_stop()
    made.end()


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address where samples are served, with the headers of real pages."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = web.AppRunner(app())

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    port = asyncio.run_coroutine_threadsafe(start(), loop).result(60)
    yield f"http://127.0.0.1:{port}"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)
    loop.close()


@pytest.fixture
def new_window(browser: Browser, node: Node) -> Iterator[Callable[..., Window]]:
    """`new_window(scripts=False)` is a browser that runs none; with `state` it has the cookies of an earlier one."""
    contexts = []

    def make(*, scripts: bool = True, state: StorageState | None = None) -> Window:
        context = browser.new_context(java_script_enabled=scripts, reduced_motion="reduce", storage_state=state)
        contexts.append(context)
        return Window(context, node.base_url, scripts=scripts)

    yield make
    for context in contexts:
        context.close()
