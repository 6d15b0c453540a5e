"""Collections as other servers send them."""

import pytest

from federation.parse.as2 import BadActivity
from federation.parse.collection import parse_collection
from tests.federation.wire_files import wire

ILSE = "https://reeds.example/ap/users/115000000000000001"
BASE = {"id": "https://a.example/c", "type": "Collection"}


def test_items_are_ids_or_objects() -> None:
    collection = parse_collection(wire("mastodon/featured"))

    note = f"{ILSE}/statuses/115000000000000100"
    assert [(item.uri, item.embedded is None) for item in collection.items] == [(note, True), (note, False)]
    assert collection.total_items == 2


def test_a_first_page_may_come_along() -> None:
    collection = parse_collection(wire("mastodon/replies"))
    assert collection.first_page is not None
    page = parse_collection(collection.first_page, collection.uri)

    assert collection.first_uri == f"{collection.uri}?page=true"
    assert [item.uri for item in page.items] == [f"{ILSE}/statuses/115000000000000101"]
    assert page.next_uri == f"{collection.uri}?only_other_accounts=true&page=true"
    assert page.part_of == collection.uri


def test_pages_on_other_hosts_and_absurd_totals_are_not_believed() -> None:
    collection = parse_collection(wire("lemmy/outbox_page"))

    assert collection.first_uri == ""
    assert collection.next_uri == "https://commons.example/c/lichens/outbox?page=2"
    assert collection.total_items == 2**31 - 1
    assert [item.uri for item in collection.items] == ["https://commons.example/activities/announce/1"]


def test_a_page_without_id_is_that_of_what_holds_it() -> None:
    page = {"type": "CollectionPage", "next": "https://a.example/c?page=2", "items": "https://b.example/1"}

    assert parse_collection(page, "https://a.example/c").next_uri == "https://a.example/c?page=2"
    with pytest.raises(BadActivity):
        parse_collection(page)


def test_a_page_that_claims_another_host_is_refused() -> None:
    with pytest.raises(BadActivity):
        parse_collection(BASE, "https://victim.example/c")


def test_other_things_are_no_collections() -> None:
    with pytest.raises(BadActivity):
        parse_collection(BASE | {"type": "Note"})


def test_a_page_is_cut() -> None:
    items = [f"https://b.example/{number}" for number in range(1500)]

    assert len(parse_collection(BASE | {"items": items}).items) == 1000


def test_ordered_items_come_first() -> None:
    both = BASE | {"items": ["https://b.example/1"], "orderedItems": ["https://b.example/2"]}

    assert [item.uri for item in parse_collection(both).items] == ["https://b.example/2"]
