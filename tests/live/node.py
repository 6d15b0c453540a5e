"""Real nodes: processes of their own, each with its data folder and port, spoken to over HTTP."""

import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import requests

from node import config as configuration
from node import keys, passwords, store
from node.cli.opening import ensure_identity, opened
from node.models import Role
from node.services.access import oauth, registration
from node.services.accounts import lookup as account_lookup
from tests.live.nursery import Child, Nursery
from tests.live.waiting import PATIENCE_SECONDS, until
from tests.logging_kept import logging_kept
from tests.web import schema

_SCOPES = "read write follow push"


class Api:
    """The client API of one node, as one person or as nobody."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url
        self.token = token
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """What the client API answers is compared with its description, as in the tests of one process."""
        answer = self._session.request(method, self.base_url + path, timeout=PATIENCE_SECONDS, **options)
        if answer.headers.get("Content-Type", "").startswith("application/json") and method != "HEAD":
            schema.check(method, urlsplit(answer.url).path, answer.status_code, answer.json())
        return answer

    def ask_afresh(self, path: str, accept: str) -> requests.Response:
        """GET, as if for the first time: without the cookie that a visitor is given."""
        self._session.cookies.clear()
        return self.ask("GET", path, headers={"Accept": accept})

    def get(self, path: str, **params: Any) -> Any:
        return _json(self.ask("GET", path, params=params))

    def post(self, path: str, **body: Any) -> Any:
        return _json(self.ask("POST", path, json=body))

    def put(self, path: str, **body: Any) -> Any:
        return _json(self.ask("PUT", path, json=body))

    def patch(self, path: str, **body: Any) -> Any:
        return _json(self.ask("PATCH", path, json=body))

    def delete(self, path: str) -> Any:
        return _json(self.ask("DELETE", path))


_locks_on_ports: list[int] = []

# Nodes are started many times: what Python compiled for one is there for the next, also where the environment says
# that nothing is to be written beside the sources.
_COMPILED = tempfile.TemporaryDirectory(prefix="linnet-compiled-")
_ELSEWHERE = {"PYTHONPYCACHEPREFIX": _COMPILED.name} if sys.dont_write_bytecode else {}
_KEPT_FROM_NODES = ("LINNET_", "NOTIFY_", "PYTHONDONTWRITEBYTECODE")


def _json(response: requests.Response) -> Any:
    assert response.ok, f"{response.request.method} {response.url}: {response.status_code} {response.text[:500]}"
    return response.json()


class Person(Api):
    """Somebody who signed in with an app; `id` is what their own node calls them."""

    def __init__(self, node: "Node", name: str, token: str) -> None:
        super().__init__(node.base_url, token)
        self.node = node
        self.name = name
        self.handle = f"{name}@{node.domain}"
        self.id = ""

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        status: dict[str, Any] = self.post("/api/v1/statuses", status=text, **more)
        return status

    def find(self, handle_or_url: str, kind: str = "accounts") -> dict[str, Any]:
        """What this person's node calls it; looked up over the network if need be."""
        found = self.get("/api/v2/search", q=handle_or_url, resolve="true", type=kind)[kind]
        assert len(found) == 1, found
        return found[0]  # type: ignore[no-any-return]

    def follow(self, other: "Person") -> str:
        """Ask to follow; what this person's node calls the other."""
        account_id: str = self.find(other.handle)["id"]
        self.post(f"/api/v1/accounts/{account_id}/follow")
        return account_id

    def relationship(self, account_id: str) -> dict[str, Any]:
        return self.get("/api/v1/accounts/relationships", **{"id[]": account_id})[0]  # type: ignore[no-any-return]

    def home(self) -> list[dict[str, Any]]:
        return self.get("/api/v1/timelines/home", limit=40)  # type: ignore[no-any-return]

    def sees(self, text: str) -> dict[str, Any] | None:
        """The post in the home timeline that holds `text`."""
        return next((s for s in self.home() if text in (s["reblog"] or s)["content"]), None)


