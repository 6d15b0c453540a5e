"""A post with its thread."""

from collections.abc import Callable

import pytest

from node import store
from node.models import Account, Status, Visibility
from node.services.community import settings
from node.services.interactions import reblogs
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft
from node.services.statuses.facts import PollFacts
from tests.factories import Person, befriend, make_person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor


def path(status: Status, name: str = "alice") -> str:
    return f"/@{name}/{status.id}"


async def test_a_post_is_shown_with_what_it_answers_and_what_answers_it(
    visitor: Visitor, alice: Person, bob: Person
) -> None:
    first = make_status(bob, "The beginning.")
    middle = make_status(alice, "@bob The middle.", in_reply_to_id=first.id)
    make_status(bob, "@alice The end.", in_reply_to_id=middle.id)

    page = await visitor.get(path(middle))

    assert page.status == 200
    order = [page.words(".post").index(words) for words in ("The beginning.", "The middle.", "The end.")]
    assert order == sorted(order)
    assert page.tree.css_first('link[type="application/activity+json"]').attributes["href"] == middle.uri


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
async def test_what_is_private_answers_exactly_like_what_is_not_there(
    visitor: Visitor, other: Visitor, alice: Person, visibility: Visibility
) -> None:
    secret = make_status(alice, "A secret.", visibility=visibility)
    gone = make_status(alice, "Gone.", visibility=visibility)
    with store.transaction():
        deletion.delete(alice.account.id, gone.id)

    for browser in (visitor, other):
        for rest in ("", "/history", "/favourites", "/reblogs"):
            hidden = await browser.get(path(secret) + rest)
            missing = await browser.get(path(gone) + rest)

            assert hidden.status == missing.status == 404
            assert hidden.text.replace(str(secret.id), "N") == missing.text.replace(str(gone.id), "N")
            assert _alike(hidden.headers) == _alike(missing.headers)


@pytest.mark.parametrize("below", ["", "/history", "/favourites", "/reblogs", "/quotes"])
async def test_nobody_is_shown_as_the_author_of_anothers_post(
    visitor: Visitor, alice: Person, bob: Person, below: str
) -> None:
    post = make_status(alice, "Mine.")

    wrong = await visitor.get(f"/@bob/{post.id}{below}")

    assert (wrong.status, wrong.headers["Location"]) == (302, f"/@alice/{post.id}{below}")
    assert (await visitor.get(f"/@alice/{post.id}{below}")).status == 200


def _alike(headers: dict[str, str]) -> dict[str, str]:
    """Without what differs from one answer to the next in any case."""
    return {
        name: value for name, value in headers.items() if name.lower() not in ("x-request-id", "date", "set-cookie")
    }


