"""What routes give their handlers."""

from collections.abc import Callable

from node.models import Status
from tests.factories import make_person
from tests.web.conftest import Client, Headers
from web import api


async def test_who_may_not_ask_is_refused_before_anything_is_read(
    client: Client, as_person: Callable[..., Headers]
) -> None:
    alice = make_person("alice")
    wrong = {"status": ["not", "a", "text"]}

    refused = await client.post("/api/v1/statuses", json=wrong)
    read = await client.post("/api/v1/statuses", json=wrong, headers=as_person(alice))

    assert (refused.status, read.status) == (401, 400)
    assert not Status.select().exists()


def test_a_handler_is_asked_for_its_scopes_once() -> None:
    """So that what is described is what holds."""
    for one in api.ROUTES:
        assert sum(given.scopes is not None for given in one.inputs) <= 1, one.path
