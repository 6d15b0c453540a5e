"""What goes to other servers and comes from them, by hour and by day."""

from collections.abc import Iterator

import pytest

from node import clock, store
from node.models import DeliveryCount, ServerDay
from node.services.servers import traffic
from node.services.servers.traffic import Hour, Result, Server

NOON = (1_800_000_000_000 // clock.DAY * 24 + 12) * clock.HOUR
THERE, ELSEWHERE = "heathland.example", "kiln.example"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    traffic.take()
    yield
    traffic.take()


def keep() -> None:
    counts = traffic.take()
    with store.transaction():
        traffic.keep(counts)


def test_what_several_processes_count_is_added_up_by_hour(db: None) -> None:
    with clock.frozen(NOON):
        for result in (Result.DELIVERED, Result.DELIVERED, Result.RETRIED):
            traffic.count_try(THERE, result, None)
        keep()
        traffic.count_try(ELSEWHERE, Result.DELIVERED, 90)
        traffic.count_received(THERE)
        keep()
    with clock.frozen(NOON + clock.HOUR):
        traffic.count_try(THERE, Result.GIVEN_UP, 80)
        keep()
        lately = traffic.lately(3)

    hour = NOON // clock.HOUR
    assert lately == [Hour(hour - 1, 0, 0, 0, 0), Hour(hour, 3, 1, 0, 1), Hour(hour + 1, 0, 0, 1, 0)]


def test_each_server_has_its_days(db: None) -> None:
    with clock.frozen(NOON - clock.DAY):
        traffic.count_try(THERE, Result.DELIVERED, 100)
        traffic.count_received(THERE)
        keep()
    with clock.frozen(NOON):
        traffic.count_try(THERE, Result.RETRIED, 400)  # it answered, if only that it takes nothing
        traffic.count_try(THERE, Result.RETRIED, None)
        traffic.count_received(THERE)
        traffic.count_received(THERE)
        traffic.count_try(ELSEWHERE, Result.DELIVERED, 60)
        keep()
        found = traffic.of([THERE, "unknown.example"])

    assert found == {
        THERE: Server(received=2, delivered=0, answer_ms=250, series=[0, 0, 0, 0, 0, 2, 2]),
        "unknown.example": Server(received=0, delivered=0, answer_ms=None, series=[0] * 7),
    }


def test_more_servers_than_fit_into_one_statement_are_written(db: None) -> None:
    for number in range(1_200):
        traffic.count_received(f"s{number}.example")
    keep()

    assert ServerDay.select().count() == 1_200


def test_what_was_taken_is_not_taken_twice(db: None) -> None:
    traffic.count_received(THERE)

    assert not traffic.is_due()  # the last time was a moment ago
    assert len(traffic.take().by_server) == 1
    assert traffic.take() == ({}, {})


def test_old_times_are_forgotten(db: None) -> None:
    with clock.frozen(NOON):
        traffic.count_received(THERE)
        keep()
    with clock.frozen(NOON + 6 * clock.DAY), store.transaction():
        early = traffic.forget_old()
    with clock.frozen(NOON + 7 * clock.DAY), store.transaction():
        days = traffic.forget_old()
    with clock.frozen(NOON + 367 * clock.DAY), store.transaction():
        hours = traffic.forget_old(), traffic.forget_old()

    assert (early, days, hours) == (0, 1, (1, 0))
    assert not DeliveryCount.select().exists()
    assert not ServerDay.select().exists()
