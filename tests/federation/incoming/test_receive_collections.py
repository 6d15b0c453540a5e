"""Collections of accounts elsewhere: who may be in them, and who is shown in them (FEP-7aa9)."""

from typing import Any

import pytest

from node import store
from node.jobs import JobKind
from node.models import Account, Collection, CollectionItem, ItemState, Notification, Status
from node.services.collections import items, own, rows
from node.services.collections.own import CollectionChange
from node.services.statuses import view as status_view
from tests.factories import Person, in_unit, payload_of
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account, waiting

Document = dict[str, Any]


@pytest.fixture
def dave(there: Elsewhere) -> Somebody:
    """Whom carol features; nobody here has heard of him."""
    return there.somebody("dave")


@pytest.fixture(autouse=True)
def findable(alice: Person) -> None:
    Account.update(discoverable=True).where(Account.id == alice.account.id).execute()


def collection(owner: Somebody, *members: Document, **changes: Any) -> Document:
    return {
        "id": f"{owner.uri}/collections/1",
        "type": "FeaturedCollection",
        "attributedTo": owner.uri,
        "name": "Birds",
        "summaryMap": {"en": "Who <b>knows</b> them"},
        "discoverable": True,
        "sensitive": False,
        "topic": {"type": "Hashtag", "name": "#birds", "href": f"{owner.origin}/tags/birds"},
        "published": "2026-05-01T10:00:00Z",
        "totalItems": len(members),
        "orderedItems": list(members),
    } | changes


def member(owner: Somebody, uri: str, number: int, stamp: str = "") -> Document:
    return {
        "id": f"{owner.uri}/collections/1/items/{number}",
        "type": "FeaturedItem",
        "featuredObject": uri,
        "featuredObjectType": "Person",
        "featureAuthorization": stamp or f"{uri}/stamps/1",
    }


def stamp(whose: Somebody, about: Document, **changes: Any) -> Document:
    """As Mastodon writes them: without `attributedTo`."""
    return {
        "id": f"{whose.uri}/stamps/1",
        "type": "FeatureAuthorization",
        "interactingObject": about["id"],
        "interactionTarget": whose.uri,
    } | changes


def adds(owner: Somebody, about: Document) -> Document:
    return owner.does("Add", about, target=f"{owner.uri}/collections")


def asks(owner: Somebody, person: Person, about: Document) -> Document:
    return owner.does("FeatureRequest", person.account.uri, instrument=about["id"])


def inside() -> list[str]:
    """Those who are shown, in order."""
    query = (
        CollectionItem.select().where(CollectionItem.state == ItemState.ACCEPTED).order_by(CollectionItem.position)
    )
    return [Account.get_by_id(row.account_id).username for row in query]


def answers() -> list[bool]:
    return [bool(payload_of(job)["item"]) for job in waiting(JobKind.SEND_FEATURE_ANSWER)]


# ── people elsewhere in them ──


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"interactingObject": "https://other.test/collections/1"},
        {"interactionTarget": "https://other.test/users/dave"},
        {"type": "QuoteAuthorization"},
        {"type": "Note"},
    ],
    ids=["true", "of another collection", "of somebody else", "of a quote", "no stamp"],
)
async def test_a_member_is_shown_by_a_true_stamp_alone(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, alice: Person, forged: Document
) -> None:
    birds = collection(carol, member(carol, dave.uri, 1), member(carol, alice.account.uri, 2))
    there.serve(birds)
    there.serve(stamp(dave, birds, **forged))

    await here.receive(carol, adds(carol, birds))

    row = Collection.get()
    assert (row.name, row.description, row.language) == ("Birds", "Who knows them", "en")
    assert row.tag_id is not None
    assert inside() == ([] if forged else ["dave"])


