"""Collections of accounts, as apps see them."""

from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.models import Account, Collection, CollectionItem, Notification, Status
from node.services.collections import own
from node.services.relationships import blocks
from node.services.statuses import view as status_view
from tests.factories import Person, befriend, in_unit, make_person, make_remote
from tests.factories_posts import make_status
from tests.queries import counted_queries
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
PATH = "/api/v1/collections"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture(autouse=True)
def found(bob: Person) -> None:
    """Bob wants to be found, so he may be featured."""
    Account.update(discoverable=True).where(Account.id == bob.account.id).execute()


async def ask(
    client: Client, method: str, path: str, headers: Headers | None = None, *, status: int = 200, **body: Any
) -> Any:
    response = await client.request(method, path, json=body or None, headers=headers)
    assert response.status == status, await response.text()
    return await response.json()


async def make(client: Client, headers: Headers, *people: Person, **wish: Any) -> Any:
    ids = [str(one.account.id) for one in people]
    answer = await ask(client, "POST", PATH, headers, **{"name": "Birds", "account_ids": ids} | wish)
    return answer["collection"]


async def test_a_collection_is_made_shown_changed_and_deleted(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    made = await make(client, me, bob, description="Who knows them", language="en", tag_name="#Birds", sensitive=True)

    assert (made["name"], made["description"], made["language"]) == ("Birds", "Who knows them", "en")
    assert (made["local"], made["sensitive"], made["discoverable"]) == (True, True, True)
    assert made["uri"] == f"https://a.test/ap/users/{alice.account.id}/collections/{made['id']}"
    assert made["url"] == f"https://a.test/collections/{made['id']}"
    assert made["tag"] == {"name": "Birds", "url": "https://a.test/tags/birds"}
    assert [(one["account_id"], one["state"]) for one in made["items"]] == [(str(bob.account.id), "accepted")]

    shown = await ask(client, "GET", f"{PATH}/{made['id']}")

    assert shown["collection"] == made
    assert [one["id"] for one in shown["accounts"]] == [str(alice.account.id), str(bob.account.id)]

    changed = await ask(client, "PATCH", f"{PATH}/{made['id']}", me, name="More birds", tag_name="")

    assert (changed["collection"]["name"], changed["collection"]["tag"]) == ("More birds", None)
    assert changed["collection"]["description"] == "Who knows them"

    await ask(client, "DELETE", f"{PATH}/{made['id']}", me)

    await ask(client, "GET", f"{PATH}/{made['id']}", me, status=404)
    assert CollectionItem.select().count() == 0


async def test_people_are_added_taken_out_and_leave_for_good(
    client: Client, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    made = await make(client, me)
    items = f"{PATH}/{made['id']}/items"

    item = (await ask(client, "POST", items, me, account_id=str(bob.account.id)))["collection_item"]
    await ask(client, "POST", items, me, account_id=str(bob.account.id), status=422)
    await ask(client, "DELETE", f"{items}/{item['id']}", me)
    await ask(client, "DELETE", f"{items}/{item['id']}", me, status=404)
    again = (await ask(client, "POST", items, me, account_id=str(bob.account.id)))["collection_item"]

    await ask(client, "POST", f"{items}/{again['id']}/revoke", me, status=403)
    await ask(client, "POST", f"{items}/{again['id']}/revoke", as_person(bob))

    assert (await ask(client, "GET", f"{PATH}/{made['id']}", me))["collection"]["items"] == []
    await ask(client, "POST", items, me, account_id=str(bob.account.id), status=403)


@pytest.mark.parametrize(
    ("columns", "follows", "allowed", "elsewhere"),
    [
        ({"discoverable": True}, False, True, "automatic"),
        ({"discoverable": False}, True, False, "denied"),
        ({"discoverable": True, "locked": True}, False, False, "unknown"),
        ({"discoverable": True, "locked": True}, True, True, "unknown"),
        ({"discoverable": True, "feature_policy": "{}"}, True, False, "denied"),
        ({"feature_policy": '{"automatic":["public"]}'}, False, True, "automatic"),
    ],
)
async def test_who_does_not_want_to_be_featured_is_not(
    client: Client, alice: Person, me: Headers, columns: dict[str, Any], follows: bool, allowed: bool, elsewhere: str
) -> None:
    carol = make_person("carol", **columns)
    if follows:
        befriend(alice.account, carol.account)
    made = await make(client, me)

    entity = await ask(client, "GET", f"/api/v1/accounts/{carol.account.id}", me)
    listed = (await ask(client, "GET", f"/api/v1/accounts?id[]={carol.account.id}", me))[0]
    await ask(
        client,
        "POST",
        f"{PATH}/{made['id']}/items",
        me,
        account_id=str(carol.account.id),
        status=200 if allowed else 403,
    )

    assert entity["feature_approval"]["current_user"] == ("automatic" if allowed else "denied")
    assert listed["feature_approval"]["current_user"] == elsewhere
    assert (
        await ask(client, "POST", PATH, me, name="At once", account_ids=[str(carol.account.id)], status=200)
        if (allowed)
        else await ask(client, "POST", PATH, me, name="At once", account_ids=[str(carol.account.id)], status=403)
    )
    assert Collection.select().count() == (2 if allowed else 1)


async def test_of_others_one_may_change_nothing(
    client: Client, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    made = await make(client, me)
    his = as_person(bob)

    await ask(client, "PATCH", f"{PATH}/{made['id']}", his, name="Mine", status=403)
    await ask(client, "DELETE", f"{PATH}/{made['id']}", his, status=403)
    await ask(client, "POST", f"{PATH}/{made['id']}/items", his, account_id=str(bob.account.id), status=403)
    await ask(client, "POST", PATH, status=401)
    await ask(client, "POST", PATH, as_person(bob, "read"), name="No", status=403)

    assert (await ask(client, "GET", f"{PATH}/{made['id']}", his))["collection"] == made


async def test_whoever_is_blocked_finds_nothing_and_blocking_ends_it(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    made = await make(client, me, bob)
    with in_unit():
        blocks.block(bob.account.id, alice.account.id)

    await ask(client, "GET", f"{PATH}/{made['id']}", as_person(bob), status=404)

    assert (await ask(client, "GET", f"{PATH}/{made['id']}", me))["collection"]["items"] == []


async def test_those_of_an_account_and_those_that_one_is_in_are_listed(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    first, hidden = await make(client, me, bob), await make(client, me, discoverable=False)
    at = f"/api/v1/accounts/{alice.account.id}/collections"

    by_others = await ask(client, "GET", at)
    by_owner = await ask(client, "GET", at, me)
    link = (await client.get(f"{at}?limit=1", headers=me)).headers["Link"]
    second = await ask(client, "GET", f"{at}?limit=1&offset=1", me)
    mine = await ask(client, "GET", f"/api/v1/accounts/{bob.account.id}/in_collections", as_person(bob))

    assert [one["id"] for one in by_others["collections"]] == [first["id"]]
    assert [one["id"] for one in by_owner["collections"]] == [hidden["id"], first["id"]]
    assert [one["id"] for one in second["collections"]] == [first["id"]]
    assert link == f'<https://a.test{at}?limit=1&offset=1>; rel="next"'
    assert [one["id"] for one in mine["collections"]] == [first["id"]]
    assert {one["id"] for one in mine["partial_accounts"]} == {str(alice.account.id), str(bob.account.id)}
    await ask(client, "GET", f"/api/v1/accounts/{bob.account.id}/in_collections", me, status=403)


@pytest.mark.parametrize(
    "wish",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 41},
        {"name": "Birds", "description": "x" * 101},
        {"name": "Birds", "language": "no language"},
        {"name": "Birds", "tag_name": "two words"},
        {"name": "Birds", "account_ids": [str(n) for n in range(26)]},
    ],
)
async def test_what_breaks_a_limit_makes_nothing(client: Client, me: Headers, wish: dict[str, Any]) -> None:
    await ask(client, "POST", PATH, me, status=422, **wish)

    assert Collection.select().count() == 0


async def test_there_are_ten_collections_of_twenty_five(client: Client, me: Headers) -> None:
    people = [make_person(discoverable=True) for _ in range(26)]
    full = await make(client, me, *people[:25])

    await ask(client, "POST", f"{PATH}/{full['id']}/items", me, account_id=str(people[25].account.id), status=422)
    for _ in range(own.MAX_COLLECTIONS - 1):
        await make(client, me)
    await ask(client, "POST", PATH, me, name="One more", status=422)


async def test_who_is_added_is_told_and_hears_of_a_new_name(
    client: Client, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    his = as_person(bob)
    made = await make(client, me, bob)
    await ask(client, "PATCH", f"{PATH}/{made['id']}", me, name="More birds")
    await ask(client, "PATCH", f"{PATH}/{made['id']}", me, name="Most birds")

    told = await ask(client, "GET", "/api/v1/notifications", his)
    groups = await ask(client, "GET", "/api/v2/notifications?supported_types[]=mention", his)
    listed = await ask(client, "GET", "/api/v1/notifications?supported_types[]=mention", his)

    assert [one["type"] for one in told] == ["collection_update", "added_to_collection"]
    assert [one["collection"]["name"] for one in told] == ["Most birds", "Most birds"]
    assert all("fallback" not in one for one in told)
    assert [one["fallback"]["title"] for one in groups["notification_groups"]] == [
        "@alice changed a collection that you are in",
        "@alice added you to a collection",
    ]
    assert [one["fallback"] for one in listed] == [one["fallback"] for one in groups["notification_groups"]]
    for path in (
        "v1/notifications/" + told[0]["id"],
        "v2/notifications/" + groups["notification_groups"][0]["group_key"],
    ):
        one = await ask(client, "GET", f"/api/{path}?supported_types=mention", his)
        plain = await ask(client, "GET", f"/api/{path}", his)
        alone, unasked = (found.get("notification_groups", [found])[0] for found in (one, plain))
        assert alone["fallback"] == groups["notification_groups"][0]["fallback"]
        assert "fallback" not in unasked
    await ask(client, "POST", f"{PATH}/{made['id']}/items/{made['items'][0]['id']}/revoke", his)
    assert Notification.select().count() == 0


async def test_somebody_elsewhere_waits_for_their_node_unseen_by_others(client: Client, me: Headers) -> None:
    theirs = make_remote("ilse", feature_policy='{"automatic":["public"]}')
    silent = make_remote("gerd")
    made = await make(client, me)
    items = f"{PATH}/{made['id']}/items"

    item = (await ask(client, "POST", items, me, account_id=str(theirs.id)))["collection_item"]
    await ask(client, "POST", items, me, account_id=str(silent.id), status=403)

    assert item["state"] == "pending"
    assert (await ask(client, "GET", f"{PATH}/{made['id']}", me))["collection"]["items"] == [item]
    assert (await ask(client, "GET", f"{PATH}/{made['id']}"))["collection"]["items"] == []
    entity = await ask(client, "GET", f"/api/v1/accounts/{silent.id}", me)
    assert entity["feature_approval"] == {"automatic": [], "manual": [], "current_user": "missing"}


async def test_a_collection_is_reported(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    made = await make(client, me)
    about = {"account_id": str(alice.account.id), "collection_ids": [made["id"]]}

    report = await ask(client, "POST", "/api/v1/reports", as_person(bob), **about)
    await ask(client, "POST", "/api/v1/reports", as_person(bob), **about | {"collection_ids": ["1"]}, status=404)

    assert report["collection_ids"] == [made["id"]]


async def test_collections_are_found_by_a_part_of_the_name_and_by_their_address(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    birds = await make(client, me, name="Seabirds of 100%")
    hidden = await make(client, me, name="Secret birds", discoverable=False)
    his = as_person(bob)

    async def found(query: str, headers: Headers | None = his) -> list[str]:
        answer = await client.get("/api/v2/search", params={"q": query, "type": "collections"}, headers=headers)
        return [one["id"] for one in (await answer.json())["collections"]]

    assert await found("BIRDS") == [birds["id"]]
    assert await found("100%") == [birds["id"]]
    assert await found("1%0") == []
    assert await found(hidden["url"]) == [hidden["id"]]
    assert await found("birds", None) == []
    with in_unit():
        blocks.block(alice.account.id, bob.account.id)
    assert await found("birds") == []


async def test_posts_show_the_collections_that_they_link_to(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    birds, seeds = await make(client, me, bob), await make(client, me, name="Seeds")
    text = f"Look: {seeds['url']} and {birds['url']} and {birds['uri']} and https://a.test/collections/5"
    posted = await (await client.post("/api/v1/statuses", json={"status": text}, headers=me)).json()
    plain = make_status(alice, "https://a.test/about")

    shown = await ask(client, "GET", f"/api/v1/statuses/{posted['id']}", as_person(bob))
    listed = await ask(client, "GET", f"/api/v1/accounts/{alice.account.id}/statuses", me)
    await ask(client, "DELETE", f"{PATH}/{seeds['id']}", me)
    with in_unit():
        blocks.block(bob.account.id, alice.account.id)
    left = await ask(client, "GET", f"/api/v1/statuses/{posted['id']}", me)

    assert shown["tagged_collections"] == [seeds, birds]
    assert [(one["id"], len(one["tagged_collections"])) for one in listed] == [(str(plain.id), 0), (posted["id"], 2)]
    assert [one["id"] for one in left["tagged_collections"]] == [birds["id"]]


async def test_collections_of_whom_the_reader_blocks_are_not_shown_in_posts_of_others(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    made = await make(client, me)
    carol = make_person("carol")
    status = make_status(carol, made["url"])
    with in_unit():
        blocks.block(bob.account.id, alice.account.id)

    blocking = await ask(client, "GET", f"/api/v1/statuses/{status.id}", as_person(bob))
    other = await ask(client, "GET", f"/api/v1/statuses/{status.id}", as_person(carol))

    assert (blocking["tagged_collections"], other["tagged_collections"]) == ([], [made])


async def test_posts_from_elsewhere_show_collections_from_elsewhere(client: Client, me: Headers, db: None) -> None:
    carol = make_remote("carol")
    url = "https://remote.test/@carol/collections/1"
    with in_unit():
        row = Collection.create(
            account=carol.id, uri=f"{carol.uri}/c/1", url=url, name="Far", created_at=1, updated_at=1
        )
    status = make_status(carol, f'<a href="{url}">Far</a>')

    shown = await ask(client, "GET", f"/api/v1/statuses/{status.id}", me)

    assert [one["id"] for one in shown["tagged_collections"]] == [str(row.id)]


async def test_links_to_collections_cost_a_fixed_number_of_questions(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    made = [await make(client, me, bob, name=str(number)) for number in range(4)]
    plain = [make_status(alice, "Nothing.") for _ in range(4)]
    few, again = (make_status(alice, made[0]["url"]) for _ in range(2))
    many = [make_status(alice, " ".join(one["url"] for one in made)) for _ in range(8)]

    def questions(*statuses: Status) -> int:
        with counted_queries() as asked, store.transaction():
            views = status_view.load([one.id for one in statuses], alice.account.id)
        assert len(views) == len(statuses)
        return len(asked)

    questions(few)  # who wrote them is known from then on

    assert questions(again) == questions(*many) > questions(*plain)
