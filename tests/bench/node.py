"""A node under measurement: a process of its own, and what its process group spent."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from tests.bench.alone import cpu_seconds_of
from tests.live.nursery import Child, Nursery

LINNET = Path(sys.executable).with_name("linnet")


@dataclass
class Node:
    """`async with` starts it; leaving ends it."""

    folder: Path
    port: int
    more: dict[str, str] = field(default_factory=dict)  # variables
    arguments: tuple[str, ...] = ()  # of `linnet serve`
    program: tuple[str, ...] = (str(LINNET),)
    nursery: Nursery | None = None  # what forks it, where how it starts is not what is measured
    started_seconds: float = 0.0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return (
            {**os.environ}
            | {
                "LINNET_DATA_DIR": str(self.folder),
                "LINNET_LISTEN": f"127.0.0.1:{self.port}",
                "LINNET_DOMAIN": f"127.0.0.1:{self.port}",
                "LINNET_PLAIN_HTTP": "on",
                "LINNET_OUTGOING_ALLOW": "127.0.0.0/8",
                "LINNET_RATE_LIMITS": "off",
                "LINNET_LOG_LEVEL": "warning",
            }
            | self.more
        )

    async def __aenter__(self) -> "Node":
        await self.start()
        return self

    async def start(self) -> None:
        started = time.monotonic()
        self._log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        self._process = self._begun(["serve", *self.arguments])
        async with aiohttp.ClientSession() as session:
            while not await self._answers(session):
                if self._process.poll() is not None:
                    raise RuntimeError(f"The node ended at once; see {self._log.name}")
                await asyncio.sleep(0.02)
        self.started_seconds = time.monotonic() - started

    def _begun(self, arguments: list[str]) -> subprocess.Popen[bytes] | Child:
        if self.nursery is not None:
            return self.nursery.begin(arguments, self.environment, Path(self._log.name))
        command = [*self.program, *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=self._log, stderr=self._log)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.base}/health/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(self._process.wait, 60)
        self._log.close()

    def command(self, *arguments: str) -> dict[str, str]:
        """Run `linnet …` on the node's data and read its JSON."""
        done = subprocess.run(
            [LINNET, *arguments, "--json"], env=self.environment, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    def processes(self) -> list[psutil.Process]:
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """User and system time of the process and its children so far, also of children that have ended."""
        ended = psutil.Process(self._process.pid).cpu_times()
        return ended.children_user + ended.children_system + sum(cpu_seconds_of(one.pid) for one in self.processes())

    def read_bytes(self) -> int:
        """What its processes have read of files so far, wherever the system had it."""
        return sum(process.io_counters().read_chars for process in self.processes())

    def memory_bytes(self) -> int:
        """Resident memory of all its processes."""
        return sum(process.memory_info().rss for process in self.processes())
