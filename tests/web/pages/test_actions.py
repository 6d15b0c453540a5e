"""Buttons under posts and on profiles: with a form, and with the script."""

from collections.abc import Callable

import pytest

from node import clock, store
from node.models import (
    AccountDomainBlock,
    AccountNote,
    Block,
    Bookmark,
    Favourite,
    Follow,
    FollowRequest,
    Mute,
    Pin,
    Report,
    Status,
    ThreadMute,
    Visibility,
)
from node.services import follows
from node.services.community import rules
from node.services.relationships import mutes
from tests.factories import Person, befriend, make_person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Page, Visitor

JSON = {"Accept": "application/json"}


async def press(reader: Visitor, path: str, **fields: str) -> Page:
    """As a button does, from a page that has one or not."""
    csrf = (await reader.get("/compose")).value("csrf")
    return await reader.post(path, {"csrf": csrf, **fields})


@pytest.mark.parametrize(
    ("verb", "undo", "count"),
    [
        ("favourite", "unfavourite", lambda: Favourite.select().count()),
        ("reblog", "unreblog", lambda: Status.select().where(Status.reblog_of.is_null(False)).count()),
        ("bookmark", "unbookmark", lambda: Bookmark.select().count()),
        ("mute", "unmute", lambda: ThreadMute.select().count()),
    ],
)
async def test_a_button_does_and_undoes(
    reader: Visitor, bob: Person, verb: str, undo: str, count: Callable[[], int]
) -> None:
    status = make_status(bob)

    done = await press(reader, f"/statuses/{status.id}/{verb}", next="/public/local")
    after = count()
    await press(reader, f"/statuses/{status.id}/{undo}")

    assert (done.status, done.location) == (303, f"/public/local#post-{status.id}")
    assert (after, count()) == (1, 0)


async def test_own_posts_are_pinned_and_those_of_others_are_not(reader: Visitor, alice: Person, bob: Person) -> None:
    mine, theirs = make_status(alice), make_status(bob)

    await press(reader, f"/statuses/{mine.id}/pin")
    refused = await press(reader, f"/statuses/{theirs.id}/pin")

    assert refused.status == 404
    assert [row.status_id for row in Pin.select()] == [mine.id]


async def test_the_script_gets_the_post_with_its_marks(reader: Visitor, bob: Person) -> None:
    status = make_status(bob)
    csrf = (await reader.get("/compose")).value("csrf")

    answer = await reader.post(f"/statuses/{status.id}/favourite", {"csrf": csrf}, **JSON)
    boost = await reader.post(f"/statuses/{status.id}/reblog", {"csrf": csrf}, **JSON)

    assert '"favourited":true' in answer.text
    assert f'"id":"{status.id}"' in boost.text
    assert '"reblogged":true' in boost.text


@pytest.mark.parametrize("verb", ["favourite", "reblog", "bookmark", "pin", "mute", "vote", "delete", "refresh"])
async def test_what_cannot_be_read_cannot_be_acted_on(reader: Visitor, bob: Person, verb: str) -> None:
    secret = make_status(bob, "A secret.", visibility=Visibility.PRIVATE)

    hidden = await press(reader, f"/statuses/{secret.id}/{verb}", choices="0")
    missing = await press(reader, f"/statuses/{secret.id + 1}/{verb}", choices="0")

    assert hidden.status == missing.status == 404
    assert hidden.text.replace(str(secret.id), "N") == missing.text.replace(str(secret.id + 1), "N")


@pytest.mark.parametrize(
    "path", ["/statuses/{id}/favourite", "/statuses/{id}/vote", "/accounts/{account}/follow", "/home/read"]
)
async def test_visitors_are_sent_to_sign_in_and_scripts_are_told(visitor: Visitor, bob: Person, path: str) -> None:
    status = make_status(bob)
    address = path.format(id=status.id, account=bob.account.id)

    page = await visitor.post(address)
    answer = await visitor.post(address, **JSON)

    assert page.status == 303
    assert page.location.startswith("/auth/sign-in?next=")
    assert answer.status == 401
    assert Favourite.select().count() == Follow.select().count() == 0


@pytest.mark.parametrize("path", ["/statuses/{id}/favourite", "/accounts/{account}/follow", "/notifications/clear"])
async def test_without_its_token_no_form_does_anything(reader: Visitor, bob: Person, path: str) -> None:
    status = make_status(bob)

    page = await reader.post(path.format(id=status.id, account=bob.account.id))

    assert page.status == 403
    assert Favourite.select().count() == Follow.select().count() == 0


async def test_following_a_locked_account_asks(reader: Visitor, alice: Person) -> None:
    erik = make_person("erik", locked=True)

    answer = await press(reader, f"/accounts/{erik.account.id}/follow")

    assert answer.location == "/@erik"
    assert FollowRequest.get().account_id == alice.account.id


async def test_the_script_gets_the_relationship(reader: Visitor, bob: Person) -> None:
    csrf = (await reader.get("/compose")).value("csrf")

    answer = await reader.post(f"/accounts/{bob.account.id}/follow", {"csrf": csrf}, **JSON)

    assert '"following":true' in answer.text


