"""Figures for the staff."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Role, User
from node.services.statuses import posting
from node.services.statuses.drafts import Draft
from tests.factories import make_person, make_remote
from tests.web.conftest import ALL_SCOPES, Client, Headers

ROOT = "/api/v1/admin"
NOW = clock.parse_iso("2026-11-21T12:00:00Z") or 0
DAYS = {"start_at": "2026-11-19", "end_at": "2026-11-21"}
EVERY_MEASURE = [
    *("active_users", "new_users", "interactions", "opened_reports", "resolved_reports"),
    *("tag_accounts", "tag_uses", "tag_servers", "instance_accounts", "instance_media_attachments"),
    *("instance_reports", "instance_statuses", "instance_follows", "instance_followers"),
]
EVERY_DIMENSION = [
    *("languages", "sources", "servers", "space_usage", "software_versions", "tag_servers", "tag_languages"),
    *("instance_accounts", "instance_languages"),
]


def around_now() -> dict[str, str]:
    """Ids are drawn by the time that it is, so that this is what they are counted in."""
    return {"start_at": clock.day(clock.now_ms() - clock.DAY), "end_at": clock.day(clock.now_ms() + clock.DAY)}


@pytest.fixture
def ask(client: Client, as_person: Callable[..., Headers]) -> Callable[..., Any]:
    staff = as_person(make_person("mod", role=Role.MODERATOR), f"{ALL_SCOPES} admin:read")

    async def send(path: str, body: Any, status: int = 200) -> Any:
        response = await client.post(f"{ROOT}/{path}", headers=staff, json=body)
        assert response.status == status, await response.text()
        return await response.json()

    return send


async def test_measures_count_by_day_and_compare_with_the_days_before(ask: Any) -> None:
    first = make_person("first").user.id
    User.update(created_at=NOW - 4 * clock.DAY).execute()
    User.update(created_at=NOW - clock.DAY, last_active_at=NOW).where(User.id == first).execute()

    new, active = await ask("measures", {"keys": ["new_users", "active_users", "unknown"], **DAYS})

    assert (new["key"], new["total"], new["previous_total"]) == ("new_users", "1", "1")
    assert [(one["date"], one["value"]) for one in new["data"]] == [
        ("2026-11-19T00:00:00.000Z", "0"),
        ("2026-11-20T00:00:00.000Z", "1"),
        ("2026-11-21T00:00:00.000Z", "0"),
    ]
    assert (active["key"], active["total"]) == ("active_users", "1")


async def test_interactions_are_what_people_here_do(ask: Any) -> None:
    alice = make_person("alice").account
    with store.transaction():
        root = posting.post(alice.id, Draft(text="A thought."))
        posting.post(alice.id, Draft(text="More of it.", in_reply_to_id=root.id))

    (measure,) = await ask("measures", {"keys": ["interactions"], **around_now()})

    assert measure["total"] == "1"


async def test_each_measure_and_each_dimension_answers(ask: Any) -> None:
    subjects = {key: {"id": "7", "domain": "remote.test"} for key in [*EVERY_MEASURE, *EVERY_DIMENSION] if "_" in key}

    measured = await ask("measures", {"keys": EVERY_MEASURE, **DAYS, **subjects})
    shares = await ask("dimensions", {"keys": EVERY_DIMENSION, "limit": 5, **DAYS, **subjects})

    assert [one["key"] for one in measured] == EVERY_MEASURE
    assert [one["key"] for one in shares] == EVERY_DIMENSION
    assert all(len(one["data"]) == 3 for one in measured)


async def test_one_domain_is_told_apart(ask: Any) -> None:
    make_remote("rosa", "remote.test")
    make_remote("emil", "other.test")
    about = {"instance_accounts": {"domain": "remote.test"}}
    nobody = {"instance_accounts": {"domain": ""}}

    (found,) = await ask("measures", {"keys": ["instance_accounts"], **around_now(), **about})
    (none,) = await ask("measures", {"keys": ["instance_accounts"], **around_now(), **nobody})
    (top,) = await ask("dimensions", {"keys": ["instance_accounts"], **around_now(), **about})

    assert (found["total"], none["total"]) == ("1", "0")
    assert [one["key"] for one in top["data"]] == ["rosa"]


async def test_a_hashtag_is_known_by_its_name(ask: Any) -> None:
    alice = make_person("alice").account
    with store.transaction():
        posting.post(alice.id, Draft(text="A #Thought of mine."))
    (by_name,) = await ask("measures", {"keys": ["tag_uses"], "tag_uses": {"id": "thought"}, **around_now()})
    (unknown,) = await ask("measures", {"keys": ["tag_uses"], "tag_uses": {"id": "123"}, **around_now()})

    assert (by_name["total"], unknown["total"]) == ("1", "0")


async def test_versions_and_room_are_told(ask: Any) -> None:
    versions, room = await ask("dimensions", {"keys": ["software_versions", "space_usage"], **DAYS})

    assert {"linnet", "python"} < {one["key"] for one in versions["data"]}
    assert [one["unit"] for one in room["data"]] == ["bytes", "bytes"]


async def test_retention_tells_who_is_still_here(ask: Any) -> None:
    people = [make_person(name).user.id for name in ("early", "late")]
    User.update(created_at=0).execute()  # the moderator came long ago
    User.update(created_at=NOW - 2 * clock.DAY, last_active_at=NOW - clock.DAY).where(User.id.in_(people)).execute()
    User.update(last_active_at=NOW).where(User.id == people[0]).execute()

    days = await ask("retention", {"frequency": "day", **DAYS})
    months = await ask("retention", {"frequency": "month", **DAYS})

    assert [one["value"] for one in days[0]["data"]] == ["2", "2", "1"]
    assert [one["rate"] for one in days[0]["data"]] == [1.0, 1.0, 0.5]
    assert [(one["period"], len(one["data"])) for one in months] == [("2026-11-01T00:00:00.000Z", 1)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("measures", {"keys": ["new_users"]}),
        ("measures", {"keys": ["new_users"], "start_at": "soon", "end_at": "later"}),
        ("dimensions", {"keys": ["languages"], "start_at": "2026-11-21", "end_at": "2026-11-19"}),
        ("retention", {"frequency": "hour", **DAYS}),
    ],
)
async def test_what_is_no_time_is_refused(ask: Any, path: str, body: Any) -> None:
    await ask(path, body, status=422)


async def test_a_thousand_years_are_cut(ask: Any) -> None:
    (measure,) = await ask("measures", {"keys": ["new_users"], "start_at": "1970-01-01", "end_at": "2970-01-01"})
    cohorts = await ask("retention", {"frequency": "day", "start_at": "1970-01-01", "end_at": "2970-01-01"})

    assert (len(measure["data"]), len(cohorts)) == (366, 100)


async def test_figures_are_for_the_staff(client: Client, as_person: Callable[..., Headers]) -> None:
    member = as_person(make_person("anna"), f"{ALL_SCOPES} admin:read")

    for path in ("measures", "dimensions", "retention"):
        response = await client.post(f"{ROOT}/{path}", headers=member, json={"keys": ["new_users"], **DAYS})
        assert response.status == 403
