from collections.abc import Callable

import pytest

from node import clock
from node.errors import NotFound
from node.models import (
    Account,
    AccountDomainBlock,
    Block,
    Feed,
    Follow,
    Job,
    Mute,
    Status,
    User,
    Visibility,
)
from node.paging import Page
from node.services import timelines
from node.services.discovery import tags
from node.services.interactions import bookmarks, favourites, reblogs
from node.services.relationships import lists
from node.services.statuses import loading
from node.services.timelines import fanout, home_rules
from node.services.timelines.by_follows import by_follows
from tests.factories import Person, make_person
from tests.factories_posts import make_follow, make_media, make_status
from tests.queries import counted_queries

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def home(person: Person, **page: int) -> list[int]:
    return timelines.home(person.account.id, Page(**page))


def rebuilt(person: Person) -> list[int]:
    timelines.rebuild(person.account.id)
    return home(person)


def both_ways(person: Person) -> list[int]:
    """What was written into the feed, which is what building it anew gives."""
    written = home(person)
    assert rebuilt(person) == written
    return written


def test_home_has_own_statuses_and_those_of_followed_accounts(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    followed, own = make_status(alice), make_status(bob)
    make_status(make_person("stranger"))

    assert both_ways(bob) == [own.id, followed.id]


def test_home_has_followers_only_statuses_and_direct_ones_that_name_the_reader(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    private = make_status(alice, visibility=Visibility.PRIVATE)
    make_status(alice, "@dora", visibility=Visibility.DIRECT)
    direct = make_status(alice, "@bob", visibility=Visibility.DIRECT)

    assert both_ways(bob) == [direct.id, private.id]


def test_home_has_answers_only_to_people_the_reader_knows(alice: Person, bob: Person) -> None:
    friend, stranger = make_person("friend"), make_person("stranger")
    make_follow(bob, alice)
    make_follow(bob, friend)
    make_follow(make_person("fan"), stranger)
    of_friend, of_stranger, of_bob, own = (make_status(one) for one in (friend, stranger, bob, alice))
    to_friend = make_status(alice, in_reply_to_id=of_friend.id)
    make_status(alice, in_reply_to_id=of_stranger.id)
    to_bob = make_status(alice, in_reply_to_id=of_bob.id)
    to_self = make_status(alice, in_reply_to_id=own.id)

    assert both_ways(bob) == [to_self.id, to_bob.id, to_friend.id, own.id, of_bob.id, of_friend.id]


def test_home_has_boosts_unless_the_reader_left_them_out(alice: Person, bob: Person) -> None:
    dora = make_person("dora")
    make_follow(bob, alice)
    make_follow(dora, alice, show_reblogs=False)
    boost = reblogs.add(alice.account.id, make_status(make_person("stranger")).id)

    assert both_ways(bob) == [boost.id]
    assert both_ways(dora) == []


def test_a_boost_of_what_was_just_seen_is_left_out(alice: Person, bob: Person) -> None:
    dora = make_person("dora")
    for target in (alice, dora):
        make_follow(bob, target)
    status = make_status(alice)
    reblogs.add(dora.account.id, status.id)
    stranger = make_status(make_person("stranger"))
    first = reblogs.add(alice.account.id, stranger.id)
    reblogs.add(dora.account.id, stranger.id)

    assert both_ways(bob) == [first.id, status.id]


def test_an_own_boost_of_what_was_just_seen_is_left_out(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    status = make_status(alice)

    reblogs.add(bob.account.id, status.id)

    assert both_ways(bob) == [status.id]


def test_a_boost_of_what_was_seen_long_ago_is_shown(alice: Person, bob: Person) -> None:
    dora = make_person("dora")
    for target in (alice, dora):
        make_follow(bob, target)
    status = make_status(alice)
    for number in range(home_rules.BOOST_WINDOW):
        make_status(alice, str(number))

    boost = reblogs.add(dora.account.id, status.id)

    assert home(bob, limit=1) == [boost.id]


def refuse(reader: Account, author: Account, relation: str) -> None:
    match relation:
        case "mute":
            Mute.create(account=reader.id, target=author.id, created_at=1)
        case "block":
            Block.create(account=reader.id, target=author.id, created_at=1)
        case "blocked":
            Block.create(account=author.id, target=reader.id, created_at=1)
        case "domain":
            AccountDomainBlock.create(account=reader.id, domain=author.domain)


@pytest.mark.parametrize("relation", ["mute", "block", "blocked", "domain"])
def test_what_the_reader_does_not_want_is_neither_written_nor_shown(
    alice: Person, bob: Person, remote: Remote, relation: str
) -> None:
    followed, boosted = remote("carol", "one.test"), remote("dora", "two.test")
    make_follow(bob, followed)
    make_follow(bob, alice)
    before = [make_status(followed).id, reblogs.add(alice.account.id, make_status(boosted).id).id]
    assert sorted(home(bob)) == sorted(before)

    refuse(bob.account, followed, relation)
    refuse(bob.account, boosted, relation)
    make_status(followed)
    reblogs.add(alice.account.id, make_status(boosted).id)

    assert home(bob) == []
    assert Feed.select().where(Feed.account == bob.account.id).count() == len(before)
    assert rebuilt(bob) == []


def test_a_mute_that_ended_hides_nothing(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    Mute.create(account=bob.account.id, target=alice.account.id, expires_at=clock.now_ms() - 1, created_at=1)

    status = make_status(alice)

    assert both_ways(bob) == [status.id]


def test_a_follow_may_be_for_some_languages(alice: Person, bob: Person) -> None:
    make_follow(bob, alice, languages="de,fr")
    german = make_status(alice, language="de")
    make_status(alice, language="en")
    unknown = make_status(alice, "?")

    assert both_ways(bob) == [unknown.id, german.id]


def test_members_of_an_exclusive_list_are_read_there_alone(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    row = lists.create(bob.account.id, "Birds", exclusive=True)
    lists.add_members(bob.account.id, row.id, [alice.account.id])

    status = make_status(alice)

    assert both_ways(bob) == []
    assert timelines.list_timeline(bob.account.id, row.id, Page()) == [status.id]


def test_a_followed_hashtag_brings_public_statuses_home(alice: Person, bob: Person) -> None:
    tags.follow(bob.account.id, "#Linnets")
    status = make_status(alice, "#linnets")
    make_status(alice, "#linnets", visibility=Visibility.UNLISTED)

    assert home(bob) == [status.id]


def test_feeds_of_the_absent_are_built_when_they_return(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    User.update(last_active_at=clock.now_ms() - home_rules.ACTIVE_MS - 1).where(User.id == bob.user.id).execute()

    status = make_status(alice)

    assert home(bob) == []
    timelines.seen(bob.user.id, bob.account.id)
    assert [(job.kind, job.subject) for job in Job.select()] == [("build_feed", bob.account.id)]
    assert rebuilt(bob) == [status.id]


def test_who_was_here_lately_needs_no_new_feed(bob: Person) -> None:
    timelines.seen(bob.user.id, bob.account.id)

    assert Job.select().count() == 0


def test_an_unfollow_leaves_nothing_behind(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    make_status(alice)
    Follow.delete().execute()

    assert rebuilt(bob) == []


def test_a_feed_is_kept_short_and_reading_goes_on_below_it(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.services.timelines.feed.FEED_SIZE", 3)
    make_follow(bob, alice)
    ids = [make_status(alice, str(number)).id for number in range(6)][::-1]
    Feed.delete().where(Feed.status < ids[2]).execute()  # as full as it may be

    assert home(bob, limit=2) == ids[:2]
    assert home(bob, limit=2, max_id=ids[1]) == ids[2:4]
    assert home(bob, limit=2, max_id=ids[3]) == ids[4:6]
    assert home(bob, limit=2, min_id=0) == ids[4:6]
    assert home(bob, limit=2, min_id=ids[4]) == ids[2:4]
    assert home(bob, limit=4, min_id=ids[2]) == ids[:2]


def test_trimming_keeps_the_newest(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [make_status(alice, str(number)).id for number in range(5)]
    monkeypatch.setattr(fanout, "FEED_SIZE", 3)

    fanout.trim(alice.account.id)

    assert home(alice) == ids[:1:-1]


def test_pages_go_down_and_up(alice: Person) -> None:
    ids = [make_status(alice, str(number)).id for number in range(5)][::-1]

    assert home(alice, limit=2) == ids[:2]
    assert home(alice, limit=2, max_id=ids[1]) == ids[2:4]
    assert home(alice, limit=2, min_id=ids[4]) == ids[2:4]
    assert home(alice, limit=2, since_id=ids[4]) == ids[:2]


# ── public timelines ───────────────────────────────────────────────────────────────────────────────────────────────


def test_public_timelines_have_public_statuses_alone(alice: Person, bob: Person, remote: Remote) -> None:
    here, there = make_status(alice), make_status(remote("carol"))
    reblogs.add(bob.account.id, here.id)
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE, Visibility.DIRECT):
        make_status(alice, visibility=visibility)
    make_status(bob, in_reply_to_id=here.id)
    thread = make_status(alice, in_reply_to_id=here.id)

    assert timelines.public(None, Page()) == [thread.id, there.id, here.id]
    assert timelines.public(None, Page(), local=True) == [thread.id, here.id]
    assert timelines.public(None, Page(), remote=True) == [there.id]
    assert timelines.public(None, Page(limit=2, min_id=here.id - 1)) == [there.id, here.id]


def test_public_timelines_leave_out_the_limited_and_the_unwanted(alice: Person, bob: Person, remote: Remote) -> None:
    make_status(remote("limited", silenced_at=1), "#birds")
    make_status(bob, "#birds")
    Mute.create(account=alice.account.id, target=bob.account.id, created_at=1)

    assert timelines.public(alice.account.id, Page()) == []
    assert timelines.tag(alice.account.id, "birds", Page()) == []
    assert len(timelines.public(None, Page())) == 1


def test_statuses_that_stay_here_are_shown_to_people_of_this_node(alice: Person, bob: Person) -> None:
    status = make_status(alice, "#birds", local_only=True)

    assert timelines.public(bob.account.id, Page()) == [status.id]
    assert timelines.public(None, Page()) == []
    assert timelines.tag(None, "birds", Page()) == []


def test_timelines_can_be_of_pictures_alone(alice: Person) -> None:
    make_status(alice, "#birds")
    picture = make_status(alice, "#birds", media_ids=(make_media(alice).id,))

    assert timelines.public(None, Page(), only_media=True) == [picture.id]
    assert timelines.tag(None, "birds", Page(), only_media=True) == [picture.id]
    assert timelines.account(None, alice.account.id, Page(), only_media=True) == [picture.id]


def test_hashtags_are_combined(alice: Person, remote: Remote) -> None:
    one = make_status(alice, "#a")
    two = make_status(alice, "#a #b")
    three = make_status(remote("carol"), "c", hashtags=("c",))

    assert timelines.tag(None, "A", Page()) == [two.id, one.id]
    assert timelines.tag(None, "a", Page(), any_of=["c"]) == [three.id, two.id, one.id]
    assert timelines.tag(None, "a", Page(), all_of=["b"]) == [two.id]
    assert timelines.tag(None, "a", Page(), none_of=["b"]) == [one.id]
    assert timelines.tag(None, "a", Page(), all_of=["unknown"]) == []
    assert timelines.tag(None, "c", Page(), local=True) == []
    assert timelines.tag(None, "unknown", Page()) == []


# ── one account, lists, what somebody kept ─────────────────────────────────────────────────────────────────────────


def test_an_accounts_timeline_can_be_narrowed(alice: Person, bob: Person) -> None:
    plain = make_status(alice, "#birds")
    answer = make_status(alice, in_reply_to_id=make_status(bob).id)
    boost = reblogs.add(alice.account.id, make_status(bob).id)
    author = alice.account.id

    assert timelines.account(None, author, Page()) == [boost.id, answer.id, plain.id]
    assert timelines.account(None, author, Page(), exclude_replies=True) == [boost.id, plain.id]
    assert timelines.account(None, author, Page(), exclude_reblogs=True) == [answer.id, plain.id]
    assert timelines.account(None, author, Page(), tagged="Birds") == [plain.id]
    assert timelines.account(None, author, Page(), tagged="nothing") == []


@pytest.mark.parametrize(("policy", "shown"), [("list", "member"), ("followed", "both"), ("none", "neither")])
def test_a_list_shows_the_answers_that_its_owner_wants(alice: Person, bob: Person, policy: str, shown: str) -> None:
    member, followed, stranger = make_person("member"), make_person("followed"), make_person("stranger")
    for target in (bob, member, followed):
        make_follow(alice, target)
    row = lists.create(alice.account.id, "Birds", replies_policy=policy)
    lists.add_members(alice.account.id, row.id, [bob.account.id, member.account.id])
    answers = [
        make_status(bob, in_reply_to_id=make_status(one, visibility=Visibility.UNLISTED).id)
        for one in (member, followed, stranger)
    ]

    timeline = timelines.list_timeline(alice.account.id, row.id, Page())

    expected = {"member": {answers[0].id}, "both": {answers[0].id, answers[1].id}, "neither": set()}[shown]
    assert {status_id for status_id in timeline if status_id in {answer.id for answer in answers}} == expected


def test_a_list_has_pages_in_both_directions(alice: Person, bob: Person) -> None:
    make_follow(alice, bob)
    row = lists.create(alice.account.id, "Birds")
    lists.add_members(alice.account.id, row.id, [bob.account.id])
    ids = [make_status(bob, str(number)).id for number in range(5)][::-1]

    def page(**page: int) -> list[int]:
        return timelines.list_timeline(alice.account.id, row.id, Page(**page))

    assert page(limit=2) == ids[:2]
    assert page(limit=2, max_id=ids[1]) == ids[2:4]
    assert page(limit=2, min_id=ids[4]) == ids[2:4]


@pytest.mark.parametrize("limit", [1, 3, 40])
def test_what_many_wrote_is_read_without_gaps_however_far_apart(alice: Person, remote: Remote, limit: int) -> None:
    """Also more of what the reader does not want than one look takes."""
    authors = [remote(name) for name in ("carol", "dave", "erin")]
    row = lists.create(alice.account.id, "Birds")
    lists.add_members(alice.account.id, row.id, [one.id for one in authors])
    now = clock.now_ms()
    ages = [0, *range(1, 8), clock.HOUR, clock.DAY - 1, clock.DAY, clock.DAY + 1]
    ages += [days * clock.DAY for days in (2, 8, 9, 10, 73, 74, 400, 585, 586, 5_000, 15_000)]
    written = [make_status(authors[n % 3], created_at=now - age) for n, age in enumerate(sorted(ages, reverse=True))]
    for age in range(100):
        make_status(authors[0], created_at=now - 3 * clock.DAY - age, visibility=Visibility.DIRECT)
    ids = sorted((one.id for one in written), reverse=True)

    def page(**page: int) -> list[int]:
        return timelines.list_timeline(alice.account.id, row.id, Page(limit=limit, **page))

    down, up = page(), page(min_id=0)
    while following := page(max_id=down[-1]):
        down += following
    while following := page(min_id=up[0]):
        up = following + up
    assert down == up == ids


@pytest.mark.parametrize("is_upward", [False, True])
def test_what_many_wrote_costs_the_same_queries_however_much_that_is(
    alice: Person, remote: Remote, is_upward: bool
) -> None:
    """One for the list itself, and three, also where most of it is not wanted, or nothing is for a hundred years."""
    carol, dave = remote("carol"), remote("dave")
    row = lists.create(alice.account.id, "Birds")
    lists.add_members(alice.account.id, row.id, [carol.id, dave.id])
    now = clock.now_ms()

    def queries() -> int:
        page = Page(min_id=0) if is_upward else Page()
        with counted_queries() as asked:
            assert timelines.list_timeline(alice.account.id, row.id, page)
        return len(asked)

    make_status(carol, created_at=now - 40 * 365 * clock.DAY)
    far = queries()
    for age in range(30):
        make_status(dave, created_at=now - age * clock.HOUR)
    near = queries()
    for age in range(90):
        for first in (now, now - 41 * 365 * clock.DAY):
            make_status(dave, created_at=first - age, visibility=Visibility.DIRECT)

    assert far == near == queries() == 4


@pytest.mark.parametrize("limit", [1, 3, 40])
def test_what_is_beyond_the_last_look_is_on_a_later_page_and_nothing_is_passed_over(
    alice: Person, remote: Remote, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Below a feed, where the reader's own posts stand among what others wrote, most of which is not wanted."""
    for name, value in (("_MOST_LOOKS", 4), ("_LEAST", 20), ("_MORE", 0)):
        monkeypatch.setattr(f"node.services.timelines.gathered.{name}", value)
    carol, begin = remote("carol"), clock.now_ms()
    make_follow(alice, carol, languages="en")
    kept = []
    for day in (1, 20, 90, 100, 101, 102, 103, 106, 114, 115):
        with clock.frozen(begin + day * clock.DAY):
            if day == 103:
                for _ in range(200):
                    make_status(carol, language="de")
            else:
                kept.append(make_status(alice if day % 2 == 0 else carol, language="en"))

    def page(**page: int) -> list[int]:
        return [row for row, _ in by_follows(alice.account.id, Page(limit=limit, **page))]

    with clock.frozen(begin + 116 * clock.DAY):
        down, up = page(), page(min_id=0)
        # However many are asked for: a page ends within what is not wanted.
        assert max(len(down), len(up)) < len(kept)
        while following := page(max_id=down[-1]):
            down += following
        while following := page(min_id=up[0]):
            up = following + up
    assert down == up == sorted((one.id for one in kept), reverse=True)


def test_lists_are_their_owners_alone(alice: Person, bob: Person) -> None:
    row = lists.create(alice.account.id, "Birds")

    for act in (
        lambda: lists.get(bob.account.id, row.id),
        lambda: lists.delete(bob.account.id, row.id),
        lambda: lists.update(bob.account.id, row.id, title="Mine"),
        lambda: timelines.list_timeline(bob.account.id, row.id, Page()),
        lambda: lists.add_members(bob.account.id, row.id, [bob.account.id]),
    ):
        with pytest.raises(NotFound):
            act()


def test_favourites_and_bookmarks_are_listed_by_when_they_were_made(alice: Person, bob: Person) -> None:
    first, second = make_status(bob), make_status(bob)
    for status in (second, first):
        favourites.add(alice.account.id, status.id)
        bookmarks.add(alice.account.id, status.id)

    assert [status_id for _, status_id in timelines.favourites(alice.account.id, Page())] == [first.id, second.id]
    assert [status_id for _, status_id in timelines.bookmarks(alice.account.id, Page())] == [first.id, second.id]
    assert timelines.bookmarks(bob.account.id, Page()) == []


def test_what_is_kept_and_can_no_longer_be_read_is_not_listed(alice: Person, bob: Person) -> None:
    status = make_status(bob)
    bookmarks.add(alice.account.id, status.id)
    Block.create(account=bob.account.id, target=alice.account.id, created_at=1)

    assert timelines.bookmarks(alice.account.id, Page()) == []
    assert loading.visible_ids(bob.account.id, [status.id]) == [status.id]
    assert Status.select().count() == 1
