"""Organisations in the browser: made, joined, acted for; and what each role may not do."""

from collections.abc import Callable

import pytest

from node import store
from node.models import Account, Act, Deed, MediaAttachment, MemberRole, Membership, ScheduledStatus, Session, Status
from node.paging import Page
from node.services import accounts
from node.services.access import preferences
from node.services.organisations import deeds, invitations
from node.services.statuses import kept_drafts
from tests.factories import PASSWORD, Person, in_unit
from tests.factories_organisations import join, make_organisation
from tests.factories_posts import make_media, make_status
from tests.web.conftest import Client, Headers
from tests.web.pages.visitor import Visitor, fields_of

PAGE, SWITCH, COMPOSE = "/settings/organisations", "/auth/switch", "/compose"
OWNER, EDITOR, WRITER = MemberRole.OWNER, MemberRole.EDITOR, MemberRole.WRITER


@pytest.fixture
def society(alice: Person) -> Person:
    return make_organisation(alice)


async def switch(visitor: Visitor, account: Account) -> None:
    page = await visitor.get(PAGE)
    answer = await visitor.post(SWITCH, {"csrf": page.value("csrf"), "account": str(account.id)})
    assert answer.status == 303, answer.text


def acting(client: Client, member: Person) -> Visitor:
    """A browser of somebody who acts for the organisation."""
    return Visitor(client).sign_in(member)


async def test_from_making_one_to_posting_as_it(reader: Visitor, other: Visitor, bob: Person) -> None:
    made = await reader.send(await reader.get(PAGE), PAGE, username="society", display_name="The Society")
    page = await reader.follow(made)
    assert "The Society" in page.title
    account = accounts.find("society")
    assert account is not None

    page = await reader.follow(await reader.send(page, f"{PAGE}/{account.id}/invite", handle="bob", role="editor"))
    assert "@bob" in page.words("#main")
    theirs = await other.get(PAGE)
    assert "You are invited" in theirs.words("h2")
    invitation = invitations.to(bob.account.id)[0].id
    await other.press(theirs, f"{PAGE}/invitations/{invitation}/accept")
    await switch(other, account)
    await other.send(await other.get(COMPOSE), COMPOSE, do="post", text="We are here.")
    log = await reader.get(f"{PAGE}/{account.id}/log")

    status = Status.get()
    assert status.account_id == account.id
    words = log.words(".rows")
    assert "@bob posted" in words
    assert "@bob became a member" in words
    assert "@alice invited @bob as Editor" in words
    assert "@alice made the organisation" in words


async def test_pages_of_an_organisation_are_there_for_members_alone(
    reader: Visitor, other: Visitor, society: Person
) -> None:
    for path in ("", "/log", "/leave"):
        address = f"{PAGE}/{society.account.id}{path}"
        assert (await reader.get(address)).status == 200
        assert (await other.get(address)).status == 404
    csrf = (await other.get(PAGE)).value("csrf")
    for verb in ("invite", "leave", "invitations/1/withdraw", "members/1/role", "members/1/remove"):
        answer = await other.post(
            f"{PAGE}/{society.account.id}/{verb}", {"csrf": csrf, "handle": "bob", "role": "owner"}
        )
        assert answer.status == 404
    assert (await other.get(f"{PAGE}/1")).status == 404


async def test_who_is_signed_out_signs_in_first(visitor: Visitor, society: Person) -> None:
    for path in (PAGE, f"{PAGE}/{society.account.id}", f"{PAGE}/{society.account.id}/log"):
        assert (await visitor.get(path)).location.startswith("/auth/sign-in")


async def test_nobody_switches_to_what_is_not_theirs(other: Visitor, society: Person, bob: Person) -> None:
    page = await other.get(PAGE)

    for account_id in (society.account.id, "x", ""):
        answer = await other.post(SWITCH, {"csrf": page.value("csrf"), "account": str(account_id)})
        assert answer.status == 403
    assert Session.get().account == bob.account.id


