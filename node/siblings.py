"""What one process of a host says to the others: small pieces of bytes, through sockets in `<data>/run`."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import structlog

log = structlog.get_logger()

_DATAGRAM = 60_000  # bytes, well under what a Unix datagram carries
_BACKLOG = 1_000  # datagrams kept for one process that does not read; Linux itself keeps ten
_RETRY_SECONDS = 0.01
_COMMAND_WAITS_SECONDS = 0.5


class Siblings:
    """A datagram socket for each process; sending reaches every other one that lives, in order.

    A process that reads nothing for long misses what goes beyond its backlog, and a dead one misses all. On the event
    loop, or in a command that has none: such a one only sends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._peers: list[str] = []
        self._looked_at = 0.0
        self._changed = 0
        self._own: Path | None = None
        self._hear: Callable[[bytes], None] | None = None
        self._backlog: dict[str, deque[bytes]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(_COMMAND_WAITS_SECONDS)

    def listen(self, slot: int, hear: Callable[[bytes], None]) -> None:
        """Be heard, and hear; on the running loop."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own, self._hear = self._folder / f"{slot}.sock", hear
        self._own.unlink(missing_ok=True)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(str(self._own))
        self._socket.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._receive)

    def close(self) -> None:
        if self._own is not None and self._loop is not None:
            self._loop.remove_reader(self._socket)
            self._own.unlink(missing_ok=True)
        self._socket.close()

    def send(self, data: bytes) -> None:
        """At most 60 000 bytes."""
        self._look_for_peers()
        for peer in self._peers:
            self._send(peer, data)

    def _look_for_peers(self) -> None:
        """Whenever one came or went; and each second, for clocks of file systems are coarse."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:  # a command beside a node that has never run
            return
        if changed != self._changed or time.monotonic() - self._looked_at > 1:
            self._peers = [str(path) for path in self._folder.glob("*.sock") if path != self._own]
            self._changed, self._looked_at = changed, time.monotonic()

    def _send(self, peer: str, data: bytes) -> None:
        if peer in self._backlog:
            self._backlog[peer].append(data)
        elif not self._took(peer, data) and self._loop is not None:
            self._backlog[peer] = deque([data], maxlen=_BACKLOG)
            self._loop.call_later(_RETRY_SECONDS, self._resend, peer)

    def _took(self, peer: str, data: bytes) -> bool:
        """False, if it must be sent again."""
        try:
            self._socket.sendto(data, peer)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError as error:
            log.debug("a process does not hear", process=peer, error=str(error))
        return True

    def _resend(self, peer: str) -> None:
        """In the order in which they were sent, until the peer is full again or has all."""
        waiting = self._backlog[peer]
        while waiting and self._took(peer, waiting[0]):
            waiting.popleft()
        if not waiting:
            del self._backlog[peer]
        elif self._loop is not None:
            self._loop.call_later(_RETRY_SECONDS, self._resend, peer)

    def _receive(self) -> None:
        for _ in range(100):
            try:
                data = self._socket.recv(_DATAGRAM)
            except BlockingIOError:
                return
            if self._hear is not None:
                self._hear(data)
