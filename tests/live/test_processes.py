"""`linnet serve`: one process or several, and what keeps them going."""

import http.client
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
import requests
from yarl import URL

from node.cli import spawning
from node.models import ServerDay
from tests.live.conversation import followers
from tests.live.crowd import Crowd
from tests.live.node import Node, Person, free_port
from tests.live.waiting import PATIENCE_SECONDS, until

NewNode = Callable[..., Node]


@pytest.fixture(scope="module")
def alice(new_node: NewNode) -> Person:
    """Somebody on a node of two web processes and one worker, all of them ready: the first answers before the last."""
    node = new_node("--web", "2", "--workers", "1")
    (alice,) = node.people("alice")
    node.start()
    until(lambda: node.times_said("ready") == 3, what="three processes are ready")
    return alice


@pytest.fixture
def several(alice: Person) -> Node:
    return alice.node


class Hammer:
    """A client that hardly pauses, with a new connection for each request or with one that it keeps."""

    def __init__(self, node: Node, *, keeps_connection: bool) -> None:
        self._url = f"{node.base_url}/.well-known/nodeinfo"
        self._session = requests.Session() if keeps_connection else None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.answered = 0
        self.failures: list[str] = []

    def __enter__(self) -> "Hammer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(0.005):
            try:
                response = (self._session or requests).get(self._url, timeout=PATIENCE_SECONDS)
                self.answered += 1
                if response.status_code != 200:
                    self.failures.append(str(response.status_code))
            except requests.RequestException as error:
                self.failures.append(repr(error))


def pids(node: Node) -> set[int]:
    return {process.pid for process in node.children()}


class Line:
    """A connection that stays, to whichever of the web processes took it: `pid`."""

    def __init__(self, node: Node) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=PATIENCE_SECONDS)
        assert self.ask("GET", "/health/live") == 200
        port = self._connection.sock.getsockname()[1]
        self.pid: int = next(
            one.pid for one in node.children() if any(c.raddr and c.raddr.port == port for c in one.net_connections())
        )

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
        self._connection.request(method, path, body, headers or {})
        answer = self._connection.getresponse()
        answer.read()
        return answer.status

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def lines(several: Node) -> Iterator[list[Line]]:
    """One to each of the two web processes."""
    tried: list[Line] = []

    def led_to() -> set[int]:
        tried.append(Line(several))
        return {line.pid for line in tried}

    until(lambda: len(led_to()) == 2, what="there is a line to each process")
    yield [tried[0], tried[-1]]
    for line in tried:
        line.close()


