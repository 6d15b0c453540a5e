"""What is being talked about, what the staff decides about it, and who is suggested."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Account, AuditEntry, PreviewCard, Role, Status, Visibility
from node.services.accounts import ProfileChange, update_profile
from node.services.community import settings
from node.services.relationships import blocks
from node.services.statuses import cards
from node.services.statuses.cards import CardFacts
from tests.factories import Person, befriend, in_unit, make_person
from tests.factories_posts import make_status
from tests.web.conftest import ALL_SCOPES, TALKED_ABOUT, Client, Headers

AsPerson = Callable[..., Headers]
KINDS = ("tags", "statuses", "links")
ADMIN = f"{ALL_SCOPES} admin:read admin:write"


@pytest.fixture
def staff(as_person: AsPerson, db: None) -> Headers:
    return as_person(make_person("mod", role=Role.MODERATOR), ADMIN)


async def trending(client: Client, kind: str, headers: Headers | None = None, query: str = "") -> list[Any]:
    response = await client.get(f"/api/v1/trends/{kind}{query}", headers=headers)
    assert response.status == 200, await response.text()
    return list(await response.json())


async def test_what_several_people_speak_of_is_a_trend(client: Client, talk: Status) -> None:
    (tag,), (status,), (link,) = [await trending(client, kind) for kind in KINDS]

    assert (tag["name"], tag["history"][0]["accounts"]) == ("storm", "2")
    assert status["id"] == str(talk.id)
    assert (link["url"], link["title"], link["history"][0]["uses"]) == (TALKED_ABOUT, "A storm", "2")


async def test_trends_end_with_the_list_and_with_the_days(client: Client, talk: Status) -> None:
    assert [await trending(client, kind, query="?offset=1") for kind in KINDS] == [[], [], []]
    assert "Link" not in (await client.get("/api/v1/trends/tags")).headers
    assert "offset=1" in (await client.get("/api/v1/trends/tags?limit=1")).headers["Link"]


async def test_what_is_old_or_for_few_is_no_trend(client: Client, talk: Status, alice: Person, bob: Person) -> None:
    with clock.frozen(clock.now_ms() + 5 * clock.DAY):
        for person in (alice, bob):
            make_status(person, "#quiet", visibility=Visibility.UNLISTED)

        assert [await trending(client, kind) for kind in KINDS] == [[], [], []]


async def test_hashtags_that_nobody_has_looked_at_can_be_left_out_of_a_search(
    client: Client, talk: Status, staff: Headers
) -> None:
    async def found(query: str) -> list[str]:
        answer = await client.get(f"/api/v2/search?q=sto&type=hashtags{query}", headers=staff)
        return [tag["name"] for tag in (await answer.json())["hashtags"]]

    before = await found("&exclude_unreviewed=true")
    (tag,) = await (await client.get("/api/v1/admin/trends/tags", headers=staff)).json()
    await client.post(f"/api/v1/admin/trends/tags/{tag['id']}/approve", headers=staff)

    assert (before, await found("&exclude_unreviewed=true"), await found("")) == ([], ["storm"], ["storm"])


async def test_a_reader_is_not_shown_whom_they_block(
    client: Client, talk: Status, alice: Person, as_person: AsPerson
) -> None:
    reader, other = make_person("reader"), make_person("other")
    await store.write(blocks.block, reader.account.id, alice.account.id)

    assert await trending(client, "statuses", as_person(reader)) == []
    assert len(await trending(client, "statuses", as_person(other))) == 1


async def test_posts_with_a_warning_or_of_the_undiscoverable_do_not_trend(
    client: Client, talk: Status, alice: Person, bob: Person
) -> None:
    with in_unit():
        make_status(alice, "warned", spoiler_text="look away")
        make_status(bob, "hidden")
        Status.update(favourites_count=9).execute()

    assert [one["id"] for one in await trending(client, "statuses")] == [str(talk.id)]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_staff_can_take_a_trend_away_and_give_it_back(
    client: Client, talk: Status, staff: Headers, kind: str
) -> None:
    (seen,) = await (await client.get(f"/api/v1/admin/trends/{kind}", headers=staff)).json()
    rejected = await client.post(f"/api/v1/admin/trends/{kind}/{seen['id']}/reject", headers=staff)
    gone = await trending(client, kind)
    approved = await client.post(f"/api/v1/admin/trends/{kind}/{seen['id']}/approve", headers=staff)

    assert (seen["requires_review"], seen["trendable"]) == (True, True)
    assert (rejected.status, (await rejected.json())["trendable"], gone) == (200, False, [])
    assert (approved.status, len(await trending(client, kind))) == (200, 1)
    assert [row.action for row in AuditEntry.select().order_by(AuditEntry.id)] == ["reject.trend", "approve.trend"]


@pytest.mark.parametrize("kind", KINDS)
async def test_where_trends_are_reviewed_they_wait_for_a_yes(
    client: Client, talk: Status, staff: Headers, kind: str
) -> None:
    await store.write(settings.change, {"review_trends": True}, None)
    before = await trending(client, kind)
    (seen,) = await (await client.get(f"/api/v1/admin/trends/{kind}", headers=staff)).json()
    await client.post(f"/api/v1/admin/trends/{kind}/{seen['id']}/approve", headers=staff)

    assert (before, len(await trending(client, kind))) == ([], 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_only_the_staff_decides_and_only_with_the_scope(
    client: Client, talk: Status, staff: Headers, alice: Person, as_person: AsPerson, kind: str
) -> None:
    path = f"/api/v1/admin/trends/{kind}"
    narrow = as_person(make_person("narrow", role=Role.MODERATOR), "read write")

    statuses = [(await client.get(path, headers=who)).status for who in (staff, as_person(alice, ADMIN), narrow, {})]
    unknown = await client.post(f"{path}/5/reject", headers=staff)

    assert (statuses, unknown.status) == ([200, 403, 403, 401], 404)


async def test_what_people_say_about_a_page_has_a_timeline(
    client: Client, talk: Status, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    await store.write(blocks.block, alice.account.id, bob.account.id)

    for_all = await client.get("/api/v1/timelines/link", params={"url": TALKED_ABOUT})
    for_alice = await client.get("/api/v1/timelines/link", params={"url": TALKED_ABOUT}, headers=as_person(alice))
    unknown = await client.get("/api/v1/timelines/link?url=https://other.test/")

    assert (len(await for_all.json()), [one["id"] for one in await for_alice.json()]) == (2, [str(talk.id)])
    assert (unknown.status, await unknown.json()) == (200, [])


async def test_suggested_are_friends_of_friends_and_people_here(
    client: Client, alice: Person, bob: Person, remote: Callable[..., Account], as_person: AsPerson
) -> None:
    far, here = remote("carol", discoverable=True), make_person("dora", discoverable=True)
    make_status(here)
    befriend(alice.account, bob.account)
    befriend(bob.account, far)
    me = as_person(alice)

    found = await (await client.get("/api/v2/suggestions", headers=me)).json()
    plain = await (await client.get("/api/v1/suggestions?limit=1", headers=me)).json()

    assert [(one["account"]["username"], one["sources"], one["source"]) for one in found] == [
        ("carol", ["friends_of_friends"], "past_interactions"),
        ("dora", ["most_interactions"], "global"),
    ]
    assert [one["username"] for one in plain] == ["carol"]


async def test_friends_of_those_who_hide_whom_they_follow_are_not_suggested(
    client: Client, alice: Person, bob: Person, remote: Callable[..., Account], as_person: AsPerson
) -> None:
    befriend(alice.account, bob.account)
    befriend(bob.account, remote("carol", discoverable=True))
    with in_unit():
        Account.update(hide_collections=True).where(Account.id == bob.account.id).execute()

    assert await (await client.get("/api/v2/suggestions", headers=as_person(alice))).json() == []


async def test_who_was_dismissed_is_not_suggested_again(client: Client, alice: Person, as_person: AsPerson) -> None:
    dora = make_person("dora", discoverable=True)
    make_status(dora)
    me = as_person(alice)

    statuses = [
        (await client.delete(f"/api/v1/suggestions/{an_id}", headers=me)).status
        for an_id in (dora.account.id, dora.account.id, 5)
    ]

    assert statuses == [200, 200, 404]
    assert await (await client.get("/api/v2/suggestions", headers=me)).json() == []


async def test_what_a_domain_block_would_end_is_told(
    client: Client, alice: Person, remote: Callable[..., Account], as_person: AsPerson
) -> None:
    befriend(alice.account, remote("carol", "other.test"))

    told = await client.get("/api/v1/domain_blocks/preview?domain=other.test", headers=as_person(alice))
    wrong = await client.get("/api/v1/domain_blocks/preview?domain=", headers=as_person(alice))

    assert await told.json() == {"following_count": 1, "followers_count": 0}
    assert wrong.status == 422


async def test_whom_a_page_names_is_asked_to_let_it_and_nobody_else_hears_of_it(
    client: Client, talk: Status, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    card = PreviewCard.get(PreviewCard.key == TALKED_ABOUT)
    with in_unit():
        cards.receive(card.id, CardFacts(url=TALKED_ABOUT, title="A storm", author_id=alice.account.id))

    async def asked() -> list[tuple[bool, bool]]:
        """In the post and among the trends: to alice, to bob, to visitors."""
        found = []
        for headers in (as_person(alice), as_person(bob), None):
            status = await (await client.get(f"/api/v1/statuses/{talk.id}", headers=headers)).json()
            (link,) = await trending(client, "links", headers)
            found.append((status["card"]["missing_attribution"], link["missing_attribution"]))
        return found

    assert await asked() == [(True, True), (False, False), (False, False)]
    assert await asked() == [(True, True), (False, False), (False, False)]  # of what is remembered, too

    with in_unit():
        update_profile(alice.account.id, ProfileChange(attribution_domains=("news.test",)))
        Status.update(version=Status.version + 1).execute()  # else it is seen when what is remembered is forgotten
    (link,) = await trending(client, "links", as_person(alice))

    assert link["authors"][0]["account"]["username"] == "alice"
    assert await asked() == [(False, False)] * 3


async def test_the_staff_decides_about_hashtags_by_themselves(
    client: Client, talk: Status, staff: Headers, alice: Person, as_person: AsPerson
) -> None:
    with in_unit():
        make_status(alice, "#diary", visibility=Visibility.PRIVATE)

    async def tags(query: str = "") -> Any:
        return await (await client.get(f"/api/v1/admin/tags{query}", headers=staff)).json()

    (seen,) = await tags()
    path = f"/api/v1/admin/tags/{seen['id']}"
    changed = await (await client.put(path, json={"trendable": False, "usable": True}, headers=staff)).json()

    assert (seen["name"], seen["trendable"], seen["requires_review"], seen["usable"]) == ("storm", True, True, True)
    assert (changed["trendable"], changed["requires_review"], await trending(client, "tags")) == (False, False, [])
    with clock.frozen(clock.now_ms() + 5 * clock.DAY):  # nobody speaks of it any more, and it stays decided about
        assert [one["id"] for one in await tags()] == [seen["id"]]
        wish = {
            "keys": ["tag_uses"],
            "tag_uses": {"id": seen["id"]},
            "start_at": clock.iso(talk.created_at),
            "end_at": clock.iso(clock.now_ms()),
        }
        (uses,) = await (await client.post("/api/v1/admin/measures", json=wish, headers=staff)).json()
        assert uses["total"] == "2"
    assert await (await client.get(path, headers=staff)).json() == changed
    assert await tags(f"?max_id={seen['id']}") == []
    for wrong in ({"usable": False}, {"listable": False}, {"display_name": "Stoerm"}):
        assert (await client.put(path, json={"trendable": True, **wrong}, headers=staff)).status == 422
    assert (await (await client.get(path, headers=staff)).json())["trendable"] is False
    assert (await client.get("/api/v1/admin/tags/5", headers=staff)).status == 404
    assert (await client.put(path, json={"trendable": True}, headers=as_person(alice, ADMIN))).status == 403
