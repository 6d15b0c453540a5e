"""Starts nodes by forking a process that has imported everything: most of what a start costs is that.

Each is a process as any other, with a group, a log and an environment of its own; only the code is there already.
`python -m tests.live.nursery` is that process. It reads one order a line, and answers each.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_PAUSE_SECONDS = 0.02


class Nursery:
    """`with Nursery() as nursery:`"""

    def __enter__(self) -> "Nursery":
        command = [sys.executable, "-m", "tests.live.nursery"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def begin(self, arguments: list[str], env: dict[str, str], log: Path) -> "Child":
        return Child(self, self.order(arguments=arguments, env=env, log=str(log)))

    def order(self, **what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Child:
    """As much of `subprocess.Popen` as nodes need."""

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
                raise subprocess.TimeoutExpired("node", timeout or 0)
            time.sleep(_PAUSE_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(15)


# ── the process that forks ──


def _begin(arguments: list[str], env: dict[str, str], log: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, descriptor in ((0, nothing), (1, out), (2, out)):
        os.dup2(descriptor, stream)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["linnet", *arguments]
    main()
    os._exit(0)


def _look_at(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


if __name__ == "__main__":
    from node.cli.main import main

    for line in sys.stdin:
        order = json.loads(line)
        answer = _look_at(order["look_at"]) if "look_at" in order else _begin(**order)
        print(json.dumps(answer), flush=True)
