"""Starting processes below this one: sockets on the way in, a word back when they are ready, and an end with ours."""

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

# What a process below is told, by names that `node/config.py` leaves alone. Descriptors are separated by commas.
ROLE = "LINNET_INTERNAL_ROLE"
PLACE = "LINNET_INTERNAL_PLACE"
LISTENERS = "LINNET_INTERNAL_LISTENERS"
SUPERVISOR = "LINNET_INTERNAL_SUPERVISOR"

WEB, WORKER, EVERYTHING, PREPARE = "web", "worker", "everything", "prepare"
READY = b"r"

_READY_WITHIN_SECONDS = 60.0
_STOP_WITHIN_SECONDS = 20.0  # more than a process takes to drain


@dataclass(frozen=True)
class Spawned:
    """A process and the line to it (node/cli/child.py)."""

    role: str
    process: asyncio.subprocess.Process
    line: socket.socket

    async def is_ready(self) -> bool:
        """Once it is; False when it ended before, or took too long."""
        try:
            answer = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.line, 1), _READY_WITHIN_SECONDS)
        except (TimeoutError, OSError):
            return False
        return answer == READY

    async def ended(self) -> int:
        """Its exit code, once there is one."""
        code = await self.process.wait()
        self.line.close()
        return code

    async def stop(self) -> None:
        """Ask it to leave; it has time to finish what is under way."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), _STOP_WITHIN_SECONDS)
            except TimeoutError:
                log.warning("a process does not leave and is killed", role=self.role, pid=self.process.pid)
                self.process.kill()
        await self.ended()


async def spawn(
    role: str,
    *,
    place: int = 0,
    listeners: tuple[socket.socket, ...] = (),
    environ: Mapping[str, str] | None = None,
) -> Spawned:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    descriptors = [listener.fileno() for listener in listeners]
    variables = {
        ROLE: role,
        PLACE: str(place),
        LISTENERS: ",".join(map(str, descriptors)),
        SUPERVISOR: str(theirs.fileno()),
    }
    with theirs:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "node.cli.child",
            env={**(os.environ if environ is None else environ), **variables},
            pass_fds=(*descriptors, theirs.fileno()),
            # Ctrl-C on a terminal reaches a whole group of processes; only whoever started these is to act on it.
            process_group=0,
        )
    return Spawned(role, process, ours)
