"""Search through the client API: people, posts, hashtags, and pasted addresses."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock, store
from node.models import Account, Visibility
from node.services.interactions import bookmarks
from node.services.statuses.drafts import PollDraft
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


async def search(client: Client, query: str, headers: Headers | None = None) -> Any:
    response = await client.get(f"/api/v2/search?{query}", headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_all_three_kinds_are_found_at_once(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    status = make_status(alice, "about bob and #bobsleigh")

    found = await search(client, "q=bob", me)

    assert [one["acct"] for one in found["accounts"]] == ["bob"]
    assert [one["id"] for one in found["statuses"]] == [str(status.id)]
    assert [one["name"] for one in found["hashtags"]] == ["bobsleigh"]
    assert found["hashtags"][0]["history"][0]["uses"] == "1"


@pytest.mark.parametrize("kind", ["accounts", "statuses", "hashtags"])
async def test_one_kind_can_be_asked_for(client: Client, bob: Person, alice: Person, me: Headers, kind: str) -> None:
    make_status(alice, "about bob and #bobsleigh")

    found = await search(client, f"q=bob&type={kind}", me)

    assert [name for name in ("accounts", "statuses", "hashtags") if found[name]] == [kind]


async def test_nothing_is_found_by_nothing(client: Client, me: Headers) -> None:
    for query in ("", "q=", "q=%20", "q=bob&type=everything", "q=%23", "q=@"):
        assert await search(client, query, me) == {"accounts": [], "statuses": [], "hashtags": [], "collections": []}


async def test_posts_that_the_reader_may_not_read_stay_hidden(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    make_status(alice, "secret words", visibility=Visibility.DIRECT)
    path = f"q={'secret'}&type=statuses"

    assert len((await search(client, path, as_person(alice)))["statuses"]) == 1
    assert (await search(client, path, as_person(bob)))["statuses"] == []


async def test_visitors_find_people_and_no_posts_and_make_us_knock_nowhere(
    client: Client, alice: Person, me: Headers
) -> None:
    make_status(alice, "about alice")

    found = await search(client, "q=alice")

    assert (len(found["accounts"]), found["statuses"]) == (1, [])
    for query in ("q=alice&resolve=true", "q=alice&offset=20"):
        assert (await client.get(f"/api/v2/search?{query}")).status == 401


async def test_a_pasted_address_finds_what_it_names_alone(
    client: Client, alice: Person, me: Headers, remote: Callable[..., Account]
) -> None:
    mine, far = make_status(alice, "words"), make_status(remote("carol"), "far")

    for address, status in ((mine.url, mine), (mine.uri, mine), (far.uri, far)):
        found = await search(client, f"q={address}&resolve=true", me)
        assert [one["id"] for one in found["statuses"]] == [str(status.id)], address
        assert (found["accounts"], found["hashtags"]) == ([], [])


async def test_a_handle_or_an_actors_address_finds_the_person(
    client: Client, me: Headers, remote: Callable[..., Account]
) -> None:
    carol = remote("carol")

    for words in (carol.uri, "alice@a.test", "@alice"):
        found = await search(client, f"q={words}&resolve=true", me)
        assert [one["acct"] for one in found["accounts"]] == ["carol@remote.test" if words == carol.uri else "alice"]


async def test_the_address_of_a_hidden_post_finds_nothing(
    client: Client, alice: Person, bob: Person, as_person: AsPerson
) -> None:
    hidden = make_status(alice, "secret", visibility=Visibility.DIRECT)

    found = await search(client, f"q={hidden.uri}&resolve=true", as_person(bob))

    assert found["statuses"] == []


async def test_what_cannot_be_reached_is_found_nowhere(client: Client, me: Headers) -> None:
    for address in ("https://127.0.0.1/x", "https://nobody@127.0.0.1/", "@nobody@127.0.0.1", "https://[", "x" * 5000):
        assert (await search(client, f"q={address}&resolve=true", me))["accounts"] == []


async def test_pages_and_limits_are_kept(client: Client, alice: Person, me: Headers) -> None:
    ids = [str(make_status(alice, f"word number {i}").id) for i in range(3)]

    first = await search(client, "q=word&type=statuses&limit=2", me)
    rest = await search(client, "q=word&type=statuses&limit=2&offset=2", me)
    below = await search(client, f"q=word&type=statuses&max_id={ids[1]}", me)
    whole = await search(client, f"q=word&type=statuses&limit={10**17}", me)

    assert [one["id"] for one in first["statuses"]] == ids[:0:-1]
    assert [one["id"] for one in rest["statuses"]] == ids[:1]
    assert [one["id"] for one in below["statuses"]] == ids[:1]
    assert [one["id"] for one in whole["statuses"]] == ids[::-1]


async def test_searching_with_a_token_needs_the_scope(client: Client, alice: Person, as_person: AsPerson) -> None:
    response = await client.get("/api/v2/search?q=alice", headers=as_person(alice, "write"))

    assert response.status == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tea from:me", "plain warned poll answer french"),
        ("tea from:bob", "theirs"),
        ("tea from:@bob", "theirs"),
        ("tea -from:bob", "plain warned poll answer french"),
        ("tea has:media", "warned"),
        ("tea has:image", "warned"),
        ("tea has:poll", "poll"),
        ("tea is:reply", "answer"),
        ("tea is:sensitive", "warned"),
        ("tea -is:sensitive -has:poll -is:reply -language:fr", "plain theirs"),
        ("tea language:fr", "french"),
        ("tea in:bookmarks", "theirs"),
        ("tea in:library -from:me", "theirs"),
        ("tea before:2020-01-01", ""),
        ("tea after:2020-01-01 from:bob", "theirs"),
        ("tea during:2020", ""),
        ("tea -answer", "plain warned poll french theirs"),
        ("from:bob", "theirs"),
        ("is:reply", ""),
        ("tea from:nobody", ""),
        ("tea during:never", ""),
    ],
)
async def test_operators_narrow_what_is_found(
    client: Client, alice: Person, bob: Person, me: Headers, query: str, found: str
) -> None:
    plain = make_status(alice, "tea plain", language="en")
    made = {
        "plain": plain,
        "warned": make_status(alice, "tea", spoiler_text="w", media_ids=(make_media(alice).id,)),
        "poll": make_status(alice, "tea", poll=PollDraft(options=("a", "b"), expires_in_ms=clock.HOUR)),
        "answer": make_status(alice, "tea answer", in_reply_to_id=plain.id),
        "french": make_status(alice, "tea", language="fr"),
        "theirs": make_status(bob, "tea"),
    }
    await store.write(bookmarks.add, alice.account.id, made["theirs"].id)
    with store.transaction():
        Account.update(indexable=True).where(Account.id == bob.account.id).execute()

    answer = await client.get("/api/v2/search", params={"q": query, "type": "statuses"}, headers=me)

    names = {str(status.id): name for name, status in made.items()}
    shown = {names[one["id"]] for one in (await answer.json())["statuses"]}
    assert shown == set(found.split())
