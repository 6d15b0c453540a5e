"""Home, and the timelines that everybody may read."""

import pytest

from node import clock, store
from node.models import Account, FollowedTag, Status, Visibility
from node.services.community import settings
from node.services.interactions import bookmarks, favourites, reblogs
from node.services.relationships import lists
from node.services.timelines import markers
from tests.factories import Person, befriend, make_person
from tests.factories_posts import make_status
from tests.queries import counted_queries
from tests.web.pages.visitor import Page, Visitor


@pytest.fixture
def members_only(db: None) -> None:
    with store.transaction():
        settings.change({"public_timelines": False}, None)


async def test_the_local_timeline_shows_public_posts_to_visitors(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "For all.")
    make_status(alice, "Quietly.", visibility=Visibility.UNLISTED)

    page = await visitor.get("/public/local")

    assert "For all." in page.text
    assert "Quietly." not in page.text
    assert "public" in page.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/public/local", "/public", "/tags/birds"])
async def test_an_empty_timeline_says_what_will_be_there(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)

    assert page.status == 200
    assert page.words(".empty")


@pytest.mark.parametrize("path", ["/public/local", "/public", "/tags/birds"])
async def test_a_community_may_keep_its_timelines_for_members(
    visitor: Visitor, reader: Visitor, members_only: None, path: str
) -> None:
    refused = await visitor.get(path)

    assert (refused.status, refused.location) == (303, f"/auth/sign-in?next={path}")
    assert (await reader.get(path)).status == 200


async def test_a_hashtag_has_a_page_in_any_spelling(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "Look, #Birds")

    page = await visitor.get("/tags/bIRDS")

    assert "Look," in page.text
    assert page.tree.css_first('link[type="application/rss+xml"]').attributes["href"] == "/tags/birds.rss"


@pytest.mark.parametrize("name", ["a b", "123", "-", "%00", "x" * 600])
async def test_what_is_no_hashtag_is_a_404(visitor: Visitor, name: str) -> None:
    assert (await visitor.get(f"/tags/{name}")).status == 404


async def test_what_is_empty_leads_on(reader: Visitor, visitor: Visitor) -> None:
    empty = (
        "/bookmarks /favourites /search?q=nothing /requests /follow-requests /announcements /reports /tags/caf%C3%A9"
    )
    pages = [await reader.get(path) for path in empty.split()] + [await visitor.get("/people")]
    *ways, local = [str(page.tree.css_first(".empty a").attributes["href"]) for page in pages]
    written = await reader.get(ways[-1])

    assert [(await reader.get(path)).status for path in ways] == [200] * 8
    assert (await visitor.get(local)).status == 200
    assert written.value("text") == "#café"
    assert (await visitor.get("/tags/caf%C3%A9")).tree.css_first(".empty a") is None


async def test_readers_follow_a_hashtag(reader: Visitor, alice: Person) -> None:
    make_status(alice, "#birds")
    page = await reader.get("/tags/birds")

    followed = await reader.follow(await reader.press(page, "/tags/birds/follow"))
    rows = FollowedTag.select().count()
    await reader.press(followed, "/tags/birds/unfollow")

    assert (rows, FollowedTag.select().count()) == (1, 0)


async def test_home_is_for_who_is_signed_in(visitor: Visitor) -> None:
    page = await visitor.get("/home")

    assert (page.status, page.location) == (303, "/auth/sign-in?next=/home")


async def test_an_empty_home_says_what_will_be_there(reader: Visitor) -> None:
    assert (await reader.get("/home")).words(".empty")