def test_a_request_that_is_brought_again_to_another_process_has_no_effect_there(
    alice: Person, lines: list[Line]
) -> None:
    """Each remembers the requests that it took itself; what was done or taken back, all of them know."""
    first, second = lines
    uri, inbox = f"{alice.base_url}/ap/users/{alice.id}", "/ap/inbox"

    def told() -> list[str]:
        return [one["type"] for one in alice.get("/api/v1/notifications")]

    with Crowd(1) as crowd:
        actor = f"http://{crowd.hosts[0]}/actor"
        tag = {"type": "Mention", "href": uri}
        note = {"id": f"{actor}/1", "type": "Note", "attributedTo": actor, "content": "Hello.", "to": uri, "tag": tag}
        follow = {"id": f"{actor}#follow", "type": "Follow", "actor": actor, "object": uri}
        undo = {"id": f"{actor}#undo", "type": "Undo", "actor": actor, "object": follow}
        create = {"id": f"{actor}#create", "type": "Create", "actor": actor, "object": note}
        asks, ends, says = (
            crowd.signed(crowd.hosts[0], URL(alice.base_url + inbox), one) for one in (follow, undo, create)
        )

        assert first.ask("POST", inbox, *asks) == 202
        until(lambda: told() == ["follow"])
        assert second.ask("POST", inbox, *ends) == 202
        until(lambda: told() == [])
        assert second.ask("POST", inbox, *asks) == 202
        assert [line.ask("POST", inbox, *says) for line in lines] == [202, 202]
        until(lambda: "mention" in told())

    assert told() == ["mention"]
    assert followers(alice) == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"200"),
        (b"\x16\x03\x01 tell me\r\n\r\n", b"400"),
    ],
)
def test_an_answer_tells_nobody_what_the_node_is_made_of(several: Node, said: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", several.port), timeout=PATIENCE_SECONDS) as client:
        client.sendall(said)
        head, _, body = b"".join(iter(lambda: client.recv(10_000), b"")).partition(b"\r\n\r\n")

    assert head.split()[1] == status
    assert b"Server: Linnet\r\n" in head + b"\r\n"
    assert body in (b"OK", b"This request cannot be read.\n")


def test_many_who_come_while_nobody_has_time_wait_for_it(several: Node) -> None:
    children = several.children()
    for process in children:
        process.suspend()
    try:
        with ExitStack() as waiting:
            for _ in range(400):
                waiting.enter_context(socket.create_connection(("127.0.0.1", several.port), timeout=5))
    finally:
        for process in children:
            process.resume()

    assert several.is_ready()


def test_sighup_replaces_every_process_and_no_connection_is_refused(several: Node) -> None:
    before = pids(several)

    with Hammer(several, keeps_connection=False) as new, Hammer(several, keeps_connection=True) as kept:
        several.signal(signal.SIGHUP)
        until(lambda: not before & pids(several), what="all are replaced")
        answered = new.answered, kept.answered
        until(lambda: new.answered > answered[0] + 20 and kept.answered > answered[1] + 20)

    assert (new.failures, kept.failures) == ([], [])
    assert len(pids(several)) == 3


def test_a_process_that_dies_is_followed_by_another(several: Node) -> None:
    until(lambda: len(pids(several)) == 3)
    before, ready = pids(several), several.times_said("ready")

    for pid in before:
        psutil.Process(pid).kill()

    until(lambda: several.times_said("ready") == ready + 3, what="three new processes are ready")
    assert len(pids(several) - before) == 3
    assert several.is_ready()


def test_a_generation_that_does_not_get_ready_leaves_the_old_one_alone(several: Node) -> None:
    """As when a version was installed that cannot start: here, the secret of the node is spoilt."""
    before = pids(several)
    secret = several.data_dir / "secret"
    good = secret.read_text()
    secret.write_text("spoilt")

    several.signal(signal.SIGHUP)
    until(lambda: "the old one goes on" in several.tail())

    secret.write_text(good)
    assert pids(several) == before
    assert several.is_ready()


def test_sigterm_ends_all_of_them(several: Node) -> None:
    processes = several.children()

    code = several.stop()

    assert code == 0
    assert not any(process.is_running() for process in processes)


def test_children_leave_when_their_supervisor_is_killed(new_node: NewNode) -> None:
    node = new_node("--web", "1", "--workers", "1").start()
    children = node.children()
    assert node.process is not None

    node.process.kill()
    node.process.wait()

    until(lambda: not any(child.is_running() for child in children), what="the children are gone")


def test_a_child_leaves_when_its_supervisor_died_before_it_heard_that_the_child_is_ready(new_node: NewNode) -> None:
    """What was sent and never read turns the end of the line into an error."""
    node = new_node()
    node.people("alice")
    supervisor, line = socket.socketpair()
    supervisor.setblocking(False)
    variables = {
        spawning.ROLE: spawning.WORKER,
        spawning.PLACE: "0",
        spawning.LISTENERS: "",
        spawning.SUPERVISOR: str(line.fileno()),
    }
    with line, supervisor:
        lonely = subprocess.Popen(
            [sys.executable, "-m", "node.cli.child"], env=node.environ | variables, pass_fds=(line.fileno(),)
        )
        until(lambda: select.select([supervisor], [], [], 0)[0], what="the child has said that it is ready")

    assert lonely.wait(PATIENCE_SECONDS) == 0


_AS_SYSTEMD_DOES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
variables = os.environ | {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execve(sys.executable, [sys.executable, "-m", "node", "serve"], variables)
"""


def test_one_process_takes_the_socket_of_systemd_and_tells_it_when_it_is_ready(
    new_node: NewNode, tmp_path: Path
) -> None:
    node = new_node()
    with socket.socket() as listener, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        listener.bind(("127.0.0.1", node.port))
        listener.listen()
        notify.bind(str(tmp_path / "notify"))
        notify.settimeout(PATIENCE_SECONDS)
        node.process = subprocess.Popen(
            [sys.executable, "-c", _AS_SYSTEMD_DOES, str(listener.fileno())],
            env=node.environ | {"NOTIFY_SOCKET": str(tmp_path / "notify"), "LINNET_LISTEN": "192.0.2.1:1"},
            pass_fds=(listener.fileno(),),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

        said = notify.recv(1000)

        assert said == b"READY=1"
        assert node.is_ready()
    assert node.stop() == 0


def waiting_bytes(client: socket.socket) -> tuple[int, int]:
    """Of a connection on loopback: what the other side has not received, and what it has received and not read."""
    ours, theirs = (name[1] for name in (client.getsockname(), client.getpeername()))
    queues = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, sizes, *_ = line.split()
        ports = tuple(int(address.rpartition(":")[2], 16) for address in (local, remote))
        queues[ports] = [int(size, 16) for size in sizes.split(":")]
    return queues[ours, theirs][0], queues[theirs, ours][1]


def test_an_answer_that_is_under_way_is_finished_before_the_end(new_node: NewNode) -> None:
    node = new_node().start()
    with socket.create_connection(("127.0.0.1", node.port), timeout=PATIENCE_SECONDS) as client:
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n")
        until(lambda: waiting_bytes(client) == (0, 0), what="the node has read what was sent")

        node.signal(signal.SIGTERM)
        client.sendall(b"\r\n")

        assert client.recv(1000).startswith(b"HTTP/1.1 200")
    assert node.stop() == 0


def test_what_a_process_took_in_is_counted_once_and_kept_when_it_ends(new_node: NewNode) -> None:
    node = new_node("--web", "1", "--workers", "1")
    (alice,) = node.people("alice")
    node.start()
    with Crowd(1) as crowd:
        actor, uri = f"http://{crowd.hosts[0]}/actor", f"{alice.base_url}/ap/users/{alice.id}"
        follow = {"id": f"{actor}#follow", "type": "Follow", "actor": actor, "object": uri}
        undo = {"id": f"{actor}#undo", "type": "Undo", "actor": actor, "object": follow}
        inbox = f"{alice.base_url}/ap/inbox"
        # The first is written at once; what comes after it, only a minute later.
        for activity in (follow, follow, undo):
            body, headers = crowd.signed(crowd.hosts[0], URL(inbox), activity)
            answer = requests.post(inbox, body, headers=headers, timeout=PATIENCE_SECONDS)
            assert answer.status_code == 202

        assert node.stop() == 0

    with node.opened():
        assert [(row.host, row.received) for row in ServerDay.select()] == [(crowd.hosts[0], 2)]


def test_figures_are_served_on_an_address_of_their_own(new_node: NewNode) -> None:
    address = f"127.0.0.1:{free_port()}"
    node = new_node(LINNET_METRICS_LISTEN=address).start()

    assert "linnet_http_requests" in requests.get(f"http://{address}/metrics", timeout=PATIENCE_SECONDS).text
    assert requests.get(f"{node.base_url}/metrics", timeout=PATIENCE_SECONDS).status_code == 404
    assert node.stop() == 0
