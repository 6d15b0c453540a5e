"""What pages tell beside posts: habits, what was missed, whom one might follow, and the small numbers."""

from collections.abc import Callable

import pytest

from node import clock
from node.models import Account, Role, Visibility
from node.paging import Page
from node.services import follows, timelines
from node.services.community import badges
from node.services.discovery import habits, suggestions, trends
from node.services.interactions import favourites, reblogs
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.relationships import lists, mutes
from node.services.timelines import boosters, catch_up, markers
from node.services.timelines.kinds import Kind
from tests.factories import Person, befriend, make_person
from tests.factories_posts import last_sunday_evening, make_follow, make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")


def yesterday() -> int:
    return clock.now_ms() - clock.DAY


# ── habits ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_weeks_are_counted_from_the_first_to_this_one(alice: Person) -> None:
    start = clock.now_ms()
    for days in (0, 0.5, 14):
        with clock.frozen(start + int(days * clock.DAY)):
            make_status(alice)

    with clock.frozen(start + 15 * clock.DAY):
        assert habits.of(alice.account.id).weeks == (2, 0, 1)


def test_who_never_wrote_has_no_habits(alice: Person) -> None:
    assert habits.of(alice.account.id) == ((), (), None)


def test_private_posts_and_boosts_tell_nothing(alice: Person, bob: Person) -> None:
    make_status(alice, "#secret", visibility=Visibility.PRIVATE)
    reblogs.add(alice.account.id, make_status(bob, "#theirs").id)
    make_status(alice, "#open")

    assert habits.of(alice.account.id) == ((1,), (("open", 1),), None)


def test_the_most_used_hashtags_come_first(alice: Person) -> None:
    for text in ("#birds", "#Birds #trees", "#birds #trees #rain"):
        make_status(alice, text)

    assert habits.of(alice.account.id).tags == (("birds", 3), ("trees", 2), ("rain", 1))


def test_the_part_of_the_week_with_most_posts_is_a_habit_when_it_stands_out(remote: Callable[..., Account]) -> None:
    wanda, willi, evening = remote("wanda"), remote("willi"), last_sunday_evening()
    for number in range(4):
        make_status(wanda, created_at=evening - number * 7 * clock.DAY)
        make_status(willi, created_at=evening - number * clock.DAY)

    assert habits.of(wanda.id).busiest == 6 * habits.PARTS_OF_DAY + 3
    assert habits.of(willi.id).busiest is None


# ── catching up ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_an_absence_what_came_is_summed_up(alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    read = make_status(bob)
    make_status(bob)
    make_status(bob)
    make_status(alice)

    missed = catch_up.since(alice.account.id, read.id, yesterday())

    assert missed is not None
    assert (missed.posts, missed.authors, missed.more) == (2, [(bob.account.id, 2)], 0)


