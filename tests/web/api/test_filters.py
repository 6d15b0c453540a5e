"""Filters through both versions of the client API, and what statuses say of them."""

from collections.abc import Callable
from typing import Any

import pytest

from node.models import Filter
from tests.factories import Person
from tests.factories_posts import make_follow, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
V1, V2 = "/api/v1/filters", "/api/v2/filters"


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


@pytest.fixture
def other(bob: Person, as_person: AsPerson) -> Headers:
    return as_person(bob)


async def call(client: Client, method: str, path: str, headers: Headers, **body: Any) -> Any:
    response = await client.request(method, path, json=body or None, headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


async def make(client: Client, me: Headers, *words: str, **more: Any) -> Any:
    body = {"title": "Enough", "context": ["home", "public"]} | more
    return await call(client, "POST", V2, me, **body, keywords_attributes=[{"keyword": one} for one in words])


async def test_a_filter_is_made_changed_listed_and_deleted(client: Client, me: Headers) -> None:
    made = await make(client, me, "marmite", filter_action="hide", expires_in=3600)
    path = f"{V2}/{made['id']}"

    kept = {"id": made["keywords"][0]["id"], "keyword": "jam", "whole_word": False}
    changed = await call(client, "PUT", path, me, title="More", keywords_attributes=[kept, {"keyword": "tea"}])
    endless = await call(client, "PUT", path, me, expires_in=None, filter_action="blur")
    listed = await call(client, "GET", V2, me)
    shown = await call(client, "GET", path, me)
    await call(client, "DELETE", path, me)

    assert (made["filter_action"], made["context"], made["statuses"]) == ("hide", ["home", "public"], [])
    assert made["keywords"] == [{"id": kept["id"], "keyword": "marmite", "whole_word": True}]
    assert changed["expires_at"] == made["expires_at"] is not None
    assert [one["keyword"] for one in changed["keywords"]] == ["jam", "tea"]
    assert (changed["title"], changed["keywords"][0]) == ("More", kept)
    assert (endless["expires_at"], endless["filter_action"]) == (None, "blur")
    assert listed == [shown] == [endless]
    assert await call(client, "GET", V2, me) == []


async def test_a_form_with_brackets_says_the_same(client: Client, me: Headers) -> None:
    pairs = [
        ("title", "Enough"),
        ("context[]", "home"),
        ("context[]", "thread"),
        ("keywords_attributes[0][keyword]", "a"),
        ("keywords_attributes[0][whole_word]", "false"),
        ("keywords_attributes[1][keyword]", "b"),
        ("expires_in", ""),
    ]

    made = await (await client.post(V2, data=pairs, headers=me)).json()
    dropped = [(f"keywords_attributes[0][{name}]", value) for name, value in made["keywords"][0].items()]
    response = await client.put(
        f"{V2}/{made['id']}",
        data=[(k, str(v)) for k, v in dropped] + [("keywords_attributes[0][_destroy]", "true")],
        headers=me,
    )

    assert (made["context"], made["expires_at"]) == (["home", "thread"], None)
    assert [(one["keyword"], one["whole_word"]) for one in made["keywords"]] == [("a", False), ("b", True)]
    assert [one["keyword"] for one in (await response.json())["keywords"]] == ["b"]


async def test_keywords_and_statuses_have_addresses_of_their_own(client: Client, me: Headers, bob: Person) -> None:
    status = make_status(bob)
    path = f"{V2}/{(await make(client, me))['id']}"

    word = await call(client, "POST", f"{path}/keywords", me, keyword="marmite")
    changed = await call(client, "PUT", f"{V2}/keywords/{word['id']}", me, keyword="jam", whole_word=False)
    row = await call(client, "POST", f"{path}/statuses", me, status_id=str(status.id))

    assert word["whole_word"] is True
    assert changed == {"id": word["id"], "keyword": "jam", "whole_word": False}
    assert row["status_id"] == str(status.id)
    assert await call(client, "GET", f"{path}/keywords", me) == [changed]
    assert await call(client, "GET", f"{path}/statuses", me) == [row]
    assert await call(client, "GET", f"{V2}/keywords/{word['id']}", me) == changed
    assert await call(client, "GET", f"{V2}/statuses/{row['id']}", me) == row
    await call(client, "DELETE", f"{V2}/keywords/{word['id']}", me)
    await call(client, "DELETE", f"{V2}/statuses/{row['id']}", me)
    emptied = await call(client, "GET", path, me)
    assert (emptied["keywords"], emptied["statuses"]) == ([], [])


async def test_filters_are_their_owners_alone(client: Client, me: Headers, other: Headers, bob: Person) -> None:
    made = await make(client, me, "marmite")
    path, word = f"{V2}/{made['id']}", f"{V2}/keywords/{made['keywords'][0]['id']}"
    row = await call(client, "POST", f"{path}/statuses", me, status_id=str(make_status(bob).id))
    old, named = f"{V1}/{made['keywords'][0]['id']}", f"{V2}/statuses/{row['id']}"

    for method, where in [
        *((method, path) for method in ("GET", "PUT", "DELETE")),
        *((method, word) for method in ("GET", "PUT", "DELETE")),
        *((method, old) for method in ("GET", "PUT", "DELETE")),
        *((method, named) for method in ("GET", "DELETE")),
        ("GET", f"{path}/keywords"),
        ("GET", f"{path}/statuses"),
    ]:
        assert (await client.request(method, where, headers=other)).status == 404, (method, where)
    assert await call(client, "GET", V2, other) == await call(client, "GET", V1, other) == []
    assert len(await call(client, "GET", V2, me)) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"title": "x"}, 422),
        ({"title": "x", "context": ["kitchen"]}, 422),
        ({"title": "x", "context": ["home"], "filter_action": "burn"}, 422),
        ({"title": "x", "context": ["home"], "expires_in": "soon"}, 400),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": ""}]}, 422),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"id": "5", "keyword": "y"}]}, 404),
        ({"title": ["x"], "context": ["home"]}, 400),
    ],
)
async def test_what_cannot_be_a_filter_is_refused(
    client: Client, me: Headers, body: dict[str, Any], status: int
) -> None:
    assert (await client.post(V2, json=body, headers=me)).status == status
    assert Filter.select().count() == 0


