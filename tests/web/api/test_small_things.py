"""Markers, reports, emoji, and what there is none of."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Account, Report
from node.services.community import emoji, rules
from tests.factories import Person
from tests.web.conftest import Client, Headers

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


async def test_nobody_asks_for_donations(client: Client) -> None:
    response = await client.get("/api/v1/donation_campaigns")

    assert (response.status, await response.json()) == (200, None)


async def test_accounts_have_no_identity_proofs(client: Client, alice: Person) -> None:
    there = await client.get(f"/api/v1/accounts/{alice.account.id}/identity_proofs")
    nobody = await client.get("/api/v1/accounts/5/identity_proofs")

    assert (there.status, await there.json(), nobody.status) == (200, [], 404)
