"""Old posts that go by themselves, and those that stay."""

from typing import Any

import pytest

from node import clock, jobs
from node.errors import Invalid
from node.jobs import JobKind
from node.models import Account, AutoDeletion, Status, Visibility
from node.services.interactions import bookmarks, favourites, pins, reblogs
from node.services.statuses import auto_deletion
from node.services.statuses.auto_deletion import Count, Rule
from node.services.statuses.drafts import PollDraft
from tests.factories import Person, make_person, waiting_jobs
from tests.factories_posts import make_follow, make_media, make_status

OLD_MS = 15 * clock.DAY


@pytest.fixture
def alice(unit: None) -> Person:
    return make_person("alice")


def choose(person: Person, **values: Any) -> None:
    auto_deletion.choose(person.account.id, Rule(**values), enabled=True)


def texts() -> set[str]:
    """What is left. Boosts have none."""
    return {status.source for status in Status.select(Status.source)}


def work_later(ms: int = OLD_MS) -> int:
    with clock.frozen(clock.now_ms() + ms):
        return auto_deletion.work()


def test_nothing_goes_unless_somebody_wants_it(alice: Person) -> None:
    make_status(alice)

    assert work_later() == 0
    auto_deletion.choose(alice.account.id, Rule(), enabled=False)
    assert work_later() == 0
    assert Status.select().count() == 1


def test_old_posts_go_and_young_ones_and_those_of_others_stay(alice: Person) -> None:
    bob = make_person("bob")
    make_status(alice, "Old.")
    make_status(bob, "Bob's.")
    with clock.frozen(clock.now_ms() + 2 * clock.DAY):
        make_status(alice, "Young.")
    choose(alice)

    assert work_later() == 1
    assert texts() == {"Bob's.", "Young."}


def test_who_has_a_copy_is_told(alice: Person) -> None:
    carol = make_person("carol", domain="far.example")
    make_follow(carol, alice)
    make_status(alice)
    choose(alice)

    work_later()

    assert len(waiting_jobs(JobKind.SEND_DELETE)) == 1


def test_what_is_kept_stays(alice: Person) -> None:
    kept = {
        "keep_pinned": make_status(alice, "Pinned."),
        "keep_favourited": make_status(alice, "Favourite."),
        "keep_bookmarked": make_status(alice, "Bookmarked."),
        "keep_polls": make_status(alice, "Poll.", poll=PollDraft(options=("a", "b"), expires_in_ms=clock.HOUR)),
        "keep_media": make_status(alice, "Media.", media_ids=(make_media(alice).id,)),
        "keep_direct": make_status(alice, "Direct.", visibility=Visibility.DIRECT),
    }
    pins.add(alice.account.id, kept["keep_pinned"].id)
    favourites.add(alice.account.id, kept["keep_favourited"].id)
    bookmarks.add(alice.account.id, kept["keep_bookmarked"].id)
    everything = dict.fromkeys(kept, True)
    choose(alice, **everything)
    assert work_later() == 0

    for name, status in kept.items():
        choose(alice, **everything | {name: False})
        assert work_later() == 1, name
        assert status.source not in texts()


def test_what_many_like_stays(alice: Person) -> None:
    bob, carol = make_person(), make_person()
    liked, boosted, once = make_status(alice, "Liked."), make_status(alice, "Boosted."), make_status(alice, "Once.")
    for person in (bob, carol):
        favourites.add(person.account.id, liked.id)
        reblogs.add(person.account.id, boosted.id)
    favourites.add(bob.account.id, once.id)
    choose(alice, min_favourites=2, min_reblogs=2)

    assert work_later() == 1
    assert texts() >= {"Liked.", "Boosted."}
    assert "Once." not in texts()


def test_favourites_of_others_alone_keep_nothing(alice: Person) -> None:
    favourites.add(make_person().account.id, make_status(alice).id)
    choose(alice)

    assert work_later() == 1