def test_what_came_is_counted_by_kind_as_the_timeline_shows_it(alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    carol = make_person("carol")
    befriend(alice.account, carol.account)
    row = lists.create(alice.account.id, "Friends")
    lists.add_members(alice.account.id, row.id, [carol.account.id])
    read = make_status(bob)
    listed = make_status(carol, "In a list")
    answer = make_status(bob, "An answer", in_reply_to_id=read.id)
    link = make_status(bob, "https://news.test/storm")
    picture = make_status(bob, "Look", media_ids=(make_media(bob).id,))
    boost = reblogs.add(bob.account.id, make_status(make_person("dora"), "Boosted").id)

    missed = catch_up.since(alice.account.id, read.id, yesterday())

    assert missed is not None
    assert missed.posts == 5
    wanted = {
        Kind.LISTS: listed.id,
        Kind.THREADS: answer.id,
        Kind.LINKS: link.id,
        Kind.PICTURES: picture.id,
        Kind.BOOSTS: boost.id,
    }
    assert missed.kinds == dict.fromkeys(wanted, 1)
    for kind, status_id in wanted.items():
        page = Page(min_id=read.id)
        assert timelines.home(alice.account.id, page, only=kind) == [status_id]


def test_a_boost_has_the_links_and_pictures_of_what_it_shows(alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    dora = make_person("dora")
    link = reblogs.add(bob.account.id, make_status(dora, "https://news.test/storm").id)
    picture = reblogs.add(bob.account.id, make_status(dora, "Look", media_ids=(make_media(dora).id,)).id)

    assert timelines.home(alice.account.id, Page(), only=Kind.LINKS) == [link.id]
    assert timelines.home(alice.account.id, Page(), only=Kind.PICTURES) == [picture.id]


def test_who_boosted_is_said_of_those_who_are_followed_and_wanted(alice: Person, bob: Person) -> None:
    carol, dora, erin, fred = (make_person(name) for name in ("carol", "dora", "erin", "fred"))
    for one in (bob, carol, erin):
        befriend(alice.account, one.account)
    make_follow(alice, fred, show_reblogs=False)
    status = make_status(dora, "Boosted by many")
    for one in (bob, carol, dora, erin, fred):
        reblogs.add(one.account.id, status.id)
    mutes.mute(alice.account.id, erin.account.id)

    assert boosters.of(alice.account.id, [status.id]) == {status.id: [bob.account.id, carol.account.id]}
    assert boosters.of(alice.account.id, []) == {}


def test_a_short_absence_and_an_empty_one_are_not_worth_a_word(alice: Person, bob: Person) -> None:
    befriend(alice.account, bob.account)
    read = make_status(bob)
    assert catch_up.since(alice.account.id, read.id, yesterday()) is None

    make_status(bob)

    assert catch_up.since(alice.account.id, read.id, clock.now_ms()) is None


def test_the_read_line_is_the_marker_that_apps_use(alice: Person) -> None:
    assert catch_up.read_line(alice.account.id) is None

    marker = markers.set_read(alice.account.id, "home", 7)

    assert catch_up.read_line(alice.account.id) == (7, marker.updated_at)


# ── suggestions ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_suggested_are_those_who_want_to_be_found_and_are_not_followed(
    alice: Person, remote: Callable[..., Account]
) -> None:
    found, followed, hidden = (
        make_person("dora", discoverable=True),
        make_person("erik", discoverable=True),
        make_person("finn"),
    )
    for person in (found, followed, hidden):
        make_status(person)
    make_status(remote("gina", discoverable=True))
    make_person("silent", discoverable=True)
    befriend(alice.account, followed.account)

    assert suggestions.people(alice.account.id) == [found.account.id]


def test_nobody_is_suggested_who_was_asked_already(alice: Person) -> None:
    dora = make_person("dora", discoverable=True, locked=True)
    make_status(dora)
    follows.follow(alice.account.id, dora.account.id)

    assert suggestions.people(alice.account.id) == []


def test_beside_the_timeline_stand_those_whom_friends_follow_with_a_friend_who_does(
    alice: Person, bob: Person, remote: Callable[..., Account]
) -> None:
    here, far, hidden = make_person("dora", discoverable=True), remote("gina", discoverable=True), make_person("finn")
    make_status(here)
    befriend(alice.account, bob.account)
    for one in (far, hidden.account):
        befriend(bob.account, one)

    assert suggestions.beside(alice.account.id) == {far.id: bob.account.id, here.account.id: None}

    befriend(alice.account, far)  # what is remembered is looked at again

    assert suggestions.beside(alice.account.id) == {here.account.id: None}


def test_who_hides_whom_they_follow_is_not_named_as_the_friend(alice: Person, remote: Callable[..., Account]) -> None:
    shy = make_person("erik", hide_collections=True)
    befriend(alice.account, shy.account)
    befriend(shy.account, remote("gina", discoverable=True))

    assert suggestions.beside(alice.account.id) == {}


def test_talked_about_is_what_several_people_wrote_in_public(alice: Person, bob: Person) -> None:
    make_status(alice, "#old")
    make_status(bob, "#old")
    with clock.frozen(clock.now_ms() + 5 * clock.DAY):
        make_status(alice, "#storm #mine")
        make_status(bob, "#storm")
        make_status(bob, "#mine", visibility=Visibility.UNLISTED)

        assert [tag.name for tag in trends.tags(5)] == ["storm"]


# ── badges ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_badges_count_what_waits(alice: Person, bob: Person) -> None:
    Account.update(locked=True).where(Account.id == alice.account.id).execute()
    make_status(bob, "@alice between us", visibility=Visibility.DIRECT)
    favourites.add(bob.account.id, make_status(alice).id)
    follows.follow(bob.account.id, alice.account.id)

    counted = badges.of(alice.account.id, Role.USER)

    assert counted == badges.Badges(notifications=3, conversations=1, follow_requests=1, waiting=0)


def test_what_was_read_is_not_counted(alice: Person, bob: Person) -> None:
    favourites.add(bob.account.id, make_status(alice).id)
    markers.set_read(alice.account.id, "notifications", (1 << 62))

    assert badges.of(alice.account.id, Role.USER).notifications == 0


def test_reports_wait_for_moderators_alone(alice: Person, bob: Person) -> None:
    reports.file(bob.account.id, Complaint(target_id=alice.account.id))

    assert badges.of(bob.account.id, Role.USER).waiting == 0
    assert badges.of(bob.account.id, Role.MODERATOR).waiting == 1
