"""Two people on servers made of Fedify, an ActivityPub implementation that shares nothing with ours (tests/interop)."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.live.node_js import command
from tests.live.waiting import PATIENCE_SECONDS, until


class Resident:
    """Somebody who lives on a Fedify server. `origin` is that server."""

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        self.origin = origin
        self.uri = f"{origin}/users/{name}"
        self.handle = f"{name}@{origin.removeprefix('http://')}"
        self._session = requests.Session()
        self._session.trust_env = False

    def does(self, verb: str, **details: Any) -> dict[str, Any]:
        """Has them do it; fails with Fedify's reason when somebody refuses it."""
        answer = self._session.post(f"{self.origin}/do/{verb}", json=details, timeout=PATIENCE_SECONDS)
        assert answer.ok, answer.text[:3000]
        return answer.json()  # type: ignore[no-any-return]

    def activities(self, kind: str = "", /, **wanted: Any) -> list[dict[str, Any]]:
        """What was delivered to them, verified and understood by Fedify."""
        return [
            one
            for one in self._seen()["activities"]
            if kind in ("", one["type"]) and all(one.get(name) == value for name, value in wanted.items())
        ]

    def gets(self, kind: str, /, **wanted: Any) -> dict[str, Any]:
        """The activity of this kind, once it is there."""
        until(
            lambda: self.activities(kind, **wanted),
            what=lambda: f"{self.name} gets {kind} {wanted}, of which there is {self._seen()['activities'][-5:]}",
        )
        return self.activities(kind, **wanted)[-1]

    def requests(self, *method_and_path: str) -> list[dict[str, Any]]:
        """Requests that reached the server: how they were signed, and of deliveries by whom."""
        requests = self._seen()["requests"]
        return [one for one in requests if method_and_path in ((), (one["method"], one["path"]))]

    def post_raw(self, body: dict[str, Any]) -> int:
        """Deliver something without any signature; the status of the answer."""
        headers = {"Content-Type": "application/activity+json"}
        return self._session.post(
            f"{self.uri}/inbox", json=body, headers=headers, timeout=PATIENCE_SECONDS
        ).status_code

    def _seen(self) -> dict[str, Any]:
        return self._session.get(f"{self.origin}/seen", timeout=PATIENCE_SECONDS).json()  # type: ignore[no-any-return]


@contextmanager
def residents() -> Iterator[dict[str, Resident]]:
    """By their names: `casper`, whose server speaks draft-cavage-12, and `rufus`, whose server insists on RFC 9421."""
    process = subprocess.Popen(command("peer.mjs"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"Fedify did not start; it ended with {process.wait(PATIENCE_SECONDS)}"
        yield {name: Resident(name, origin) for name, origin in json.loads(line).items()}
    finally:
        process.terminate()
        process.communicate()
