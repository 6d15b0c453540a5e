"""`linnet demo`"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from node.cli import sample
from tests.live.node import Api
from tests.live.waiting import PATIENCE_SECONDS, until

Start = Callable[..., "Demo"]


class Demo:
    def __init__(self, folder: Path, *arguments: str) -> None:
        self._output = folder.parent / "demo.log"
        environ = {name: value for name, value in os.environ.items() if not name.startswith("LINNET_")}
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "node", "demo", "--folder", str(folder), *arguments],
                env=environ,
                stdout=output,
                stderr=output,
            )

    @property
    def output(self) -> str:
        return self._output.read_text("utf-8", "replace")

    def ready(self) -> "Demo":
        until(
            lambda: "Ctrl-C ends both" in self.output or self.process.poll() is not None,
            seconds=180,
            what=lambda: self.output[-3000:],
        )
        assert self.process.poll() is None, self.output
        return self

    def addresses(self) -> list[str]:
        """Behind the names of the nodes; they are named before, too, when they are made."""
        return re.findall(r"^  \w+ +(http://\S+)$", self.output, re.MULTILINE)

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Demo] = []

    def make(folder: Path, *arguments: str) -> Demo:
        started.append(Demo(folder, *arguments))
        return started[-1]

    yield make
    for demo in started:
        if demo.process.poll() is None:
            demo.interrupt()


def test_two_nodes_begin_with_people_who_know_each_other_and_go_on_with_keep(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    demo = start(folder).ready()
    addresses = demo.addresses()
    whinmoor, heathland = map(Api, addresses)
    nodes = psutil.Process(demo.process.pid).children()

    everything = heathland.get("/api/v1/timelines/public", limit=40)
    remote = [one for one in everything if "@" in one["account"]["acct"]]
    pictures = [picture for one in everything for picture in one["media_attachments"]]
    assert {one["account"]["username"] for one in remote} == {"tomas", "library", "bram"}
    assert {"moor", "map"} <= {p.drawing for post in sample.POSTS for p in post.pictures}
    assert all(picture["description"] and picture["blurhash"] for picture in pictures)
    assert any(one["reblogs_count"] and one["favourites_count"] and one["replies_count"] for one in everything)
    poll = next(one["poll"] for one in whinmoor.get("/api/v1/timelines/public", limit=40) if one["poll"])
    assert poll["votes_count"] == 6
    assert sample.PASSWORD in demo.output
    assert {"maps", "mapevening", "slowtrains", "moorland"} <= {
        one["name"] for one in whinmoor.get("/api/v1/trends/tags")
    }

    assert demo.interrupt() == 0
    assert not any(node.is_running() for node in nodes)

    again = start(folder, "--keep").ready()
    assert again.addresses() == addresses
    assert len(heathland.get("/api/v1/timelines/public", limit=40)) == len(everything)


def test_a_folder_that_is_somebody_elses_is_left_alone(start: Start, tmp_path: Path) -> None:
    (tmp_path / "whinmoor").mkdir()
    (tmp_path / "whinmoor" / "letter.txt").write_text("dear")

    demo = start(tmp_path)

    assert demo.process.wait(PATIENCE_SECONDS) == 1
    assert "Choose another place" in demo.output
    assert (tmp_path / "whinmoor" / "letter.txt").read_text() == "dear"
