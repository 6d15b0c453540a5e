"""Two nodes as separate processes: what people there do with each other, over HTTP alone."""

from collections.abc import Callable

import pytest

from tests.live import consent, conversation
from tests.live.conversation import People


@pytest.mark.parametrize("scene", [*conversation.EVERYTHING, *consent.EVERYTHING], ids=lambda scene: scene.__name__)
def test_across_nodes(people: People, scene: Callable[[People], None]) -> None:
    scene(people)
