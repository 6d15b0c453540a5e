"""The two nodes of the demo: where they are, and who lives there before anybody has said anything."""

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

import msgspec

from node import config as configuration
from node import keys, passwords, store
from node.cli import sample
from node.cli.opening import ensure_identity, opened
from node.cli.staging import Actor
from node.errors import NodeError, NotFound
from node.models import Account, ActorKind, Role
from node.services.access import oauth, registration
from node.services.accounts import lookup as account_lookup
from node.services.community import settings

_LOOPBACK = "127.0.0.1"
# Two names for this machine, so that a browser keeps two sign-ins apart: cookies know no ports.
_HOSTS = {"whinmoor": ("localhost", 8421), "heathland": ("127.0.0.1", 8422)}
_SCOPES = "read write follow push"


class _Notes(msgspec.Struct):
    """What the demo remembers of a node, in a file that also shows that the folder is the demo's own."""

    port: int
    is_staged: bool = False


@dataclass(frozen=True)
class DemoNode:
    name: str
    folder: Path
    listener: socket.socket

    @property
    def domain(self) -> str:
        return f"{_HOSTS[self.name][0]}:{self.listener.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        return f"http://{self.domain}"

    @property
    def is_staged(self) -> bool:
        """Whether the whole story has been told here."""
        notes = _read(self.folder)
        return notes is not None and notes.is_staged

    def note_staged(self) -> None:
        _write(self.folder, _Notes(self.listener.getsockname()[1], is_staged=True))

    def environ(self) -> dict[str, str]:
        """No configuration of another node that is meant for this environment counts."""
        outer = {name: value for name, value in os.environ.items() if not name.startswith("LINNET_")}
        return outer | self._variables()

    def _variables(self) -> dict[str, str]:
        return {
            "LINNET_CONFIG": os.devnull,
            "LINNET_DOMAIN": self.domain,
            "LINNET_LISTEN": f"{_LOOPBACK}:{self.listener.getsockname()[1]}",
            "LINNET_DATA_DIR": str(self.folder),
            "LINNET_OUTGOING_ALLOW": "127.0.0.0/8, ::1/128",
            "LINNET_PLAIN_HTTP": "on",
            "LINNET_RATE_LIMITS": "off",
            "LINNET_LOG_LEVEL": "warning",
        }

    def people(self) -> dict[str, Actor]:
        """Make who lives here, and sign them in. A process has one database, so one node comes after the other."""
        actors = {}
        title, description = sample.NODES[self.name]
        with opened(configuration.load(self._variables()), migrate=True):
            ensure_identity()
            with store.transaction():
                settings.change({"title": title, "short_description": description}, None)
            for person in sample.PEOPLE:
                if person.node == self.name:
                    actors[person.name] = Actor(person, self.base_url, self.domain, _signed_in(person))
        return actors


def _signed_in(person: sample.Person) -> str:
    """A new account; an access token for it."""
    pair, password_hash = keys.generate_rsa(), passwords.hash_password(sample.PASSWORD)
    with store.transaction():
        user = registration.create(person.name, password_hash, pair, role=Role(person.role))
        account = account_lookup.account_of(user.id)
        if account is None:
            raise NotFound(f"{person.name} has no account.")
        if person.is_organisation:
            Account.update(kind=ActorKind.ORGANIZATION).where(Account.id == account.id).execute()
        return oauth.token_for(user, account, "Demo", _SCOPES)[1]


def place(name: str, folder: Path, *, keep: bool) -> DemoNode:
    """A folder and a port for a node. Without `keep`, what the last demo left there goes, and nothing else does."""
    own = folder / name
    notes = _read(own)
    if notes is None and own.exists() and any(own.iterdir()):
        raise NodeError(f"{own} holds something that no demo made. Choose another place: linnet demo --folder PATH")
    if notes is not None and not (keep and notes.is_staged):
        shutil.rmtree(own)
        notes = None
    listener = _bind(_HOSTS[name][1]) if notes is None else _bind(notes.port, exactly=True)
    own.mkdir(parents=True, exist_ok=True)
    if notes is None:
        _write(own, _Notes(listener.getsockname()[1]))
    return DemoNode(name, own.resolve(), listener)


def _read(folder: Path) -> _Notes | None:
    try:
        return msgspec.json.decode((folder / "demo.json").read_bytes(), type=_Notes)
    except (OSError, msgspec.DecodeError):
        return None


def _write(folder: Path, notes: _Notes) -> None:
    (folder / "demo.json").write_bytes(msgspec.json.encode(notes))


def _bind(port: int, *, exactly: bool = False) -> socket.socket:
    """The port, or a free one if it is taken; of a node that exists already the addresses cannot change."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_LOOPBACK, port))
    except OSError as error:
        if exactly:
            listener.close()
            raise NodeError(f"Port {port}, where the demo was, is taken. Is a demo running already?") from error
        listener.bind((_LOOPBACK, 0))
    listener.listen(1024)
    listener.setblocking(False)
    return listener
