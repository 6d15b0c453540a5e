"""Collections as pages that need no script: made, filled, left, looked at."""

import pytest

from node.models import Account, Collection, CollectionItem, ItemState
from node.services.collections import own
from node.services.collections.own import CollectionChange
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor


@pytest.fixture(autouse=True)
def findable(bob: Person) -> None:
    Account.update(discoverable=True).where(Account.id == bob.account.id).execute()


def make(owner: Person, *members: Person, **wish: object) -> int:
    with in_unit():
        change = CollectionChange(**{"name": "Birds", "discoverable": True} | wish)  # type: ignore[arg-type]
        return int(own.create(owner.account.id, change, [one.account.id for one in members]).id)


async def test_a_collection_is_made_filled_and_emptied(reader: Visitor, bob: Person) -> None:
    page = await reader.get("/collections")
    made = await reader.follow(
        await reader.send(page, "/collections", name="Birds", description="Who knows them", tag_name="birds")
    )
    path = made.path
    assert (made.title, "Nobody is in it yet" in made.text) == ("Birds", True)

    filled = await reader.follow(await reader.send(made, f"{path}/items", acct="@bob"))
    assert "bob" in filled.words(".person")
    item = CollectionItem.get()
    emptied = await reader.follow(await reader.press(filled, f"{path}/items/{item.id}/remove"))

    assert emptied.words(".person") == ""


async def test_what_cannot_be_is_said_beside_the_form(reader: Visitor, alice: Person, bob: Person) -> None:
    Account.update(discoverable=False).where(Account.id == bob.account.id).execute()
    number = make(alice)
    page = await reader.get(f"/collections/{number}")

    nobody = await reader.send(page, f"/collections/{number}/items", acct="@nobody")
    unwilling = await reader.send(page, f"/collections/{number}/items", acct="@bob")
    nameless = await reader.send(await reader.get("/collections"), "/collections", name="  ", description="Kept")

    assert (nobody.status, nobody.value("acct")) == (422, "@nobody")
    assert (unwilling.status, "cannot be added" in unwilling.error()) == (403, True)
    assert (nameless.status, nameless.words("textarea[name=description]")) == (422, "Kept")
    assert CollectionItem.select().count() == 0


async def test_it_is_changed_and_deleted_by_its_owner_alone(reader: Visitor, other: Visitor, alice: Person) -> None:
    number = make(alice)
    form = await reader.get(f"/collections/{number}/edit")
    assert form.value("name") == "Birds"
    saved = await reader.follow(await reader.send(form, f"/collections/{number}/edit", name="More birds"))
    assert saved.title == "More birds"

    assert (await other.get(f"/collections/{number}/edit")).status == 403
    assert (await other.get(f"/collections/{number}/delete")).status == 403

    asked = await reader.get(f"/collections/{number}/delete")
    await reader.send(asked, f"/collections/{number}/delete")
    assert Collection.select().count() == 0


async def test_everybody_sees_it_and_who_is_in_it_leaves_in_two_steps(
    client: Client, reader: Visitor, other: Visitor, alice: Person, bob: Person
) -> None:
    number = make(alice, bob)
    public = await Visitor(client).get(f"/collections/{number}")
    assert "bob" in public.words(".person")
    assert f"/collections/{number}/leave" not in public.text

    page = await other.get(f"/collections/{number}")
    assert f"/collections/{number}/leave" in page.text
    assert "Birds" in (await other.get("/collections")).text
    asked = await other.get(f"/collections/{number}/leave")
    await other.send(asked, f"/collections/{number}/leave")

    assert CollectionItem.get().state == ItemState.REVOKED
    assert "bob" not in (await Visitor(client).get(f"/collections/{number}")).words(".person")
    assert (await reader.get(f"/collections/{number}/leave")).status == 404


async def test_a_sensitive_one_is_folded_for_others(client: Client, alice: Person, bob: Person) -> None:
    number = make(alice, bob, sensitive=True)

    page = await Visitor(client).get(f"/collections/{number}")

    assert "bob" in page.words("details .person")


async def test_the_profile_lists_those_that_are_to_be_found(client: Client, reader: Visitor, alice: Person) -> None:
    make(alice)
    make(alice, name="Secret birds", discoverable=False)

    public = await Visitor(client).get("/@alice/collections")
    mine = await reader.get("/@alice/collections")

    assert ("Birds" in public.text, "Secret" in public.text) == (True, False)
    assert "Secret birds" in mine.text


async def test_the_profile_shows_the_latest_beside_the_posts(visitor: Visitor, alice: Person, bob: Person) -> None:
    for name in ("Ink", "Maps", "Boats", "Birds"):
        make(alice, bob, name=name)
    make(alice, name="Nobody yet")
    make(alice, bob, name="Secret", discoverable=False)
    make_status(alice)

    page = await visitor.get("/@alice")

    assert [one.text() for one in page.tree.css("aside .people a")] == ["Birds", "Boats", "Maps"]
    assert "1 account" in page.words("aside .people")
    assert page.tree.css_first('.tabs a[href="/@alice/collections"] small').text() == "5"


async def test_for_other_servers_the_page_leads_to_the_document(client: Client, alice: Person) -> None:
    number = make(alice)

    answer = await client.get(f"/collections/{number}", headers={"Accept": "application/activity+json"})

    assert answer.status == 302
    assert answer.headers["Location"] == f"https://a.test/ap/users/{alice.account.id}/collections/{number}"


async def test_people_choose_who_may_feature_them(reader: Visitor, alice: Person) -> None:
    page = await reader.get("/settings/privacy")
    await reader.send(page, "/settings/privacy", feature="nobody")
    assert Account.get_by_id(alice.account.id).feature_policy == "{}"

    page = await reader.get("/settings/privacy")
    await reader.send(page, "/settings/privacy", feature="")
    assert Account.get_by_id(alice.account.id).feature_policy == ""


async def test_who_is_added_reads_of_it(other: Visitor, alice: Person, bob: Person) -> None:
    number = make(alice, bob)

    page = await other.get("/notifications")

    assert "added you to a collection" in page.words(".told")
    assert page.tree.css_first(f'a[href="/collections/{number}"]') is not None


async def test_a_collection_is_reported(other: Visitor, alice: Person) -> None:
    number = make(alice)
    page = await other.get(f"/report?account_id={alice.account.id}&collection_id={number}")

    assert "Birds" in page.words("form")
