"""What a program may take that works on files of strangers: each limit by itself, beside what is within it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from node.media import confine

MEBIBYTE = 1 << 20


def confined(code: str, *, cpu_seconds: int = 30) -> subprocess.CompletedProcess[str]:
    limits = [str(256 * MEBIBYTE), str(cpu_seconds), str(MEBIBYTE)]
    command = [
        sys.executable,
        "-I",
        "-S",
        str(Path(confine.__file__)),
        *limits,
        sys.executable,
        "-I",
        "-S",
        "-c",
        code,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("code", "within", "beyond", "refusal"),
    [
        ("bytearray({} << 20)", 16, 512, "MemoryError"),
        ("files = [open('/dev/null') for _ in range({})]", 32, 100, "Too many open files"),
        # What begins within the limit is cut at it, so it takes a second piece to be refused.
        (
            "import tempfile; f = tempfile.TemporaryFile(); [f.write(bytes(1 << 19)) for _ in range({})]",
            2,
            3,
            "too large",
        ),
    ],
)
def test_so_much_and_no_more(code: str, within: int, beyond: int, refusal: str) -> None:
    taken, refused = confined(code.format(within)), confined(code.format(beyond))

    assert taken.returncode == 0, taken.stderr
    assert refused.returncode != 0
    assert refusal in refused.stderr


def test_who_computes_for_too_long_is_ended() -> None:
    assert confined("while True: pass", cpu_seconds=1).returncode < 0
    assert confined("pass", cpu_seconds=1).returncode == 0


def test_it_gives_way_to_others_and_leaves_nothing_of_its_memory() -> None:
    run = confined("import os, resource; print(os.nice(0), resource.getrlimit(resource.RLIMIT_CORE))")

    assert run.stdout == f"{min(os.nice(0) + 10, 19)} (0, 0)\n"
