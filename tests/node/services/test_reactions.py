"""Emoji under statuses: who may, how many, and what is counted."""

from typing import Any

import pytest

from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind
from node.models import CustomEmoji, EmojiReaction, Favourite, Notification
from node.services import accounts
from node.services.community import emoji, settings
from node.services.community.emoji import EmojiFacts
from node.services.interactions import reactions
from node.services.notifications import telling as notifications
from node.services.relationships import blocks
from node.services.statuses import view as status_view
from tests.factories import Person, make_person, make_remote, payload_of, waiting_jobs
from tests.factories_posts import fresh, make_follow, make_status
from tests.queries import counted_queries

pytestmark = pytest.mark.usefixtures("unit")

BLOB = EmojiFacts(shortcode="blobcat", image_url="https://remote.test/blobcat.png")


def shown(viewer: Person | None, status: Any) -> list[tuple[str, int, bool]]:
    view = status_view.one(None if viewer is None else viewer.account.id, status.id)
    return [(one.name, one.count, one.mine) for one in view.reactions]


def test_reactions_are_counted_once_each_and_taken_back(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    for name in ("👍", "👍", "❤", "❤️"):
        reactions.add(bob.account.id, status.id, name)
    reactions.add(alice.account.id, status.id, "👍")

    assert shown(bob, status) == [("👍", 2, True), ("❤️", 1, True)]
    assert shown(None, status) == [("👍", 2, False), ("❤️", 1, False)]
    assert [(row.kind, row.sender) for row in Notification.select()] == [("emoji_reaction", bob.account.id)]

    reactions.remove(bob.account.id, status.id, "👍")
    assert Notification.select().count() == 1
    reactions.remove(bob.account.id, status.id, "❤")
    reactions.remove(bob.account.id, status.id, "❤")
    assert shown(bob, status) == [("👍", 1, False)]
    assert Notification.select().count() == 0


@pytest.mark.parametrize("name", ["", "good", ":nothing:", "👍👍", "blobcat@remote.test", "<b>"])
def test_what_is_no_emoji_here_is_refused(alice: Person, bob: Person, name: str) -> None:
    status = make_status(alice)

    with pytest.raises(Invalid):
        reactions.add(bob.account.id, status.id, name)

    assert fresh(status).reactions == "[]"


def test_own_emoji_and_those_that_are_there_may_be_used(alice: Person, bob: Person) -> None:
    status, carol = make_status(alice), make_remote("carol")
    emoji.create("wave", "wave.png")
    reactions.receive(carol, status.id, "blobcat", BLOB, uri="https://remote.test/1")

    reactions.add(bob.account.id, status.id, ":wave:")
    reactions.add(bob.account.id, status.id, "blobcat@remote.test")

    assert shown(bob, status) == [("blobcat@remote.test", 2, True), ("wave", 1, True)]
    assert CustomEmoji.get(CustomEmoji.domain == "remote.test").image_remote_url == BLOB.image_url


def test_a_hidden_status_is_no_more_than_one_that_is_not_there(alice: Person, bob: Person) -> None:
    status = make_status(alice, visibility="private")

    for attempt in (reactions.add, reactions.remove):
        with pytest.raises(NotFound):
            attempt(bob.account.id, status.id, "👍")
    with pytest.raises(NotFound):
        reactions.of_status(bob.account.id, status.id)
    assert not reactions.receive(make_remote(), status.id, "👍", None)

    make_follow(bob, alice.account)
    reactions.add(bob.account.id, status.id, "👍")
    assert shown(alice, status) == [("👍", 1, False)]


def test_there_are_limits_for_each_and_for_all(alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "MAX_EMOJI", 5)
    status, carol = make_status(alice), make_remote("carol")
    for name in "😀😁😂😃😄":
        reactions.add(bob.account.id, status.id, name)
    with pytest.raises(Invalid, match="already"):
        reactions.add(bob.account.id, status.id, "😅")
    with pytest.raises(Invalid, match="too many"):
        reactions.add(alice.account.id, status.id, "😅")

    reactions.add(alice.account.id, status.id, "😀")
    reactions.receive(carol, status.id, "😅", None)

    assert len(shown(None, status)) == 5
    assert [row.account_id for row in Favourite.select()] == [carol.id]


def test_where_they_are_hidden_they_are_favourites(alice: Person, bob: Person) -> None:
    status, carol, dave = make_status(alice), make_remote("carol"), make_remote("dave")
    reactions.receive(carol, status.id, "👍", None)
    settings.change({"emoji_reactions": False}, None)

    reactions.receive(dave, status.id, "👍", None)

    with pytest.raises(Forbidden):
        reactions.add(bob.account.id, status.id, "👍")
    assert shown(bob, status) == reactions.of_status(bob.account.id, status.id) == []
    assert fresh(status).favourites_count == 1


def test_what_an_account_did_goes_with_it(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    reactions.add(bob.account.id, status.id, "👍")
    reactions.add(alice.account.id, status.id, "👍")

    accounts.delete_local(bob.account.id)

    assert shown(None, status) == [("👍", 1, False)]
    assert EmojiReaction.select().count() == 1


def test_who_reacted_is_listed_without_those_whom_the_reader_blocks(alice: Person, bob: Person) -> None:
    status, carol = make_status(alice), make_person("carol")
    for person in (bob, carol):
        reactions.add(person.account.id, status.id, "👍")
    blocks.block(alice.account.id, carol.account.id)

    assert reactions.of_status(alice.account.id, status.id) == [("👍", [bob.account.id])]
    assert reactions.of_status(None, status.id, "👍") == [("👍", [bob.account.id, carol.account.id])]
    assert reactions.of_status(None, status.id, "❤") == []


def test_other_nodes_are_told_once_of_each(alice: Person) -> None:
    status = make_status(make_remote("carol"))

    reactions.add(alice.account.id, status.id, "👍")
    reactions.add(alice.account.id, status.id, "👍")
    reactions.remove(alice.account.id, status.id, "👍")

    (told,), (untold,) = waiting_jobs(JobKind.SEND_REACTION), waiting_jobs(JobKind.SEND_UNREACTION)
    assert payload_of(untold)["reaction_id"] == told.subject
    assert payload_of(untold)["object_uri"] == status.uri


def test_nobody_else_is_told_of_what_stays_here(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    reactions.add(bob.account.id, status.id, "👍")
    assert waiting_jobs(JobKind.SEND_REACTION) == []

    make_follow(make_remote(), bob.account)
    reactions.add(bob.account.id, status.id, "❤")
    assert len(waiting_jobs(JobKind.SEND_REACTION)) == 1


def test_a_timeline_with_reactions_costs_one_query_more_whatever_there_is(alice: Person, bob: Person) -> None:
    statuses = [make_status(alice) for _ in range(10)]
    ids = [status.id for status in statuses]
    status_view.load(ids, bob.account.id)
    with counted_queries() as before:
        status_view.load(ids, bob.account.id)
    for status in statuses:
        reactions.add(bob.account.id, status.id, "👍")

    with counted_queries() as after:
        status_view.load(ids, bob.account.id)

    assert len(after) == len(before) + 1


def test_the_newest_emoji_of_a_notification_is_known(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    for name in ("👍", "🎉"):
        reactions.add(bob.account.id, status.id, name)
    row = Notification.get()

    assert notifications.get(alice.account.id, row.id).kind == "emoji_reaction"
    assert reactions.newest([(bob.account.id, status.id)]) == {(bob.account.id, status.id): "🎉"}
