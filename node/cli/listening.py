"""The sockets on which a node answers: systemd's if it passed some, else the one that the configuration names."""

import errno
import socket
from pathlib import Path

from node.cli import systemd
from node.config import Config
from node.errors import NodeError

_BACKLOG = 1024


def listeners(config: Config) -> tuple[socket.socket, ...]:
    """Open before anything is said to be ready; NodeError when nothing can listen there."""
    inherited = systemd.listeners()
    if inherited:
        return inherited
    if config.listen.startswith("unix:"):
        return (_listen_unix(config, Path(config.listen.removeprefix("unix:"))),)
    return (_listen_tcp(config),)


def split_address(address: str) -> tuple[str, int]:
    """`host:port` and `[v6]:port` → what sockets are bound to."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _listen_tcp(config: Config) -> socket.socket:
    host, port = split_address(config.listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _refused(config, error) from error
    return _listen(listener)


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
        raise _refused(config, error) from error
    return _listen(listener)


def _refuse_if_alive(path: Path) -> None:
    """A file that a killed node left behind may go; one that somebody listens at may not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        if knock.connect_ex(str(path)) == 0:
            raise OSError(errno.EADDRINUSE, "Address already in use")


def _listen(listener: socket.socket) -> socket.socket:
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def _refused(config: Config, error: OSError) -> NodeError:
    hint = ""
    if error.errno == errno.EADDRINUSE:
        hint = " Is Linnet running already? Another address: LINNET_LISTEN=127.0.0.1:8421"
    elif error.errno == errno.EACCES:
        hint = " Ports below 1024 are for root: leave them to a proxy, or let systemd open the socket."
    reason = error.strerror or str(error)
    return NodeError(f"LINNET_LISTEN is {config.listen}, but nothing can listen there: {reason}.{hint}")
