"""How lively the node was, for the staff's first page."""

import pytest

from node import clock
from node.models import User, Visibility
from node.services.community import pulse
from node.services.interactions import reblogs
from tests.factories import Person
from tests.factories_posts import make_status

pytestmark = pytest.mark.usefixtures("unit")

# After everything that the fixtures made, in the middle of a day.
NOON = (clock.now_ms() // clock.DAY + 60) * clock.DAY + 12 * clock.HOUR


def test_posts_are_counted_in_parts_beside_the_same_time_before(alice: Person) -> None:
    for days, count in ((9, 2), (3, 1), (0, 3)):
        with clock.frozen(NOON - days * clock.DAY):
            for _ in range(count):
                make_status(alice)

    with clock.frozen(NOON + clock.HOUR):
        posts = pulse.of(7).posts

    assert (posts.total, posts.before, len(posts.series)) == (4, 2, 14)
    assert (posts.series[-1], posts.series[-7]) == (3, 1)


def test_what_is_not_for_everybody_and_boosts_are_not_counted(alice: Person, bob: Person) -> None:
    with clock.frozen(NOON):
        make_status(alice, visibility=Visibility.PRIVATE)
        reblogs.add(bob.account.id, make_status(alice).id)

        assert pulse.of(1).posts.total == 1


def test_members_count_when_they_were_here_last_and_when_they_came(alice: Person, bob: Person) -> None:
    for person, days in ((alice, 1), (bob, 40)):
        at = NOON - days * clock.DAY
        User.update(last_active_at=at, created_at=at).where(User.id == person.user.id).execute()

    with clock.frozen(NOON):
        month, year = pulse.of(30), pulse.of(365)

    assert (month.active.total, month.newcomers.total, month.newcomers.before) == (1, 1, 1)
    assert (year.active.total, year.newcomers.total) == (2, 2)
