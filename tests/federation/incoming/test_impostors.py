"""Servers that say that somebody of theirs is somebody of another server's (docs/threat-model.md)."""

from typing import Any

import pytest

from federation.context import Budget
from federation.errors import BadDocument
from federation.finding import lookup, resolve
from federation.http.kept import Kept
from node.models import Follow, Status
from tests.factories import Person
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account, stranger_keys

# What a server may answer where its own person was: carol's address, or carol's word.
DISGUISES = ["a redirect", "a document"]


def disguise(evil: Elsewhere, mallory: Somebody, carol: Somebody, how: str) -> None:
    if how == "a redirect":
        evil.on(f"/users/{mallory.name}", status=302, headers={"Location": carol.uri})
    else:
        evil.serve(carol.document(), at=f"/users/{mallory.name}")


@pytest.mark.parametrize("how", [*DISGUISES, ""])
async def test_whoever_turns_into_somebody_else_acts_for_nobody(
    here: Here, carol: Somebody, alice: Person, how: str
) -> None:
    """The key was mallory's own; by the time we ask who that is, the address leads to carol."""
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
    to_alice: dict[str, Any] = {"tag": [mention], "cc": [alice.account.uri]}
    async with Elsewhere() as evil:
        mallory = evil.somebody("mallory", keys=stranger_keys())
        words = [mallory.creates(mallory.note(**to_alice)), mallory.does("Follow", alice.account.uri)]
        forged = mallory.does("Create", carol.note("I never said so.", attributedTo=carol.uri, **to_alice))
        for activity in (forged, *words):
            assert await here.deliver(mallory, activity) == 202
        here.fed.__dict__["met"] = Kept(seconds=600)  # as in another process, which does the jobs

        if how:
            disguise(evil, mallory, carol, how)
        await here.work()

        assert Follow.select().where(Follow.account == account(carol).id).count() == 0
        assert Status.select().where(Status.account == account(carol).id).count() == 0
        assert Follow.select().where(Follow.target == alice.account.id).count() == (0 if how else 1)
        assert Status.select().count() == (0 if how else 1)


@pytest.mark.parametrize("how", [*DISGUISES, ""])
async def test_a_post_is_nobody_elses_though_its_author_is_said_to_be_them(
    here: Here, carol: Somebody, how: str
) -> None:
    async with Elsewhere() as evil:
        mallory = evil.somebody("mallory", keys=stranger_keys())
        note = mallory.note("I never said so.")
        evil.serve(note)
        if how:
            disguise(evil, mallory, carol, how)

        found = await lookup.find(here.fed, note["id"])

    if how:
        assert found is None
        assert Status.select().count() == 0
    else:
        assert isinstance(found, Status)
        assert Status.get().account_id == account(mallory).id


@pytest.mark.parametrize("how", DISGUISES)
async def test_an_address_that_leads_to_somebody_else_names_nobody(here: Here, carol: Somebody, how: str) -> None:
    async with Elsewhere() as evil:
        mallory = evil.somebody("mallory", keys=stranger_keys())
        disguise(evil, mallory, carol, how)

        with pytest.raises(BadDocument):
            await resolve.account(here.fed, mallory.uri, budget=Budget(9))
        assert (await resolve.account(here.fed, carol.uri, budget=Budget(9), refresh=True)).uri == carol.uri
