"""Threads over the API: what is shown of one, however large, and who is asked for the rest."""

from collections.abc import Callable, Iterator

import pytest

from node import clock, ids, store
from node.jobs import JobKind
from node.models import Account, LinkState, Status, ThreadFetch, ThreadLink, Visibility
from node.services import completion
from node.services.statuses import threads
from tests.factories import Person, in_unit, waiting_jobs
from tests.factories_posts import make_status
from tests.queries import counted_queries
from tests.web.conftest import Client, Headers


@pytest.fixture
def me(as_person: Callable[..., Headers], alice: Person) -> Headers:
    return as_person(alice)


@pytest.fixture
def far(remote: Callable[..., Account]) -> Status:
    """A post of another server that says where its five answers are."""
    uri = "https://remote.test/notes/far"
    return make_status(remote("carol"), uri=uri, replies_uri=f"{uri}/replies", replies_announced=5)


async def test_who_is_signed_in_has_a_thread_completed_and_may_ask_how_that_goes(
    client: Client, me: Headers, far: Status
) -> None:
    answer = await client.get(f"/api/v1/statuses/{far.id}/context", headers=me)
    context = await answer.json()

    fetch = ThreadFetch.get()
    assert answer.headers["Mastodon-Async-Refresh"] == f'id="{fetch.id}", retry=5, result_count=0'
    assert context["completeness"] == {
        "replies_known": 0,
        "replies_announced": 5,
        "asked_at": clock.iso(fetch.asked_at),
        "unanswered": [],
    }
    assert [job.subject for job in waiting_jobs(JobKind.FETCH_THREAD)] == [fetch.id]

    running = await client.get(f"/api/v1_alpha/async_refreshes/{fetch.id}", headers=me)
    with store.transaction():
        ThreadFetch.update(finished_at=clock.now_ms(), found=3).execute()
        ThreadLink.update(state=LinkState.FAILED).execute()
    finished = await client.get(f"/api/v1_alpha/async_refreshes/{fetch.id}", headers=me)
    again = await client.get(f"/api/v1/statuses/{far.id}/context", headers=me)

    assert await running.json() == {"async_refresh": {"id": str(fetch.id), "status": "running", "result_count": 0}}
    assert (await finished.json())["async_refresh"]["status"] == "finished"
    assert (await finished.json())["async_refresh"]["result_count"] == 3
    assert "Mastodon-Async-Refresh" not in again.headers
    assert (await again.json())["completeness"]["unanswered"] == ["remote.test"]
    assert ThreadFetch.select().count() == 1


async def test_visitors_have_nobody_asked(client: Client, far: Status) -> None:
    answer = await client.get(f"/api/v1/statuses/{far.id}/context")

    assert answer.status == 200
    assert "Mastodon-Async-Refresh" not in answer.headers
    assert waiting_jobs(JobKind.FETCH_THREAD) == []


async def test_a_thread_of_our_own_has_nobody_asked(client: Client, me: Headers, bob: Person) -> None:
    status = make_status(bob)

    answer = await client.get(f"/api/v1/statuses/{status.id}/context", headers=me)

    assert "Mastodon-Async-Refresh" not in answer.headers
    assert (await answer.json())["completeness"]["asked_at"] is None


async def test_refreshes_are_for_people_and_those_that_are_forgotten_are_over(client: Client, me: Headers) -> None:
    assert (await client.get("/api/v1_alpha/async_refreshes/1")).status == 401

    forgotten = await client.get("/api/v1_alpha/async_refreshes/1", headers=me)

    assert await forgotten.json() == {"async_refresh": {"id": "1", "status": "finished", "result_count": None}}
    for nonsense in ("x", "9" * 30):
        assert (await client.get(f"/api/v1_alpha/async_refreshes/{nonsense}", headers=me)).status == 404


async def test_whoever_answers_in_a_thread_gets_the_rest_of_it(client: Client, me: Headers, far: Status) -> None:
    answer = await client.post(
        "/api/v1/statuses", json={"status": "Me too.", "in_reply_to_id": str(far.id)}, headers=me
    )

    assert answer.status == 200
    assert len(waiting_jobs(JobKind.FETCH_THREAD)) == 1


async def test_whoever_answers_in_private_does_not_tell_by_asking_twice(alice: Person, far: Status) -> None:
    with in_unit():
        first = completion.begin(far.id)
    make_status(alice, "Psst.", in_reply_to_id=far.id, visibility=Visibility.DIRECT)

    assert first is not None
    assert ThreadFetch.get().id == first.fetch_id
    assert len(waiting_jobs(JobKind.FETCH_THREAD)) == 1


# ── huge ones (R14) ────────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(root: Status, parents: Iterator[int | None], count: int) -> list[int]:
    """So many answers, each to the next of `parents`; None is the one made before."""
    now, before, made = clock.now_ms(), root.id, []
    for number in range(count):
        parent = next(parents) or before
        before = ids.new_id()
        made.append(
            {
                "id": before,
                "uri": f"https://remote.test/many/{number}",
                "account": root.account_id,
                "thread": root.thread_id,
                "in_reply_to": parent,
                "in_reply_to_account": root.account_id,
                "content": "<p>Another one.</p>",
                "created_at": now,
            }
        )
    with store.transaction():
        for start in range(0, count, 500):
            Status.insert_many(made[start : start + 500]).execute()
    return [int(str(row["id"])) for row in made]


@pytest.mark.parametrize("shape", ["wide", "deep"])
async def test_a_huge_thread_costs_as_many_queries_as_a_small_one_and_is_cut(
    client: Client, me: Headers, far: Status, shape: str
) -> None:
    count = 10_000 if shape == "wide" else 2_000
    with in_unit():
        completion.begin(far.id)

    async def context(status_id: int) -> tuple[int, int, int]:
        with counted_queries() as statements:
            answer = await client.get(f"/api/v1/statuses/{status_id}/context", headers=me)
        body = await answer.json()
        return len(statements), len(body["ancestors"]), len(body["descendants"])

    def parents() -> Iterator[int | None]:
        while True:
            yield far.id if shape == "wide" else None

    small = await context(rows_of(far, parents(), 1)[0])
    with store.transaction():
        Status.delete().where(Status.id != far.id).execute()
    many = rows_of(far, parents(), count)
    at_the_top = await context(far.id)
    at_the_end = await context(many[-1])

    assert at_the_top[1:] == (0, threads.MAX_DESCENDANTS)
    assert at_the_end[1:] == (1 if shape == "wide" else threads.MAX_ANCESTORS, 0)
    # What is loaded anew (bodies, authors) is loaded in one query each, however much it is.
    assert max(at_the_top[0], at_the_end[0]) <= small[0] + 1