async def test_a_page_of_one_account_does_nothing_for_another(
    reader: Visitor, alice: Person, society: Person
) -> None:
    with in_unit():
        status = make_status(alice, "Mine.")
    page = await reader.get("/home")
    await switch(reader, society.account)

    stale = await reader.post(f"/statuses/{status.id}/favourite", {"csrf": page.value("csrf")})
    fresh = await reader.post(f"/statuses/{status.id}/favourite", {"csrf": (await reader.get("/home")).value("csrf")})
    await switch(reader, alice.account)

    assert stale.status == 403
    assert "another of your accounts" in stale.text
    assert fresh.status == 303
    assert (await reader.get("/home")).words(".who-card b") == "alice"


# ── the composer ──


async def test_the_composer_posts_as_whom_it_says(reader: Visitor, alice: Person, society: Person) -> None:
    picture = make_media(alice)
    fields = dict(fields_of((await reader.get(COMPOSE)).form(COMPOSE)))
    assert fields["post_as"] == str(alice.account.id)

    await reader.post(COMPOSE, fields | {"do": "post", "text": "Mine."})
    answer = await reader.post(
        COMPOSE,
        fields
        | {
            "do": "post",
            "text": "Ours.",
            "post_as": str(society.account.id),
            "media_ids": str(picture.id),
            "draft": kept_drafts.new_key(),
            "reminded": "on",
        },
    )

    assert answer.location.startswith("/@society/")
    assert {row.source: row.account_id for row in Status.select()} == {
        "Mine.": alice.account.id,
        "Ours.": society.account.id,
    }
    assert MediaAttachment.get().account_id == society.account.id
    assert [(row.account_id, row.by_id) for row in Deed.select().where(Deed.act == Act.POSTED)] == [
        (society.account.id, alice.account.id)
    ]


async def test_a_composer_keeps_its_account_when_another_window_switches(
    reader: Visitor, alice: Person, society: Person
) -> None:
    fields = dict(fields_of((await reader.get(COMPOSE)).form(COMPOSE)))
    await switch(reader, society.account)

    await reader.post(COMPOSE, fields | {"do": "post", "text": "Mine."})

    assert Status.get().account_id == alice.account.id


async def test_a_post_as_another_account_can_be_taken_back_too(
    reader: Visitor, alice: Person, other: Visitor, society: Person
) -> None:
    with in_unit():
        preferences.change(alice.user.id, {"posting_undo": True})
    fields = dict(fields_of((await reader.get(COMPOSE)).form(COMPOSE)))
    as_society = {"do": "post", "text": "Ours.", "post_as": str(society.account.id), "next": "/home"}

    held = await reader.follow(await reader.post(COMPOSE, fields | as_society))
    row = ScheduledStatus.get()
    assert (row.account_id, Status.select().count()) == (society.account.id, 0)
    assert "Ours." in held.words("blockquote")
    assert (await other.get(held.path)).status == 403
    again = await reader.follow(await reader.send(held, f"/scheduled/{row.id}/draft"))

    assert again.value("text") == "Ours."
    assert again.tree.css_first("select[name=post_as] [selected]").attributes["value"] == str(society.account.id)
    held = await reader.follow(await reader.send(again, COMPOSE, do="post"))
    await reader.send(held, f"/scheduled/{ScheduledStatus.get().id}/draft")
    assert ScheduledStatus.select().count() == 0
    assert texts(society) == ["Ours."]


async def test_nobody_posts_as_what_is_not_theirs(other: Visitor, bob: Person, society: Person) -> None:
    fields = dict(fields_of((await other.get(COMPOSE)).form(COMPOSE)))
    assert "post_as" not in fields
    picture = make_media(society)

    for do in ("post", "draft"):
        answer = await other.post(
            COMPOSE,
            fields | {"do": do, "text": "Theirs?", "post_as": str(society.account.id), "media_ids": str(picture.id)},
        )
        assert answer.status == 403
    assert Status.select().count() == 0
    assert MediaAttachment.get().account_id == society.account.id


async def test_writers_keep_drafts_and_editors_post_them(client: Client, bob: Person, society: Person) -> None:
    writer = acting(client, join(bob, society.account.id, WRITER))
    page = await writer.get(COMPOSE)

    refused = await writer.send(page, COMPOSE, do="post", text="Too early.")
    await writer.send(page, COMPOSE, do="draft", text="For later.")
    editor = acting(client, society)
    key = kept_drafts.page(society.account.id, Page())[0].key
    await editor.send(await editor.get(f"{COMPOSE}?draft={key}"), COMPOSE, do="post")

    assert refused.status == 403
    assert refused.value("text") == "Too early."
    assert "editors" in refused.error()
    assert Status.get().source == "For later."


