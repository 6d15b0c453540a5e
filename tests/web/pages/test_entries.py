"""What belongs together on the home page, and where the line is drawn."""

from typing import Any

from web.pages.entries import Entry, entries, line_at


def status(number: int, *, answers: int | None = None, boosts: int | None = None, by: str = "1") -> dict[str, Any]:
    return {
        "id": str(number),
        "in_reply_to_id": None if answers is None else str(answers),
        "reblog": None if boosts is None else {"id": str(boosts)},
        "account": {"id": by},
    }


def shown(*statuses: dict[str, Any], read_id: int = 0) -> list[list[int]]:
    return [numbers(entry) for entry in entries(statuses, read_id, {}, {})]


def numbers(entry: Entry) -> list[int]:
    return [int(one["id"]) for one in entry.statuses]


def test_neighbours_that_answer_each_other_are_one_entry_in_the_order_of_writing() -> None:
    thread = status(1), status(2, answers=1), status(3, answers=2)

    assert shown(*reversed(thread)) == [[1, 2, 3]]
    assert shown(*thread) == [[1, 2, 3]]


def test_answers_to_the_same_are_one_entry_also_when_that_is_elsewhere() -> None:
    assert shown(status(9, answers=1), status(8, answers=1)) == [[8, 9]]


def test_what_stands_between_keeps_them_apart() -> None:
    assert shown(status(3, answers=1), status(2), status(1)) == [[3], [2], [1]]
    assert shown(status(2), status(1)) == [[2], [1]]


def test_a_boost_stands_for_itself() -> None:
    assert shown(status(3, boosts=1), status(2, answers=1), status(1)) == [[3], [1, 2]]
    assert shown(status(3, answers=2), status(2, boosts=1)) == [[3], [2]]


def test_what_several_boosted_stands_where_it_comes_first() -> None:
    assert shown(status(5, boosts=1), status(4), status(3, boosts=1), status(2, boosts=9)) == [[5], [4], [2]]


def test_boosters_are_named_and_counted_where_there_are_several() -> None:
    people = [{"id": "7"}, {"id": "8"}]
    boosts = [status(5, boosts=1), status(4, boosts=2)]

    several, alone = entries(boosts, 0, {"1": people, "2": people[:1]}, {"1": 5, "2": 1})

    assert (several.boosters, several.others) == (tuple(people), 3)
    assert (alone.boosters, alone.others) == ((), 0)


def test_the_line_parts_a_thread() -> None:
    statuses = status(3, answers=2), status(2, answers=1), status(1)

    found = entries(statuses, 1, {}, {})

    assert [numbers(entry) for entry in found] == [[2, 3], [1]]
    assert line_at(found, oldest=False, from_line=False) == 1


def test_the_line_is_drawn_between_what_was_read_and_what_was_not() -> None:
    newest, oldest = [status(3), status(2), status(1)], [status(1), status(2), status(3)]

    def at(
        statuses: list[dict[str, Any]], read_id: int, *, oldest: bool = False, from_line: bool = False
    ) -> int | None:
        return line_at(entries(statuses, read_id, {}, {}), oldest=oldest, from_line=from_line)

    assert (at(newest, 2), at(newest, 3), at(newest, 0)) == (1, None, None)
    assert (at(oldest, 2, oldest=True), at(oldest, 3, oldest=True)) == (2, None)
    assert (at(oldest, 0, oldest=True), at(oldest, 0, oldest=True, from_line=True)) == (None, 0)


def test_who_wrote_the_rest_is_named_once() -> None:
    (entry,) = entries([status(3, answers=2, by="8"), status(2, answers=1, by="8"), status(1, by="7")], 0, {}, {})

    assert entry.first["id"] == "1"
    assert entry.names == [{"id": "8"}]
