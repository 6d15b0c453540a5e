"""What members of an organisation may do: each line of the table is about a route, and what is not named is for owners."""

import pytest
from aiohttp import web

from tests.web.conftest import Client
from web.rights import _ANYBODY, _EDITORS, _OWNERS_READ


def paths(client: Client) -> set[str]:
    app: web.Application = client.app
    return {route.resource.canonical for route in app.router.routes() if route.resource is not None}


@pytest.mark.parametrize("begin", [*_ANYBODY, *_EDITORS, *_OWNERS_READ])
async def test_each_line_of_the_table_is_about_a_route(client: Client, begin: str) -> None:
    assert any(path.startswith(begin) for path in paths(client))


async def test_what_takes_an_account_away_is_for_owners(client: Client) -> None:
    kept = [
        path
        for path in paths(client)
        if path.startswith(("/settings/moving", "/settings/portability", "/settings/account/delete", "/admin"))
    ]

    assert len(kept) > 20
    assert not [path for path in kept if path.startswith((*_ANYBODY, *_EDITORS))]
