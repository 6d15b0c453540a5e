"""Communities of other software, the whole way: from what is sent to the page of somebody here who follows them."""

from collections.abc import AsyncIterator

import pytest

from node.models import Account, ActorKind, Follow
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import Elsewhere, Here
from tests.federation.incoming.stage import Stage
from tests.web.conftest import Client
from tests.web.pages.visitor import Visitor

# What is sent.
COMMUNITIES = {
    "lemmy": ["accept_follow", "announce_create_page", "create_comment", "announce_like", "announce_lock"],
    "piefed": ["accept_follow", "announce_create_question"],
    "mbin": ["accept_follow", "announce_create_page", "announce_create_picture", "announce_create_comment"],
    "nodebb": ["accept_follow", "announce_create_article", "announce_article"],
    "discourse": ["accept_follow", "announce_create_note"],
}
# The community, and of each post that it passes on the author, the heading and what else stands there.
SHOWN = {
    "lemmy": ("Lichens", [("ada", "Xanthoria & friends", "")]),
    "piefed": ("Crusts", [("pia", "Best crust?", "Choose well.")]),
    "mbin": ("Shiny things", [("ulf", "A spoon", ""), ("ulf", "How foil is made", "Rolled, not hammered.")]),
    "nodebb": ("General", [("jul", "A question of keys", "Which one?")]),
    "discourse": ("Plants", [("mae", "Pale fern", "My fern is pale.")]),
}


@pytest.fixture
async def reader(here: Here, alice: Person) -> AsyncIterator[Visitor]:
    async with Client(here.server) as client:
        yield Visitor(client).sign_in(alice)


@pytest.mark.parametrize("software", COMMUNITIES)
async def test_a_community_shows_each_post_once_with_its_title_and_no_answers(
    here: Here, there: Elsewhere, alice: Person, reader: Visitor, software: str
) -> None:
    stage = Stage(here, there, alice, make_status(alice, "Which?"), software)
    await stage.meet()
    with in_unit():
        people = Account.select(Account.id).where(Account.kind != str(ActorKind.GROUP))
        Follow.delete().where(Follow.account == alice.account.id, Follow.target.in_(people)).execute()

    for name in COMMUNITIES[software]:
        await stage.play(name)
    page = await reader.get("/home")

    community, expected = SHOWN[software]
    shown = [one for one in page.tree.css("article") if "Which?" not in one.text()]
    texts = [" ".join(one.text().split()) for one in shown]
    assert len(texts) == len(expected), texts
    for words, (author, title, text) in zip(texts, expected, strict=True):
        assert community in words
        assert f"@{author}@" in words
        assert words.count(title) == 1
        assert text in words
