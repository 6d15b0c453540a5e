"""`ETag` and 304 on what visitors may read, and `Deprecation` on what Mastodon has given up."""

from collections.abc import Callable

import pytest

from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers


@pytest.fixture
def paths(alice: Person) -> list[str]:
    status = make_status(alice.account, text="hello")
    return [
        "/api/v2/instance",
        "/api/v1/timelines/public",
        f"/api/v1/statuses/{status.id}",
        f"/api/v1/accounts/{alice.account.id}",
        f"/api/v1/accounts/{alice.account.id}/statuses",
    ]


async def test_a_visitor_is_not_sent_the_same_twice(client: Client, paths: list[str]) -> None:
    for path in paths:
        first = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status, again.status) == (200, 304), path
        assert await again.read() == b""
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers.get("Link") == first.headers.get("Link")
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert (again.headers["Cache-Control"], again.headers["Vary"]) == ("public, no-cache", "Authorization")


async def test_what_has_changed_is_sent(client: Client, alice: Person) -> None:
    make_status(alice.account, text="one")
    before = (await client.get("/api/v1/timelines/public")).headers["ETag"]
    make_status(alice.account, text="two")

    after = await client.get("/api/v1/timelines/public", headers={"If-None-Match": f'"other", {before}'})

    assert after.status == 200
    assert len(await after.json()) == 2


async def test_answers_to_a_token_are_nobody_elses(
    client: Client, alice: Person, as_person: Callable[..., Headers], paths: list[str]
) -> None:
    me = as_person(alice)
    for path in paths:
        own = await client.get(path, headers=me | {"If-None-Match": "*"})
        wrong = await client.get(path, headers={"Authorization": "Bearer nothing", "If-None-Match": "*"})

        assert own.status == 200
        assert "ETag" not in own.headers
        assert own.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in wrong.headers


async def test_refusals_have_no_tag(client: Client) -> None:
    response = await client.get("/api/v1/statuses/1", headers={"If-None-Match": "*"})

    assert response.status == 404
    assert "ETag" not in response.headers


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("/api/v1/instance", 1668384000),
        ("/api/v1/trends", 1648598400),
        ("/api/v1/suggestions", 1621123200),
        ("/api/v1/filters", 1668384000),
        ("/api/v1/filters/1", 1668384000),
    ],
)
async def test_what_was_given_up_says_so_refused_or_not(client: Client, path: str, seconds: int) -> None:
    response = await client.get(path)

    assert response.headers["Deprecation"] == f"@{seconds}"
    assert "Deprecation" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "path", ["/api/v2/instance", "/api/v1/trends/tags", "/api/v2/suggestions", "/api/v2/filters"]
)
async def test_what_took_its_place_does_not(client: Client, path: str) -> None:
    assert "Deprecation" not in (await client.get(path)).headers
