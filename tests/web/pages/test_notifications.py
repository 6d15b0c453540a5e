"""Notifications and conversations."""

from node import store
from node.models import Conversation, Notification, Visibility
from node.services.interactions import favourites, reactions
from node.services.timelines import markers
from tests.factories import Person, make_person
from tests.factories_posts import make_status
from tests.web.pages.visitor import Visitor


async def test_without_notifications_the_page_says_what_will_be_there(reader: Visitor) -> None:
    assert (await reader.get("/notifications")).words(".empty")


async def test_favourites_of_one_post_are_one_entry(reader: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice, "Liked.")
    dora = make_person("dora")
    with store.transaction():
        favourites.add(bob.account.id, status.id)
        favourites.add(dora.account.id, status.id)

    page = await reader.get("/notifications")

    assert len(page.tree.css(".group")) == 1
    assert "bob" in page.words(".said")
    assert "dora" in page.words(".said")


async def test_a_reaction_is_told_with_its_emoji(reader: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice, "Liked.")
    await store.write(reactions.add, bob.account.id, status.id, "🎉")
    alone = await reader.get("/notifications")
    await store.write(reactions.add, make_person("dora").account.id, status.id, "👍")
    together = await reader.get("/notifications")

    assert alone.words(".said").startswith("bob reacted to your post 🎉")
    assert "dora" in together.words(".said")
    assert "🎉" not in together.words(".said"), "none stands for all"


async def test_a_mention_is_shown_as_the_post_it_is(reader: Visitor, bob: Person) -> None:
    make_status(bob, "@alice Look here.")

    page = await reader.get("/notifications?type=mention")

    assert "Look here." in page.words(".post")


async def test_mentions_alone_are_shown_to_who_asks_for_them(reader: Visitor, alice: Person, bob: Person) -> None:
    make_status(bob, "@alice Look here.")
    await store.write(favourites.add, bob.account.id, make_status(alice, "Liked.").id)

    page = await reader.get("/notifications?type=mention")
    unread = markers.last_read(alice.account.id, "notifications")
    everything = await reader.get("/notifications")

    assert [one.text() for one in page.tree.css(".tabs [aria-current]")] == ["Mentions"]
    assert ("Look here." in page.text, "Liked." in page.text) == (True, False)
    assert ("Look here." in everything.text, "Liked." in everything.text) == (True, True)
    assert unread == 0  # the others have not been seen by that


async def test_who_has_seen_the_page_has_read_it_and_a_prefetch_has_not(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    make_status(bob, "@alice Look here.")

    await reader.get("/notifications", **{"Sec-Purpose": "prefetch"})
    prefetched = markers.last_read(alice.account.id, "notifications")
    first = await reader.get("/notifications")
    second = await reader.get("/notifications")

    assert prefetched == 0
    assert first.tree.css_first(".told.unread") is not None
    assert second.tree.css_first(".told.unread") is None


async def test_notifications_are_cleared_after_a_question(reader: Visitor, bob: Person) -> None:
    make_status(bob, "@alice Look here.")
    question = await reader.get("/notifications/clear")

    await reader.send(question, "/notifications/clear")

    assert Notification.select().count() == 0


async def test_one_group_is_dismissed(reader: Visitor, alice: Person, bob: Person) -> None:
    make_status(bob, "@alice One.")
    make_status(bob, "@alice Two.")
    csrf = (await reader.get("/compose")).value("csrf")
    row = Notification.select().order_by(Notification.id).get()

    answer = await reader.post(f"/notifications/ungrouped-{row.id}/dismiss", {"csrf": csrf})
    nonsense = await reader.post("/notifications/nonsense/dismiss", {"csrf": csrf})

    assert answer.status == nonsense.status == 303
    assert Notification.select().count() == 1


async def test_an_unknown_type_shows_everything(reader: Visitor, bob: Person) -> None:
    make_status(bob, "@alice Look here.")

    assert "Look here." in (await reader.get("/notifications?type=<script>")).text


async def test_direct_messages_are_conversations(reader: Visitor, alice: Person, bob: Person) -> None:
    empty = await reader.get("/conversations")
    make_status(bob, "@alice Between us.", visibility=Visibility.DIRECT)

    page = await reader.get("/conversations")

    assert empty.words(".empty")
    assert "Between us." in page.words(".talks")
    badges = [one.text().strip(", ") for one in page.tree.css("nav a[href='/conversations'] .badge")]
    assert set(badges) == {"1 unread"}


async def test_conversations_are_read_and_deleted_by_their_owner_alone(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    make_status(bob, "@alice Between us.", visibility=Visibility.DIRECT)
    mine = Conversation.get(Conversation.account == alice.account.id)
    theirs = Conversation.get(Conversation.account == bob.account.id)
    csrf = (await reader.get("/compose")).value("csrf")

    read = await reader.post(f"/conversations/{mine.id}/read", {"csrf": csrf})
    unread = Conversation.get_by_id(mine.id).unread
    foreign = await reader.post(f"/conversations/{theirs.id}/delete", {"csrf": csrf})
    await reader.post(f"/conversations/{mine.id}/delete", {"csrf": csrf})

    assert (read.status, unread, foreign.status) == (303, False, 404)
    assert [row.id for row in Conversation.select()] == [theirs.id]
