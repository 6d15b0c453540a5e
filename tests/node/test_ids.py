"""Time-ordered ids."""

import itertools
from collections.abc import Iterator

import pytest

from node import clock, ids


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Ids as a process that has just started makes them."""
    ids._last_ms = ids._counter = 0
    yield
    ids.use_slot(0)
    ids._last_ms = ids._counter = 0


def test_each_id_is_greater_than_those_before_it() -> None:
    made = [ids.new_id() for _ in range(5_000)]

    assert made == sorted(set(made))
    assert all(0 < an_id < 1 << 63 for an_id in made)


def test_ids_of_one_millisecond_run_over_into_the_next() -> None:
    with clock.frozen(1_000):
        made = [ids.new_id() for _ in range(1_025)]

    assert [ids.time_of(made[0]), ids.time_of(made[1_023]), ids.time_of(made[1_024])] == [1_000, 1_000, 1_001]
    assert made == sorted(set(made))


def test_a_clock_that_steps_back_makes_no_smaller_ids() -> None:
    with clock.frozen(2_000):
        before = ids.new_id()
    with clock.frozen(1_000):
        after = ids.new_id()

    assert after > before


def test_processes_with_different_slots_never_meet() -> None:
    made = set()
    for slot in range(ids.SLOTS):
        ids.use_slot(slot)
        ids._last_ms = ids._counter = 0
        with clock.frozen(1_000):
            made |= {ids.new_id() for _ in range(10)}

    assert len(made) == 10 * ids.SLOTS


def test_what_was_written_elsewhere_sorts_by_when_it_was() -> None:
    with clock.frozen(10_000_000):
        earlier, later = ids.id_at(1_000_500), ids.id_at(1_000_501)

        assert ids.time_of(earlier) == 1_000_500
        assert earlier < later < ids.new_id()


def test_whole_seconds_are_spread_over_their_second() -> None:
    with clock.frozen(10_000_000):
        times = {ids.time_of(ids.id_at(1_000_000)) for _ in range(50)}

    assert len(times) > 10
    assert all(1_000_000 <= ms < 1_001_000 for ms in times)


def test_the_future_and_the_time_before_time_are_brought_back() -> None:
    with clock.frozen(5_000):
        assert ids.time_of(ids.id_at(clock.LATEST_MS)) == 5_000
        assert 0 <= ids.time_of(ids.id_at(-7)) < 1_000


def test_each_id_drawn_is_of_a_later_time_so_that_there_is_always_a_free_one() -> None:
    with clock.frozen(10_000_000):
        times = [ids.time_of(an_id) for an_id in itertools.islice(ids.drawn_at(9_999_998), 4)]

    assert times == [9_999_998, 9_999_999, 10_000_000, 10_000_000]


def test_questions_about_a_time_include_its_first_id() -> None:
    with clock.frozen(5_000):
        assert ids.first_id_at(5_000) <= ids.new_id() < ids.first_id_at(5_001)
    assert ids.first_id_at(-1) == 0
