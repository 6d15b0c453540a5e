"""What systemd and a service tell each other: sockets on the way in (sd_listen_fds), states on the way out (sd_notify)."""

import os
import socket
import time

_FIRST_DESCRIPTOR = 3


def listeners() -> tuple[socket.socket, ...]:
    """The sockets that systemd opened for this process; none when it did not."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return ()
    count = os.environ.get("LISTEN_FDS", "")
    # Children of ours are not meant.
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        os.environ.pop(name, None)
    if not count.isascii() or not count.isdigit():
        return ()
    return tuple(_adopt(number) for number in range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + int(count)))


def _adopt(descriptor: int) -> socket.socket:
    os.set_inheritable(descriptor, False)
    listener = socket.socket(fileno=descriptor)
    listener.setblocking(False)
    return listener


def ready() -> None:
    _notify("READY=1")


def reloading() -> None:
    """To be followed by `ready` (Type=notify-reload wants the time at which it began)."""
    _notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    _notify("STOPPING=1")


def _notify(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notify:
        notify.connect(address)
        notify.sendall(state.encode())
