"""Lists as pages that need no script: who is in them, how they are, and in which of them somebody is."""

from collections.abc import Callable

import pytest

from node.models import Account, List, ListMember
from node.services.follows import silent
from node.services.relationships import blocks, lists
from tests.factories import Person, in_unit
from tests.web.pages.visitor import Visitor

Remote = Callable[..., Account]


def make(owner: Person, title: str = "Birders", *members: Account) -> int:
    with in_unit():
        row = lists.create(owner.account.id, title)
        silent.add_members(owner.account.id, row.id, [one.id for one in members])
        return int(row.id)


def inside(list_id: int) -> set[int]:
    return {row.account_id for row in ListMember.select().where(ListMember.list == list_id)}


# ── who is in it ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_people_are_found_put_in_and_taken_out(reader: Visitor, alice: Person, bob: Person) -> None:
    number = make(alice)
    path = f"/lists/{number}/members"
    empty = await reader.get(path)

    found = await reader.get(f"{path}?q=bo")
    filled = await reader.follow(await reader.send(found, path, account_id=bob.account.id))
    seen = inside(number)
    emptied = await reader.follow(await reader.press(filled, f"{path}/{bob.account.id}/remove"))

    assert "Nobody is in it yet" in empty.text
    assert "bob" in found.words(f'form[action="{path}"] .person')
    assert (seen, filled.value("q")) == ({bob.account.id}, "bo")  # there may be more to put in
    assert "bob" in filled.words("section .person")
    assert filled.tree.css_first("button[name=account_id]") is None  # found again, and in it
    assert (inside(number), "Nobody is in it yet" in emptied.text) == (set(), True)


async def test_somebody_elsewhere_is_found_by_their_handle_and_need_not_be_followed(
    reader: Visitor, alice: Person, remote: Remote
) -> None:
    number, carol = make(alice), remote("carol")
    path = f"/lists/{number}/members"

    found = await reader.get(f"{path}?q=@carol@remote.test")
    filled = await reader.follow(await reader.send(found, path, account_id=carol.id))

    assert inside(number) == {carol.id}
    assert "carol@remote.test" in filled.words("section .person")


@pytest.mark.parametrize(
    ("q", "sentence"),
    [
        ("zzz", "Nobody of this name is known here. A whole handle finds more."),
        ("@nobody@nowhere.test", "Nobody was found there."),
        ("https://nowhere.test/@nobody", "Nobody was found there."),
        ("@/", "Nobody was found there."),
        ("<b>" + "x" * 3_000, "Nobody of this name is known here. A whole handle finds more."),
    ],
)
async def test_who_finds_nobody_is_told_so_and_keeps_what_was_typed(
    reader: Visitor, alice: Person, q: str, sentence: str
) -> None:
    page = await reader.get(f"/lists/{make(alice)}/members?q={q}")

    assert (page.status, page.error(), page.value("q")) == (200, sentence, q[:2_000])


async def test_who_blocks_the_owner_is_not_found_and_not_put_in(reader: Visitor, alice: Person, bob: Person) -> None:
    number = make(alice)
    path = f"/lists/{number}/members"
    with in_unit():
        blocks.block(bob.account.id, alice.account.id)

    page = await reader.get(f"{path}?q=@bob@a.test")
    refused = await reader.post(path, {"csrf": csrf_of(page), "account_id": bob.account.id})
    nobody = await reader.post(path, {"csrf": csrf_of(page), "account_id": "x"})

    assert page.error() == "Nobody was found there."
    assert (refused.status, nobody.status, inside(number)) == (404, 404, set())


