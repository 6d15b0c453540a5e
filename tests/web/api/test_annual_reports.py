"""Reports on a year through the client API."""

import re
from collections.abc import Callable

import pytest

from federation import work
from node import clock, jobs, store
from node.jobs import JobKind
from node.models import Status
from node.services.interactions import reblogs
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]

THIS_YEAR = clock.now().year
REPORTS = "/api/v1/annual_reports"
YEAR = f"{REPORTS}/{THIS_YEAR}"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def liked(alice: Person, bob: Person) -> Status:
    with store.transaction():
        status = make_status(alice, "I wrote #birds and #birds")
        make_status(alice, "#birds again")
        reblogs.add(bob.account.id, status.id)
    return status


async def make(client: Client) -> None:
    (job,) = await store.write(lambda: [job for job in jobs.take(1, 99) if job.kind == JobKind.MAKE_ANNUAL_REPORT])
    await work.make_annual_report(job)


async def test_a_report_is_asked_for_made_shown_and_read(
    client: Client, alice: Person, me: Headers, liked: Status
) -> None:
    december = int(clock.parse_iso(f"{THIS_YEAR}-12-10") or 0)

    with clock.frozen(december):
        instance = await (await client.get("/api/v2/instance")).json()
        eligible = await (await client.get(f"{YEAR}/state", headers=me)).json()
        asked = await client.post(f"{YEAR}/generate", headers=me)
        state = await client.get(f"{YEAR}/state", headers=me)
        header = state.headers["Mastodon-Async-Refresh"]
        refresh = f"/api/v1_alpha/async_refreshes/{re.findall('[0-9]+', header)[0]}"
        running = await (await client.get(refresh, headers=me)).json()
        early = await (await client.get(YEAR, headers=me)).json()
        await make(client)
        finished = await (await client.get(refresh, headers=me)).json()
        available = await (await client.get(f"{YEAR}/state", headers=me)).json()

    shown = await (await client.get(YEAR, headers=me)).json()
    listed = await (await client.get(REPORTS, headers=me)).json()
    read = await client.post(f"{YEAR}/read", headers=me)
    unlisted = await (await client.get(REPORTS, headers=me)).json()

    assert instance["wrapstodon"] == THIS_YEAR
    assert (eligible, available) == ({"state": "eligible"}, {"state": "available"})
    assert (asked.status, asked.headers["Mastodon-Async-Refresh"]) == (202, header)
    assert await state.json() == {"state": "generating"}
    assert (running["async_refresh"]["status"], finished["async_refresh"]["status"]) == ("running", "finished")
    assert early == unlisted == {"annual_reports": [], "accounts": [], "statuses": []}
    assert shown == listed
    assert [account["id"] for account in shown["accounts"]] == [str(alice.account.id)]
    assert [status["id"] for status in shown["statuses"]] == [str(liked.id)]
    assert shown["annual_reports"] == [
        {
            "year": THIS_YEAR,
            "data": {
                "archetype": "lurker",
                "time_series": [{"month": 12, "statuses": 2, "followers": 0}],
                "top_hashtags": [{"name": "birds", "count": 2}],
                "top_statuses": {"by_reblogs": str(liked.id), "by_replies": None, "by_favourites": None},
            },
            "schema_version": 2,
            "share_url": None,
            "account_id": str(alice.account.id),
        }
    ]
    assert (read.status, await read.json()) == (200, {})


async def test_reports_are_for_their_owner_alone(
    client: Client, me: Headers, bob: Person, as_person: AsPerson, liked: Status
) -> None:
    with clock.frozen(int(clock.parse_iso(f"{THIS_YEAR}-12-10") or 0)):
        asked = await client.post(f"{YEAR}/generate", headers=me)
        refresh = "/api/v1_alpha/async_refreshes/" + re.findall("[0-9]+", asked.headers["Mastodon-Async-Refresh"])[0]
        seen = await (await client.get(refresh, headers=as_person(bob))).json()
        await make(client)
        theirs = await (await client.get(YEAR, headers=as_person(bob))).json()

    assert seen["async_refresh"]["status"] == "finished"
    assert theirs["annual_reports"] == []
    assert (await client.get(YEAR)).status == 401


async def test_a_post_that_is_gone_is_none(client: Client, me: Headers, liked: Status) -> None:
    with clock.frozen(int(clock.parse_iso(f"{THIS_YEAR}-12-10") or 0)):
        await client.post(f"{YEAR}/generate", headers=me)
        await make(client)
    await client.delete(f"/api/v1/statuses/{liked.id}", headers=me)

    shown = await (await client.get(YEAR, headers=me)).json()

    assert shown["statuses"] == []
    assert shown["annual_reports"][0]["data"]["top_statuses"]["by_reblogs"] is None


async def test_a_year_without_a_report_is_an_empty_list(client: Client, me: Headers) -> None:
    asked = await client.post(f"{REPORTS}/2025/generate", headers=me)
    read = await client.post(f"{REPORTS}/2025/read", headers=me)
    shown = await client.get(f"{REPORTS}/2025", headers=me)

    assert [(answer.status, await answer.json()) for answer in (asked, read)] == [(200, {}), (200, {})]
    assert await shown.json() == {"annual_reports": [], "accounts": [], "statuses": []}
    for year, status in (("9" * 18, 200), ("0", 200), ("last", 404)):
        assert (await client.get(f"{REPORTS}/{year}/state", headers=me)).status == status
