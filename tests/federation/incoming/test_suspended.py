"""A suspended domain comes back by nobody else's hand, and is not asked for anything (docs/threat-model.md)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from federation.context import Budget
from federation.finding import resolve
from node.models import RelayKind, Severity, Status
from node.services import completion
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody, account
from tests.federation.incoming.test_forwarded import SIGNATURE
from tests.federation.incoming.test_relays import join

SHUT_OUT = "127.0.0.2"


@pytest.fixture
async def shut_out() -> AsyncIterator[Elsewhere]:
    async with Elsewhere(SHUT_OUT) as server:
        yield server


class Scene:
    """Carol, whom Alice follows, on one server; Erin on another, whose post comes here by somebody of the first."""

    def __init__(self, here: Here, there: Elsewhere, shut_out: Elsewhere, carol: Somebody, alice: Person) -> None:
        self.here, self.there, self.shut_out, self.carol, self.alice = here, there, shut_out, carol, alice
        self.erin = shut_out.somebody("erin")
        self.asked = carol.note("Who knows?")

    def post(self, **changes: Any) -> Document:
        note = self.erin.note("From the other side.", id=f"{self.erin.uri}/notes/here", **changes)
        self.shut_out.serve(note)
        return note

    def arrived(self) -> bool:
        return Status.get_or_none(Status.uri == f"{self.erin.uri}/notes/here") is not None

    async def carol_says(self, note: Document) -> None:
        await self.here.receive(self.carol, self.carol.creates(note))

    async def boosted(self) -> None:
        await self.here.receive(self.carol, self.carol.does("Announce", self.post()["id"], to=[PUBLIC]))

    async def quoted(self) -> None:
        await self.carol_says(self.carol.note(quote=self.post()["id"]))

    async def answered(self) -> None:
        await self.carol_says(self.carol.note(inReplyTo=self.post()["id"]))

    async def passed_on(self) -> None:
        await self.carol_says(self.asked)
        answer = self.post(inReplyTo=self.asked["id"])
        await self.here.receive(self.carol, self.erin.creates(answer) | SIGNATURE)

    async def listed(self) -> None:
        listing = f"{self.asked['id']}/replies"
        answer = self.post(inReplyTo=self.asked["id"])
        self.there.serve({"id": listing, "type": "Collection", "items": [answer["id"]]})
        await self.carol_says(self.asked | {"replies": listing})
        with in_unit():
            completion.begin(Status.get(Status.uri == self.asked["id"]).id)
        await self.here.work()

    async def shared_in_a_community(self) -> None:
        maps = self.there.somebody("maps", type="Group")
        await resolve.account(self.here.fed, maps.uri, budget=Budget(5))
        make_follow(self.alice, account(maps))
        await self.here.receive(maps, maps.does("Announce", self.erin.creates(self.post()), to=[PUBLIC]))

    async def relayed(self) -> None:
        relay = self.there.somebody("relay", type="Application", inbox=self.there.url("/relay/inbox"))
        await join(self.here, relay, RelayKind.LITEPUB)
        await self.here.receive(relay, relay.does("Announce", self.post()["id"]))


WAYS: list[Callable[[Scene], Awaitable[None]]] = [
    Scene.boosted,
    Scene.quoted,
    Scene.answered,
    Scene.passed_on,
    Scene.listed,
    Scene.shared_in_a_community,
    Scene.relayed,
]


@pytest.mark.parametrize("is_suspended", [True, False])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_nobody_brings_what_a_suspended_domain_posts(
    here: Here,
    there: Elsewhere,
    shut_out: Elsewhere,
    carol: Somebody,
    alice: Person,
    way: Callable[[Scene], Awaitable[None]],
    is_suspended: bool,
) -> None:
    if is_suspended:
        with in_unit():
            domain_blocks.block(SHUT_OUT, Severity.SUSPEND, Terms(), None)
    scene = Scene(here, there, shut_out, carol, alice)

    await way(scene)

    assert scene.arrived() is not is_suspended
    assert (shut_out.received == []) is is_suspended