async def test_followers_read_a_post_for_followers(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    status = make_status(bob, "For followers.", visibility=Visibility.PRIVATE)

    page = await reader.get(path(status, "bob"))

    assert page.status == 200
    assert page.headers["Cache-Control"] == "private, no-store"


async def test_private_answers_are_left_out_of_a_thread(visitor: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice, "Open.")
    make_status(bob, "@alice Hidden.", in_reply_to_id=status.id, visibility=Visibility.DIRECT)

    assert "Hidden." not in (await visitor.get(path(status))).text


@pytest.mark.parametrize("handle", ["ALICE", "bob", "alice@a.test", "nobody"])
async def test_a_post_has_one_address(visitor: Visitor, alice: Person, bob: Person, handle: str) -> None:
    status = make_status(alice)

    page = await visitor.get(path(status, handle))

    assert (page.status, page.location) == (302, path(status))


async def test_a_boost_leads_to_what_it_shows(visitor: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice)
    with store.transaction():
        boost = reblogs.add(bob.account.id, status.id)

    assert (await visitor.get(path(boost, "bob"))).location == path(status)


async def test_activitypub_gets_the_note_at_the_same_address(
    visitor: Visitor, alice: Person, open_reading: None
) -> None:
    status = make_status(alice, "As a document.")
    secret = make_status(alice, "A secret.", visibility=Visibility.PRIVATE)

    answer = await visitor.get(path(status), Accept="application/activity+json")
    refusal = await visitor.get(path(secret), Accept="application/activity+json")

    assert answer.headers["Content-Type"].startswith("application/activity+json")
    assert f'"id":"{status.uri}"' in answer.text
    assert refusal.status == 404


async def test_visitors_may_keep_a_post_for_seconds(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice)

    first = await visitor.get(path(status))
    again = await visitor.get(path(status), **{"If-None-Match": first.headers["ETag"]})

    assert "public" in first.headers["Cache-Control"]
    assert again.status == 304


async def test_an_edit_is_seen_at_once_and_has_a_history(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice, "Before.")
    await visitor.get(path(status))
    with store.transaction():
        edits.edit(alice.account.id, status.id, Draft(text="After."))

    page = await visitor.get(path(status))
    history = await visitor.get(path(status) + "/history")

    assert "After." in page.text
    assert "Before." not in page.text
    assert [node.text() for node in history.tree.css(".versions .body")] == ["Before. After.", "Before."]
    assert (history.words("del"), history.words("ins")) == ("Before.", "After.")
    assert page.words(".facts a[href$='/history']") == "edited once"
    with store.transaction():
        edits.edit(alice.account.id, status.id, Draft(text="At last."))
    assert (await visitor.get(path(status))).words(".facts a[href$='/history']") == "edited 2 times"


async def test_a_reader_answers_from_the_page(reader: Visitor, alice: Person, bob: Person) -> None:
    make_person("carol")
    status = make_status(bob, "A question for @alice and @carol.")
    other = make_status(bob, "A question for everybody.")

    page = await reader.get(path(status, "bob"))
    after = await reader.follow(await reader.send(page, "/compose", text="My answer to @Bob."))
    await reader.send(await reader.get(path(other, "bob")), "/compose", text="Another.")
    nothing = await reader.send(page, "/compose", text=" ")

    answer = Status.get(Status.in_reply_to == status.id)
    (field,) = page.tree.css("textarea[name=text]")
    assert (page.value("text"), field.attributes["placeholder"]) == ("", "Reply to bob and 1 other")
    assert (answer.account_id, answer.source) == (alice.account.id, "@carol My answer to @Bob.")
    assert "My answer" in after.text
    assert Status.get(Status.in_reply_to == other.id).source == "@bob Another."
    assert (nothing.status, nothing.value("text")) == (422, " ")


async def test_an_answer_keeps_the_visibility_of_what_it_answers(reader: Visitor, bob: Person) -> None:
    status = make_status(bob, "@alice Between us.", visibility=Visibility.DIRECT)

    page = await reader.get(path(status, "bob"))
    await reader.send(page, "/compose", text="Yes.")

    answer = Status.get(Status.in_reply_to == status.id)
    assert (answer.visibility, answer.source) == (Visibility.DIRECT, "@bob Yes.")


async def test_the_post_of_a_remote_person_is_shown_with_a_way_to_ask_for_more(
    reader: Visitor, remote: Callable[..., Account]
) -> None:
    carol = remote("carol")
    status = make_status(carol, "From elsewhere.")

    page = await reader.get(f"/@carol@remote.test/{status.id}")

    assert page.status == 200
    assert page.tree.css_first(f'button[formaction="/statuses/{status.id}/refresh"]') is not None


@pytest.mark.parametrize("choices", [20, 500])
async def test_of_a_strangers_hundreds_of_choices_some_are_shown_and_the_rest_is_where_the_poll_is(
    visitor: Visitor, reader: Visitor, remote: Callable[..., Account], choices: int
) -> None:
    options = tuple((f"Choice {number}", 0) for number in range(choices))
    facts = PollFacts(options=options, multiple=False, voters_count=None, expires_at=None, closed=False)
    url = "https://remote.test/@carol/9"
    status = make_status(remote("carol"), "Which?", poll=facts, url=url)

    for browser in (visitor, reader):
        page = await browser.get(path(status, "carol@remote.test"))

        assert page.words(".poll").count("Choice ") == 20
        (others,) = page.tree.css(f'.poll a[href="{url}"]') or [None]
        assert others is None if choices == 20 else others.text() == "and 480 others"


async def test_asking_other_servers_keeps_nobody_waiting(reader: Visitor, remote: Callable[..., Account]) -> None:
    status = make_status(remote("carol", "nowhere.invalid"), "From elsewhere.")
    where = f"/@carol@nowhere.invalid/{status.id}"

    answer = await reader.press(await reader.get(where), f"/statuses/{status.id}/refresh")

    assert (answer.status, answer.location) == (303, where)
    assert "Other servers are being asked." in (await reader.get(where)).text


async def test_who_favourited_and_boosted_a_post_is_listed(visitor: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice)
    with store.transaction():
        reblogs.add(bob.account.id, status.id)

    assert "@bob" in (await visitor.get(path(status) + "/reblogs")).words(".people")
    assert "Nobody yet" in (await visitor.get(path(status) + "/favourites")).words("main")


async def test_what_somebody_did_with_a_post_is_counted_below_it_and_what_nobody_did_is_not(
    visitor: Visitor, alice: Person, bob: Person
) -> None:
    status = make_status(alice)
    with store.transaction():
        reblogs.add(bob.account.id, status.id)

    page = await visitor.get(path(status))

    assert [one.text() for one in page.tree.css(".facts a")] == ["1 boost"]


# ── reactions ──


async def test_reactions_stand_under_a_post_and_can_be_pressed(
    reader: Visitor, visitor: Visitor, bob: Person
) -> None:
    status = make_status(bob)
    where = path(status, "bob")
    csrf = (await reader.get(where)).value("csrf")

    typed = await reader.post(f"/statuses/{status.id}/react", {"csrf": csrf, "emoji": " 👍 ", "next": where})
    page = await reader.get(where)
    seen = await visitor.get(where)

    assert (typed.status, typed.location) == (303, f"{where}#post-{status.id}")
    (button,) = page.tree.css("article button[name=emoji]")
    assert (button.attributes["aria-pressed"], button.attributes["value"]) == ("true", "👍")
    assert "👍" in seen.words(".chips")
    assert seen.tree.css("button[name=emoji]") == []

    await reader.post(f"/statuses/{status.id}/unreact", {"csrf": csrf, "emoji": "👍"})
    page = await reader.get(where)
    assert page.tree.css("article .chips") == []
    offered = [one.attributes["value"] for one in page.tree.css("#react[popover] button[name=emoji]")]
    assert {"👍", "🎉"} <= set(offered)


async def test_what_is_no_emoji_is_said_to_be_none(reader: Visitor, bob: Person) -> None:
    status = make_status(bob)
    csrf = (await reader.get(f"/@bob/{status.id}")).value("csrf")

    refused = await reader.post(f"/statuses/{status.id}/react", {"csrf": csrf, "emoji": "good"})

    assert refused.status == 422
    assert "not an emoji" in refused.text


async def test_the_community_can_hide_reactions(reader: Visitor, bob: Person) -> None:
    status = make_status(bob)
    where = path(status, "bob")
    csrf = (await reader.get(where)).value("csrf")
    await reader.post(f"/statuses/{status.id}/react", {"csrf": csrf, "emoji": "👍"})
    with store.transaction():
        settings.change({"emoji_reactions": False}, None)

    page = await reader.get(where)

    assert page.tree.css(".chips") == page.tree.css("[name=emoji]") == []
