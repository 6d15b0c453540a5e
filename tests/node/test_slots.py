"""Each process of a node has a number that no other one has."""

from collections.abc import Iterator

import pytest

from node import slots
from node.config import Config
from node.errors import NodeError


@pytest.fixture(autouse=True)
def released() -> Iterator[None]:
    yield
    slots.release()


def test_the_lowest_free_number_is_taken_and_given_back(config: Config) -> None:
    first = slots.acquire(config)
    second = slots.acquire(config)

    slots.release()

    assert second == first + 1
    assert slots.acquire(config) == first


def test_there_is_a_last_one(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "SLOTS", 2)
    slots.acquire(config)
    slots.acquire(config)

    with pytest.raises(NodeError, match="as many as there can be"):
        slots.acquire(config)
