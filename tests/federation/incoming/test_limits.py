"""The small parts by which requests to others are bounded."""

import asyncio

import pytest

from federation.buckets import Buckets
from federation.errors import NetworkFailure, Refused
from federation.http.budget import MOST_WAITING, MOST_WAITING_PER_HOST, Budget, LaneFull, Lanes, OverBudget
from federation.http.flights import Flights
from federation.http.kept import Kept
from federation.turns import Turns
from node import clock, jobs
from node.cli.process import JOBS_AT_ONCE
from node.errors import Unavailable


def test_a_bucket_holds_its_burst_and_is_filled_again() -> None:
    buckets = Buckets(burst=2, per_second=0)

    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    assert buckets.take("b")
    buckets.give_back("a")
    assert [buckets.take("a"), buckets.take("a")] == [True, False]


def test_buckets_and_memories_forget_the_oldest_names() -> None:
    buckets = Buckets(burst=1, per_second=0, names=2)
    kept: Kept[int] = Kept(seconds=60, entries=2)
    for number, name in enumerate("abc"):
        buckets.take(name)
        kept.put(name, number)

    assert buckets.take("a")
    assert [kept.get(name) for name in "abc"] == [None, 1, 2]


def test_a_budget_ends_and_its_lane_is_left() -> None:
    lanes = Lanes()
    with Budget(2, lanes, "x.test") as budget:
        budget.spend()
        budget.spend()
        with pytest.raises(OverBudget):
            budget.spend()

    for _ in range(MOST_WAITING_PER_HOST):
        Budget(1, lanes, "x.test").spend()
    with pytest.raises(Unavailable):
        Budget(1, lanes, "x.test").spend()
    Budget(1, lanes, "y.test").spend()


def test_some_places_are_always_for_what_needs_no_network() -> None:
    lanes = Lanes()
    for number in range(MOST_WAITING):
        Budget(1, lanes, f"host{number}.test").spend()

    with pytest.raises(LaneFull):
        Budget(1, lanes, "one-more.test").spend()
    assert MOST_WAITING < JOBS_AT_ONCE


def test_turns_of_one_host_come_one_after_the_other_and_of_others_at_once() -> None:
    turns = Turns()
    now = clock.now_ms()
    with clock.frozen(now):
        loud = [turns.next("loud.test") for _ in range(10_000)]
        quiet = turns.next("quiet.test")

    assert loud[:3] == [now, now + 10, now + 20]
    assert (quiet, max(loud)) == (now, now + jobs.MOST_EARLY_MS)
    with clock.frozen(now + 2 * jobs.MOST_EARLY_MS):
        assert turns.next("loud.test") == now + 2 * jobs.MOST_EARLY_MS


async def test_many_who_want_the_same_wait_for_one_flight() -> None:
    flights: Flights[int] = Flights()
    begun = 0

    async def fetch() -> int:
        nonlocal begun
        begun += 1
        await asyncio.sleep(0)
        return begun

    assert await asyncio.gather(*(flights.run("a", fetch) for _ in range(5))) == [1] * 5
    assert await flights.run("a", fetch) == 2


@pytest.mark.parametrize(
    ("error", "remembered"),
    [
        (Refused("no"), True),
        (NetworkFailure("away"), True),
        (OverBudget("enough"), False),
        (Unavailable("busy"), False),
    ],
)
async def test_failures_are_remembered_if_they_say_something_about_the_thing(
    error: Exception, remembered: bool
) -> None:
    flights: Flights[int] = Flights()
    begun = 0

    async def fetch() -> int:
        nonlocal begun
        begun += 1
        raise error

    for _ in range(3):
        with pytest.raises(type(error)):
            await flights.run("a", fetch)

    assert begun == (1 if remembered else 3)


async def test_whoever_stops_waiting_stops_nobody_else() -> None:
    flights: Flights[str] = Flights()
    go_on = asyncio.Event()

    async def fetch() -> str:
        await go_on.wait()
        return "here"

    impatient = asyncio.create_task(flights.run("a", fetch))
    patient = asyncio.create_task(flights.run("a", fetch))
    await asyncio.sleep(0)
    impatient.cancel()
    go_on.set()

    assert await patient == "here"