async def test_a_new_name_stands_in_the_log(client: Client, society: Person) -> None:
    owner = acting(client, society)

    page = await owner.get("/settings/moving")
    await owner.send(page, "/settings/moving/name", username="club", name_password=PASSWORD)
    log = await owner.get(f"{PAGE}/{society.account.id}/log")

    assert "@alice changed the name of the organisation, which was @society" in log.words(".rows")


async def test_that_it_moved_stands_in_the_log_with_where_to(
    client: Client, society: Person, remote: Callable[..., Account]
) -> None:
    new = remote("club", also_known_as=f'["{society.account.uri}"]')
    with in_unit():
        accounts.move_out(society.account.id, new, accounts.find("alice").id)
        accounts.stay(society.account.id, accounts.find("alice").id)

    log = await acting(client, society).get(f"{PAGE}/{society.account.id}/log")

    assert "@alice moved the organisation to @club@remote.test" in log.words(".rows")
    assert "@alice took back that the organisation has moved" in log.words(".rows")


async def test_an_invitation_is_a_notification_until_it_is_answered(
    reader: Visitor, other: Visitor, bob: Person, society: Person
) -> None:
    where = f"{PAGE}/{society.account.id}"
    await reader.send(await reader.get(where), f"{where}/invite", handle="bob", role="editor")

    page = await other.get("/notifications")

    assert "asks you to become a member" in page.words(".said")
    assert page.tree.css_first(f".told a.btn[href='{PAGE}']") is not None
    invitation = invitations.to(bob.account.id)[0].id
    await other.press(await other.get(PAGE), f"{PAGE}/invitations/{invitation}/decline")
    assert "become a member" not in (await other.get("/notifications")).text
    await reader.send(await reader.get(where), f"{where}/invite", handle="bob", role="writer")
    assert "asks you to become a member" in (await other.get("/notifications")).words(".said")


# ── roles ──

REFUSED = {
    WRITER: [
        *(
            "/statuses/{status}/favourite",
            "/statuses/{status}/delete",
            "/statuses/{status}/edit",
            "/accounts/{bob}/follow",
        ),
        *("/settings/profile", "/settings/privacy", "/settings/account/delete", "/settings/moving/move", "/lists"),
        *("/settings/portability/archive", "/settings/apps", "/settings/invites", "/conversations/1/read"),
    ],
    EDITOR: [
        *("/settings/privacy", "/settings/account/delete", "/settings/moving/move", "/settings/moving/name"),
        *("/settings/portability/archive", "/settings/apps", "/settings/deletion", "/settings/invites"),
    ],
}
KEPT_FROM = ["/settings/portability", "/settings/invites", "/settings/moving", "/settings/account/delete"]


@pytest.mark.parametrize("role", [WRITER, EDITOR])
async def test_a_role_ends_where_the_table_says(
    client: Client, bob: Person, society: Person, role: MemberRole
) -> None:
    member = acting(client, join(bob, society.account.id, role))
    with in_unit():
        status = make_status(society, "Ours.")
    csrf = (await member.get("/home")).value("csrf")

    for path in REFUSED[role]:
        answer = await member.post(path.format(status=status.id, bob=bob.account.id), {"csrf": csrf})
        assert answer.status == 403, path
        assert "rganisation" in answer.words("main"), path
    for path in KEPT_FROM:
        assert (await member.get(path)).status == 403, path
        assert (await acting(client, society).get(path)).status == 200, path
    assert Status.select().count() == 1


async def test_editors_do_what_writers_do_not(client: Client, bob: Person, society: Person) -> None:
    editor = acting(client, join(bob, society.account.id, EDITOR))
    with in_unit():
        status = make_status(society, "Ours.")
    csrf = (await editor.get("/home")).value("csrf")

    for path in (f"/statuses/{status.id}/favourite", f"/accounts/{bob.account.id}/follow"):
        assert (await editor.post(path, {"csrf": csrf})).status == 303
    await editor.send(await editor.get("/settings/profile"), "/settings/profile", display_name="We")
    await editor.post(f"/statuses/{status.id}/delete", {"csrf": csrf})

    assert Account.get_by_id(society.account.id).display_name == "We"
    assert [row.act for row in deeds.page(society.account.id, Page())] == [Act.DELETED, Act.PROFILE]


