"""Whatever strangers write has us knock at no private address (docs/threat-model.md, Requests to others).

The canary listens on an address that the node may not reach, and counts who connects. Each way that leads there is gone
twice: where the operator allows that address, and where not.
"""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec
import pytest

from federation.finding import lookup
from federation.http.door import Door
from federation.translation import service as translation
from node.config import Config
from node.errors import NodeError
from node.jobs import JobKind
from node.models import Destination, Job, RelayKind, Severity
from node.services.accounts import verified
from node.services.servers import domain_blocks, relays, software
from node.services.servers.domain_blocks import Terms
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody
from tests.federation.loopback import Names, local_config
from web.files.remote_files import RemoteFiles

PEERS = ipaddress.ip_network("127.0.0.1/32")
PRIVATE = "127.0.0.2"


class Canary:
    """Answers 404 to everybody."""

    knocks = 0

    def __init__(self) -> None:
        self.port = 0

    async def __aenter__(self) -> "Canary":
        self._server = await asyncio.start_server(self._answer, PRIVATE, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    def url(self, path: str = "/x") -> str:
        return f"http://{PRIVATE}:{self.port}{path}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()


@pytest.fixture(params=[False, True], ids=["refused", "allowed"])
def allowed(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def config(config: Config, allowed: bool) -> Config:
    networks = (PEERS, ipaddress.ip_network(f"{PRIVATE}/32")) if allowed else (PEERS,)
    return msgspec.structs.replace(config, outgoing_allow=networks)


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with Canary() as listening:
        yield listening


class Scene(NamedTuple):
    here: Here
    there: Elsewhere
    carol: Somebody
    alice: Person
    canary: Canary

    async def hears(self, kind: str, thing: Any, **more: Any) -> None:
        await self.here.deliver(self.carol, self.carol.does(kind, thing, **more))
        await self.work()

    async def reads(self, **changes: Any) -> None:
        note = self.carol.note(**changes)
        await self.here.deliver(self.carol, self.carol.creates(note))
        await self.work()

    async def work(self) -> None:
        for _ in range(2):  # what is done makes work for later
            with in_unit():
                Job.update(due_at=0).execute()
            with suppress(NodeError):
                await self.here.work()

    def leads_away(self, path: str) -> str:
        """An address of a peer that redirects to the canary."""
        self.there.on(path, status=302, headers={"Location": self.canary.url()})
        return self.there.url(path)


# ── the ways ───────────────────────────────────────────────────────────────────────────────────────────────────────

Way = Callable[[Scene], Awaitable[object]]


async def key(scene: Scene) -> None:
    nobody = Somebody(scene.canary.url("/users/nobody"), "nobody")
    await scene.here.deliver(nobody, nobody.creates(nobody.note()))


async def key_behind_a_redirect(scene: Scene) -> None:
    nobody = Somebody(scene.leads_away("/users/nobody"), "nobody")
    await scene.here.deliver(nobody, nobody.creates(nobody.note()))


async def owner_of_a_key(scene: Scene) -> None:
    """The key's document is well; what it says its owner is redirects."""
    nobody = Somebody(scene.leads_away("/users/nobody"), "nobody", key_id=scene.there.url("/keys/1"))
    scene.there.serve({"id": nobody.key_id, "owner": nobody.uri, "publicKeyPem": nobody.keys.public_pem})
    await scene.here.deliver(nobody, nobody.creates(nobody.note()))


async def actor_who_is_named(scene: Scene) -> None:
    named = [{"type": "Mention", "href": uri, "name": "@x"} for uri in (scene.alice.account.uri, scene.canary.url())]
    await scene.reads(tag=named, cc=[one["href"] for one in named])


async def post_that_is_boosted(scene: Scene) -> None:
    await scene.hears("Announce", scene.canary.url())


async def post_that_is_only_named(scene: Scene) -> None:
    await scene.hears("Create", scene.leads_away("/notes/1"))


async def post_that_is_answered(scene: Scene) -> None:
    await scene.reads(inReplyTo=scene.canary.url())


async def post_that_is_quoted(scene: Scene) -> None:
    await scene.reads(quote=scene.canary.url())


async def post_that_somebody_pastes(scene: Scene) -> None:
    await lookup.find(scene.here.fed, scene.canary.url())


async def document_of_a_page(scene: Scene) -> None:
    link = f'<link rel=alternate type="application/activity+json" href="{scene.canary.url()}">'
    scene.there.on("/page", text=link, content_type="text/html")
    await lookup.find(scene.here.fed, scene.there.url("/page"))


async def id_of_a_document(scene: Scene) -> None:
    scene.there.serve({"id": scene.canary.url(), "type": "Note"}, at="/notes/2")
    await lookup.find(scene.here.fed, scene.there.url("/notes/2"))


async def replies(scene: Scene) -> None:
    note = scene.carol.note(replies=scene.leads_away("/replies"))
    scene.there.serve(note)
    await lookup.find(scene.here.fed, note["id"])
    await scene.work()


async def pinned_posts(scene: Scene) -> None:
    scene.leads_away("/users/dave/featured")
    dave = scene.there.somebody("dave")
    await lookup.find(scene.here.fed, dave.uri)
    await scene.work()


async def where_somebody_moves(scene: Scene) -> None:
    await scene.hears("Move", scene.carol.uri, target=scene.canary.url())


async def list_of_followers(scene: Scene) -> None:
    header = f'collectionId="{scene.carol.uri}/followers", url="{scene.leads_away("/sync")}", digest="{"0" * 64}"'
    activity = scene.carol.creates(scene.carol.note())
    await scene.here.deliver(scene.carol, activity, headers={"Collection-Synchronization": header})
    await scene.work()


async def what_is_passed_on(scene: Scene) -> None:
    status = make_status(scene.alice)
    nobody = Somebody(scene.canary.url("/users/nobody"), "nobody")
    passed_on = nobody.creates(nobody.note(inReplyTo=status.uri), signature={"type": "RsaSignature2017"})
    await scene.here.deliver(scene.carol, passed_on)
    await scene.work()


async def webfinger(scene: Scene) -> None:
    await lookup.find(scene.here.fed, f"@nobody@{PRIVATE}:{scene.canary.port}")


async def webfinger_that_an_actor_hints_at(scene: Scene) -> None:
    dave = scene.there.somebody("dave", webfinger=f"dave@{PRIVATE}:{scene.canary.port}")
    await lookup.find(scene.here.fed, dave.uri)


async def webfinger_elsewhere(scene: Scene) -> None:
    template = f'<XRD><Link rel="lrdd" template="{scene.canary.url("/")}?{{uri}}"/></XRD>'
    scene.there.on("/.well-known/host-meta", text=template)
    await lookup.find(scene.here.fed, f"@nobody@{scene.there.authority}")


async def webfinger_behind_a_redirect(scene: Scene) -> None:
    scene.leads_away("/.well-known/webfinger")
    await lookup.find(scene.here.fed, f"@nobody@{scene.there.authority}")


async def page_that_is_linked_to(scene: Scene) -> None:
    await scene.reads(content=f'<a href="{scene.canary.url()}">x</a>')


async def page_behind_a_redirect(scene: Scene) -> None:
    await scene.reads(content=f'<a href="{scene.leads_away("/page")}">x</a>')


async def what_a_page_says_by_oembed(scene: Scene) -> None:
    link = f'<title>T</title><link rel=alternate type="application/json+oembed" href="{scene.canary.url()}">'
    scene.there.on("/page", text=link, content_type="text/html")
    await scene.reads(content=f'<a href="{scene.there.url("/page")}">x</a>')


async def page_that_a_profile_links_to(scene: Scene) -> None:
    line = {
        "type": "PropertyValue",
        "name": "Web",
        "value": f'<a href="{scene.canary.url()}">{scene.canary.url()}</a>',
    }
    dave = scene.there.somebody("dave", attachment=[line])
    account = await lookup.account(scene.here.fed, dave.uri)
    assert account is not None
    with in_unit():
        verified.ask(account)
    await scene.work()


async def what_a_server_runs(scene: Scene) -> None:
    with in_unit():
        Destination.create(host=f"{PRIVATE}:{scene.canary.port}", last_success_at=1)
        software.ask()
    await scene.work()


async def what_a_server_runs_behind_a_redirect(scene: Scene) -> None:
    scene.leads_away("/.well-known/nodeinfo")
    with in_unit():
        Destination.create(host=scene.there.authority, last_success_at=1)
        software.ask()
    await scene.work()


async def picture(scene: Scene) -> None:
    await RemoteFiles(scene.here.fed.config.data_dir).get(scene.here.fed.door, scene.canary.url("/x.png"))


async def picture_behind_a_redirect(scene: Scene) -> None:
    await RemoteFiles(scene.here.fed.config.data_dir).get(scene.here.fed.door, scene.leads_away("/x.png"))


async def relay(scene: Scene) -> None:
    with in_unit():
        relays.add(scene.canary.url("/actor"), RelayKind.LITEPUB, None)
    assert Job.select().where(Job.kind == JobKind.FOLLOW_RELAY).count() == 1
    await scene.work()


async def delivery(scene: Scene) -> None:
    await scene.here.fed.door.post(scene.canary.url("/inbox"), b"{}", signer=await scene.here.fed.signer())


async def translation_service(scene: Scene) -> None:
    await translation.read(scene.here.fed.door, scene.canary.url("/languages"), {})


WAYS: list[Way] = [
    key,
    key_behind_a_redirect,
    owner_of_a_key,
    actor_who_is_named,
    post_that_is_boosted,
    post_that_is_only_named,
    post_that_is_answered,
    post_that_is_quoted,
    post_that_somebody_pastes,
    document_of_a_page,
    id_of_a_document,
    replies,
    pinned_posts,
    where_somebody_moves,
    list_of_followers,
    what_is_passed_on,
    webfinger,
    webfinger_that_an_actor_hints_at,
    webfinger_elsewhere,
    webfinger_behind_a_redirect,
    page_that_is_linked_to,
    page_behind_a_redirect,
    what_a_page_says_by_oembed,
    page_that_a_profile_links_to,
    what_a_server_runs,
    what_a_server_runs_behind_a_redirect,
    picture,
    picture_behind_a_redirect,
    relay,
    delivery,
    translation_service,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_no_way_leads_to_a_private_address(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, canary: Canary, way: Way, allowed: bool
) -> None:
    with suppress(NodeError):
        await way(Scene(here, there, carol, alice, canary))

    assert (canary.knocks > 0) is allowed


@pytest.mark.parametrize("suspended", [True, False])
@pytest.mark.parametrize("way", [key_behind_a_redirect, post_that_is_only_named, picture_behind_a_redirect])
async def test_no_redirect_leads_to_a_suspended_domain(
    here: Here,
    there: Elsewhere,
    carol: Somebody,
    alice: Person,
    canary: Canary,
    way: Way,
    allowed: bool,
    suspended: bool,
) -> None:
    if suspended:
        with in_unit():
            domain_blocks.block(PRIVATE, Severity.SUSPEND, Terms(), None)

    with suppress(NodeError):
        await way(Scene(here, there, carol, alice, canary))

    assert (canary.knocks > 0) is (allowed and not suspended)


async def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(canary: Canary, allowed: bool) -> None:
    """The first answer is an address that may be asked, the second is not; each connection is checked by itself."""
    networks = (PEERS, ipaddress.ip_network(f"{PRIVATE}/32")) if allowed else (PEERS,)
    names = Names(["127.0.0.1"], [PRIVATE])
    async with Elsewhere() as rebinding, Door(local_config(outgoing_allow=networks), resolver=names) as door:
        rebinding.on("/", status=302, headers={"Location": f"http://rebind.example:{canary.port}/"})

        with suppress(NodeError):
            await door.fetch(f"http://rebind.example:{rebinding.port}/")

        assert len(rebinding.received) == 1
    assert names.asked == ["rebind.example", "rebind.example"]
    assert (canary.knocks > 0) is allowed
