"""Starts programs by forking a process that has imported everything: most of what a start costs is that.

Each is a process as any other, with a group, an output and an environment of its own; only the code is there already.
`python -m tests.live.nursery MODULE FUNCTION` is that process. It reads one order a line, and answers each.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


class Nursery:
    """`with Nursery("toot.cli", "cli") as nursery:`, and what it begins calls that function."""

    def __init__(self, module: str, function: str) -> None:
        self._program = (module, function)

    def __enter__(self) -> "Nursery":
        command = [sys.executable, "-m", "tests.live.nursery", *self._program]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def begin(self, arguments: list[str], env: dict[str, str], log: Path, errors: Path | None = None) -> "Child":
        """What it says is added to `log`, and what it complains of, too, if that has no place of its own."""
        return Child(self, self.order(arguments=arguments, env=env, files=[str(log), str(errors or log)]))

    def run(self, *arguments: str, env: dict[str, str], seconds: float) -> Ended:
        """To its end."""
        with tempfile.TemporaryDirectory(prefix="linnet-said-") as folder:
            out, errors = Path(folder, "out"), Path(folder, "errors")
            code = self.begin(list(arguments), env, out, errors).wait(seconds)
            return Ended(code, out.read_text("utf-8"), errors.read_text("utf-8"))

    def order(self, **what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Child:
    """As much of `subprocess.Popen` as tests need."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._returncode: int | None = None

    def poll(self) -> int | None:
        if self._returncode is None:
            self._returncode = self._nursery.order(look_at=self.pid)
        return self._returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("what was begun", timeout or 0)
            time.sleep(_PAUSE_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


# ── the process that forks ──


def _begin(program: Callable[[], object], arguments: list[str], env: dict[str, str], files: list[str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    out, errors = (os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) for file in files)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, descriptor in ((0, nothing), (1, out), (2, errors)):
        os.dup2(descriptor, stream)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = [sys.argv[0], *arguments]
    sys.exit(program())


def _look_at(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


if __name__ == "__main__":
    _, module, function = sys.argv
    program = getattr(importlib.import_module(module), function)
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        answer = _look_at(order["look_at"]) if "look_at" in order else _begin(program, **order)
        print(json.dumps(answer), flush=True)
