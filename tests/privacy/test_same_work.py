"""Nobody can tell by the clock either: what is hidden costs as many questions to the database as what is not there."""

from collections.abc import Callable

import pytest

from tests.privacy.cast import Cast
from tests.privacy.test_by_id import HIDDEN_FROM, NAMING, put, requests
from tests.queries import counted_queries
from tests.web.conftest import Client

Token = Callable[..., str]


@pytest.mark.parametrize("name", ["stranger with an app", "stranger with a browser", "visitor with an app"])
@pytest.mark.parametrize("kind", ["private", "direct", "deleted private"])
async def test_a_refusal_asks_as_much_as_for_nothing(
    client: Client, cast: Cast, token: Token, kind: str, name: str
) -> None:
    make, makers = HIDDEN_FROM[kind]
    status, reader = make(cast), makers[name](client, cast, token)
    wrong = {}

    for request in [*requests(client), *NAMING]:
        for _ in range(2):  # what is remembered between requests
            await put(client, reader, request, cast, cast.nothing)
        with counted_queries() as there:
            await put(client, reader, request, cast, status.id)
        with counted_queries() as nothing:
            await put(client, reader, request, cast, cast.nothing)
        if len(there) != len(nothing):
            wrong[str(request)] = (len(there), len(nothing))

    assert wrong == {}
