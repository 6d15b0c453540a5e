"""`python -m node.cli.child`: one process under the supervisor, which passes sockets and hears when it is ready.

The conversation is one socket pair. The child writes a byte once it is ready; when the other end closes, whatever
ended the supervisor, the child finishes what is under way and leaves.
"""

import asyncio
import os
import socket
import sys
from contextlib import suppress

import click

from node.cli import process
from node.cli.opening import ensure_identity, opened
from node.cli.process import Duties
from node.cli.spawning import EVERYTHING, LISTENERS, PLACE, PREPARE, READY, ROLE, SUPERVISOR, WORKER
from node.errors import NodeError


def main() -> None:
    try:
        if os.environ[ROLE] == PREPARE:
            _prepare()
        else:
            _run()
    except NodeError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


def _prepare() -> None:
    """What a new version needs before its processes start beside those of the old one."""
    with opened(migrate=True):
        ensure_identity()


def _run() -> None:
    supervisor = socket.socket(fileno=int(os.environ[SUPERVISOR]))
    listeners = tuple(_adopt(text) for text in os.environ[LISTENERS].split(",") if text)
    works = os.environ[ROLE] in (WORKER, EVERYTHING)
    duties = Duties(listeners=listeners, worker=works, place=int(os.environ[PLACE]))

    async def until_alone() -> None:
        supervisor.setblocking(False)
        # The end of the line is an error where the supervisor died before it read what was sent to it.
        with suppress(ConnectionResetError):
            await asyncio.get_running_loop().sock_recv(supervisor, 1)

    with supervisor, opened() as config:
        process.run(config, duties, on_ready=lambda: supervisor.sendall(READY), stop_when=until_alone)


def _adopt(text: str) -> socket.socket:
    listener = socket.socket(fileno=int(text))
    listener.setblocking(False)
    return listener


if __name__ == "__main__":
    main()
