"""Following, and ending it, from elsewhere (docs/conformance.md)."""

from typing import Any

import msgspec
import pytest

from node import clock, site, store
from node.models import Account, Block, Follow, FollowRequest, Notification, Status
from node.paging import Page
from node.services import follows, timelines
from node.services.follows import silent
from node.services.relationships import blocks, lists
from tests.factories import Person, in_unit
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account, stranger_keys, waiting


def followers_of(person: Person) -> list[int]:
    return [row.account_id for row in Follow.select().where(Follow.target == person.account.id)]


async def ask(person: Person, somebody: Somebody) -> FollowRequest:
    """Somebody here asks to follow somebody elsewhere."""
    request = await store.write(follows.follow, person.account.id, account(somebody).id)
    assert isinstance(request, FollowRequest)
    return request


def answers(kind: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(job.payload) for job in waiting(kind)]


async def test_a_follow_is_accepted(here: Here, carol: Somebody, alice: Person) -> None:
    follow = carol.does("Follow", alice.account.uri)

    await here.receive(carol, follow)

    assert followers_of(alice) == [account(carol).id]
    assert [answer["uri"] for answer in answers("send_accept")] == [follow["id"]]
    assert [row.kind for row in Notification.select()] == ["follow"]


async def test_a_repeated_follow_is_accepted_again(here: Here, carol: Somebody, alice: Person) -> None:
    first, second = carol.does("Follow", alice.account.uri), carol.does("Follow", alice.account.uri)

    await here.receive(carol, first, second)

    assert len(followers_of(alice)) == 1
    assert [answer["uri"] for answer in answers("send_accept")] == [first["id"], second["id"]]
    assert Notification.select().count() == 1


async def test_a_locked_account_is_asked(here: Here, carol: Somebody, alice: Person) -> None:
    Account.update(locked=True).where(Account.id == alice.account.id).execute()

    await here.receive(carol, carol.does("Follow", alice.account.uri))

    assert followers_of(alice) == []
    assert FollowRequest.get().account_id == account(carol).id


async def test_whoever_is_blocked_is_rejected(here: Here, carol: Somebody, alice: Person) -> None:
    with in_unit():
        blocks.block(alice.account.id, account(carol).id)

    await here.receive(carol, carol.does("Follow", alice.account.uri))

    assert followers_of(alice) == []
    assert len(answers("send_reject")) >= 1


async def test_a_follow_is_undone_by_body_or_by_name(here: Here, carol: Somebody, alice: Person) -> None:
    for by_name in (False, True):
        follow = carol.does("Follow", alice.account.uri)
        await here.receive(carol, follow)
        assert len(followers_of(alice)) == 1

        await here.receive(carol, carol.does("Undo", follow["id"] if by_name else follow))
        assert followers_of(alice) == []


