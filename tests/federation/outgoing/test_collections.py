"""Collections over HTTP (ActivityPub, 5; FEP-f228)."""

import pytest

from federation.serving import collections, status_collections
from node.models import Account, Visibility
from node.services.accounts import featured_tags
from node.services.interactions import favourites, pins, reblogs
from tests.factories import Person, in_unit, make_remote
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.reader import ACTIVITY_JSON, Answer, Node

ACTIVITYSTREAMS = ["https://www.w3.org/ns/activitystreams"]


async def all_pages(node: Node, address: str, items: str = "orderedItems") -> list[Answer]:
    """From the first page to the last one, each at the address that it calls itself."""
    pages = []
    while address:
        page = await node.get(address)
        assert (page.status, page.json["id"]) == (200, address)
        pages.append(page)
        address = page.json.get("next", "")
    assert all(items in page.json for page in pages)
    return pages


# ── of accounts ──


@pytest.mark.parametrize("name", ["followers", "following"])
async def test_people_are_counted_and_listed_by_their_ids(
    node: Node, alice: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "_PAGE", 2)
    others = [make_remote(f"p{n}") for n in range(5)]
    for other in others:
        make_follow(*((other, alice) if name == "followers" else (alice, other)))
    with in_unit():
        Account.update(followers_count=5, following_count=5).where(Account.id == alice.account.id).execute()
    uri = f"{alice.account.uri}/{name}"

    whole = await node.get(uri)
    pages = await all_pages(node, whole.json["first"])

    assert whole.headers["Content-Type"] == ACTIVITY_JSON
    assert whole.json == {
        "@context": ACTIVITYSTREAMS,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": 5,
        "first": f"{uri}?page=true",
    }
    assert {page.json["partOf"] for page in pages} == {uri}
    assert {page.json["type"] for page in pages} == {"OrderedCollectionPage"}
    listed = [item for page in pages for item in page.json["orderedItems"]]
    assert listed == [other.uri for other in reversed(others)]


@pytest.mark.parametrize("name", ["followers", "following"])
async def test_who_hides_their_people_shows_how_many(node: Node, alice: Person, carol: Account, name: str) -> None:
    make_follow(carol, alice)
    with in_unit():
        Account.update(hide_collections=True, followers_count=1).where(Account.id == alice.account.id).execute()
    uri = f"{alice.account.uri}/{name}"

    whole, page = await node.get(uri), await node.get(f"{uri}?page=true")

    assert whole.json == page.json
    assert "first" not in whole.json
    assert carol.uri not in whole.body.decode()


async def test_the_outbox_holds_what_everybody_may_see(
    node: Node, alice: Person, bob: Person, carol: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "_PAGE", 2)
    make_follow(carol, alice)
    public, unlisted = make_status(alice, "One."), make_status(alice, "Two.", visibility=Visibility.UNLISTED)
    make_status(alice, "Three.", visibility=Visibility.PRIVATE)
    make_status(alice, "Four.", visibility=Visibility.DIRECT)
    make_status(alice, "Five.", local_only=True)
    with in_unit():
        boost = reblogs.add(alice.account.id, make_status(bob, "Six.").id)

    whole = await node.get(alice.account.outbox)
    pages = await all_pages(node, whole.json["first"])

    items = [item for page in pages for item in page.json["orderedItems"]]
    assert [(item["type"], item["id"]) for item in items] == [
        ("Announce", boost.uri),
        ("Create", f"{unlisted.uri}/activity"),
        ("Create", f"{public.uri}/activity"),
    ]
    assert all("@context" not in item for item in items)


@pytest.mark.parametrize("max_id", ["x", "-1", "0" * 30 + "9" * 30, "9223372036854775808", "", "٣"])
async def test_a_page_of_nonsense_is_refused(node: Node, alice: Person, max_id: str) -> None:
    assert (await node.get(f"/ap/users/{alice.account.id}/outbox?page=true&max_id={max_id}")).status == 400


