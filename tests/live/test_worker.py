"""`linnet worker` alone, as on another host: a data folder of its own, the same PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.conftest import NewNode
from tests.live.conversation import arrives, befriend, word
from tests.live.node import Node
from tests.live.waiting import PATIENCE_SECONDS, until
from tests.postgres import server


@pytest.fixture(scope="module")
def without_worker(new_node: NewNode) -> Iterator[Node]:
    """A node on PostgreSQL that only answers."""
    with server() as url:
        node = new_node("--web", "1", "--workers", "0", LINNET_DATABASE_URL=url)
        yield node
        node.begin_to_stop()
        node.end()


def test_what_one_host_takes_another_one_delivers(without_worker: Node, new_node: NewNode, tmp_path: Path) -> None:
    (alice,), (bob,) = without_worker.people("alice"), (elsewhere := new_node()).people("bob")
    without_worker.start()
    elsewhere.start()
    environ = without_worker.environ | {"LINNET_DATA_DIR": str(tmp_path / "other host")}
    worker = subprocess.Popen([sys.executable, "-m", "node", "worker"], env=environ, stderr=subprocess.DEVNULL)
    text = word()

    try:
        befriend(bob, alice)
        said = alice.say(text)
        seen = arrives(bob, text)
        bob.post(f"/api/v1/statuses/{seen['id']}/favourite")

        until(lambda: alice.get(f"/api/v1/statuses/{said['id']}")["favourites_count"] == 1, what="it is liked")
    finally:
        worker.terminate()

    assert worker.wait(PATIENCE_SECONDS) == 0
