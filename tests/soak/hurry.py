"""A clock that is faster than the real one, for the node and for all that is around it.

The library of `faketime` answers every question about the time and shortens every wait of a process and of its children,
so that neither the node nor a scenario has a line for it.
"""

import os
import shutil
import sys

_SPEED = "SOAK_SPEED"


def begin(speed: int) -> None:
    """Start this program once more, `speed` times as fast; returns in that one.

    Raises SystemExit where `faketime` is not installed.
    """
    if _SPEED in os.environ:
        return
    if shutil.which("faketime") is None:
        raise SystemExit("A faster clock needs the program faketime: apt-get install faketime.")
    os.environ[_SPEED] = str(speed)
    os.execvp("faketime", ["faketime", "-f", f"+0 x{speed}", *sys.orig_argv])


def real_seconds(seconds: float) -> float:
    """How long `seconds` of the real clock are by the one that goes here."""
    return seconds * int(os.environ.get(_SPEED, "1"))
