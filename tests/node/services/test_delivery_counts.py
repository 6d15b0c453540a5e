"""How deliveries fare, by hour."""

import pytest

from node import clock, store
from node.models import DeliveryCount
from node.services.servers import delivery_counts
from node.services.servers.delivery_counts import Hour, Result

NOON = 1_800_000_000_000 // clock.HOUR * clock.HOUR


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    delivery_counts.take()


def keep() -> None:
    counts = delivery_counts.take()
    with store.transaction():
        delivery_counts.keep(counts)


def test_what_several_processes_count_is_added_up_by_hour(db: None) -> None:
    with clock.frozen(NOON):
        for result in (Result.DELIVERED, Result.DELIVERED, Result.RETRIED):
            delivery_counts.count(result)
        keep()
        delivery_counts.count(Result.DELIVERED)
        keep()
    with clock.frozen(NOON + clock.HOUR), store.transaction():
        delivery_counts.count(Result.GIVEN_UP)
        delivery_counts.keep(delivery_counts.take())
        lately = delivery_counts.lately(3)

    hour = NOON // clock.HOUR
    assert lately == [Hour(hour - 1, 0, 0, 0), Hour(hour, 3, 1, 0), Hour(hour + 1, 0, 0, 1)]


def test_what_was_taken_is_not_taken_twice(db: None) -> None:
    delivery_counts.count(Result.DELIVERED)

    assert not delivery_counts.is_due()  # the last time was a moment ago
    assert len(delivery_counts.take()) == 1
    assert delivery_counts.take() == {}


def test_old_hours_are_forgotten(db: None) -> None:
    with clock.frozen(NOON):
        delivery_counts.count(Result.DELIVERED)
        keep()
    with clock.frozen(NOON + 367 * clock.DAY), store.transaction():
        forgotten = delivery_counts.forget_old(), delivery_counts.forget_old()

    assert forgotten == (1, 0)
    assert not DeliveryCount.select().exists()
