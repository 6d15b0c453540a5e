"""Whatever order things arrive in, and however often, the end is the same (docs/reliability.md, R8, R12, R13)."""

import asyncio
import itertools

import peewee
import pytest
from aiohttp import web

from federation import receiving
from federation.http import attempts, budget
from federation.http.door import DEADLINE_SECONDS
from node import clock, jobs, store
from node.models import Favourite, Follow, FollowRequest, Job, Notification, ReceivedActivity, Status
from node.services import follows
from tests.factories import Person
from tests.factories_posts import fresh, make_status
from tests.faults import refuses
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account
from tests.loop_clock import forward


@pytest.mark.parametrize("order", list(itertools.permutations(["Create", "Update", "Delete", "Announce"])))
async def test_what_is_deleted_is_gone_in_every_order(
    here: Here, there: Elsewhere, carol: Somebody, order: tuple[str, ...]
) -> None:
    note = carol.note("Before.", published=clock.iso(clock.now_ms() - clock.MINUTE))
    edited = note | {"content": "<p>After.</p>", "updated": clock.iso(clock.now_ms())}
    activities = {
        "Create": carol.creates(note),
        "Update": carol.does("Update", edited),
        "Delete": carol.does("Delete", {"type": "Tombstone", "id": note["id"]}),
        "Announce": carol.does("Announce", note["id"], to=[PUBLIC]),
    }
    for kind in order:
        if kind == "Delete":
            there.on(note["id"].removeprefix(there.url("")), status=410)
        elif "Delete" not in order[: order.index(kind)]:
            there.serve(edited)
        await here.receive(carol, activities[kind])

    assert Status.select().count() == 0


@pytest.mark.parametrize("order", list(itertools.permutations(["Create", "Update"])))
async def test_an_edit_that_comes_first_is_the_post(here: Here, carol: Somebody, order: tuple[str, ...]) -> None:
    note = carol.note("Before.", published=clock.iso(clock.now_ms() - clock.MINUTE))
    edited = note | {"content": "<p>After.</p>", "updated": clock.iso(clock.now_ms())}
    activities = {"Create": carol.creates(note), "Update": carol.does("Update", edited)}

    await here.receive(carol, *(activities[kind] for kind in order))

    assert Status.get().content == "<p>After.</p>"


@pytest.mark.parametrize("order", list(itertools.permutations(["Accept", "Accept again", "Reject"])))
async def test_a_reject_is_the_last_word_wherever_it_stands(
    here: Here, carol: Somebody, bob: Person, order: tuple[str, ...]
) -> None:
    request = await store.write(follows.follow, bob.account.id, account(carol).id)
    followed = {"id": request.uri, "type": "Follow", "actor": bob.account.uri, "object": carol.uri}

    await here.receive(carol, *(carol.does(kind.partition(" ")[0], followed) for kind in order))

    assert Follow.get_or_none(Follow.account == bob.account.id) is None
    assert FollowRequest.select().count() == 0


@pytest.mark.parametrize("undo_first", [True, False])
@pytest.mark.parametrize("kind", ["Like", "Announce"])
async def test_what_was_taken_back_stays_so(
    here: Here, carol: Somebody, alice: Person, kind: str, undo_first: bool
) -> None:
    status = make_status(alice)
    done = carol.does(kind, status.uri, to=[PUBLIC])
    both = [done, carol.does("Undo", done)]

    await here.receive(carol, *(reversed(both) if undo_first else both))

    assert (fresh(status).favourites_count, fresh(status).reblogs_count) == (0, 0)


async def test_one_activity_fifty_times_at_once_has_one_effect(here: Here, carol: Somebody, alice: Person) -> None:
    status = make_status(alice)
    like = carol.does("Like", status.uri)
    inboxes = ["/ap/inbox", f"/ap/users/{alice.account.id}/inbox"]

    answers = await asyncio.gather(*(here.deliver(carol, like, inboxes[number % 2]) for number in range(50)))
    await here.work()

    assert answers == [202] * 50
    assert (Favourite.select().count(), fresh(status).favourites_count) == (1, 1)
    assert Notification.select().count() == 1
    assert ReceivedActivity.select().count() == 1


async def test_what_was_accepted_happens_once_although_the_worker_dies(here: Here, carol: Somebody) -> None:
    note = carol.note()
    here.crowd(carol)
    await here.deliver(carol, carol.creates(note))
    taken = [job for job in await store.write(jobs.take, 1, 100) if job.kind == "process_activity"]
    # The worker dies before it did anything; another one takes over when the lease has run out, and does it twice.
    await store.write(jobs.take_back, 1)
    again = [job for job in await store.write(jobs.take, 2, 100) if job.kind == "process_activity"]
    assert [job.id for job in again] == [job.id for job in taken]

    for job in again + taken:
        await receiving.HANDLERS[jobs.JobKind.PROCESS_ACTIVITY](here.fed, job)

    assert Status.select().where(Status.uri == note["id"]).count() == 1
    assert Job.select().where(Job.kind == "process_activity").count() == 0
    assert bytes(ReceivedActivity.get().body) == b""


async def test_a_server_that_answers_slowly_holds_up_nobody_else(here: Here, carol: Somebody) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def tarpit(_: web.Request) -> web.Response:
        begun.set()
        await never.wait()
        return web.Response(status=500)

    async with Elsewhere() as slow:
        dave = slow.somebody("dave")
        for number in range(10):
            slow.on(f"/slow/{number}", tarpit)
            assert await here.deliver(dave, dave.does("Create", slow.url(f"/slow/{number}"))) == 202
        taken = [job for job in await store.write(jobs.take, 1, 100) if job.kind == "process_activity"]
        doing = [
            asyncio.ensure_future(receiving.HANDLERS[jobs.JobKind.PROCESS_ACTIVITY](here.fed, job)) for job in taken
        ]
        async with asyncio.timeout(60):
            await begun.wait()
            while sum(one.done() for one in doing) < 10 - budget.MOST_WAITING_PER_HOST:
                await asyncio.sleep(0.005)
        # So few may wait at once; the others are put off, and that does not count as a try.
        put_off = Job.select().where(
            Job.kind == "process_activity", Job.attempts == 0, Job.lease_owner.is_null(), Job.due_at > clock.now_ms()
        )
        waiting_for_a_lane = put_off.count()
        forward(attempts.SECONDS + 1)
        outcomes = await asyncio.gather(*doing, return_exceptions=True)
        forward(DEADLINE_SECONDS)  # for so long what they asked may go on without them
        never.set()

    assert sum(isinstance(outcome, TimeoutError) for outcome in outcomes) == budget.MOST_WAITING_PER_HOST
    assert waiting_for_a_lane == 10 - budget.MOST_WAITING_PER_HOST
    await here.receive(carol, carol.creates(carol.note()))
    assert Status.select().count() == 1


async def test_effect_and_end_of_the_job_are_one(here: Here, carol: Somebody) -> None:
    note = carol.note()
    here.crowd(carol)
    await here.deliver(carol, carol.creates(note))

    with refuses("DELETE", "job"), pytest.raises(peewee.DatabaseError):
        await here.work()
    assert Status.select().count() == 0

    await store.write(jobs.take_back, 1)
    await here.work()
    assert Status.select().where(Status.uri == note["id"]).count() == 1
