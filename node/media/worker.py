"""The picture process: `python -m node.media.worker`, started by `pool`, one picture after the other on its pipes.

It has no secrets in its environment, opens no file and no socket, and may use only so much memory and time.
"""

import os
import resource
import sys
import warnings
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from node.media.protocol import Request, Response, receive, send

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_MEMORY_BYTES = 2 * 1024**3  # of addresses; what is resident stays far below
MAX_CPU_SECONDS = 40  # for one picture
_MAX_OPEN_FILES = 64


def main() -> None:
    requests, responses = _pipes()
    _limit()
    # Only now, within the limits, are the decoders loaded.
    import pyvips

    from node.media import vips

    vips.prepare()
    refusals = (pyvips.Error, ValueError, RuntimeError, OSError, EOFError, SyntaxError, MemoryError)
    _serve(requests, responses, vips.process, refusals)


def _serve(
    requests: BinaryIO,
    responses: BinaryIO,
    process: "Callable[[Request], Response]",
    refusals: tuple[type[Exception], ...],
) -> None:
    while True:
        try:
            message = receive(requests)
        except EOFError:  # the node closed the pipe, or is gone
            return
        _allow_cpu(MAX_CPU_SECONDS)
        request = msgspec.msgpack.decode(message, type=Request)
        try:
            response = process(request)
        except refusals as error:
            # Anything else ends the process, and the node starts another one.
            response = Response(problem=f"{type(error).__name__}: {error}"[:500])
        send(responses, response)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our two pipes; what a library prints goes nowhere near them."""
    responses = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, responses


def _limit() -> None:
    os.nice(10)  # requests of people come before their pictures
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_OPEN_FILES, _MAX_OPEN_FILES))


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