async def test_blocking_and_muting_ask_first(reader: Visitor, alice: Person, bob: Person) -> None:
    asked = await reader.get(f"/accounts/{bob.account.id}/block")
    await reader.send(asked, f"/accounts/{bob.account.id}/block")
    blocked = Block.select().count()
    await press(reader, f"/accounts/{bob.account.id}/unblock")
    question = await reader.get(f"/accounts/{bob.account.id}/mute")
    await reader.send(question, f"/accounts/{bob.account.id}/mute", duration="3600")

    assert "Block this person?" in asked.text
    assert (blocked, Block.select().count()) == (1, 0)
    assert mutes.ends(alice.account.id, [bob.account.id])[bob.account.id] is not None


@pytest.mark.parametrize("duration", ["-1", "x", "9" * 18])
async def test_a_mute_of_no_length_is_refused(reader: Visitor, bob: Person, duration: str) -> None:
    answer = await press(reader, f"/accounts/{bob.account.id}/mute", duration=duration)

    assert answer.status == 422
    assert Mute.select().count() == 0


async def test_a_follower_is_removed(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(bob.account, alice.account)
    question = await reader.get(f"/accounts/{bob.account.id}/remove_follower")

    await reader.send(question, f"/accounts/{bob.account.id}/remove_follower")

    assert Follow.select().count() == 0


async def test_a_private_note_is_kept_for_oneself(reader: Visitor, other: Visitor, bob: Person) -> None:
    page = await reader.get("/@bob")

    after = await reader.follow(await reader.send(page, f"/accounts/{bob.account.id}/note", comment="Met in May."))

    assert AccountNote.get().comment == "Met in May."
    assert "Met in May." in after.text
    assert "Met in May." not in (await other.get("/@bob")).text


async def test_a_server_is_hidden_and_shown_again(reader: Visitor) -> None:
    question = await reader.get("/domain-blocks?domain=noisy.test")
    await reader.send(question, "/domain-blocks")
    hidden = [row.domain for row in AccountDomainBlock.select()]
    await press(reader, "/domain-blocks", domain="noisy.test", do="unblock")

    assert hidden == ["noisy.test"]
    assert AccountDomainBlock.select().count() == 0


async def test_what_is_no_server_is_not_hidden(reader: Visitor) -> None:
    assert (await press(reader, "/domain-blocks", domain="not a domain")).status == 422


async def test_follow_requests_are_accepted_and_refused(reader: Visitor, alice: Person, bob: Person) -> None:
    type(alice.account).update(locked=True).where(type(alice.account).id == alice.account.id).execute()
    dora = make_person("dora")
    with store.transaction():
        follows.follow(bob.account.id, alice.account.id)
        follows.follow(dora.account.id, alice.account.id)
    page = await reader.get("/follow-requests")

    await reader.press(page, f"/follow-requests/{bob.account.id}/accept")
    await reader.press(page, f"/follow-requests/{dora.account.id}/reject")

    assert "@bob" in page.words(".people")
    assert [row.account_id for row in Follow.select()] == [bob.account.id]
    assert (await reader.get("/follow-requests")).words(".empty")


async def test_bookmarks_and_favourites_have_pages(reader: Visitor, bob: Person) -> None:
    status = make_status(bob, "Worth keeping.")
    empty = await reader.get("/bookmarks")
    await press(reader, f"/statuses/{status.id}/bookmark")
    await press(reader, f"/statuses/{status.id}/favourite")

    assert empty.words(".empty")
    assert "Worth keeping." in (await reader.get("/bookmarks")).text
    assert "Worth keeping." in (await reader.get("/favourites")).text


async def test_a_report_is_sent_with_posts_and_rules(reader: Visitor, bob: Person) -> None:
    status = make_status(bob, "Against the rules.")
    without = await reader.get(f"/report?account_id={bob.account.id}&status_id={status.id}")
    with store.transaction():
        rule = rules.add("Be kind.", "", None)
    page = await reader.get(f"/report?account_id={bob.account.id}&status_id={status.id}")

    answer = await reader.send(
        page, "/report", category="violation", rule_ids=[str(rule.id)], comment="Look at this."
    )

    report = Report.get()
    assert [bool(one.tree.css("[value=violation]")) for one in (without, page)] == [False, True]
    assert "Against the rules." in page.text
    assert answer.location == "/@bob"
    assert (report.target_id, report.comment) == (bob.account.id, "Look at this.")
    assert report.status_ids == f"[{status.id}]"
    assert report.rule_ids == f"[{rule.id}]"


@pytest.mark.parametrize("wrong", [{"category": "boring"}, {"comment": "x" * 1001}])
async def test_a_report_that_breaks_a_rule_is_shown_again(
    reader: Visitor, bob: Person, wrong: dict[str, str]
) -> None:
    page = await reader.get(f"/report?account_id={bob.account.id}")

    again = await reader.send(page, "/report", **wrong)

    assert again.status == 422
    assert again.error()
    assert Report.select().count() == 0


@pytest.mark.parametrize("query", ["", "?account_id=1", "?account_id=x", f"?account_id={'9' * 30}"])
async def test_a_report_is_about_somebody(reader: Visitor, query: str) -> None:
    assert (await reader.get(f"/report{query}")).status == 404


async def test_pages_and_the_api_share_what_somebody_may_do_in_a_while(reader: Visitor) -> None:
    csrf = (await reader.get("/compose")).value("csrf")

    with clock.frozen(clock.now_ms()):
        answers = [(await reader.post("/statuses/1/delete", {"csrf": csrf})).status for _ in range(31)]

    assert answers == [404] * 30 + [429]