async def test_owners_deal_with_members_on_their_page(reader: Visitor, bob: Person, society: Person) -> None:
    join(bob, society.account.id, WRITER)
    where = f"{PAGE}/{society.account.id}"
    page = await reader.get(where)

    await reader.send(page, f"{where}/members/{bob.account.id}/role", role="editor")
    assert Membership.get(Membership.user == bob.user.id, Membership.account == society.account.id).role == EDITOR
    refused = await reader.send(await reader.get(f"{where}/leave"), f"{where}/leave")
    assert refused.status == 422
    assert "last owner" in refused.error()
    remove = f"{where}/members/{bob.account.id}/remove"
    await reader.send(await reader.get(remove), remove)

    assert Membership.select().where(Membership.account == society.account.id).count() == 1


async def test_the_staff_is_nobody_in_the_name_of_an_organisation(
    client: Client, ada: Person, admin: Visitor
) -> None:
    society = make_organisation(ada)

    assert (await admin.get("/admin")).status == 200
    assert (await acting(client, society).get("/admin")).status == 403
    assert "/admin" not in (await acting(client, society).get("/home")).text


async def test_deleting_an_organisation_ends_it_and_not_its_owner(
    client: Client, alice: Person, society: Person
) -> None:
    owner = acting(client, society)
    address = "/settings/account/delete"

    answer = await owner.send(await owner.get(address), address, password=PASSWORD)

    assert answer.location == PAGE
    assert Account.get_by_id(society.account.id).deleted_at is not None
    assert Account.get_by_id(alice.account.id).deleted_at is None
    assert (await owner.get("/home")).words(".who-card b") == "alice"


async def test_the_last_owner_does_not_go_before_the_organisation(
    reader: Visitor, alice: Person, society: Person
) -> None:
    address = "/settings/account/delete"

    refused = await reader.send(await reader.get(address), address, password=PASSWORD)

    assert refused.status == 422
    assert "@society" in refused.error()
    with store.transaction():
        accounts.delete_local(society.account.id)
    await reader.send(await reader.get(address), address, password=PASSWORD)
    assert Account.get_by_id(alice.account.id).deleted_at is not None


async def test_others_see_an_organisation_and_none_of_its_members(
    client: Client, other: Visitor, society: Person
) -> None:
    page = await other.get("/@society")

    assert "Organisation" in page.words(".tag")
    assert page.tree.css_first("main .av.org") is not None
    assert "alice" not in page.text
    entity = await (await client.get(f"/api/v1/accounts/{society.account.id}")).json()
    assert entity["actor_type"] == "Organization"
    assert (entity["group"], entity["bot"]) == (False, False)


async def test_statistics_are_those_of_the_account_that_acts(client: Client, alice: Person, society: Person) -> None:
    with in_unit():
        make_status(society, "Ours.")

    page = await acting(client, society).get("/statistics")

    assert page.status == 200
    assert page.words(".who-card").endswith("@society")
    assert page.words("main") != (await Visitor(client).sign_in(alice).get("/statistics")).words("main")


# ── apps ──


async def test_tokens_have_the_rights_of_the_role(
    client: Client, as_person: Callable[..., Headers], bob: Person, society: Person
) -> None:
    writer = as_person(join(bob, society.account.id, WRITER))
    refused = await client.post("/api/v1/statuses", json={"status": "No."}, headers=writer)
    read = await client.get("/api/v1/accounts/verify_credentials", headers=writer)
    with in_unit():
        Membership.update(role=EDITOR).where(Membership.user == bob.user.id, Membership.role == WRITER).execute()
    editor = as_person(Person(society.account, bob.user))
    posted = await client.post("/api/v1/statuses", json={"status": "Yes."}, headers=editor)
    status_id = (await posted.json())["id"]
    await client.put(f"/api/v1/statuses/{status_id}", json={"status": "Yes!"}, headers=editor)
    await client.delete(f"/api/v1/statuses/{status_id}", headers=editor)

    assert refused.status == 403
    assert (await read.json())["username"] == "society"
    assert posted.status == 200
    assert [row.act for row in deeds.page(society.account.id, Page())] == [Act.DELETED, Act.EDITED, Act.POSTED]


