"""A thread as branches: for every answer how deep it is, and which lines pass by on its side."""

from collections import defaultdict
from typing import Any, NamedTuple

Entity = dict[str, Any]

MAX_DEPTH = 6  # deeper answers stay at this depth: the column is narrow


class Perch(NamedTuple):
    """An answer and the lines around it. Depth 0 answers the post in focus."""

    status: Entity
    depth: int
    rails: tuple[int, ...]  # depths whose lines pass by to a later answer
    has_answers: bool  # its own line goes on downwards


def branches(focus_id: str, descendants: list[Entity]) -> list[Perch]:
    """`descendants` in reading order: each answer is followed by those to it."""
    known = {status["id"] for status in descendants}
    parents = {
        status["id"]: status["in_reply_to_id"] if status["in_reply_to_id"] in known else focus_id
        for status in descendants
    }
    children: defaultdict[str, list[str]] = defaultdict(list)
    for status in descendants:
        children[parents[status["id"]]].append(status["id"])

    depths: dict[str, int] = {focus_id: -1}
    passing: dict[str, frozenset[int]] = {focus_id: frozenset()}
    perches = []
    for status in descendants:
        own, parent = status["id"], parents[status["id"]]
        # A parent that comes later than its answer would be out of order: then it hangs on the focus.
        depth = depths[own] = min(depths.get(parent, -1) + 1, MAX_DEPTH)
        rails = passing.get(parent, frozenset())
        if depth and children[parent][-1] != own:
            rails |= {depth - 1}
        passing[own] = rails
        has_answers = bool(children[own]) and depth < MAX_DEPTH
        perches.append(Perch(status, depth, tuple(sorted(rails)), has_answers))
    return perches


def people(statuses: list[Entity]) -> list[tuple[Entity, int]]:
    """Who wrote in a thread and how many posts, the most first."""
    counts: dict[str, int] = defaultdict(int)
    accounts: dict[str, Entity] = {}
    for status in statuses:
        account = status["account"]
        accounts.setdefault(account["id"], account)
        counts[account["id"]] += 1
    return sorted(((accounts[one], count) for one, count in counts.items()), key=lambda pair: -pair[1])
