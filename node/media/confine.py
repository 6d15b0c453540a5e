"""`confine.py MEMORY_BYTES CPU_SECONDS FILE_BYTES PROGRAM …`: become a program that can take no more than that.

A file to be run, by `programs`, in a Python without anything else: what it does to itself cannot be done safely
between fork and exec of a process with threads.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_MAX_OPEN_FILES = 64


def main() -> None:
    memory_bytes, cpu_seconds, file_bytes = (int(text) for text in sys.argv[1:4])
    command = sys.argv[4:]
    with contextlib.suppress(AttributeError):  # Linux alone has it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(10)  # requests of people come before their films
    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
    os.execv(command[0], command)  # noqa: S606  without a shell is the point


if __name__ == "__main__":
    main()