async def test_a_list_that_is_full_says_so_beside_what_was_looked_for(
    reader: Visitor, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_UNFOLLOWED", 0)
    number = make(alice)
    found = await reader.get(f"/lists/{number}/members?q=bob")

    page = await reader.send(found, f"/lists/{number}/members", account_id=bob.account.id)

    assert (page.status, page.value("q"), inside(number)) == (422, "bob", set())
    assert page.error() == "Your lists can hold at most 0 people whom you do not follow."
    assert "bob" in page.words(f'form[action="/lists/{number}/members"] .person')


async def test_many_people_come_in_pages(reader: Visitor, alice: Person, remote: Remote) -> None:
    number = make(alice, "Many", *(remote(f"bird{number}") for number in range(41)))

    first = await reader.get(f"/lists/{number}/members")
    older = first.tree.css_first("a[rel=next]")
    assert older is not None
    rest = await reader.get(str(older.attributes["href"]))

    assert [len(page.tree.css("section .person")) for page in (first, rest)] == [40, 1]


async def test_lists_of_others_are_not_there_for_anything(other: Visitor, alice: Person, bob: Person) -> None:
    number = make(alice, "Secret", alice.account)
    theirs = make(bob, "Mine")
    token = csrf_of(await other.get(f"/lists/{theirs}/edit"))

    asked = [await other.get(f"/lists/{number}/{place}") for place in ("edit", "members", "members?q=alice")]
    sent = [
        await other.post(f"/lists/{number}/edit", {"csrf": token, "title": "Taken", "replies_policy": "none"}),
        await other.post(f"/lists/{number}/members", {"csrf": token, "account_id": bob.account.id}),
        await other.post(f"/lists/{number}/members/{alice.account.id}/remove", {"csrf": token}),
        await other.post(
            f"/accounts/{alice.account.id}/lists", {"csrf": token, "list_ids": number, "title": "Made along"}
        ),
    ]

    assert {page.status for page in asked + sent} == {404}
    assert (List.get_by_id(number).title, inside(number)) == ("Secret", {alice.account.id})
    assert [row.title for row in lists.of_account(bob.account.id)] == ["Mine"]


async def test_visitors_sign_in_first(visitor: Visitor, alice: Person) -> None:
    number = make(alice)

    for path in (f"/lists/{number}/edit", f"/lists/{number}/members", f"/accounts/{alice.account.id}/lists"):
        page = await visitor.get(path)
        assert (page.status, page.location.startswith("/auth/sign-in?next=")) == (303, True)


async def test_a_form_of_another_site_changes_nothing(reader: Visitor, alice: Person, bob: Person) -> None:
    number = make(alice)

    pages = [
        await reader.post(f"/lists/{number}/members", {"account_id": bob.account.id}),
        await reader.post(f"/lists/{number}/edit", {"title": "Taken", "replies_policy": "none"}),
        await reader.post(f"/accounts/{bob.account.id}/lists", {"list_ids": number}),
    ]

    assert {page.status for page in pages} == {403}
    assert (List.get_by_id(number).title, inside(number)) == ("Birders", set())


# ── how it is ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_list_is_edited(reader: Visitor, alice: Person) -> None:
    number = make(alice)
    form = await reader.get(f"/lists/{number}/edit")

    saved = await reader.send(
        form, f"/lists/{number}/edit", title="  Moor  maps ", replies_policy="followed", exclusive="on"
    )

    row = List.get_by_id(number)
    assert (form.value("title"), saved.location) == ("Birders", f"/lists/{number}")
    assert (row.title, row.replies_policy, row.exclusive) == ("Moor maps", "followed", True)
    assert "not at home" in (await reader.get("/lists")).words("main")
    again = await reader.get(f"/lists/{number}/edit")
    plain = await reader.follow(await reader.send(again, f"/lists/{number}/edit", exclusive=None))
    assert (plain.status, List.get_by_id(number).exclusive) == (200, False)


@pytest.mark.parametrize("wish", [{"title": " "}, {"title": "x" * 256}, {"replies_policy": "all"}])
async def test_an_edit_that_cannot_be_changes_nothing(reader: Visitor, alice: Person, wish: dict[str, str]) -> None:
    number = make(alice)
    form = await reader.get(f"/lists/{number}/edit")

    page = await reader.send(form, f"/lists/{number}/edit", exclusive="on", **wish)

    assert (page.status, page.error() != "", page.value("title")) == (422, True, wish.get("title", "Birders"))
    assert page.tree.css_first("input[name=exclusive][checked]") is not None
    row = List.get_by_id(number)
    assert (row.title, row.replies_policy, row.exclusive) == ("Birders", "list", False)


async def test_pages_of_a_list_lead_to_each_other(reader: Visitor, alice: Person, bob: Person) -> None:
    number = make(alice, "<b>Birders</b>", bob.account)

    overview = await reader.get("/lists")
    timeline = await reader.get(f"/lists/{number}")

    assert "1 person" in overview.words("main")
    assert "<b>Birders</b>" in overview.words("main")
    for page in (overview, timeline):
        hrefs = {node.attributes["href"] for node in page.tree.css("main a")}
        assert {f"/lists/{number}/members", f"/lists/{number}/edit"} <= hrefs


# ── the lists of somebody ────────────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_is_put_into_lists_on_their_profile(reader: Visitor, alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    one, two, three = (make(alice, title, *who) for title, who in (("One", [carol]), ("Two", []), ("Three", [carol])))
    profile = await reader.get("/@carol@remote.test")
    path = f"/accounts/{carol.id}/lists"
    assert profile.tree.css_first(f'a[href="{path}"]') is not None

    form = await reader.get(path)
    ticked = [node.attributes["value"] for node in form.tree.css("input[name=list_ids][checked]")]
    saved = await reader.follow(await reader.send(form, path, list_ids=[two, three], title="Four"))

    assert ticked == [str(one), str(three)]
    assert [row.title for row in lists.containing(alice.account.id, carol.id)] == ["Two", "Three", "Four"]
    assert saved.path == "/@carol@remote.test"
    assert "The lists of @carol@remote.test are saved." in saved.text


async def test_who_has_no_lists_makes_one_there(reader: Visitor, alice: Person, bob: Person) -> None:
    path = f"/accounts/{bob.account.id}/lists"
    form = await reader.get(path)

    long = await reader.send(form, path, title="x" * 256)
    await reader.follow(await reader.send(form, path, title="First"))

    assert (long.status, long.value("title")) == (422, "x" * 256)
    assert [row.title for row in lists.containing(alice.account.id, bob.account.id)] == ["First"]


async def test_a_refusal_leaves_all_lists_as_they_are(
    reader: Visitor, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, wanted = make(alice, "Kept", bob.account), make(alice, "Wanted")
    monkeypatch.setattr(lists, "MAX_UNFOLLOWED", 0)
    path = f"/accounts/{bob.account.id}/lists"

    page = await reader.send(await reader.get(path), path, list_ids=[wanted], title="New")

    ticked = [node.attributes["value"] for node in page.tree.css("input[name=list_ids][checked]")]
    assert (page.status, page.value("title"), ticked) == (422, "New", [str(wanted)])
    assert [row.id for row in lists.containing(alice.account.id, bob.account.id)] == [kept]
    assert len(lists.of_account(alice.account.id)) == 2


async def test_whoever_blocks_is_put_into_no_list(reader: Visitor, alice: Person, bob: Person) -> None:
    number, path = make(alice), f"/accounts/{bob.account.id}/lists"
    form = await reader.get(path)
    with in_unit():
        blocks.block(bob.account.id, alice.account.id)

    profile = await reader.get("/@bob")
    page = await reader.send(form, path, list_ids=number)

    assert profile.tree.css_first(f'a[href="{path}"]') is None
    assert (page.status, inside(number)) == (404, set())
    assert (await reader.get("/accounts/1/lists")).status == 404


def csrf_of(page: object) -> str:
    return str(page.value("csrf"))  # type: ignore[attr-defined]
