"""Figures for the staff."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Account, MediaAttachment, Role, StatusTag, User
from node.services.discovery import tags
from node.services.interactions import favourites
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.statuses import posting
from node.services.statuses.drafts import Draft
from tests.factories import in_unit, make_person, make_remote
from tests.factories_posts import make_follow, make_media, make_status
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


def on_the_moor(account: Account, **columns: Any) -> None:
    status = make_status(account, "On the moor.", **columns)
    with in_unit():
        StatusTag.create(tag=tags.ensure("Moor").id, status=status.id)


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


async def test_each_measure_counts_what_it_is_about(ask: Any) -> None:
    alice, carol = make_person("alice").account, make_remote("carol", "remote.test")
    for account in (alice, carol):
        on_the_moor(account)
    film = make_media(carol)
    with in_unit():
        MediaAttachment.update(size_bytes=2_500).where(MediaAttachment.id == film.id).execute()
        first = reports.file(alice.id, Complaint(target_id=carol.id, comment="rude"))
        reports.file(alice.id, Complaint(target_id=make_person("bob").account.id, comment="rude"))
        reports.resolve(first.id, Account.get(Account.username == "mod"))
        favourites.add(alice.id, make_status(carol, "Hello.").id)
    make_follow(alice, carol)
    about = {key: {"id": "moor", "domain": "remote.test"} for key in EVERY_MEASURE if key.startswith(("tag", "inst"))}

    found = await ask("measures", {"keys": EVERY_MEASURE, **around_now(), **about})

    assert {one["key"]: one["total"] for one in found} == {
        "active_users": "3",
        "new_users": "3",
        "interactions": "1",
        "opened_reports": "2",
        "resolved_reports": "1",
        "tag_accounts": "2",
        "tag_uses": "2",
        "tag_servers": "2",
        "instance_accounts": "1",
        "instance_media_attachments": "2500",
        "instance_reports": "1",
        "instance_statuses": "2",
        "instance_follows": "1",
        "instance_followers": "0",
    }
    (size,) = (one for one in found if one["key"] == "instance_media_attachments")
    assert (size["unit"], size["human_value"]) == ("bytes", "2.5 kB")


async def test_each_dimension_shows_what_there_is_the_greatest_first(ask: Any) -> None:
    alice, carol = make_person("alice").account, make_remote("carol", "remote.test")
    for account, language in ((alice, "de"), (carol, "nl"), (carol, "nl"), (carol, None)):
        on_the_moor(account, language=language)
    with in_unit():
        User.update(locale="fr", last_active_at=clock.now_ms()).execute()
    about = {
        key: {"id": "moor", "domain": "remote.test"} for key in EVERY_DIMENSION if key.startswith(("tag", "inst"))
    }

    found = await ask("dimensions", {"keys": EVERY_DIMENSION, "limit": 5, **around_now(), **about})

    shown = {one["key"]: [(row["key"], row["human_key"], row["value"]) for row in one["data"]] for one in found}
    assert shown["languages"] == [("fr", "Français", "2")]
    assert shown["sources"] == [("invite", "By invitation", "0"), ("sign_up", "By signing up", "2")]
    assert (
        shown["servers"] == shown["tag_servers"] == [("remote.test", "remote.test", "3"), ("a.test", "a.test", "1")]
    )
    assert shown["tag_languages"] == [("nl", "Nederlands", "2"), ("de", "Deutsch", "1")]
    assert shown["instance_languages"] == [("nl", "Nederlands", "2")]
    assert shown["instance_accounts"] == [("carol", "@carol@remote.test", "0")]


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
