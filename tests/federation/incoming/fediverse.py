"""Another server on loopback, its people, and the node that they write to: real signatures over real HTTP."""

import io
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from federation import receiving, uris
from federation.context import Federation
from federation.signatures import OutgoingRequest, Signer, Style
from node import clock, jobs, store
from node.keys import KeyPair
from node.models import Account, Job
from tests.factories import other_rsa_keys, rsa_keys
from tests.federation.loopback import Peer

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = "https://www.w3.org/ns/activitystreams"
ACTIVITY_JSON = "application/activity+json"

Document = dict[str, Any]

_numbers = itertools.count(1)


@dataclass
class Somebody:
    """A person on another server, with a key."""

    uri: str
    name: str
    keys: KeyPair = field(default_factory=rsa_keys)
    key_id: str = ""

    def __post_init__(self) -> None:
        self.key_id = self.key_id or f"{self.uri}#main-key"

    @property
    def host(self) -> str:
        return URL(self.uri).authority

    @property
    def origin(self) -> str:
        return str(URL(self.uri).origin())

    def document(self, **changes: Any) -> Document:
        return {
            "@context": [CONTEXT, "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name.title(),
            "inbox": f"{self.uri}/inbox",
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "following": f"{self.uri}/following",
            "featured": f"{self.uri}/featured",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "publicKey": {"id": self.key_id, "owner": self.uri, "publicKeyPem": self.keys.public_pem},
        } | changes

    def does(self, kind: str, thing: Any, **more: Any) -> Document:
        """An activity of this person with an id of its own."""
        return {
            "@context": CONTEXT,
            "id": f"{self.uri}/activities/{next(_numbers)}",
            "type": kind,
            "actor": self.uri,
            "object": thing,
        } | more

    def note(self, text: str = "Hello.", **changes: Any) -> Document:
        return {
            "id": f"{self.uri}/notes/{next(_numbers)}",
            "type": "Note",
            "attributedTo": self.uri,
            "content": f"<p>{text}</p>",
            "published": clock.iso(clock.now_ms()),
            "to": [PUBLIC],
            "cc": [f"{self.uri}/followers"],
        } | changes

    def creates(self, note: Document, **more: Any) -> Document:
        audience = {name: note[name] for name in ("to", "cc") if name in note}
        return self.does("Create", note, **audience) | {"id": f"{note['id']}/activity"} | more


class Elsewhere(Peer):
    """A server with people and posts on it."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.handles: dict[str, Document] = {}
        self.on("/.well-known/webfinger", self._webfinger)

    def somebody(self, username: str = "", keys: KeyPair | None = None, **changes: Any) -> Somebody:
        """A person whom this server knows, with an actor document and a handle."""
        username = username or f"person{next(_numbers)}"
        person = Somebody(self.url(f"/users/{username}"), username, keys or rsa_keys())
        self.serve(person.document(**changes))
        self.handle(f"{username}@{self.authority}", person.uri)
        return person

    def handle(self, handle: str, actor_uri: str, subject: str = "") -> None:
        self.handles[f"acct:{handle}"] = {
            "subject": f"acct:{subject or handle}",
            "links": [{"rel": "self", "type": ACTIVITY_JSON, "href": actor_uri}],
        }

    def serve(self, document: Document, at: str = "", **answer: Any) -> None:
        """`document` at its id, or at another path."""
        body = json.dumps({"@context": CONTEXT} | document).encode()
        self.on(at or URL(document["id"]).path, **{"body": body, "content_type": ACTIVITY_JSON} | answer)

    def asked_for(self, path: str) -> int:
        return sum(request.path == path for request in self.received)

    async def _webfinger(self, request: web.Request) -> web.Response:
        found = self.handles.get(request.query.get("resource", ""))
        if found is None:
            return web.Response(status=404)
        return web.Response(body=json.dumps(found).encode(), content_type="application/jrd+json")


class Here:
    """Our node: its inboxes over HTTP, and the jobs that follow."""

    def __init__(self, server: TestServer, fed: Federation, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session
        self.fed = fed

    @property
    def base(self) -> str:
        return self.fed.config.base_url

    @property
    def port(self) -> int:
        assert self.server.port is not None
        return self.server.port

    def signed(
        self, sender: Somebody, body: bytes, path: str = "/ap/inbox", *, style: Style = Style.CAVAGE
    ) -> dict[str, str]:
        request = OutgoingRequest(URL(f"{self.base}{path}"), body)
        return Signer(sender.key_id, sender.keys.private_pem).headers(request, style)

    async def post(self, body: bytes, headers: dict[str, str], path: str = "/ap/inbox") -> int:
        async with self._session.post(self.server.make_url(path), data=io.BytesIO(body), headers=headers) as answer:
            await answer.read()
            return answer.status

    async def deliver(
        self,
        sender: Somebody,
        activity: Document,
        path: str = "/ap/inbox",
        *,
        style: Style = Style.CAVAGE,
        headers: dict[str, str] | None = None,
    ) -> int:
        """POST what `sender` signs, with more `headers` beside; the status of the answer."""
        body = json.dumps(activity).encode()
        return await self.post(body, self.signed(sender, body, path, style=style) | (headers or {}), path)

    async def work(self) -> None:
        """Do the jobs that listen and fetch, until none of them is due."""
        while True:
            taken = await store.write(jobs.take, 1, 100)
            mine = [job for job in taken if job.kind in receiving.HANDLERS]
            for job in mine:
                await receiving.HANDLERS[jobs.JobKind(job.kind)](self.fed, job)
            if not mine:
                return

    def crowd(self, sender: Somebody) -> None:
        """Much has just come from there: it is not the turn of what comes now, which is left to the queue."""
        for _ in range(1000):
            self.fed.turns.next(uris.host_of(sender.uri) or "")

    def forget(self, uri: str) -> None:
        """What could not be had a moment ago is asked for again."""
        self.fed.notes.forget(uri)
        self.fed.posts.forget(uri)

    async def receive(self, sender: Somebody, *activities: Document, path: str = "/ap/inbox") -> None:
        """Deliver, and let everything happen that follows."""
        for activity in activities:
            status = await self.deliver(sender, activity, path)
            assert status == 202, status
            await self.work()


def waiting(kind: str) -> list[Job]:
    return list(Job.select().where(Job.kind == kind).order_by(Job.id))


def account(person: Somebody) -> Account:
    return Account.get(Account.uri == person.uri)


def stranger_keys() -> KeyPair:
    """Keys that nobody lists."""
    return other_rsa_keys()
