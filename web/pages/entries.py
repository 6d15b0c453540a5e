"""A page of the home timeline as it is read: what belongs together is one entry."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Entity = dict[str, Any]


class Entry(NamedTuple):
    """A post, or the neighbours of one conversation, in the order in which they were written."""

    statuses: tuple[Entity, ...]
    is_read: bool  # at the line up to which somebody has read, or below it
    boosters: tuple[Entity, ...] = ()  # who boosted it, where that is more than one
    others: int = 0  # how many more boosted it

    @property
    def first(self) -> Entity:
        return self.statuses[0]

    @property
    def rest(self) -> tuple[Entity, ...]:
        return self.statuses[1:]

    @property
    def names(self) -> list[Entity]:
        """Who wrote the rest."""
        return list({one["account"]["id"]: one["account"] for one in self.rest}.values())


def entries(
    statuses: Sequence[Entity], read_id: int, boosters: dict[str, list[Entity]], counts: dict[str, int]
) -> list[Entry]:
    """Of `statuses`, newest or oldest first. `boosters` (the first ones) and `counts` (of all) are by what is boosted.

    What was read and what was not are never one entry: the line is drawn between them.
    """
    found: list[Entry] = []
    for status in _once(statuses):
        is_read = int(status["id"]) <= read_id
        before = found[-1] if found else None
        if before is not None and before.is_read == is_read and _belong_together(before.statuses, status):
            found[-1] = before._replace(statuses=tuple(sorted((*before.statuses, status), key=_age)))
        else:
            found.append(_entry(status, is_read, boosters, counts))
    return found


def line_at(found: Sequence[Entry], *, oldest: bool, from_line: bool) -> int | None:
    """Above which entry the line is drawn: between what was read and what was not, or where a page begins at it."""
    place = next((at for at, entry in enumerate(found) if entry.is_read is not oldest), 0)
    return place if place or (found and oldest and from_line) else None


def _entry(status: Entity, is_read: bool, boosters: dict[str, list[Entity]], counts: dict[str, int]) -> Entry:
    shown = status["reblog"]
    people = boosters.get(shown["id"], []) if shown is not None else []
    if len(people) < 2:
        return Entry((status,), is_read)
    return Entry((status,), is_read, tuple(people), counts[shown["id"]] - len(people))


def _once(statuses: Iterable[Entity]) -> Iterable[Entity]:
    """What several boosted stands where it comes first."""
    boosted: set[str] = set()
    for status in statuses:
        shown = status["reblog"]
        if shown is not None:
            if shown["id"] in boosted:
                continue
            boosted.add(shown["id"])
        yield status


def _belong_together(run: Sequence[Entity], status: Entity) -> bool:
    """One answers another, or both answer the same. A boost stands for itself."""
    if status["reblog"] is not None or run[0]["reblog"] is not None:
        return False
    ids, parents = {one["id"] for one in run}, {one["in_reply_to_id"] for one in run} - {None}
    return status["in_reply_to_id"] in ids | parents or status["id"] in parents


def _age(status: Entity) -> int:
    return int(status["id"])