async def test_home_shows_posts_of_those_who_are_followed(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    make_status(bob, "From Bob.")

    page = await reader.get("/home")

    assert "From Bob." in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


async def test_beside_home_stand_what_is_talked_about_and_whom_friends_follow(
    reader: Visitor, alice: Person, bob: Person, talk: Status
) -> None:
    dora, erin = make_person("dora"), make_person("erin")
    befriend(alice.account, bob.account)
    befriend(bob.account, dora.account)
    with store.transaction():
        Account.update(discoverable=True).where(Account.id == dora.account.id).execute()
    make_status(erin, "Not to be found.")

    page = await reader.get("/home")

    (text,) = page.tree.css("form[action='/compose'] textarea[name=text]")
    assert text.text() == ""
    assert "#storm" in page.words(".trend")
    assert "dora" in page.words("aside .people")
    assert "Followed by bob" in page.words("aside .people")
    assert "erin" not in page.words("aside .people")


async def test_opening_home_moves_no_marker_and_saying_so_does(reader: Visitor, alice: Person) -> None:
    status = make_status(alice, "Mine.")
    page = await reader.get("/home")
    before = markers.last_read(alice.account.id, "home")

    await reader.send(page, "/home/read")

    assert (before, markers.last_read(alice.account.id, "home")) == (0, status.id)


async def test_after_hours_away_home_says_what_was_missed(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    with clock.frozen(clock.now_ms() - 5 * clock.HOUR):
        read = make_status(bob, "Read.")
        with store.transaction():
            markers.set_read(alice.account.id, "home", read.id)
    make_status(bob, "Missed.")

    page = await reader.get("/home")
    older_first = await reader.get(f"/home?min_id={read.id}")
    with clock.frozen(clock.now_ms() - 3 * clock.HOUR - clock.MINUTE):
        soon = await reader.get("/home")

    assert "While you were away" not in soon.text, "within two hours nobody was away"
    assert "While you were away" in page.text
    assert "You have read up to here" in page.text
    assert "While you were away" not in older_first.text


async def test_a_thread_is_folded_and_can_be_opened(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    status = first = make_status(bob, "Post 1.")
    for number in range(2, 6):
        status = make_status(bob, f"Post {number}.", in_reply_to_id=status.id)
    make_status(bob, "Something else.")

    page = await reader.get("/home")

    fold = page.tree.css_first("details.folded")
    assert "Show 4 more by bob" in fold.css_first("summary").text()
    assert [node.attributes["data-id"] for node in page.tree.css("[data-feed] > article")][1] == str(first.id)
    assert [node.text().strip() for node in fold.css(".body")] == [f"Post {number}." for number in range(2, 6)]


async def test_a_post_that_several_boosted_is_one_entry_that_names_them(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    status = make_status(make_person("dora"), "Worth it.")
    for name in ("carol", "erin", "fred"):
        person = make_person(name)
        befriend(alice.account, person.account)
        await store.write(reblogs.add, person.account.id, status.id)

    with store.transaction():
        Account.update(display_name="<i>Carol</i>").where(Account.username == "carol").execute()
    three = await reader.get("/home")
    befriend(alice.account, bob.account)
    await store.write(reblogs.add, bob.account.id, status.id)
    four = await reader.get("/home")

    assert three.text.count("Worth it.") == 1
    assert three.words(".why") == "<i>Carol</i>, erin and 1 other boosted"
    assert four.words(".why") == "<i>Carol</i>, erin and 2 others boosted"


async def test_oldest_first_begins_at_the_line_and_goes_on(reader: Visitor, alice: Person) -> None:
    made = [make_status(alice, f"Number {number:02}.") for number in range(30)]
    with store.transaction():
        markers.set_read(alice.account.id, "home", made[4].id)

    page = await reader.get("/home?order=oldest")
    link = page.tree.css_first("l-more a").attributes["href"]
    rest = await reader.get(link)
    marked = await reader.send(page, "/home/read")

    assert numbers_in(page) == list(range(5, 25))
    assert page.tree.css_first("[data-feed] > *").attributes["class"] == "readline"
    assert numbers_in(rest) == list(range(25, 30))
    assert rest.tree.css_first("l-more") is None
    assert rest.tree.css_first(".readline") is None
    assert marked.location == "/home?order=oldest"
    assert numbers_in(await reader.follow(marked)) == list(range(25, 30))


async def test_oldest_first_says_when_there_is_nothing_left(reader: Visitor, alice: Person) -> None:
    status = make_status(alice)
    with store.transaction():
        markers.set_read(alice.account.id, "home", status.id)

    page = await reader.get("/home?order=oldest")

    assert "You have read everything" in page.words(".empty")


async def test_one_may_catch_up_with_one_kind_alone(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    with clock.frozen(clock.now_ms() - 5 * clock.HOUR):
        read = make_status(bob, "Read.")
        with store.transaction():
            markers.set_read(alice.account.id, "home", read.id)
    make_status(bob, "Words.")
    make_status(bob, "An answer.", in_reply_to_id=read.id)

    home = await reader.get("/home")
    chips = {node.text(): node.attributes["href"] for node in home.tree.css(".catch .chip")}
    threads = await reader.get(chips["Threads 1"])
    other = await reader.get("/home?only=nonsense")

    assert list(chips) == ["Everything 2", "Threads 1"]
    assert "An answer." in threads.text
    assert "Words." not in threads.text
    assert threads.tree.css_first(".mark-read") is None  # the others are not read by that
    assert "Words." in other.text


async def test_lists_of_which_something_came_are_counted_and_begin_where_one_stopped(
    reader: Visitor, alice: Person, bob: Person
) -> None:
    dora = make_person("dora")
    befriend(alice.account, bob.account)
    befriend(alice.account, dora.account)
    with store.transaction():
        friends = lists.create(alice.account.id, "<b>Friends</b>")
        lists.create(alice.account.id, "Nobody")
        lists.add_members(alice.account.id, friends.id, [dora.account.id])
    with clock.frozen(clock.now_ms() - 5 * clock.HOUR):
        read = make_status(dora, "Read.")
        with store.transaction():
            markers.set_read(alice.account.id, "home", read.id)
    make_status(dora, "One.")
    make_status(dora, "Two.")
    make_status(bob, "Another.")

    home = await reader.get("/home")
    chips = {node.text(): node.attributes["href"] for node in home.tree.css(".catch .chip")}
    shown = await reader.get(chips["<b>Friends</b> 2"])

    assert list(chips) == ["Everything 3", "<b>Friends</b> 2", "Lists 2"]  # nothing of the list without people
    assert "Two." in shown.text
    assert "Read." not in shown.text


async def test_home_costs_a_fixed_number_of_queries(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    dora = make_person("dora")

    def more(count: int) -> None:
        for number in range(count):
            first = make_status(bob, f"Number {number}.")
            make_status(bob, "Then.", in_reply_to_id=first.id)
            boosted = make_status(dora, f"Boosted {number}.")
            for one in (bob, alice):
                reblogs.add(one.account.id, boosted.id)

    await store.write(more, 8)  # less than a page is looked for in more places
    await reader.get("/home")
    with counted_queries() as few:
        await reader.get("/home")
    await store.write(more, 8)
    await reader.get("/home")
    with counted_queries() as many:
        await reader.get("/home")

    assert len(many) == len(few)


def numbers_in(page: Page) -> list[int]:
    return [int(node.text().strip()[7:9]) for node in page.tree.css("article .body")]


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30])
async def test_a_marker_is_an_id(reader: Visitor, alice: Person, value: str) -> None:
    make_status(alice)
    page = await reader.get("/home")

    answer = await reader.send(page, "/home/read", last_read_id=value)

    assert answer.status == 400
    assert markers.last_read(alice.account.id, "home") == 0


@pytest.mark.parametrize("junk", ["max_id=x", "max_id=-1", f"min_id={'9' * 40}", "max_id=0", "min_id=0", "limit=0"])
@pytest.mark.parametrize("path", ["/home", "/public/local", "/@alice", "/notifications", "/bookmarks"])
async def test_junk_in_a_page_address_is_no_error(reader: Visitor, alice: Person, path: str, junk: str) -> None:
    make_status(alice)

    assert (await reader.get(f"{path}?{junk}")).status == 200


async def test_bookmarks_and_favourites_can_be_searched(reader: Visitor, alice: Person, bob: Person) -> None:
    heron, wren, other = (make_status(bob, text) for text in ("A heron.", "A wren.", "Another heron."))
    for status in (heron, wren):
        await store.write(bookmarks.add, alice.account.id, status.id)
    await store.write(favourites.add, alice.account.id, other.id)

    kept = await reader.get("/bookmarks?q=heron")
    liked = await reader.get("/favourites?q=heron")
    nothing = await reader.get("/bookmarks?q=stork")
    everything = await reader.get("/bookmarks?q=+")

    assert kept.words("article .body") == "A heron."
    assert kept.value("q") == "heron"
    assert liked.words("article .body") == "Another heron."
    assert "stork" in nothing.words(".empty")
    assert everything.words("article .body") == "A wren. A heron."


async def test_lists_are_made_shown_and_deleted(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    empty = await reader.get("/lists")
    made = await reader.send(empty, "/lists", title="Friends")
    (row,) = lists.of_account(alice.account.id)
    with store.transaction():
        lists.add_members(alice.account.id, row.id, [bob.account.id])
    make_status(bob, "In the list.")

    shown = await reader.get(f"/lists/{row.id}")
    question = await reader.get(f"/lists/{row.id}/delete")
    after = await reader.follow(await reader.send(question, f"/lists/{row.id}/delete"))

    assert empty.words(".empty")
    assert made.location == f"/lists/{row.id}/members"
    assert "In the list." in shown.text
    assert "The list is gone." in after.text
    assert lists.of_account(alice.account.id) == []


async def test_a_list_needs_a_title(reader: Visitor, alice: Person) -> None:
    page = await reader.send(await reader.get("/lists"), "/lists", title="  ")

    assert page.status == 422
    assert page.error("title")
    assert lists.of_account(alice.account.id) == []


async def test_lists_of_others_are_not_there(reader: Visitor, bob: Person) -> None:
    with store.transaction():
        row = lists.create(bob.account.id, "Private")

    assert (await reader.get(f"/lists/{row.id}")).status == 404
    assert (await reader.get(f"/lists/{row.id}/delete")).status == 404


async def test_a_visitor_meets_the_about_page_and_a_reader_their_home(
    visitor: Visitor, reader: Visitor, alice: Person
) -> None:
    make_status(alice, "Lately written.")
    with store.transaction():
        settings.change({"description": "We **like** birds.", "contact_account": "alice"}, None)

    page = await visitor.get("/")

    assert page.status == 200
    assert "<strong>like</strong>" in page.text
    assert "Lately written." in page.text
    assert (await reader.get("/")).location == "/home"
    assert (await reader.get("/about")).status == 200


async def test_the_directory_lists_who_wants_to_be_found(visitor: Visitor, alice: Person, bob: Person) -> None:
    with store.transaction():
        Account.update(discoverable=True).where(Account.id == alice.account.id).execute()
    make_status(alice)
    make_status(bob)

    page = await visitor.get("/people")

    assert "@alice" in page.words(".people")
    assert "@bob" not in page.words(".people")
