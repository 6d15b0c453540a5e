"""What one process of a node does is heard by whoever listens at another one."""

import http.client
import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil
import pytest
import requests
from selectolax.lexbor import LexborHTMLParser

from tests.live.conversation import word
from tests.live.node import Node, Person
from tests.live.waiting import PATIENCE_SECONDS, until


class Ear:
    """An open stream of server-sent events."""

    def __init__(self, person: Person, stream: str) -> None:
        self.heard: list[str] = []
        self._connection = http.client.HTTPConnection(person.node.domain, timeout=PATIENCE_SECONDS)
        headers = {"Authorization": f"Bearer {person.token}"}
        self._connection.request("GET", f"/api/v1/streaming/{stream}", headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):  # the node has ended it already
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._connection.close()

    def _listen(self) -> None:
        with suppress(OSError, http.client.HTTPException):
            for line in self._answer:
                if line.startswith(b"data: {"):
                    self.heard.append(json.loads(line.removeprefix(b"data: "))["uri"])


@pytest.fixture(scope="module")
def alice(new_node: Callable[..., Node]) -> Person:
    node = new_node("--web", "2", "--workers", "1")
    (alice,) = node.people("alice")
    node.start()
    until(lambda: node.times_said("ready") == 3, what="all three processes listen, not the first alone")
    return alice


def web_processes(node: Node) -> list[psutil.Process]:
    return [one for one in node.children() if one.environ().get("LINNET_INTERNAL_ROLE") == "web"]


@contextmanager
def only(process: psutil.Process, others: list[psutil.Process]) -> Iterator[None]:
    """The others stand still, so that whoever connects now is served by this one."""
    for other in others:
        if other != process:
            other.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            other.send_signal(signal.SIGCONT)


def test_a_post_is_heard_at_every_process_whichever_took_it(alice: Person) -> None:
    processes = web_processes(alice.node)
    ears = []
    for process in processes:
        with only(process, processes):
            ears.append(Ear(alice, "user"))

    uris = []
    for process in processes:
        with only(process, processes):
            # A connection of its own, for the last one leads to another process.
            poster = Person(alice.node, alice.name, alice.token)
            uris.append(poster.say(word())["uri"])

    assert len(processes) == 2
    for ear in ears:
        until(lambda ear=ear: set(uris) <= set(ear.heard), what="both posts are heard")  # type: ignore[misc]
        ear.close()


def guess(node: Node) -> int:
    """Sign in as nobody with a wrong password, over connections of its own; the status of the answer."""
    browser = requests.Session()
    browser.headers["Connection"] = "close"
    page = LexborHTMLParser(browser.get(f"{node.base_url}/auth/sign-in", timeout=PATIENCE_SECONDS).text)
    inputs = [one.attributes for one in page.css("form input[type=hidden]")]
    hidden = {one["name"] or "": one.get("value") or "" for one in inputs}
    fields = hidden | {"login": "nobody", "password": "wrong and wrong again"}
    return browser.post(f"{node.base_url}/auth/sign-in", data=fields, timeout=PATIENCE_SECONDS).status_code


def test_wrong_passwords_are_counted_by_all_processes_together(alice: Person) -> None:
    first, second = processes = web_processes(alice.node)
    with only(first, processes):
        # Fewer than the ten datagrams that the system keeps for a process that stands still.
        assert {guess(alice.node) for _ in range(7)} == {422}

    with only(second, processes):
        # It allows ten: three of these, and perhaps one or two before it hears of the others.
        answers = [guess(alice.node) for _ in range(6)]

    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_node_with_open_streams_ends_in_time(alice: Person) -> None:
    ear = Ear(alice, "user")

    assert alice.node.stop() == 0

    ear.close()
