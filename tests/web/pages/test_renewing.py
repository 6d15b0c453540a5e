"""Posts of a page that is open, as they are now."""

from node.models import Visibility
from node.services.interactions import favourites
from node.services.relationships import blocks
from node.services.statuses.drafts import PollDraft
from tests.factories import Person, in_unit, make_person
from tests.factories_posts import make_status
from tests.queries import counted_queries
from tests.web.pages.visitor import Visitor
from web.pages import renewing

PATH = "/events/posts"


async def test_posts_are_shown_with_their_counts_of_now(reader: Visitor, bob: Person) -> None:
    status = make_status(bob, "Which?", poll=PollDraft(options=("a", "b"), expires_in_ms=3_600_000))
    other = make_status(bob, "Another one.")
    with in_unit():
        favourites.add(make_person().account.id, status.id)

    page = await reader.get(f"{PATH}?ids={status.id}&ids={other.id}&ids=x&root={other.id}")

    assert page.tree.css_first(f"#post-{status.id} .act.f").attributes["aria-label"] == "Favourite, 1 favourite"
    assert page.tree.css_first(f"#post-{status.id} form.poll") is not None
    assert page.tree.css_first(f"#post-{status.id} .facts") is None
    assert page.tree.css_first(f"#post-{other.id} .facts") is not None
    assert page.tree.css_first("html nav") is None


async def test_what_the_reader_may_not_read_answers_like_what_is_not_there(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    private = make_status(bob, "For followers.", visibility=Visibility.PRIVATE)
    there = make_status(bob, "For all.")
    carol = make_person()
    blocked = make_status(carol, "Not for Alice.")
    with in_unit():
        blocks.block(carol.account.id, alice.account.id)

    page = await reader.get(f"{PATH}?ids={private.id}&ids={there.id}&ids={blocked.id}&ids=5")
    nothing = await reader.get(PATH)

    assert [node.attributes["data-id"] for node in page.tree.css("article")] == [str(there.id)]
    assert (nothing.status, nothing.text) == (200, "")


async def test_visitors_sign_in_first(visitor: Visitor) -> None:
    assert (await visitor.get(f"{PATH}?ids=1")).location.startswith("/auth/sign-in")


async def test_many_cost_no_more_queries_than_few_and_there_is_an_end(reader: Visitor, bob: Person) -> None:
    with in_unit():
        ids = [make_status(bob, f"Number {number}.").id for number in range(renewing.MOST + 2)]
    await reader.get(f"{PATH}?ids={ids[0]}")

    with counted_queries() as few:
        await reader.get(f"{PATH}?ids={ids[1]}")
    with counted_queries() as many:
        page = await reader.get(PATH + "?" + "&".join(f"ids={one}" for one in ids))

    assert len(many) <= len(few)
    assert len(page.tree.css("article")) == renewing.MOST
