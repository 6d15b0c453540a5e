"""ffprobe and ffmpeg, each in a limited process of its own (ADR 25). Blocks: call it from a thread."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

from node.errors import Unavailable
from node.media import confine

MISSING = (
    "Video and sound cannot be attached on this server, because the program ffmpeg is not installed there."
    " Its administrators can change that."
)
MAX_MEMORY_BYTES = 3 * 1024**3  # of addresses; what is resident stays far below
_MAX_ANSWER_BYTES = 1 << 20
_NAMES = ("ffprobe", "ffmpeg")

_lock = threading.Lock()
_running: set[subprocess.Popen[bytes]] = set()
_stopping = False


class Failed(Exception):
    """The program could not make sense of the file, or went beyond its limits."""


def available() -> bool:
    """Whether both are installed; asked anew each time, so that installing them needs no restart."""
    return all(shutil.which(name) for name in _NAMES)


def run(name: str, arguments: list[str], *, seconds: int, file_bytes: int = 0) -> bytes:
    """What it prints. `file_bytes` is how much it may write. Failed, or Unavailable when the node is stopping."""
    program = shutil.which(name)
    if program is None:
        raise Unavailable(MISSING)
    limits = [str(MAX_MEMORY_BYTES), str(seconds), str(file_bytes)]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", str(Path(confine.__file__)), *limits, program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},  # the node's own may hold passwords
        start_new_session=True,
    )
    deadline = threading.Timer(seconds, process.kill)
    deadline.daemon = True
    deadline.start()
    try:
        return _answer_of(process)
    finally:
        deadline.cancel()


def stop() -> None:
    """End what runs; what is asked for later in this process is refused."""
    global _stopping
    with _lock:
        _stopping = True
        for process in _running:
            process.kill()


def start() -> None:
    """Take work again after `stop`."""
    global _stopping
    _stopping = False


def _answer_of(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None  # noqa: S101
    with _lock:
        _running.add(process)
        if _stopping:
            process.kill()
    try:
        answer = process.stdout.read(_MAX_ANSWER_BYTES + 1)
        if len(answer) > _MAX_ANSWER_BYTES:
            process.kill()
        code = process.wait()
    finally:
        with _lock:
            _running.discard(process)
        process.stdout.close()
    if _stopping:
        raise Unavailable("The node is stopping.")
    if code != 0:
        raise Failed(f"it ended with {code}")
    return answer
