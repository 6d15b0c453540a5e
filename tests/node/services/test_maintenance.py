"""Planned maintenance: told beforehand, begun and ended by the clock."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.errors import Forbidden, Invalid
from node.models import AuditEntry, Maintenance
from node.services.community import maintenance
from node.services.community.maintenance import Window
from tests.factories import Person

NOW = 1_800_000_000_000


def do(verb: Callable[..., Any], *args: Any) -> Any:
    with store.transaction():
        return verb(*args)


def window(start: int, end: int, **wishes: Any) -> Window:
    return Window(starts_at=NOW + start, ends_at=NOW + end, **wishes)


def test_everybody_is_told_three_days_before_until_it_is_over(db: None) -> None:
    with clock.frozen(NOW):
        row = do(maintenance.plan, window(5 * clock.DAY, 6 * clock.DAY, text=" A new disk. "), None)

    def told_after(ms: int) -> Maintenance | None:
        with clock.frozen(NOW + ms), store.transaction():
            return maintenance.told()

    assert told_after(clock.DAY) is None
    assert told_after(2 * clock.DAY) == row
    assert told_after(6 * clock.DAY - 1) == row
    assert told_after(6 * clock.DAY) is None
    assert row.text == "A new disk."


def test_its_wishes_hold_while_it_lasts(db: None) -> None:
    with clock.frozen(NOW):
        do(maintenance.plan, window(clock.HOUR, 2 * clock.HOUR, read_only=True), None)
        do(maintenance.plan, window(clock.HOUR, 3 * clock.HOUR, holds_deliveries=True), None)

    def wishes_after(ms: int) -> tuple[int | None, int | None]:
        with clock.frozen(NOW + ms), store.transaction():
            return maintenance.read_only_until(), maintenance.held_until()

    assert wishes_after(0) == (None, None)
    assert wishes_after(clock.HOUR) == (NOW + 2 * clock.HOUR, NOW + 3 * clock.HOUR)
    assert wishes_after(2 * clock.HOUR) == (None, NOW + 3 * clock.HOUR)
    assert wishes_after(3 * clock.HOUR) == (None, None)


def test_what_lasts_is_ended_and_what_is_to_come_is_called_off(db: None) -> None:
    with clock.frozen(NOW):
        lasting = do(maintenance.plan, window(0, clock.HOUR, read_only=True), None)
        coming = do(maintenance.plan, window(clock.HOUR, 2 * clock.HOUR), None)
    with clock.frozen(NOW + clock.MINUTE):
        for row in (lasting, coming, lasting):
            do(maintenance.end, row.id, None)

        assert do(maintenance.read_only_until) is None
        assert do(maintenance.to_come) == ()

    assert [(row.id, row.ends_at) for row in Maintenance.select()] == [(lasting.id, NOW + clock.MINUTE)]
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id)] == [
        *["plan.maintenance"] * 2,
        "end.maintenance",
        "remove.maintenance",
    ]


@pytest.mark.parametrize(
    ("start", "end"), [(-2 * clock.HOUR, -clock.HOUR), (clock.HOUR, clock.HOUR), (clock.HOUR, 8 * clock.DAY)]
)
def test_times_that_make_no_sense_are_refused(db: None, start: int, end: int) -> None:
    with clock.frozen(NOW), pytest.raises(Invalid) as refusal:
        do(maintenance.plan, window(start, end), None)

    assert set(refusal.value.fields) == {"ends_at"}
    assert not Maintenance.select().exists()


def test_a_text_too_long_and_one_too_many_are_refused(db: None) -> None:
    with clock.frozen(NOW):
        with pytest.raises(Invalid):
            do(maintenance.plan, window(0, clock.HOUR, text="m" * 501), None)
        for _ in range(20):
            do(maintenance.plan, window(0, clock.HOUR), None)
        with pytest.raises(Invalid):
            do(maintenance.plan, window(0, clock.HOUR), None)

    assert Maintenance.select().count() == 20


def test_only_administrators_plan_and_end(db: None, alice: Person) -> None:
    with clock.frozen(NOW):
        row = do(maintenance.plan, window(0, clock.HOUR), None)
        with pytest.raises(Forbidden):
            do(maintenance.plan, window(0, clock.HOUR), alice.account)
        with pytest.raises(Forbidden):
            do(maintenance.end, row.id, alice.account)

        assert do(maintenance.to_come) == (row,)
