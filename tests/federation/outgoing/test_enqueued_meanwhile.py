"""A change whose transaction is still open while a job of the same name is done is not forgotten, on either engine."""

from federation import work
from federation.delivery import send
from node import jobs, store
from node.jobs import JobKind, TakenJob
from node.models import Account, Feed, Follow
from node.services import timelines
from node.services.follows.rows import rebuild_feeds
from node.services.statuses import edits
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.speaking import speak
from tests.meanwhile import do_during


async def taken() -> TakenJob:
    (job,) = await store.write(jobs.take, 1, 1)
    return job


async def test_an_edit_is_told(alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "One.")
    await speak()
    with in_unit():
        edits.edit(alice.account.id, status.id, Draft(text="Two."))
    job = await taken()

    await do_during(
        lambda: edits.edit(alice.account.id, status.id, Draft(text="Three.")),
        lambda: send.HANDLERS[JobKind.SEND_EDIT](job),
    )

    assert "Three." in (await speak())[-1].document["object"]["content"]


async def test_a_follow_is_in_the_feed(alice: Person, bob: Person) -> None:
    status = make_status(bob, "Hello.")
    with in_unit():
        jobs.Job.delete().execute()
        rebuild_feeds([alice.account.id])
    job = await taken()

    def follow() -> None:
        Follow.create(account=alice.account.id, target=bob.account.id, created_at=1)
        rebuild_feeds([alice.account.id])

    await do_during(follow, lambda: work._build_feed(job))
    for again in await store.write(jobs.take, 1, 10):
        await store.write(timelines.rebuild, again.subject)

    feed = Feed.select(Feed.status).where(Feed.account == alice.account.id).tuples()
    assert list(feed) == [(status.id,)]
