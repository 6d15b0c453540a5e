"""A profile: for visitors, for readers, for its owner."""

from collections.abc import Callable

import msgspec
import pytest

from node import clock, store
from node.models import Account, Visibility
from node.services.accounts import featured_tags
from node.services.interactions import pins
from node.services.relationships import blocks
from node.services.statuses import deletion
from tests.factories import Person, befriend, make_person
from tests.factories_posts import jobs_of, last_sunday_evening, make_follow, make_media, make_status
from tests.queries import counted_queries
from tests.web.pages.visitor import Visitor
from web.pages import visitors


@pytest.fixture
def linking(remote: Callable[..., Account]) -> Account:
    """Somebody elsewhere whose profile links to a page; looked at just now, so that nobody is asked about it again."""
    link = {"name": "Web", "value": '<a href="https://w.test/">https://w.test/</a>', "source": ""}
    return remote("wanda", fields=msgspec.json.encode([link]).decode(), fetched_at=clock.now_ms())


async def test_a_visitor_reads_a_profile_and_what_is_public_on_it(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "A public word.")
    make_status(alice, "A quiet word.", visibility=Visibility.UNLISTED)
    make_status(alice, "A word for followers.", visibility=Visibility.PRIVATE)

    page = await visitor.get("/@alice")

    assert page.status == 200
    assert "A public word." in page.text
    assert "A quiet word." in page.text
    assert "followers." not in page.words(".post")
    assert page.tree.css_first('link[rel=alternate][type="application/activity+json"]') is not None
    assert page.tree.css_first('meta[property="og:title"]').attributes["content"] == "alice (@alice@a.test)"


async def test_a_profile_says_more_about_somebody_on_a_page_of_its_own(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "A public word.")

    page = await visitor.get("/@alice/about")

    assert page.words(".tabs [aria-current]") == "About"
    assert "Handle@alice@a.test" in page.words(".keys")
    assert "Anyone may follow" in page.words(".keys")
    assert "A public word." not in page.text
    assert (await visitor.get("/@nobody/about")).status == 404


async def test_what_is_counted_has_the_form_that_goes_with_its_number(visitor: Visitor, alice: Person) -> None:
    make_status(alice, "A first word.")
    one = (await visitor.get("/@alice")).words(".counts")
    visitors.forget()
    make_status(alice, "A second word.")
    two = (await visitor.get("/@alice")).words(".counts")

    assert "1 post0 following0 followers" in one
    assert "2 posts" in two


async def test_links_of_a_profile_are_looked_at_when_somebody_signed_in_opens_it(
    reader: Visitor, visitor: Visitor, linking: Account
) -> None:
    await visitor.get(f"/@{linking.username}@{linking.domain}")
    assert jobs_of("verify_links") == []

    for _ in range(2):
        await reader.get(f"/@{linking.username}@{linking.domain}")

    assert [job.subject for job in jobs_of("verify_links")] == [linking.id]


async def test_a_verified_line_says_so(visitor: Visitor, alice: Person) -> None:
    line = {"name": "Web", "value": '<a href="https://w.test">https://w.test</a>', "source": "https://w.test"}
    with store.transaction():
        fields = msgspec.json.encode([line | {"verified_at": 5}, line | {"verified_at": None}]).decode()
        Account.update(fields=fields).where(Account.id == alice.account.id).execute()

    page = await visitor.get("/@alice")

    assert [one.text(strip=True) for one in page.tree.css("dl.fields dd")] == [
        "Verified:https://w.test",
        "https://w.test",
    ]


async def test_the_rhythm_of_posting_is_drawn_and_said(visitor: Visitor, remote: Callable[..., Account]) -> None:
    wanda = remote("wanda", fetched_at=clock.now_ms())
    for days in (1, 9, 9, 9):
        make_status(wanda, "Now and then.", created_at=clock.now_ms() - days * clock.DAY)

    page = await visitor.get("/@wanda@remote.test")

    assert "About 2 posts a week." in page.words("aside")
    (bars,) = page.tree.css("aside .bars")
    assert bars.attributes["aria-label"] == "Posts per week over the last 2 weeks, between 1 and 3; 1 this week"


async def test_when_somebody_posts_most_is_said_where_it_is_a_habit(
    visitor: Visitor, remote: Callable[..., Account]
) -> None:
    wanda = remote("wanda", fetched_at=clock.now_ms())
    for week in range(4):
        make_status(wanda, "Home again.", created_at=last_sunday_evening() - week * 7 * clock.DAY)

    page = await visitor.get("/@wanda@remote.test")

    assert "About 1 post a week, most on Sunday evening (UTC)." in page.words("aside")


