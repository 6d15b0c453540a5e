"""Markers, reports, emoji, and what there is none of."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Account, Report
from node.services.community import emoji, rules
from tests.factories import Person
from tests.web.conftest import Client, Headers
from web.api import nothing_yet

AsPerson = Callable[..., Headers]


async def test_markers_are_kept_for_all_devices(client: Client, alice: Person, as_person: AsPerson) -> None:
    me = as_person(alice)

    first = await client.post("/api/v1/markers", headers=me, data={"home[last_read_id]": "103"})
    second = await client.post("/api/v1/markers", headers=me, json={"home": {"last_read_id": "107"}})
    read = await client.get("/api/v1/markers?timeline[]=home&timeline[]=notifications", headers=me)

    assert (await first.json())["home"]["version"] == 1
    assert (await second.json())["home"]["version"] == 2
    assert (await read.json()).keys() == {"home"}
    assert (await read.json())["home"]["last_read_id"] == "107"


@pytest.mark.parametrize("body", [{}, {"home": {}}, {"home": None}, {"elsewhere": {"last_read_id": "1"}}])
async def test_markers_of_nothing_change_nothing(
    client: Client, alice: Person, as_person: AsPerson, body: dict[str, Any]
) -> None:
    response = await client.post("/api/v1/markers", headers=as_person(alice), json=body)

    assert (response.status, await response.json()) == (200, {})


@pytest.mark.parametrize("body", [{"home": "x"}, {"home": {"last_read_id": "x"}}, {"home": [1]}])
async def test_markers_that_make_no_sense_are_refused(
    client: Client, alice: Person, as_person: AsPerson, body: dict[str, Any]
) -> None:
    response = await client.post("/api/v1/markers", headers=as_person(alice), json=body)

    assert response.status == 400


async def test_a_report_reaches_the_moderators(
    client: Client, alice: Person, remote: Callable[..., Account], as_person: AsPerson
) -> None:
    carol = remote("carol")
    with store.transaction():
        rule = rules.add("No spam.", "", None)

    response = await client.post(
        "/api/v1/reports",
        headers=as_person(alice),
        json={"account_id": str(carol.id), "comment": "spam", "forward": True, "rule_ids": [str(rule.id)]},
    )

    report = await response.json()
    assert response.status == 200
    assert (report["category"], report["forwarded"], report["rule_ids"]) == ("violation", True, [str(rule.id)])
    assert report["target_account"]["username"] == "carol"
    assert Report.select().count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"account_id": "5"}, 404),
        ({"account_id": "x"}, 400),
        ({"account_id": None, "comment": "x"}, 400),
    ],
)
async def test_a_report_names_somebody(
    client: Client, alice: Person, as_person: AsPerson, body: dict[str, Any], status: int
) -> None:
    response = await client.post("/api/v1/reports", headers=as_person(alice), json=body)

    assert response.status == status


async def test_emoji_of_this_node_are_listed(client: Client, db: None) -> None:
    with store.transaction():
        emoji.create("linnet", "emoji/ab/" + "c" * 30 + ".png", category="birds")

    (entity,) = await (await client.get("/api/v1/custom_emojis")).json()

    assert (entity["shortcode"], entity["category"]) == ("linnet", "birds")
    assert entity["url"].startswith("https://a.test/media/emoji/")


@pytest.mark.parametrize("path", sorted(nothing_yet._PERSONAL))
async def test_what_nobody_has_here_is_an_empty_answer_to_people(
    client: Client, alice: Person, as_person: AsPerson, path: str
) -> None:
    path = path.format(year=2026)

    shown = await client.get(path, headers=as_person(alice))
    refused = await client.get(path)

    assert (shown.status, refused.status) == (200, 401)


@pytest.mark.parametrize("path", sorted(nothing_yet._PUBLIC))
async def test_what_does_not_exist_here_is_an_empty_answer(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 200


@pytest.mark.parametrize("path", sorted(nothing_yet._OF_ACCOUNTS))
async def test_what_accounts_do_not_have_is_an_empty_answer(client: Client, alice: Person, path: str) -> None:
    there = await client.get(path.format(id=alice.account.id))
    nobody = await client.get(path.format(id=5))

    assert (there.status, nobody.status) == (200, 404)


@pytest.mark.parametrize("path", sorted(nothing_yet._MISSING))
async def test_one_of_what_there_is_none_of_is_not_found(
    client: Client, alice: Person, as_person: AsPerson, path: str
) -> None:
    response = await client.get(path.format(id=5, year=2025), headers=as_person(alice))

    assert (response.status, await response.json()) == (404, {"error": "Record not found"})


async def test_nobody_is_eligible_for_a_report_of_the_year(
    client: Client, alice: Person, as_person: AsPerson
) -> None:
    me = as_person(alice)

    asked = await client.post("/api/v1/annual_reports/2026/generate", headers=me)
    read = await client.post("/api/v1/annual_reports/2026/read", headers=me)
    state = await (await client.get("/api/v1/annual_reports/2026/state", headers=me)).json()

    assert (asked.status, read.status, state) == (200, 404, {"state": "ineligible"})