def test_boosts_are_taken_back(alice: Person) -> None:
    post = make_status(make_person())
    reblogs.add(alice.account.id, post.id)
    choose(alice)

    assert auto_deletion.preview(alice.account.id, Rule()) == Count(0, 0)
    with clock.frozen(clock.now_ms() + OLD_MS):
        assert auto_deletion.preview(alice.account.id, Rule()) == Count(0, 1)
        assert auto_deletion.work() == 1

    assert [status.id for status in Status.select()] == [post.id]
    assert Status.get().reblogs_count == 0


def test_the_preview_counts_what_would_go_and_deletes_nothing(alice: Person) -> None:
    for _ in range(7):
        make_status(alice)
    pins.add(alice.account.id, make_status(alice).id)

    with clock.frozen(clock.now_ms() + OLD_MS):
        assert auto_deletion.preview(alice.account.id, Rule()) == Count(7, 0)
        assert auto_deletion.preview(alice.account.id, Rule(keep_pinned=False)) == Count(8, 0)
        assert auto_deletion.preview(alice.account.id, Rule(min_age_days=30)) == Count(0, 0)

    assert Status.select().count() == 8


def test_a_few_go_at_a_time_until_all_are_gone_and_then_it_rests(alice: Person) -> None:
    for _ in range(12):
        make_status(alice)
    choose(alice)

    assert [work_later() for _ in range(4)] == [5, 5, 2, 0]
    assert not Status.select().exists()
    assert AutoDeletion.get().scanned_id == 0

    # It comes back some hours later. Ids do not go back with the clock: the next post's is of the time of that rest.
    make_status(alice)
    assert work_later() == 0
    assert work_later(2 * OLD_MS + clock.DAY) == 1


def test_a_round_that_another_process_does_is_left_to_it(alice: Person) -> None:
    make_status(alice)
    choose(alice)
    row = AutoDeletion.get()
    AutoDeletion.update(due_at=row.due_at + 1).execute()

    with clock.frozen(clock.now_ms() + OLD_MS):
        assert auto_deletion._go_on(row) == 0
        assert auto_deletion._go_on(AutoDeletion.get()) == 1


def test_what_stays_does_not_stop_the_rest(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_deletion, "_LOOKED_AT", 3)
    for _ in range(4):
        pins.add(alice.account.id, make_status(alice, "Pinned.").id)
    make_status(alice, "Last.")
    choose(alice)

    assert [work_later() for _ in range(2)] == [0, 1]
    assert texts() == {"Pinned."}


def test_a_boost_of_what_is_not_to_be_read_any_more_is_taken_back(alice: Person) -> None:
    bob = make_person()
    post = make_status(bob)
    reblogs.add(alice.account.id, post.id)
    Account.update(suspended_at=clock.now_ms()).where(Account.id == bob.account.id).execute()
    make_status(alice, "Old.")
    choose(alice)

    assert work_later() == 2
    assert Status.select().where(Status.account == alice.account.id).count() == 0


def test_a_busy_node_does_not_tidy(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto_deletion, "_MOST_WAITING", 1)
    make_status(alice)
    choose(alice)
    for number in (1, 2):
        jobs.enqueue(JobKind.BUILD_FEED, number)
    assert work_later() == 0

    monkeypatch.setattr(auto_deletion, "_MOST_WAITING", 100)
    assert work_later() == 1


def test_who_is_suspended_loses_nothing(alice: Person) -> None:
    make_status(alice)
    choose(alice)
    Account.update(suspended_at=clock.now_ms()).where(Account.id == alice.account.id).execute()

    assert work_later() == 0


@pytest.mark.parametrize(
    "values", [{"min_age_days": 0}, {"min_age_days": 15}, {"min_favourites": 0}, {"min_reblogs": 10**9}]
)
def test_what_is_not_offered_is_refused(alice: Person, values: dict[str, int]) -> None:
    with pytest.raises(Invalid) as refusal:
        choose(alice, **values)

    assert set(refusal.value.fields) == set(values)
    assert not AutoDeletion.select().exists()