async def test_who_moved_and_who_is_remembered_are_told_apart(
    visitor: Visitor, alice: Person, bob: Person, remote: Callable[..., Account]
) -> None:
    wanda = remote("wanda")
    with store.transaction():
        Account.update(moved_to=wanda.id).where(Account.id == alice.account.id).execute()
        Account.update(memorial=True).where(Account.id == bob.account.id).execute()

    moved, remembered = await visitor.get("/@alice"), await visitor.get("/@bob")

    assert moved.words(".notice") == "alice has moved to @wanda@remote.test."
    assert moved.tree.css_first(".notice a").attributes["href"] == "/@wanda@remote.test"
    assert remembered.words(".notice") == "In memory of bob."


async def test_an_empty_profile_says_so(visitor: Visitor, alice: Person) -> None:
    page = await visitor.get("/@alice")

    assert "Nothing here yet." in page.words("main")


async def test_followers_read_what_is_for_them(reader: Visitor, alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    make_status(bob, "Only for followers.", visibility=Visibility.PRIVATE)

    page = await reader.get("/@bob")

    assert "Only for followers." in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


async def test_visitors_may_keep_a_profile_for_seconds_and_ask_whether_it_changed(
    visitor: Visitor, alice: Person
) -> None:
    first = await visitor.get("/@alice")
    again = await visitor.get("/@alice", **{"If-None-Match": first.headers["ETag"]})
    from_a_proxy = f'"of another page", {first.headers["ETag"].removeprefix("W/")}'
    through_a_proxy = await visitor.get("/@alice", **{"If-None-Match": from_a_proxy})

    assert first.headers["Cache-Control"] == "public, max-age=10"
    assert {"Accept", "Cookie"} <= set(first.headers["Vary"].split(", "))
    assert "Set-Cookie" not in first.headers
    assert (again.status, again.text, through_a_proxy.status) == (304, "", 304)


async def test_who_takes_it_packed_gets_it_so_and_others_read_the_same(visitor: Visitor, alice: Person) -> None:
    packed = await visitor.get("/@alice", **{"Accept-Encoding": "br, gzip"})
    plain = await visitor.get("/@alice", **{"Accept-Encoding": "gzip;q=0, identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(packed.text.encode()) / 2
    assert "Content-Encoding" not in plain.headers
    assert (plain.text, plain.headers["ETag"]) == (packed.text, packed.headers["ETag"])
    assert "Accept-Encoding" in packed.headers["Vary"].split(", ")


async def test_what_a_reader_gets_is_packed_but_for_who_comes_from_another_site(
    reader: Visitor, alice: Person
) -> None:
    """docs/adr/0051: whose page led here could try words, and learn by the length which of them is in the reader's."""
    asked, led, refused = [
        await reader.get(path, **{"Accept-Encoding": "gzip", "Sec-Fetch-Site": site})
        for path, site in (("/@alice", "none"), ("/@alice", "cross-site"), ("/@nobody", "none"))
    ]

    assert ["Content-Encoding" in page.headers for page in (asked, led, refused)] == [True, False, False]
    assert 'name="csrf"' in asked.text
    assert 'name="csrf"' in led.text


async def test_a_new_post_is_on_the_profile_at_once(visitor: Visitor, alice: Person) -> None:
    await visitor.get("/@alice")
    make_status(alice, "Just now.")

    assert "Just now." in (await visitor.get("/@alice")).text


async def test_a_deleted_post_is_gone_from_the_profile_at_once(visitor: Visitor, alice: Person) -> None:
    status = make_status(alice, "Soon gone.")
    await visitor.get("/@alice")
    with store.transaction():
        deletion.delete(alice.account.id, status.id)

    assert "Soon gone." not in (await visitor.get("/@alice")).text


async def test_pinned_posts_come_first(visitor: Visitor, alice: Person) -> None:
    pinned = make_status(alice, "The pinned one.")
    make_status(alice, "A later one.")
    with store.transaction():
        pins.add(alice.account.id, pinned.id)

    page = await visitor.get("/@alice")

    assert page.text.index("The pinned one.") < page.text.index("A later one.")


async def test_tabs_show_replies_and_media(visitor: Visitor, alice: Person, bob: Person) -> None:
    parent = make_status(bob, "A question.")
    make_status(alice, "@bob An answer.", in_reply_to_id=parent.id)
    make_status(alice, "A picture.", media_ids=(make_media(alice).id,))

    posts = await visitor.get("/@alice")
    replies = await visitor.get("/@alice/replies")
    media = await visitor.get("/@alice/media")

    assert "An answer." not in posts.words(".post")
    assert "An answer." in replies.words(".post")
    assert media.words(".post .body") == "A picture."


async def test_a_profile_has_the_sections_that_its_owner_wants(
    visitor: Visitor, reader: Visitor, alice: Person, bob: Person
) -> None:
    make_status(alice, "A picture.", media_ids=(make_media(alice).id,))
    parent = make_status(bob, "A question.")
    make_status(alice, "@bob A picture, too.", in_reply_to_id=parent.id, media_ids=(make_media(alice).id,))
    with store.transaction():
        featured_tags.add(alice.account.id, "gorse")

    async def seen(**wish: str | None) -> tuple[list[str], str, int]:
        await reader.send(await reader.get("/settings/privacy"), "/settings/privacy", **wish)
        page, media = await visitor.get("/@alice"), await visitor.get("/@alice/media")
        tabs = [link.attributes["href"].rpartition("/")[2] for link in page.tree.css(".tabs a")]
        return tabs, media.words(".post"), len(page.tree.css(".side .chip"))

    every, pictures, chips = await seen()
    fewer, own_pictures, _ = await seen(show_media_replies=None)
    few, _, no_chips = await seen(show_media=None, show_featured=None)

    assert every == fewer == ["@alice", "replies", "media", "collections", "about"]
    assert ("too" in pictures, "too" in own_pictures, "A picture." in own_pictures) == (True, False, True)
    assert (few, chips, no_chips) == (["@alice", "replies", "about"], 1, 0)


async def test_older_posts_are_a_link_away(visitor: Visitor, alice: Person) -> None:
    with store.transaction():
        for number in range(25):
            make_status(alice, f"Number {number}.")

    page = await visitor.get("/@alice")
    older = page.tree.css_first('a[rel="next"]').attributes["href"]
    rest = await visitor.get(str(older))

    assert "Number 4." not in page.words(".post")
    assert "Number 4." in rest.words(".post")
    assert rest.tree.css_first('a[rel="next"]') is None


@pytest.mark.parametrize("path", ["/@nobody", "/@nobody@elsewhere.test", "/@", "/@alice/nothing", "/@alice@@"])
async def test_who_is_not_there_is_a_404(visitor: Visitor, alice: Person, path: str) -> None:
    assert (await visitor.get(path)).status == 404


@pytest.mark.parametrize("path", ["/@ALICE", "/@alice@a.test", "/@Alice@A.test"])
async def test_a_profile_has_one_address(visitor: Visitor, alice: Person, path: str) -> None:
    page = await visitor.get(path)

    assert (page.status, page.location) == (301, "/@alice")


async def test_a_suspended_and_a_deleted_account_are_gone(visitor: Visitor, alice: Person, bob: Person) -> None:
    with store.transaction():
        Account.update(suspended_at=clock.now_ms()).where(Account.id == alice.account.id).execute()
        Account.update(deleted_at=clock.now_ms()).where(Account.id == bob.account.id).execute()

    suspended, deleted = await visitor.get("/@alice"), await visitor.get("/@bob")

    assert (suspended.status, deleted.status) == (410, 410)
    assert "This account is suspended." in suspended.words("main")
    assert "This account has been deleted." in deleted.words("main")


async def test_the_profile_of_a_remote_account_is_not_for_search_engines(
    visitor: Visitor, remote: Callable[..., Account]
) -> None:
    remote("carol")

    page = await visitor.get("/@carol@remote.test")

    assert page.status == 200
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"


async def test_who_wants_to_be_found_may_be_indexed(visitor: Visitor) -> None:
    make_person("dora", indexable=True)

    assert "X-Robots-Tag" not in (await visitor.get("/@dora")).headers


@pytest.mark.parametrize(
    "accept",
    [
        "application/activity+json",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "application/activity+json, text/html;q=0.5",
    ],
)
async def test_activitypub_gets_the_actor_at_the_same_address(
    visitor: Visitor, alice: Person, open_reading: None, accept: str
) -> None:
    answer = await visitor.get("/@alice", Accept=accept)

    assert answer.headers["Content-Type"].startswith("application/activity+json")
    assert "Accept" in answer.headers["Vary"]
    assert f'"id":"{alice.account.uri}"' in answer.text


async def test_who_is_blocked_reads_nothing(reader: Visitor, alice: Person, bob: Person) -> None:
    make_status(bob, "Not for Alice.")
    with store.transaction():
        blocks.block(bob.account.id, alice.account.id)

    assert "Not for Alice." not in (await reader.get("/@bob")).text


async def test_readers_follow_from_a_profile_and_unfollow(reader: Visitor, bob: Person) -> None:
    page = await reader.get("/@bob")

    followed = await reader.follow(await reader.press(page, f"/accounts/{bob.account.id}/follow"))
    unfollowed = await reader.follow(await reader.press(followed, f"/accounts/{bob.account.id}/unfollow"))

    assert f"/accounts/{bob.account.id}/unfollow" in followed.text
    assert f"/accounts/{bob.account.id}/follow" in unfollowed.text


async def test_followers_and_followed_people_are_listed(visitor: Visitor, alice: Person, bob: Person) -> None:
    make_follow(bob, alice)

    followers = await visitor.get("/@alice/followers")
    following = await visitor.get("/@bob/following")
    nobody = await visitor.get("/@alice/following")

    assert "@bob" in followers.words(".people")
    assert "@alice" in following.words(".people")
    assert "Nobody yet" in nobody.words("main")


async def test_hidden_collections_stay_hidden(visitor: Visitor, alice: Person) -> None:
    make_follow(make_person("erik", hide_collections=True), alice)

    assert "@alice" not in (await visitor.get("/@erik/following")).words(".people")


async def test_a_token_of_an_app_opens_no_page(
    visitor: Visitor, alice: Person, as_person: Callable[..., dict[str, str]]
) -> None:
    make_status(alice, "For myself.", visibility=Visibility.PRIVATE)

    page = await visitor.get("/@alice", **as_person(alice, "read"))

    assert "For myself." not in page.text


async def test_a_profile_costs_visitors_a_fixed_number_of_queries(visitor: Visitor, alice: Person) -> None:
    with store.transaction():
        for number in range(3):
            make_status(alice, f"#tag Number {number}.")
    await visitor.get("/@alice")
    visitors.forget()

    with counted_queries() as few:
        await visitor.get("/@alice")
    with store.transaction():
        for number in range(12):
            make_status(alice, f"#tag Further number {number}.")
    await visitor.get("/@alice")
    visitors.forget()
    with counted_queries() as many:
        await visitor.get("/@alice")

    assert len(many) == len(few)


async def test_a_remembered_profile_costs_one_query(visitor: Visitor, alice: Person) -> None:
    make_status(alice)
    await visitor.get("/@alice")

    with counted_queries() as statements:
        page = await visitor.get("/@alice")

    assert page.status == 200
    assert len(statements) == 1, statements


async def test_featured_hashtags_lead_to_what_was_written_with_them(
    visitor: Visitor, reader: Visitor, alice: Person
) -> None:
    make_status(alice, "About #gorse.")
    make_status(alice, "About something else.")
    settings = await reader.get("/settings/profile")
    settings = await reader.follow(await reader.send(settings, "/settings/profile/tags", name="Gorse"))

    chip = (await visitor.get("/@alice")).tree.css_first(".side .chip")
    page = await visitor.get(chip.attributes["href"].removeprefix("https://a.test"))

    assert settings.tree.css_first("#tags .chip").text().split() == ["#Gorse", "Take", "off"]
    assert chip.text() == "#Gorse 1"
    assert "About #gorse." in page.words(".post")
    assert "something else" not in page.words(".post")
    assert page.words('.tabs [aria-current="page"]') == "#gorse"


async def test_a_featured_hashtag_is_taken_off_in_the_settings(reader: Visitor, alice: Person) -> None:
    made = await store.write(featured_tags.add, alice.account.id, "gorse")

    page = await reader.get("/settings/profile")
    page = await reader.follow(await reader.send(page, "/settings/profile/tags", remove=str(made.id)))

    assert page.tree.css_first("#tags .chip") is None


async def test_what_is_no_hashtag_is_explained(reader: Visitor) -> None:
    page = await reader.get("/settings/profile")

    page = await reader.follow(await reader.send(page, "/settings/profile/tags", name="two words"))

    assert "This is not a hashtag." in page.words("#live")


@pytest.mark.parametrize("path", ["/@alice/tagged/two%20words", "/@nobody/tagged/gorse", "/@alice/tagged/%00"])
async def test_pages_of_what_is_no_hashtag_are_not_there(visitor: Visitor, alice: Person, path: str) -> None:
    assert (await visitor.get(path)).status == 404


async def test_a_hashtag_that_somebody_never_used_has_an_empty_page(visitor: Visitor, alice: Person) -> None:
    page = await visitor.get("/@alice/tagged/gorse")

    assert (page.status, page.words(".empty")) == (200, "Nothing here yet.")


async def test_people_recommend_whom_they_follow_on_their_profile(
    visitor: Visitor, reader: Visitor, alice: Person, bob: Person
) -> None:
    befriend(alice.account, bob.account)

    page = await reader.get("/@bob")
    page = await reader.follow(await reader.press(page, f"/accounts/{bob.account.id}/endorse"))

    assert "Recommend no more" in page.words("#menu-account")
    assert "Recommends" in (await visitor.get("/@alice")).words(".side h2")

    await reader.press(page, f"/accounts/{bob.account.id}/unendorse")
    visitors.forget()

    assert "Recommends" not in (await visitor.get("/@alice")).words(".side h2")


async def test_nobody_recommends_whom_they_do_not_follow(reader: Visitor, bob: Person) -> None:
    page = await reader.get("/@bob")

    assert page.tree.css_first(f'[formaction="/accounts/{bob.account.id}/endorse"]') is None