# ── shared drafts ──


@pytest.fixture
def colleague(client: Client, bob: Person, society: Person) -> Visitor:
    return acting(client, join(bob, society.account.id, EDITOR))


async def keeps(visitor: Visitor, fields: dict[str, str], text: str) -> str:
    """What the script is told that keeps a form."""
    return (await visitor.post("/drafts", fields | {"text": text}, Accept="application/json")).text


def texts(society: Person) -> list[str]:
    return sorted(str(row.typed["text"]) for row in kept_drafts.page(society.account.id, Page()))


async def test_members_go_on_with_each_others_drafts(client: Client, colleague: Visitor, society: Person) -> None:
    owner = acting(client, society)
    await owner.send(await owner.get(COMPOSE), COMPOSE, do="draft", text="Begun")
    listed = await colleague.get("/drafts")
    key = kept_drafts.page(society.account.id, Page())[0].key
    page = await colleague.get(f"{COMPOSE}?draft={key}")

    await colleague.send(page, COMPOSE, do="draft", text="Begun and ended")

    assert "Last by @alice" in listed.words(".rows")
    assert "Last by @bob" in (await owner.get("/drafts")).words(".rows")
    assert texts(society) == ["Begun and ended"]


async def test_a_draft_that_somebody_else_changed_is_not_written_over(
    client: Client, colleague: Visitor, society: Person
) -> None:
    owner = acting(client, society)
    await owner.send(await owner.get(COMPOSE), COMPOSE, do="draft", text="Begun")
    key = kept_drafts.page(society.account.id, Page())[0].key
    mine = dict(fields_of((await owner.get(f"{COMPOSE}?draft={key}")).form(COMPOSE)))
    theirs = dict(fields_of((await colleague.get(f"{COMPOSE}?draft={key}")).form(COMPOSE)))

    assert await keeps(colleague, theirs, "Theirs") == '{"kept":true}'
    assert await keeps(colleague, theirs, "Theirs, longer") == '{"kept":true}'
    for words in ("Mine", "Mine, longer"):
        assert "kept beside it" in await keeps(owner, mine, words)

    assert texts(society) == ["Mine, longer", "Theirs, longer"]
    assert await keeps(colleague, theirs, "Theirs, longest") == '{"kept":true}'
    page = await owner.follow(await owner.post(COMPOSE, mine | {"do": "post", "text": "Mine, posted"}))
    assert "that one is still here" in page.words("#live")
    assert texts(society) == ["Theirs, longest"]
    await colleague.post(COMPOSE, theirs | {"do": "post", "text": "Theirs, posted"})
    assert texts(society) == []


async def test_two_windows_of_one_person_are_both_right(reader: Visitor, alice: Person) -> None:
    await reader.send(await reader.get(COMPOSE), COMPOSE, do="draft", text="Begun")
    key = kept_drafts.page(alice.account.id, Page())[0].key
    one, two = [dict(fields_of((await reader.get(f"{COMPOSE}?draft={key}")).form(COMPOSE))) for _ in range(2)]

    for fields, text in ((one, "One"), (two, "Two"), (one, "Three")):
        assert await keeps(reader, fields, text) == '{"kept":true}'

    assert texts(alice) == ["Three"]


async def test_apps_that_name_it_hear_of_an_invitation(
    client: Client, as_person: Callable[..., Headers], alice: Person, bob: Person, society: Person
) -> None:
    with in_unit():
        invitations.invite(alice.user.id, society.account.id, "bob", EDITOR)
    headers = as_person(bob)

    unnamed = await client.get("/api/v1/notifications", headers=headers)
    named = await client.get("/api/v1/notifications?supported_types[]=organisation_invitation", headers=headers)

    assert await unnamed.json() == []
    (told,) = await named.json()
    assert (told["type"], told["account"]["username"]) == ("organisation_invitation", "society")