async def test_pinned_posts_are_featured_whole(node: Node, alice: Person) -> None:
    first, second = make_status(alice, "One."), make_status(alice, "Two.")
    secret = make_status(alice, "Three.", visibility=Visibility.PRIVATE)
    with in_unit():
        for status in (first, second, secret):
            pins.add(alice.account.id, status.id)

    featured = (await node.get(alice.account.featured_uri)).json

    assert (featured["type"], featured["totalItems"]) == ("OrderedCollection", 2)
    assert [item["id"] for item in featured["orderedItems"]] == [second.uri, first.uri]
    assert featured["orderedItems"][0]["content"] == "<p>Two.</p>"


async def test_featured_tags_lead_to_what_was_written_with_them(node: Node, alice: Person) -> None:
    uri = f"{alice.account.uri}/collections/tags"
    before = (await node.get(uri)).json
    with in_unit():
        featured_tags.add(alice.account.id, "Gorse")

    tags = (await node.get(uri)).json

    assert (before["type"], before["totalItems"], before["items"]) == ("Collection", 0, [])
    href = f"{alice.account.url}/tagged/gorse"
    assert tags["items"] == [{"type": "Hashtag", "name": "#Gorse", "href": href}]
    assert tags["totalItems"] == 1


# ── of statuses ──


async def test_answers_of_the_author_come_first_and_those_of_others_on_the_next_pages(
    node: Node, alice: Person, bob: Person, carol: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_collections, "_PAGE", 2)
    post = make_status(alice, "One.")
    own = make_status(alice, "Two.", in_reply_to_id=post.id)
    others = [make_status(bob, f"Yes {n}.", in_reply_to_id=post.id) for n in range(2)]
    others.append(make_status(carol, "No.", in_reply_to_uri=post.uri))
    make_status(bob, "Psst.", in_reply_to_id=post.id, visibility=Visibility.PRIVATE)
    make_status(bob, "Here.", in_reply_to_id=post.id, local_only=True)
    uri = f"{post.uri}/replies"

    whole = (await node.get(uri)).json
    first = (await node.get(f"{uri}?page=true")).json
    pages = await all_pages(node, first["next"], "items")

    assert (whole["type"], whole["id"]) == ("Collection", uri)
    assert whole["first"] == {k: v for k, v in first.items() if k != "@context"}
    assert first["items"] == [own.uri]
    assert first["next"] == f"{uri}?only_other_accounts=true&page=true"
    assert [item for page in pages for item in page.json["items"]] == [other.uri for other in others]


async def test_likes_and_boosts_are_counted_and_nobody_is_named(
    node: Node, alice: Person, bob: Person, carol: Account
) -> None:
    post = make_status(alice, "One.")
    with in_unit():
        favourites.add(bob.account.id, post.id)
        favourites.receive(carol, post.id)
        reblogs.add(bob.account.id, post.id)

    likes, shares = await node.get(f"{post.uri}/likes"), await node.get(f"{post.uri}/shares")

    assert likes.json == {
        "@context": ACTIVITYSTREAMS,
        "id": f"{post.uri}/likes",
        "type": "Collection",
        "totalItems": 2,
    }
    assert shares.json["totalItems"] == 1


async def test_the_thread_is_listed_where_its_posts_say_in_the_order_of_its_writing(
    node: Node, alice: Person, bob: Person, carol: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_collections, "_PAGE", 2)
    post = make_status(alice, "One.")
    answer = make_status(bob, "Two.", in_reply_to_id=post.id)
    remote = make_status(carol, "Three.", in_reply_to_uri=post.uri)
    secret = make_status(alice, "Four.", in_reply_to_id=answer.id, visibility=Visibility.PRIVATE)
    context = (await node.get(answer.uri)).json["context"]

    whole = (await node.get(context)).json
    pages = await all_pages(node, f"{context}?page=true")

    assert (whole["type"], whole["id"], whole["first"]["partOf"]) == ("OrderedCollection", context, context)
    listed = [item for page in pages for item in page.json["orderedItems"]]
    assert set(listed) == {post.uri, answer.uri, remote.uri}
    assert listed.index(post.uri) < listed.index(answer.uri)
    assert secret.uri not in listed
    assert (await node.get(f"{answer.uri}/context")).status == 404
