"""The few processes that work on pictures: started when one is needed, ended when none has come for a minute."""

import atexit
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import structlog

import node
from node.errors import Invalid, Unavailable
from node.media.probe import UNREADABLE
from node.media.protocol import Request, Response, receive, send

IDLE_SECONDS = 60.0
TIMEOUT_SECONDS = 45.0  # for one picture; its CPU time is limited apart
QUEUE_SECONDS = 60.0
MAX_WORKERS = 2
PICTURES_PER_WORKER = 200  # libraries leak

log = structlog.get_logger(__name__)


class Worker:
    """One process. It belongs to one thread at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "node.media.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            start_new_session=True,  # Ctrl+C on the node's terminal is the node's to handle
        )
        self.pictures = 0
        self.idle_since = 0.0

    def run(self, request: Request, timeout_seconds: float) -> Response:
        """EOFError when the process died of the picture, or was ended because it took too long."""
        assert self.process.stdin is not None  # noqa: S101
        assert self.process.stdout is not None  # noqa: S101
        self.pictures += 1
        deadline = threading.Timer(timeout_seconds, self.process.kill)
        deadline.daemon = True
        deadline.start()
        try:
            send(self.process.stdin, request)
            # The process may have been taken over: what it says is parsed as strictly as anything from outside.
            return msgspec.msgpack.decode(receive(self.process.stdout), type=Response)
        except (OSError, msgspec.MsgspecError) as error:
            raise EOFError from error
        finally:
            deadline.cancel()

    def end(self) -> None:
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # half a request was still to be written
                pass
        self.process.wait()


class Pool:
    def __init__(self, max_workers: int = MAX_WORKERS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._slots = threading.BoundedSemaphore(max_workers)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._reaper: threading.Timer | None = None

    def run(self, request: Request, timeout_seconds: float = TIMEOUT_SECONDS) -> Response:
        """Invalid when the picture cannot be read, whatever it did to its process."""
        if not self._slots.acquire(timeout=QUEUE_SECONDS):
            raise Unavailable("Too many pictures are being worked on. Try again in a moment.")
        try:
            worker = self._take()
            try:
                response = worker.run(request, timeout_seconds)
            except EOFError as error:
                worker.end()
                log.info("picture_process_died", kind=request.kind, size_bytes=len(request.data))
                raise Invalid(UNREADABLE) from error
            except BaseException:
                worker.end()
                raise
            self._give_back(worker)
        finally:
            self._slots.release()
        if response.main is None:
            log.info("picture_refused", kind=request.kind, problem=response.problem)
            raise Invalid(UNREADABLE)
        return response

    def processes(self) -> list[int]:
        """The ids of the processes that wait for work."""
        with self._lock:
            return [worker.process.pid for worker in self._idle]

    def close(self) -> None:
        """End the processes that wait; the pool can be used again."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._reaper is not None:
                self._reaper.cancel()
                self._reaper = None
        for worker in idle:
            worker.end()

    def _take(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.end()
        return Worker()

    def _give_back(self, worker: Worker) -> None:
        if worker.pictures >= PICTURES_PER_WORKER:
            worker.end()
            return
        worker.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(worker)
            self._watch()

    def _watch(self) -> None:
        if self._reaper is None and self._idle:
            self._reaper = threading.Timer(self._idle_seconds, self._end_idle)
            self._reaper.daemon = True
            self._reaper.start()

    def _end_idle(self) -> None:
        before = time.monotonic() - self._idle_seconds
        with self._lock:
            ended = [worker for worker in self._idle if worker.idle_since <= before]
            self._idle = [worker for worker in self._idle if worker.idle_since > before]
            self._reaper = None
            self._watch()
        for worker in ended:
            worker.end()


def _environment() -> dict[str, str]:
    """Nothing of the node's own: its environment may hold passwords."""
    return {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(Path(node.__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Several pictures at once are several processes; threads only cost memory.
        "VIPS_CONCURRENCY": "1",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_DISC_THRESHOLD": "4g",
        "MALLOC_ARENA_MAX": "2",
    }


shared = Pool()
atexit.register(shared.close)