async def test_a_collection_is_believed_from_its_own_host_and_of_its_own_owner_alone(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    birds = collection(carol)
    there.serve(collection(carol, attributedTo=dave.uri) | {"id": f"{carol.uri}/collections/2"})
    async with Elsewhere() as other:
        elsewhere = other.somebody("erin")
        theirs = collection(elsewhere)
        other.serve(theirs)
        there.serve(birds | {"name": "True"})

        await here.receive(carol, adds(carol, theirs), adds(carol, birds | {"name": "Sent along"}))

    assert [row.name for row in Collection.select()] == ["True"]


async def test_a_change_is_read_and_whoever_is_gone_from_it_is_out(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    birds = collection(carol, member(carol, dave.uri, 1))
    there.serve(birds)
    there.serve(stamp(dave, birds))
    await here.receive(carol, adds(carol, birds))
    asked = there.asked_for("/users/dave/stamps/1")

    there.serve(birds | {"name": "More birds"})
    await here.receive(carol, carol.does("Update", birds))

    assert (Collection.get().name, inside()) == ("More birds", ["dave"])
    assert there.asked_for("/users/dave/stamps/1") == asked == 1

    await here.receive(carol, carol.does("Remove", f"{birds['id']}/items/1", target=birds["id"]))
    assert inside() == []

    await here.receive(carol, carol.does("Remove", birds["id"], target=f"{carol.uri}/collections"))
    assert Collection.select().count() == 0


async def test_what_is_not_there_any_more_is_forgotten_at_the_next_look(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    birds = collection(carol)
    there.serve(birds)
    await here.receive(carol, adds(carol, birds))
    assert Collection.select().count() == 1

    there.serve(birds, status=410)
    await here.receive(carol, adds(carol, birds))

    assert Collection.select().count() == 0


async def test_others_can_neither_remove_nor_delete_it(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    birds = collection(carol, member(carol, dave.uri, 1))
    there.serve(birds)
    there.serve(stamp(dave, birds))
    await here.receive(carol, adds(carol, birds))

    await here.receive(
        dave,
        dave.does("Remove", birds["id"], target=f"{carol.uri}/collections"),
        dave.does("Remove", f"{birds['id']}/items/1", target=birds["id"]),
        dave.does("Delete", birds["id"]),
    )

    assert (Collection.select().count(), inside()) == (1, ["dave"])


async def test_a_stamp_that_is_taken_back_takes_its_owner_out(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    birds = collection(carol, member(carol, dave.uri, 1))
    there.serve(birds)
    there.serve(stamp(dave, birds))
    await here.receive(carol, adds(carol, birds))

    await here.receive(carol, carol.does("Delete", f"{dave.uri}/stamps/1"))
    assert inside() == ["dave"]

    await here.receive(dave, dave.does("Delete", stamp(dave, birds)))
    assert inside() == []


async def test_many_members_are_looked_at_a_few_at_a_time(here: Here, there: Elsewhere, carol: Somebody) -> None:
    people = [there.somebody(f"person{number}") for number in range(12)]
    birds = collection(carol, *(member(carol, one.uri, number) for number, one in enumerate(people)))
    there.serve(birds)
    for one in people:
        there.serve(stamp(one, birds))

    await here.receive(carol, adds(carol, birds))

    assert inside() == [one.name for one in people]


# ── people here in them ──


@pytest.mark.parametrize(
    ("columns", "agreed"),
    [({}, True), ({"discoverable": False}, False), ({"locked": True}, False), ({"feature_policy": "{}"}, False)],
)
async def test_somebody_here_is_in_one_if_that_is_their_wish(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, columns: Document, agreed: bool
) -> None:
    if columns:
        Account.update(**columns).where(Account.id == alice.account.id).execute()
    birds = collection(carol)
    there.serve(birds)

    await here.receive(carol, asks(carol, alice, birds))

    assert answers() == [agreed]
    assert inside() == (["alice"] if agreed else [])
    assert Notification.select().count() == int(agreed)


async def test_a_request_for_a_collection_of_somebody_else_is_not_answered(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, alice: Person
) -> None:
    birds = collection(dave)
    there.serve(birds)

    await here.receive(carol, asks(carol, alice, birds))

    assert answers() == []
    assert CollectionItem.select().count() == 0


async def test_being_asked_again_changes_nothing_and_who_left_is_not_asked_again(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    birds = collection(carol)
    there.serve(birds)
    await here.receive(carol, asks(carol, alice, birds), asks(carol, alice, birds))
    assert answers() == [True, True]
    assert Notification.select().count() == 1
    row = CollectionItem.get()

    await store.write(items.leave, alice.account.id, row.collection_id, row.id)
    listed = collection(carol, member(carol, alice.account.uri, 1, rows.stamp_uri(row)))
    there.serve(listed)
    await here.receive(carol, asks(carol, alice, birds), adds(carol, listed))

    (revoked,) = waiting(JobKind.SEND_REVOCATION)
    assert payload_of(revoked)["stamp"] == rows.stamp_uri(row)
    assert answers() == [True, True, False]
    assert inside() == []


# ── ours ──


def of_ours(alice: Person, *people: Account) -> list[CollectionItem]:
    with in_unit():
        own.create(alice.account.id, CollectionChange(name="Mine"), [one.id for one in people])
    return list(CollectionItem.select().order_by(CollectionItem.id))


def request_uri(alice: Person, row: CollectionItem) -> str:
    return f"{alice.account.uri}#feature_requests/{row.id}"


async def test_who_is_asked_and_nobody_else_says_yes_on_their_own_host(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, alice: Person
) -> None:
    Account.update(feature_policy='{"automatic":["public"]}').where(Account.uri == carol.uri).execute()
    (row,) = of_ours(alice, account(carol))
    named = request_uri(alice, row)

    await here.receive(dave, dave.does("Accept", named, result=f"{dave.uri}/stamps/1"))
    await here.receive(carol, carol.does("Accept", named), carol.does("Accept", named, result="https://other.test/1"))
    assert inside() == []

    await here.receive(carol, carol.does("Accept", named, result=f"{carol.uri}/stamps/1"))
    assert inside() == ["carol"]
    assert rows.stamp_uri(CollectionItem.get()) == f"{carol.uri}/stamps/1"

    await here.receive(carol, carol.does("Delete", f"{carol.uri}/stamps/1"))
    assert CollectionItem.get().state == ItemState.REVOKED
    (told,) = waiting(JobKind.SEND_UNITEM)
    assert payload_of(told)["account_id"] == alice.account.id


async def test_a_no_is_kept(here: Here, carol: Somebody, alice: Person) -> None:
    Account.update(feature_policy='{"automatic":["public"]}').where(Account.uri == carol.uri).execute()
    (row,) = of_ours(alice, account(carol))

    await here.receive(carol, carol.does("Reject", request_uri(alice, row)))
    await here.receive(carol, carol.does("Accept", request_uri(alice, row), result=f"{carol.uri}/stamps/1"))

    assert CollectionItem.get().state == ItemState.REJECTED


async def test_what_an_actor_says_of_being_featured_is_kept(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    policy = {"canFeature": {"automaticApproval": [f"{dave.uri}/followers"], "manualApproval": []}}
    there.serve(dave.document(interactionPolicy=policy))

    await here.receive(dave, dave.does("Like", f"{carol.uri}/notes/1"))

    assert account(dave).feature_policy == '{"automatic":["followers"]}'
    assert account(carol).feature_policy == ""


# ── posts that name them ──


def tagged(*uris: object) -> list[Document]:
    return [{"type": "FeaturedCollection", "id": uri} for uri in uris]


def several(there: Elsewhere, owner: Somebody, count: int) -> list[str]:
    """The addresses of some that are there to be read."""
    found = [f"{owner.uri}/collections/{number}" for number in range(count)]
    for uri in found:
        there.serve(collection(owner, id=uri))
    return found


def known() -> list[str]:
    return [row.uri for row in Collection.select().order_by(Collection.uri)]


async def test_collections_that_a_post_names_are_read_if_nobody_here_knows_them(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    with in_unit():
        ours = own.create(alice.account.id, CollectionChange(name="Ours"))
    (far,) = several(there, carol, 1)
    named = tagged(far, far, ours.uri, f"{ours.uri}9", 5, "no address")
    note = carol.note(f'<a href="{far}">Far</a>', to=[PUBLIC], cc=[alice.account.uri], tag=named)

    await here.receive(carol, carol.creates(note))

    assert sorted(known()) == sorted([far, ours.uri])
    (shown,) = status_view.load([Status.get().id], alice.account.id)
    assert [one.collection.uri for one in shown.collections] == [far]


async def test_what_few_may_read_has_nothing_read(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    note = carol.note("Hello", to=[alice.account.uri], cc=[], tag=tagged(*several(there, carol, 1)))

    await here.receive(carol, carol.creates(note))

    assert Status.select().count() == 1
    assert known() == []


async def test_a_post_names_five_at_most(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> None:
    far = several(there, carol, 9)
    note = carol.note("Hello", to=[PUBLIC], cc=[alice.account.uri], tag=tagged(*far))

    await here.receive(carol, carol.creates(note))

    assert known() == far[:5]
