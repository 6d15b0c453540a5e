"""What somebody's own posts came to."""

from node.models import Status
from node.services.accounts import figures
from tests.factories import Person, in_unit
from tests.factories_posts import make_follow, make_media, make_status
from tests.web.pages.visitor import Visitor

PAGE = "/statistics"


async def test_who_has_written_nothing_is_told_what_will_be_there(reader: Visitor, visitor: Visitor) -> None:
    assert (await reader.get(PAGE)).words(".empty")
    assert (await visitor.get(PAGE)).location.startswith("/auth/sign-in")


async def test_answers_posts_and_followers_are_counted(reader: Visitor, alice: Person, bob: Person) -> None:
    status = make_status(alice, "Mine.", media_ids=(make_media(alice).id,))
    make_status(bob, "Of another.")
    make_follow(bob, alice)
    with in_unit():
        Status.update(favourites_count=3, reblogs_count=2).where(Status.id == status.id).execute()

    found = figures.of(alice.account.id)
    page = await reader.get(PAGE)

    assert (found.posts[-1], sum(found.posts)) == (1, 1)
    assert (found.answers[-1], sum(found.answers)) == (5, 5)
    assert sum(found.follows) == 1
    assert (max(found.hours), found.pictures) == (500, 1)
    assert "5 altogether" in page.words("#sr + .lead")
    assert "1 person has come" in page.words("#sf + .lead")
    assert len(page.tree.css("svg.bars[role=img]")) == 4
    tables = [[row.css("td")[1].text() for row in one.css("tbody tr")] for one in page.tree.css(".as-table table")]
    assert [rows.count("0") + 1 for rows in tables] == [len(rows) for rows in tables]
    assert [next(one for one in rows if one != "0") for rows in tables] == ["5", "1", "1", "500"]
