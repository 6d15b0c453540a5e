"""A node as it was earlier, among others that went on: with the schema of an older version, and from a copy."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node import migrations
from tests.live.conversation import People, arrives, befriend, meet, status, word
from tests.live.copies import copy, put_back
from tests.live.node import Node, Person
from tests.live.waiting import until

_PAGE = 40


@pytest.fixture(scope="module")
def people(new_node: Callable[..., Node]) -> People:
    people = meet(new_node(), new_node())
    befriend(people.alice, people.bob)
    return people


class Talker:
    """Somebody who goes on speaking for as long as the block lasts; `said` is what their node accepted."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.said: list[dict[str, Any]] = []

    def __enter__(self) -> "Talker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            self.said.append(self._person.say(word()))

    def goes_on(self, posts: int = 4) -> None:
        enough = len(self.said) + posts
        until(lambda: len(self.said) >= enough, what="they speak")


def uris(reader: Person, path: str) -> list[str]:
    """Of all posts of a timeline, page after page."""
    found: list[dict[str, Any]] = []
    page: list[dict[str, Any]] = reader.get(path, limit=_PAGE)
    while page:
        found += page
        page = reader.get(path, limit=_PAGE, max_id=page[-1]["id"])
    return [one["uri"] for one in found]


def home(reader: Person) -> list[str]:
    return uris(reader, "/api/v1/timelines/home")


def own(person: Person) -> list[str]:
    return uris(person, f"/api/v1/accounts/{person.id}/statuses")


def test_a_node_goes_back_to_an_older_schema_and_is_upgraded_while_others_speak_to_it(people: People) -> None:
    node, alice, bob = people.alice.node, people.alice, people.bob
    older = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))[-5]
    before = [alice.say(word())["uri"] for _ in range(3)]

    with Talker(bob) as talker:
        talker.goes_on()
        node.stop()
        reverted = node.command("migrate", "--to", older)["reverted"]
        talker.goes_on()
        node.start()
        talker.goes_on()
    alice.say(word())  # so that bob's node knows that it is back

    assert len(reverted) == 4
    heard = {one["uri"] for one in talker.said}
    until(lambda: heard <= set(home(alice)), seconds=90, what="all that was said meanwhile has arrived")
    there = home(alice)
    assert len(there) == len(set(there))
    assert set(before) <= set(there)


def test_a_copy_of_a_running_node_takes_its_place(people: People, tmp_path: Path) -> None:
    """Whole, though it was written to; and what was said or taken back after it, others know better."""
    node, alice, bob = people.alice.node, people.alice, people.bob
    regretted = alice.say(word())
    arrives(bob, regretted["content"][3:-4])

    with Talker(alice) as talker:
        talker.goes_on()
        accepted = {one["uri"] for one in talker.said}
        copy(node, tmp_path)
        talker.goes_on()
    alice.delete(f"/api/v1/statuses/{regretted['id']}")
    until(lambda: regretted["uri"] not in home(bob), what="bob's node hears that it is gone")
    lost = alice.say(word())
    until(lambda: lost["uri"] in home(bob))
    node.stop()
    put_back(node, tmp_path)
    node.start()

    assert accepted <= set(own(alice))
    assert lost["uri"] not in own(alice)
    again = alice.say(word())
    assert int(again["id"]) > int(lost["id"])
    until(lambda: again["uri"] in home(bob))
    read = home(bob)
    assert {one["uri"] for one in talker.said} <= set(read)
    assert len(read) == len(set(read))  # what still waited in the copy was sent once more
    assert regretted["uri"] not in read  # it is back where it was written, and nowhere else
    assert status(alice, regretted["id"])["uri"] == regretted["uri"]
