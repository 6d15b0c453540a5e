"""`linnet serve`: opens the node, says where it is, and runs it."""

import socket
from pathlib import Path

import click

from node import store
from node.cli import process
from node.cli.opening import ensure_identity, opened
from node.cli.process import Duties
from node.config import Config
from node.errors import NodeError
from node.services import first_admin


@click.command()
@click.option("--web", "web_processes", default=0, help="Web processes; without, one process does everything.")
@click.option("--workers", default=0, help="Worker processes.")
def serve(web_processes: int, workers: int) -> None:
    """Start the node."""
    if web_processes or workers:
        from node.cli import supervisor

        supervisor.run(web_processes=max(web_processes, 1), workers=max(workers, 1))
        return
    with opened(migrate=True) as config:
        ensure_identity()
        listener = listen(config)
        process.run(config, Duties(listener=listener), on_ready=lambda: greet(config))


@click.command()
def worker() -> None:
    """Start one worker, on this host or another, against the same PostgreSQL."""
    with opened() as config:
        process.run(config, Duties(worker=True))


def listen(config: Config) -> socket.socket:
    """The listening socket, open before anything else is said to be ready."""
    if config.listen.startswith("unix:"):
        return _listen_unix(Path(config.listen.removeprefix("unix:")))
    host, _, port = config.listen.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), int(port)))
    except OSError as error:
        listener.close()
        raise NodeError(
            f"LINNET_LISTEN is {config.listen}, but nothing can listen there: {error.strerror}. Is Linnet running"
            " already? Another address: LINNET_LISTEN=127.0.0.1:8421"
        ) from error
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def _listen_unix(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o660)
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def greet(config: Config) -> None:
    """Where to go; on a new node, with the link that makes its first visitor its administrator."""
    click.echo(f"\n  Linnet is ready at {config.base_url}\n")
    if first_admin.link_needed():
        with store.transaction():
            link = first_admin.link()
        click.echo("  Nobody administers this node yet. Whoever opens this address first, does:")
        click.echo(f"  {link}\n")
