"""What is said and served of collections of accounts (FEP-7aa9)."""

from node import store
from node.models import Account, Collection, CollectionItem
from node.services.collections import items, own, rows
from node.services.collections.own import CollectionChange
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.reader import Node
from tests.federation.outgoing.speaking import REMOTE, speak

ANYONE = '{"automatic":["public"]}'


def make(alice: Person, *people: Account, **wish: object) -> int:
    with in_unit():
        change = CollectionChange(**{"name": "Birds", "description": "Who knows them"} | wish)  # type: ignore[arg-type]
        return int(own.create(alice.account.id, change, [one.id for one in people]).id)


async def test_a_collection_is_told_of_and_served_with_who_agreed(
    node: Node, alice: Person, bob: Person, carol: Account, dave: Account
) -> None:
    make_follow(carol, alice)
    Account.update(discoverable=True).where(Account.id == bob.account.id).execute()
    Account.update(feature_policy=ANYONE).where(Account.id == dave.id).execute()
    number = make(alice, bob.account, dave, language="en", tag_name="birds")
    of_bob, of_dave = CollectionItem.select().order_by(CollectionItem.id)
    uri = f"{alice.account.uri}/collections/{number}"

    request, added = sorted(await speak(), key=lambda said: said.document["type"], reverse=True)

    assert request.document["type"] == "FeatureRequest"
    assert request.document["id"] == f"{alice.account.uri}#feature_requests/{of_dave.id}"
    assert (request.document["object"], request.document["instrument"]) == (dave.uri, uri)
    assert request.inboxes == {dave.inbox}
    assert (added.document["type"], added.inboxes) == ("Add", {REMOTE})
    assert added.document["target"] == f"{alice.account.uri}/collections/people"
    stamp = f"{bob.account.uri}/feature_authorizations/{of_bob.id}"
    assert added.document["object"]["orderedItems"] == [
        {
            "id": f"{uri}/items/{of_bob.id}",
            "type": "FeaturedItem",
            "featuredObject": bob.account.uri,
            "featuredObjectType": "Person",
            "featureAuthorization": stamp,
            "published": added.document["object"]["orderedItems"][0]["published"],
        }
    ]
    served = (await node.get(uri)).json
    del served["@context"]
    assert served == added.document["object"]
    assert (served["type"], served["summaryMap"]) == ("FeaturedCollection", {"en": "Who knows them"})
    assert served["topic"] == {"type": "Hashtag", "name": "#birds", "href": "https://a.test/tags/birds"}
    assert (await node.get(f"{alice.account.uri}/collections/people")).json["orderedItems"] == [served]
    assert (await node.get(f"{uri}/items/{of_bob.id}")).json["featuredObject"] == bob.account.uri
    assert (await node.get(f"{uri}/items/{of_dave.id}")).status == 404
    yes = (await node.get(stamp)).json
    assert (yes["type"], yes["interactingObject"], yes["interactionTarget"]) == (
        "FeatureAuthorization",
        uri,
        bob.account.uri,
    )

    await store.write(items.agreed_elsewhere, dave, of_dave.id, f"{dave.uri}/stamps/1")
    await store.write(items.leave, bob.account.id, number, of_bob.id)

    said = {(one.document["type"], one.document.get("target")) for one in await speak()}
    assert {("Add", uri), ("Remove", uri)} <= said
    assert (await node.get(stamp)).status == 404
    (left,) = (await node.get(uri)).json["orderedItems"]
    assert (left["featuredObject"], left["featureAuthorization"]) == (dave.uri, f"{dave.uri}/stamps/1")


async def test_what_is_not_to_be_found_is_served_and_not_listed(node: Node, alice: Person) -> None:
    number = make(alice, discoverable=False)

    assert (await node.get(f"{alice.account.uri}/collections/{number}")).json["discoverable"] is False
    assert (await node.get(f"{alice.account.uri}/collections/people")).json["totalItems"] == 0
    assert (await node.get(f"{alice.account.uri}/collections/12345")).status == 404


async def test_changes_and_the_end_are_told(node: Node, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    number = make(alice)
    await store.write(own.update, alice.account.id, number, CollectionChange(name="More birds"))
    changed = (await speak())[-1].document
    await store.write(own.delete, alice.account.id, number)
    gone = (await speak())[-1].document

    assert (changed["type"], changed["object"]["name"]) == ("Update", "More birds")
    assert (gone["type"], gone["object"]) == ("Remove", changed["object"]["id"])
    assert gone["target"] == f"{alice.account.uri}/collections/people"


async def test_a_request_is_answered_as_it_stands(node: Node, alice: Person, carol: Account) -> None:
    with in_unit():
        Account.update(discoverable=True).where(Account.id == alice.account.id).execute()
        theirs = own.Collection.create(
            account=carol.id, uri=f"{carol.uri}/collections/1", name="Theirs", created_at=1, updated_at=1
        )
        asked = Account.get_by_id(alice.account.id)
        items.requested(carol, theirs, asked, f"{carol.uri}#request")

    (answer,) = await speak()

    assert (answer.document["type"], answer.inboxes) == ("Accept", {carol.inbox})
    assert answer.document["object"]["id"] == f"{carol.uri}#request"
    assert answer.document["result"] == rows.stamp_uri(CollectionItem.get())


async def test_actors_say_who_may_feature_them(node: Node, alice: Person, bob: Person) -> None:
    Account.update(discoverable=True, locked=True).where(Account.id == bob.account.id).execute()

    hers, his = (await node.get(alice.account.uri)).json, (await node.get(bob.account.uri)).json

    assert hers["interactionPolicy"] == {"canFeature": {"automaticApproval": [alice.account.uri]}}
    assert his["interactionPolicy"] == {"canFeature": {"automaticApproval": [bob.account.followers_uri]}}
    assert hers["featuredCollections"] == f"{alice.account.uri}/collections/people"


async def test_a_post_that_links_to_one_names_it(node: Node, alice: Person, carol: Account) -> None:
    number = make(alice)
    with in_unit():
        far = Collection.create(
            account=carol.id,
            uri=f"{carol.uri}/c/1",
            url=f"{carol.uri}/collections/1",
            name="Far",
            created_at=1,
            updated_at=1,
        )
    status = make_status(alice, f"https://a.test/collections/{number} {far.url} https://a.test/collections/5")

    served = (await node.get(status.uri)).json

    assert [one["id"] for one in served["tag"] if one["type"] == "FeaturedCollection"] == [
        f"{alice.account.uri}/collections/{number}",
        far.uri,
    ]
