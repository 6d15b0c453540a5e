"""The sockets on which a node answers: systemd's if it passed some, else the one that the configuration names."""

import errno
import socket
from pathlib import Path

from node.cli import systemd
from node.config import Config
from node.errors import NodeError

BACKLOG = 1024


def listeners(config: Config) -> tuple[socket.socket, ...]:
    """Open before anything is said to be ready; NodeError when nothing can listen there."""
    inherited = systemd.listeners()
    if inherited:
        return inherited
    if config.listen.startswith("unix:"):
        return (_listen_unix(config, Path(config.listen.removeprefix("unix:"))),)
    return (_listen_tcp(config),)


def try_metrics(config: Config) -> None:
    """NodeError when nothing can listen where /metrics is to have an address of its own."""
    if not config.metrics_listen:
        return
    host, port = split_address(config.metrics_listen)
    with socket.socket(_family(host), socket.SOCK_STREAM) as attempt:
        # As the processes will: while one generation follows another, both are there.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            elsewhere = f" Another address: LINNET_METRICS_LISTEN={host}:{port + 1}"
            raise _refused(f"LINNET_METRICS_LISTEN is {config.metrics_listen}", error, elsewhere) from error


def split_address(address: str) -> tuple[str, int]:
    """`host:port` and `[v6]:port` → what sockets are bound to."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _listen_tcp(config: Config) -> socket.socket:
    host, port = split_address(config.listen)
    listener = socket.socket(_family(host), socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _refused(f"LINNET_LISTEN is {config.listen}", error, _elsewhere(config, host, port)) from error
    return _listen(listener)


def _elsewhere(config: Config, host: str, port: int) -> str:
    """What to try where the port is taken. Without a domain a node is known by its port: another port is another node."""
    another = f"LINNET_LISTEN={host}:{port + 1}"
    if config.web_domain.endswith(f":{port}"):
        return f" A second node beside it: {another} LINNET_DATA_DIR=data2 linnet serve"
    return f" Another address: {another}"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _listen_unix(config: Config, path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            _refuse_if_alive(path)
            path.unlink()
        listener.bind(str(path))
        # For the proxy in front, which runs as another user of the same group.
        path.chmod(0o660)
    except OSError as error:
        listener.close()
        raise _refused(f"LINNET_LISTEN is {config.listen}", error) from error
    return _listen(listener)


def _refuse_if_alive(path: Path) -> None:
    """A file that a killed node left behind may go; one that somebody listens at may not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        if knock.connect_ex(str(path)) == 0:
            raise OSError(errno.EADDRINUSE, "Address already in use")


def _listen(listener: socket.socket) -> socket.socket:
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _refused(said: str, error: OSError, elsewhere: str = "") -> NodeError:
    hint = ""
    if error.errno == errno.EADDRINUSE:
        hint = f" Is Linnet running already?{elsewhere}"
    elif error.errno == errno.EACCES:
        hint = " Ports below 1024 are for root: leave them to a proxy, or let systemd open the socket."
    reason = error.strerror or str(error)
    return NodeError(f"{said}, but nothing can listen there: {reason}.{hint}")
