"""`linnet doctor` beside a node that runs behind a proxy."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.live.conftest import NewNode
from tests.live.node import Node, free_port
from tests.live.waiting import PATIENCE_SECONDS

_PROPER = {"X-Forwarded-For": "192.0.2.7"}


class Proxy:
    """In front of `behind`: `says` are the headers that it sets, `answers` what it says without asking anybody."""

    def __init__(self) -> None:
        self.port = free_port()
        self.name = f"127.0.0.1:{self.port}"
        self.behind = ""
        self.says: dict[str, str] = {}
        self.answers = ""
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = proxy.answers.encode() or proxy.ask(self.path, self.headers["Host"])
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ask(self, path: str, host: str) -> bytes:
        headers = {"Host": host} | self.says
        return requests.get(self.behind + path, headers=headers, timeout=PATIENCE_SECONDS).content


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    proxy = Proxy()
    yield proxy
    proxy.server.shutdown()
    proxy.server.server_close()


@pytest.fixture(scope="module")
def node(new_node: NewNode, proxy: Proxy) -> Node:
    node = new_node(LINNET_DOMAIN=proxy.name, LINNET_TRUSTED_PROXIES="127.0.0.0/8")
    node.command("account", "create", "alice", "--password", "alice likes linnets", "--role", "admin")
    proxy.behind = node.base_url
    return node.start()


@pytest.fixture(autouse=True)
def proper(proxy: Proxy) -> None:
    proxy.says, proxy.answers = dict(_PROPER), ""


def examine(node: Node, **variables: str) -> tuple[int, dict[str, str]]:
    """The exit code, and what is wrong by what was looked at."""
    command = [sys.executable, "-m", "node", "doctor", "--json"]
    ended = subprocess.run(command, env=node.environ | variables, capture_output=True, timeout=PATIENCE_SECONDS)
    return ended.returncode, {row["check"]: row["says"] for row in json.loads(ended.stdout) if not row["ok"]}


def test_of_a_node_that_is_well_nothing_is_wrong(node: Node) -> None:
    assert examine(node) == (0, {})


def test_a_proxy_that_changes_the_name_is_found(node: Node, proxy: Proxy) -> None:
    proxy.says["Host"] = "upstream:8420"

    code, wrong = examine(node)

    assert (code, list(wrong)) == (1, ["name"])
    assert "arrive for upstream:8420" in wrong["name"]


def test_a_proxy_that_does_not_say_for_whom_it_asks_is_found(node: Node, proxy: Proxy) -> None:
    del proxy.says["X-Forwarded-For"]

    code, wrong = examine(node)

    assert (code, list(wrong)) == (1, ["visitors"])
    assert "X-Forwarded-For" in wrong["visitors"]


def test_another_program_at_the_address_is_found(node: Node, proxy: Proxy) -> None:
    proxy.answers = "Welcome to nginx!"

    code, wrong = examine(node)

    assert (code, list(wrong)) == (1, ["answers"])
    assert "another program" in wrong["answers"]


def test_a_proxy_that_is_not_trusted_is_found(new_node: NewNode, proxy: Proxy, node: Node) -> None:
    other = new_node(LINNET_DOMAIN=proxy.name)
    other.command("account", "create", "alice", "--password", "alice likes linnets", "--role", "admin")
    other.start()
    proxy.behind = other.base_url

    code, wrong = examine(other)

    proxy.behind = node.base_url
    assert (code, list(wrong)) == (1, ["visitors"])
    assert "LINNET_TRUSTED_PROXIES" in wrong["visitors"]