async def test_nobody_undoes_the_follow_of_another(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    follow = carol.does("Follow", alice.account.uri)
    await here.receive(carol, follow)

    await here.receive(
        mallory,
        mallory.does("Undo", follow),
        mallory.does("Undo", follow["id"]),
        mallory.does("Undo", follow | {"actor": mallory.uri}),
    )

    assert len(followers_of(alice)) == 1


async def test_an_undo_that_overtook_its_follow_wins(here: Here, carol: Somebody, alice: Person) -> None:
    follow = carol.does("Follow", alice.account.uri)

    await here.receive(carol, carol.does("Undo", follow), follow)

    assert followers_of(alice) == []


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_accept_by_whom_was_asked_makes_the_follow(
    here: Here, there: Elsewhere, carol: Somebody, bob: Person
) -> None:
    request = await ask(bob, carol)
    embedded = {"id": request.uri, "type": "Follow", "actor": bob.account.uri, "object": carol.uri}
    mallory = there.somebody("mallory", keys=stranger_keys())

    await here.receive(mallory, mallory.does("Accept", embedded), mallory.does("Accept", request.uri))
    assert Follow.get_or_none(Follow.account == bob.account.id) is None

    await here.receive(carol, carol.does("Accept", embedded), carol.does("Accept", embedded))
    assert Follow.get(Follow.account == bob.account.id).target_id == account(carol).id


async def test_an_accept_may_only_name_the_follow(here: Here, carol: Somebody, bob: Person) -> None:
    request = await ask(bob, carol)

    await here.receive(carol, carol.does("Accept", request.uri))

    assert Follow.get(Follow.account == bob.account.id).target_id == account(carol).id


@pytest.mark.parametrize("answer", ["Accept", "Reject"])
@pytest.mark.parametrize("changed", [{"id": None}, {"id": "https://lost.test/follows/1"}, {}])
async def test_an_answer_to_a_follow_whose_id_was_lost_is_known_by_who_asked(
    here: Here, carol: Somebody, bob: Person, changed: dict[str, Any], answer: str
) -> None:
    request = await ask(bob, carol)
    embedded = {"id": request.uri, "type": "Follow", "actor": bob.account.uri, "object": carol.uri} | changed
    other = embedded | {"object": bob.account.uri}

    await here.receive(carol, carol.does(answer, other | {"id": None}))
    assert FollowRequest.select().count() == 1
    await here.receive(carol, *(carol.does(answer, embedded) for _ in range(2)))

    follow = Follow.get_or_none(Follow.account == bob.account.id)
    assert (FollowRequest.select().count(), follow is not None) == (0, answer == "Accept")


async def test_an_accept_that_nobody_asked_for_makes_no_follow(here: Here, carol: Somebody, bob: Person) -> None:
    embedded = {"id": f"{bob.account.uri}#follows/1", "type": "Follow", "actor": bob.account.uri, "object": carol.uri}

    await here.receive(carol, carol.does("Accept", embedded))

    assert Follow.get_or_none(Follow.account == bob.account.id) is None


async def test_a_reject_ends_the_request_and_the_follow(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person
) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    request = await ask(bob, carol)
    followed = {"type": "Follow", "actor": alice.account.uri, "object": carol.uri}

    await here.receive(mallory, mallory.does("Reject", request.uri), mallory.does("Reject", followed))
    assert (Follow.select().count(), FollowRequest.select().count()) == (1, 1)

    await here.receive(carol, carol.does("Reject", request.uri), carol.does("Reject", followed))
    assert (Follow.select().count(), FollowRequest.select().count()) == (0, 0)


# ── the node itself, for lists ──


async def test_once_the_node_is_let_in_lists_show_what_comes(here: Here, carol: Somebody, alice: Person) -> None:
    target = account(carol).id
    with in_unit():
        follows.unfollow(alice.account.id, target)
        row = lists.create(alice.account.id, "Birds")
        silent.add_members(alice.account.id, row.id, [target])
    request = FollowRequest.get()
    follow = {"id": request.uri, "type": "Follow", "actor": site.instance_actor_uri(), "object": carol.uri}
    open_note, private = carol.note("Tweet"), carol.note("Psst", to=[f"{carol.uri}/followers"], cc=[])
    await here.receive(carol, carol.creates(carol.note("Too early")))

    await here.receive(carol, carol.does("Accept", follow), carol.creates(open_note), carol.creates(private))

    shown = timelines.list_timeline(alice.account.id, row.id, Page())
    assert [Status.get_by_id(one).uri for one in shown] == [open_note["id"]]
    assert timelines.home(alice.account.id, Page()) == []


async def test_who_moves_away_takes_no_node_along(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    target = account(carol).id
    with in_unit():
        follows.unfollow(alice.account.id, target)
        row = lists.create(alice.account.id, "Birds")
        silent.add_members(alice.account.id, row.id, [target])
        follows.received_accept(account(carol), uri=FollowRequest.get().uri)
    new = there.somebody("carol2", keys=stranger_keys(), alsoKnownAs=[carol.uri])

    await here.receive(carol, carol.does("Move", carol.uri, target=new.uri))
    with in_unit():
        silent.settle()

    assert account(carol).moved_to == account(new).id
    assert (Follow.select().count(), FollowRequest.select().count()) == (0, 0)


# ── blocks, moves ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_block_ends_both_follows_and_tells_nobody(here: Here, carol: Somebody, alice: Person) -> None:
    await here.receive(carol, carol.does("Follow", alice.account.uri))
    Notification.delete().execute()
    block = carol.does("Block", alice.account.uri)

    await here.receive(carol, block)

    assert Follow.select().count() == 0
    assert Block.get().target_id == alice.account.id
    assert Notification.select().count() == 0

    await here.receive(carol, carol.does("Undo", block))
    assert Block.select().count() == 0


async def test_a_move_takes_followers_along_if_the_new_account_agrees(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    new = there.somebody("carol2", keys=stranger_keys())
    move = carol.does("Move", carol.uri, target=new.uri)

    await here.receive(carol, move)
    assert account(carol).moved_to is None

    there.serve(new.document(alsoKnownAs=[carol.uri]))
    await here.receive(carol, carol.does("Move", carol.uri, target=new.uri))
    assert account(carol).moved_to == account(new).id
    assert FollowRequest.get(FollowRequest.account == alice.account.id).target_id == account(new).id


async def test_nobody_moves_another(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys(), alsoKnownAs=[carol.uri])

    await here.receive(mallory, mallory.does("Move", carol.uri, target=mallory.uri))

    assert account(carol).moved_to is None


async def test_an_actor_of_old_is_looked_at_again(here: Here, there: Elsewhere, carol: Somebody) -> None:
    Account.update(fetched_at=clock.now_ms() - 2 * clock.DAY).where(Account.uri == carol.uri).execute()
    there.serve(carol.document(name="Caroline"))

    await here.receive(carol, carol.creates(carol.note()))

    assert account(carol).display_name == "Caroline"