class Node:
    """`linnet serve` on 127.0.0.1, or on another loopback `address`: rules about domains do not look at ports."""

    def __init__(
        self, nursery: Nursery, folder: Path, *arguments: str, address: str = "127.0.0.1", **variables: str
    ) -> None:
        self.port = free_port()
        self.domain = f"{address}:{self.port}"
        self.base_url = f"http://{self.domain}"
        self.data_dir = folder
        self.arguments = arguments
        self.log = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen[bytes] | Child | None = None
        self._nursery = nursery
        self._at_the_end: list[psutil.Process] = []
        self._variables = {
            "LINNET_DOMAIN": self.domain,
            "LINNET_LISTEN": self.domain,
            "LINNET_DATA_DIR": str(folder),
            "LINNET_OUTGOING_ALLOW": "127.0.0.0/8",
            "LINNET_PLAIN_HTTP": "on",
            "LINNET_RATE_LIMITS": "off",
            "LINNET_CONFIG": os.devnull,
        } | variables

    @property
    def environ(self) -> dict[str, str]:
        outer = {name: value for name, value in os.environ.items() if not name.startswith(_KEPT_FROM_NODES)}
        return outer | _ELSEWHERE | self._variables

    @property
    def database_url(self) -> str:
        """Empty with SQLite, whose file is in the data folder."""
        return self._variables.get("LINNET_DATABASE_URL", "")

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Its database, before the node starts or while it stands still."""
        with logging_kept(), opened(configuration.load(self._variables), migrate=True):
            yield

    def people(self, *names: str) -> list[Person]:
        """Make accounts, each with a token, before the node starts or while it stands still."""
        people = []
        with self.opened():
            ensure_identity()
            for name in names:
                pair, password_hash = keys.generate_rsa(), passwords.hash_password(f"{name} likes linnets")
                with store.transaction():
                    user = registration.create(name, password_hash, pair, email=f"{name}@mail.test", role=Role.USER)
                    account = account_lookup.account_of(user.id)
                    assert account is not None
                    _, token = oauth.token_for(user, account, "Live tests", _SCOPES)
                person = Person(self, name, token)
                person.id = str(account.id)
                people.append(person)
        return people

    def start(self) -> "Node":
        self.begin()
        return self.wait()

    def begin(self) -> None:
        self.process = self._nursery.begin(["serve", *self.arguments], self.environ, self.log)

    def wait(self) -> "Node":
        until(self.is_ready, what=lambda: f"{self.domain} is ready; its log:\n{self.tail()}")
        return self

    def is_ready(self) -> bool:
        assert self.process is None or self.process.poll() is None, f"the node ended:\n{self.tail()}"
        try:
            return requests.get(f"{self.base_url}/health/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def children(self) -> list[psutil.Process]:
        assert self.process is not None
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9 of all of it at once."""
        assert self.process is not None
        for process in [*self.children(), psutil.Process(self.process.pid)]:
            process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)

    def begin_to_stop(self) -> None:
        self._at_the_end = self.children() if self.process is not None else []
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """After `begin_to_stop`: nothing of the node is left, not even what did not leave by itself."""
        if self.process is not None:
            self.process.wait(PATIENCE_SECONDS)
        for process in self._at_the_end:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()

    def command(self, *arguments: str) -> Any:
        """`linnet … --json`, beside the running node."""
        run = self._nursery.run(*arguments, "--json", env=self.environ, seconds=PATIENCE_SECONDS)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def times_said(self, event: str) -> int:
        """How often the log says so."""
        return self.log.read_text("utf-8", "replace").count(f'"event": "{event}"')

    def tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-4000:] if self.log.exists() else ""


def free_port() -> int:
    """A port that nobody else gets while this process lives, whether a node listens there or has yet to start.

    It is below those that the system gives out by itself, to servers of other tests and to every connection.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        lock = os.open(Path(tempfile.gettempdir(), f"linnet-test-port-{port}"), os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            os.close(lock)
            continue
        _locks_on_ports.append(lock)
        return port
