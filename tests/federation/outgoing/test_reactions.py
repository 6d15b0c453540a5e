"""Reactions with emoji as other servers hear of them (docs/adr/0020-emoji-reactions.md)."""

import pytest

from node.models import Account
from node.services.accounts import featured_tags
from node.services.community import emoji
from node.services.community.emoji import EmojiFacts
from node.services.interactions import reactions
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.speaking import REMOTE, left, speak

SMALL = "https://small.test/users/erin/inbox"


def react(person: Person, status_id: int, name: str) -> None:
    with in_unit():
        reactions.add(person.account.id, status_id, name)


async def test_a_reaction_is_a_like_with_an_emoji_and_its_undo_embeds_it(
    config: object, alice: Person, erin: Account
) -> None:
    status = make_status(erin)
    react(alice, status.id, "👍")
    (told,) = await speak()

    with in_unit():
        reactions.remove(alice.account.id, status.id, "👍")
    *_, undone = await speak()

    document = told.document
    assert (document["type"], document["content"], document["_misskey_reaction"]) == ("Like", "👍", "👍")
    assert (document["object"], document["actor"]) == (status.uri, alice.account.uri)
    assert told.inboxes == {SMALL}
    assert document["to"] == [erin.uri]
    assert undone.document["type"] == "Undo"
    assert undone.document["object"] == {name: value for name, value in document.items() if name != "@context"}
    assert undone.document["@context"] == document["@context"]
    assert left() == []


async def test_followers_hear_of_reactions_to_what_anybody_may_read(
    config: object, alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(carol, alice)
    make_follow(alice, erin)
    react(alice, make_status(erin).id, "👍")
    (told,) = await speak()
    assert told.inboxes == {SMALL, REMOTE}
    assert told.document["cc"] == [alice.account.followers_uri]

    react(alice, make_status(erin, visibility="private").id, "👍")
    *_, hidden = await speak()
    assert (hidden.inboxes, hidden.document["cc"]) == ({SMALL}, [])


@pytest.mark.parametrize("is_own", [True, False])
async def test_a_custom_emoji_takes_its_picture_along(
    config: object, alice: Person, erin: Account, is_own: bool
) -> None:
    status = make_status(erin)
    with in_unit():
        if is_own:
            emoji.create("wave", "wave.png")
        else:
            there = EmojiFacts(
                shortcode="wave", image_url="https://small.test/wave.png", uri="https://small.test/e/1"
            )
            reactions.receive(erin, status.id, "wave", there)
    react(alice, status.id, "wave" if is_own else "wave@small.test")

    (told,) = await speak()

    (tag,) = told.document["tag"]
    assert (told.document["content"], tag["name"], tag["type"]) == (":wave:", ":wave:", "Emoji")
    assert tag["icon"]["url"] == ("https://a.test/media/wave.png" if is_own else "https://small.test/wave.png")


async def test_a_hashtag_on_a_profile_is_told_to_followers(config: object, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    with in_unit():
        view = featured_tags.add(alice.account.id, "Maps")
        featured_tags.add(alice.account.id, "maps")
    (added,) = await speak()
    with in_unit():
        featured_tags.remove(alice.account.id, view.id)
    *_, removed = await speak()

    tag = {"type": "Hashtag", "name": "#Maps", "href": "https://a.test/@alice/tagged/maps"}
    for told, kind in ((added, "Add"), (removed, "Remove")):
        document = told.document
        assert (document["type"], document["object"], document["target"]) == (kind, tag, alice.account.featured_uri)
        assert told.inboxes == {REMOTE}