@pytest.mark.parametrize("path", [V1, V2])
async def test_scopes_are_asked_for(client: Client, alice: Person, as_person: AsPerson, path: str) -> None:
    reading, nobody = as_person(alice, "read:filters"), as_person(alice, "read:statuses write:statuses")
    body = {"title": "x", "phrase": "x", "context": ["home"]}

    assert (await client.get(path, headers=reading)).status == 200
    assert (await client.get(path, headers=nobody)).status == 403
    assert (await client.get(path)).status == 401
    assert (await client.post(path, json=body, headers=reading)).status == 403
    assert (await client.post(path, json=body, headers=as_person(alice, "write:filters"))).status == 200


async def test_old_apps_know_one_phrase_a_filter(client: Client, me: Headers) -> None:
    made = await call(client, "POST", V1, me, phrase="marmite", context=["home"], irreversible=True, expires_in=60)
    path = f"{V1}/{made['id']}"

    changed = await call(client, "PUT", path, me, phrase="jam", context=["public"], whole_word=True, expires_in="")
    (newer,) = await call(client, "GET", V2, me)

    assert (made["irreversible"], made["whole_word"], made["context"]) == (True, False, ["home"])
    assert made["expires_at"] is not None
    assert await call(client, "GET", V1, me) == [changed] == [await call(client, "GET", path, me)]
    assert (newer["filter_action"], newer["context"], newer["expires_at"]) == ("hide", ["public"], None)
    assert newer["keywords"] == [{"id": made["id"], "keyword": "jam", "whole_word": True}]
    await call(client, "DELETE", path, me)
    assert await call(client, "GET", V2, me) == []


async def test_statuses_say_why_they_are_filtered(
    client: Client, me: Headers, other: Headers, alice: Person, bob: Person
) -> None:
    make_follow(alice, bob)
    made = await make(client, me, "marmite", filter_action="hide")
    first, last = make_status(bob, "Marmite? @alice"), make_status(bob, "Jam.")

    async def of(path: str, headers: Headers = me) -> dict[str, Any]:
        page = await call(client, "GET", path, headers)
        return {one["id"]: one.get("filtered") for one in page}

    head = {name: made[name] for name in ("id", "title", "context", "expires_at", "filter_action")}
    reason = {"filter": head, "keyword_matches": ["marmite"], "status_matches": []}
    expected = {str(first.id): [reason], str(last.id): []}
    assert await of("/api/v1/timelines/home") == expected
    assert await of("/api/v1/timelines/public") == expected
    assert await of(f"/api/v1/accounts/{bob.account.id}/statuses") == expected
    assert await of(f"/api/v1/statuses?id[]={first.id}&id[]={last.id}") == expected
    assert await of("/api/v1/timelines/public", other) == {str(first.id): [], str(last.id): []}
    assert await of("/api/v1/timelines/public", {}) == {str(first.id): None, str(last.id): None}
    (told,) = await call(client, "GET", "/api/v1/notifications", me)
    assert told["status"]["filtered"] == [reason]
    grouped = await call(client, "GET", "/api/v2/notifications", me)
    assert grouped["statuses"][0]["filtered"] == [reason]


@pytest.mark.parametrize("action", ["warn", "hide", "blur"])
async def test_a_status_says_what_its_filter_wants_to_be_done(
    client: Client, me: Headers, bob: Person, action: str
) -> None:
    await make(client, me, "marmite", filter_action=action)
    status = make_status(bob, "Marmite?")

    shown = await call(client, "GET", f"/api/v1/statuses/{status.id}", me)
    (old,) = await call(client, "GET", V1, me)

    assert [one["filter"]["filter_action"] for one in shown["filtered"]] == [action]
    assert old["irreversible"] is (action == "hide")
