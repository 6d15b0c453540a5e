"""Two nodes as separate processes: what people there do with each other, over HTTP alone."""

from collections.abc import Callable

import pytest

from tests.live import conversation
from tests.live.conversation import People
from tests.live.node import Node


@pytest.fixture(scope="module")
def people(new_node: Callable[..., Node]) -> People:
    return meet(new_node(), new_node())


def meet(one: Node, other: Node) -> People:
    """Both nodes run, and bob follows alice."""
    people = People(*one.people("alice", "mallory"), *other.people("bob", "eve"))
    one.begin()
    other.start()
    one.wait()
    conversation.befriend(people.bob, people.alice)
    return people


@pytest.mark.parametrize("scene", conversation.EVERYTHING, ids=lambda scene: scene.__name__)
def test_across_nodes(people: People, scene: Callable[[People], None]) -> None:
    scene(people)
