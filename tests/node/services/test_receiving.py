import itertools
import random
from collections.abc import Callable

import msgspec
import pytest

from node import clock, ids
from node.models import (
    Account,
    CustomEmoji,
    Job,
    Mention,
    NotificationKind,
    Poll,
    Status,
    StatusEdit,
    ThreadMute,
    Tombstone,
    Visibility,
)
from node.paging import Page
from node.services import timelines
from node.services.approvals.policies import Choice, Choices
from node.services.community.emoji import EmojiFacts
from node.services.discovery import search
from node.services.interactions import thread_mutes
from node.services.notifications import telling as notifications
from node.services.statuses import deletion, edits, loading, media, receiving
from node.services.statuses.facts import MediaFacts, PollFacts
from tests.factories import Person
from tests.factories_posts import fresh, jobs_of, make_follow, make_note, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def kinds(person: Person) -> list[str]:
    return [row.kind for row in notifications.page(person.account.id, Page())]


def test_what_a_followed_account_writes_arrives_in_the_home_timeline(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(alice, carol)

    status = receiving.receive(carol, make_note(carol, "Good morning."))

    assert status is not None
    assert timelines.home(alice.account.id, Page()) == [status.id]
    assert fresh(carol).statuses_count == 1


def test_what_concerns_nobody_here_is_dropped(alice: Person, remote: Remote) -> None:
    carol, dora = remote("carol"), remote("dora")
    make_follow(dora, carol)

    assert receiving.receive(carol, make_note(carol)) is None
    assert Status.select().count() == 0


def test_what_somebody_here_asked_for_is_stored(alice: Person, remote: Remote) -> None:
    carol = remote("carol")

    assert receiving.receive(carol, make_note(carol), asked=True) is not None


def test_a_mention_arrives_and_is_told_of(alice: Person, remote: Remote) -> None:
    carol = remote("carol")

    status = receiving.receive(carol, make_note(carol, mentions=(alice.account.id,)))

    assert status is not None
    assert kinds(alice) == [NotificationKind.MENTION]


def test_those_addressed_without_being_named_are_not_told(alice: Person, remote: Remote) -> None:
    carol = remote("carol")

    status = receiving.receive(carol, make_note(carol, silent_mentions=(alice.account.id,)))

    assert status is not None
    assert kinds(alice) == []


def test_an_answer_to_a_local_status_arrives(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    parent = make_status(alice)

    status = receiving.receive(carol, make_note(carol, in_reply_to_uri=parent.uri))

    assert status is not None
    assert status.in_reply_to_id == parent.id
    assert status.thread_id == parent.thread_id
    assert fresh(parent).replies_count == 1


def test_the_same_status_twice_has_one_effect(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    note = make_note(carol, mentions=(alice.account.id,))

    first, second = receiving.receive(carol, note), receiving.receive(carol, note)

    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert kinds(alice) == [NotificationKind.MENTION]
    assert fresh(carol).statuses_count == 1


def test_a_known_id_with_another_author_has_no_effect(alice: Person, remote: Remote) -> None:
    carol, mallory = remote("carol"), remote("mallory")
    status = make_status(carol, "mine")

    assert receiving.receive(mallory, make_note(mallory, "stolen", uri=status.uri), asked=True) is None
    assert (
        edits.receive_edit(mallory, make_note(mallory, "stolen", uri=status.uri, updated_at=clock.now_ms())) is None
    )
    assert not deletion.receive_delete(mallory, status.uri)
    assert fresh(status).content == "<p>mine</p>"


def test_a_suspended_account_is_not_believed(alice: Person, remote: Remote) -> None:
    carol = remote("carol", suspended_at=1)

    assert receiving.receive(carol, make_note(carol, mentions=(alice.account.id,))) is None


def test_it_sorts_by_when_it_was_written_and_never_into_the_future(remote: Remote) -> None:
    carol = remote("carol")
    old = make_status(carol, created_at=clock.now_ms() - clock.DAY)
    new = make_status(carol)
    future = make_status(carol, created_at=clock.now_ms() + clock.DAY)

    assert old.id < new.id < future.id
    assert future.created_at <= clock.now_ms()


def test_media_polls_and_emoji_are_stored(remote: Remote) -> None:
    carol = remote("carol")

    status = make_status(
        carol,
        media=(
            MediaFacts(remote_url="https://remote.test/a.png", kind="image", description="A bird", focus=(0.5, -1.0)),
        ),
        poll=PollFacts(options=(("yes", 2), ("no", 1)), voters_count=3, expires_at=clock.now_ms() + clock.HOUR),
        emoji=(EmojiFacts(shortcode="bird", image_url="https://remote.test/bird.png"),),
    )

    picture = media.of_status(status.id)[0]
    assert (picture.description, picture.focus_x, picture.focus_y) == ("A bird", 0.5, -1.0)
    poll = Poll.get(Poll.status == status.id)
    assert (poll.votes_count, poll.voters_count) == (3, 3)
    assert msgspec.json.decode(status.emoji) == ["bird"]
    assert CustomEmoji.get(CustomEmoji.shortcode == "bird").domain == "remote.test"


def test_what_is_fetched_late_does_not_make_its_author_look_idle(alice: Person, remote: Remote) -> None:
    carol, now = remote("carol"), clock.now_ms()

    for age in (clock.HOUR, clock.DAY, clock.MINUTE):
        receiving.receive(carol, make_note(carol, created_at=now - age), asked=True)
        if age == clock.DAY:
            assert fresh(carol).last_status_at == now - clock.HOUR

    assert fresh(carol).last_status_at == now - clock.MINUTE


@pytest.mark.parametrize("asks", [Choices(), Choices(reply=Choice.MANUAL)])
def test_those_that_draw_the_same_id_are_all_stored(alice: Person, remote: Remote, asks: Choices) -> None:
    """Whether they stand at once or wait for whom they answer."""
    carol, at = remote("carol"), clock.now_ms() // 1000 * 1000 - clock.DAY + 1
    parent = make_status(alice, policy=asks)
    stored: list[Status | None] = []

    for _ in range(3):
        random.seed(7)
        stored.append(
            receiving.receive(carol, make_note(carol, created_at=at, in_reply_to_uri=parent.uri), asked=True)
        )

    assert [ids.time_of(one.id) for one in stored if one is not None] == [at, at + 1, at + 2]
    assert {one.created_at for one in stored if one is not None} == {at}


# ── order of arrival ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_thread_is_the_same_in_whatever_order_it_arrives(
    alice: Person, remote: Remote, order: tuple[int, ...]
) -> None:
    carol = remote("carol")
    make_follow(alice, carol)
    uris = [f"https://remote.test/thread/{number}" for number in range(3)]
    notes = [
        make_note(carol, str(number), uri=uris[number], in_reply_to_uri=uris[number - 1] if number else "")
        for number in range(3)
    ]

    for number in order:
        assert receiving.receive(carol, notes[number]) is not None

    root, middle, leaf = (Status.get(Status.uri == uri) for uri in uris)
    assert (middle.in_reply_to_id, leaf.in_reply_to_id) == (root.id, middle.id)
    assert (middle.in_reply_to_account_id, leaf.in_reply_to_account_id) == (carol.id, carol.id)
    assert root.thread_id == middle.thread_id == leaf.thread_id
    assert (root.replies_count, middle.replies_count, leaf.replies_count) == (1, 1, 0)
    assert set(timelines.home(alice.account.id, Page())) == {root.id, middle.id, leaf.id}


def test_two_statuses_that_answer_each_other_make_no_circle(remote: Remote) -> None:
    carol = remote("carol")
    one, other = "https://remote.test/1", "https://remote.test/2"

    first = make_status(carol, uri=one, in_reply_to_uri=other)
    second = make_status(carol, uri=other, in_reply_to_uri=one)

    assert second.in_reply_to_id == first.id
    assert fresh(first).in_reply_to_id is None


def test_a_status_that_answers_itself_is_its_own_beginning(remote: Remote) -> None:
    status = make_status(remote("carol"), uri="https://remote.test/1", in_reply_to_uri="https://remote.test/1")

    assert fresh(status).in_reply_to_id is None


def test_a_muted_thread_stays_muted_when_it_turns_out_to_be_part_of_another(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    child = make_status(carol, in_reply_to_uri="https://remote.test/parent")
    thread_mutes.add(alice.account.id, child.id)

    parent = make_status(carol, uri="https://remote.test/parent", conversation_uri="https://remote.test/c/1")

    assert fresh(child).thread_id == parent.thread_id
    assert ThreadMute.select().where(ThreadMute.thread == parent.thread_id).exists()


def test_an_unknown_parent_is_fetched_later(remote: Remote) -> None:
    child = make_status(remote("carol"), in_reply_to_uri="https://remote.test/parent")

    assert [job.subject for job in jobs_of("fetch_parent")] == [child.id]


@pytest.mark.parametrize("order", list(itertools.permutations(("create", "update", "delete"))))
def test_what_was_deleted_stays_deleted_whatever_comes_first(
    alice: Person, remote: Remote, order: tuple[str, ...]
) -> None:
    carol = remote("carol")
    make_follow(alice, carol)
    note = make_note(carol, uri="https://remote.test/1")
    edited = make_note(carol, "edited", uri="https://remote.test/1", updated_at=clock.now_ms() + 1)
    steps: dict[str, Callable[[], object]] = {
        "create": lambda: receiving.receive(carol, note),
        "update": lambda: edits.receive_edit(carol, edited),
        "delete": lambda: deletion.receive_delete(carol, note.uri),
    }

    for step in order:
        steps[step]()

    assert Status.select().count() == 0
    assert Tombstone.select().where(Tombstone.uri == note.uri).exists()
    assert fresh(carol).statuses_count == 0


def test_nobody_deletes_ahead_what_is_anothers(alice: Person, remote: Remote) -> None:
    carol, mallory = remote("carol"), remote("mallory")
    note = make_note(carol)

    deletion.receive_delete(mallory, note.uri)

    assert receiving.receive(carol, note, asked=True) is not None


# ── edits ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_changes_the_words_and_keeps_the_old_ones(remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, "before")

    edited = edits.receive_edit(carol, make_note(carol, "after", uri=status.uri, updated_at=clock.now_ms() + 1))

    assert edited is not None
    assert edited.content == "<p>after</p>"
    assert edited.edited_at is not None
    assert edited.version > status.version
    assert [row.content for row in edits.history(edited)] == ["<p>before</p>"]


def test_an_edit_never_widens_who_may_read(remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, visibility=Visibility.PRIVATE)

    note = make_note(carol, "after", uri=status.uri, visibility=Visibility.PUBLIC, updated_at=clock.now_ms() + 1)
    edited = edits.receive_edit(carol, note)

    assert edited is not None
    assert edited.visibility == Visibility.PRIVATE


def test_an_older_edit_is_ignored(remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, "before")
    now = clock.now_ms()
    edits.receive_edit(carol, make_note(carol, "newest", uri=status.uri, updated_at=now + 2))

    with clock.frozen(now + 10):
        edits.receive_edit(carol, make_note(carol, "newest", uri=status.uri, updated_at=now + 2))
        edits.receive_edit(carol, make_note(carol, "older", uri=status.uri, updated_at=now - 1))

    assert fresh(status).content == "<p>newest</p>"


def test_without_a_time_of_the_edit_only_the_totals_of_a_poll_are_news(remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, "before", poll=PollFacts(options=(("a", 0), ("b", 0))))

    poll = PollFacts(options=(("a", 5), ("b", 1)), voters_count=6)
    edits.receive_edit(carol, make_note(carol, "after", uri=status.uri, poll=poll))

    assert fresh(status).content == "<p>before</p>"
    assert Poll.get(Poll.status == status.id).votes_count == 6
    assert StatusEdit.select().count() == 0


def test_an_edit_of_an_unknown_status_is_taken_for_the_status_while_it_is_fresh(
    alice: Person, remote: Remote
) -> None:
    carol = remote("carol")
    make_follow(alice, carol)
    now = clock.now_ms()

    assert edits.receive_edit(carol, make_note(carol, updated_at=now)) is not None
    old = make_note(carol, created_at=now - 2 * clock.DAY, updated_at=now)
    assert edits.receive_edit(carol, old) is None


def test_who_is_named_by_an_edit_is_told_and_who_was_named_may_still_read(
    alice: Person, bob: Person, remote: Remote
) -> None:
    carol = remote("carol")
    status = make_status(carol, mentions=(alice.account.id,), visibility=Visibility.DIRECT)

    note = make_note(carol, "now bob", uri=status.uri, mentions=(bob.account.id,), updated_at=clock.now_ms() + 1)
    edits.receive_edit(carol, note)

    assert kinds(bob) == [NotificationKind.MENTION]
    silent = {row.account_id: row.silent for row in Mention.select().where(Mention.status == status.id)}
    assert silent == {alice.account.id: True, bob.account.id: False}
    assert loading.visible_ids(alice.account.id, [status.id]) == [status.id]


def test_an_edit_that_changes_nothing_leaves_no_trace(remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, "same")

    edits.receive_edit(carol, make_note(carol, "same", uri=status.uri, updated_at=clock.now_ms() + 1))

    assert StatusEdit.select().count() == 0
    assert fresh(status).edited_at is None


def test_pictures_change_with_an_edit_and_copies_of_others_stay(remote: Remote) -> None:
    carol = remote("carol")
    kept, gone, new = (MediaFacts(remote_url=f"https://remote.test/{name}.png") for name in ("kept", "gone", "new"))
    status = make_status(carol, media=(gone, kept))
    before = {row.remote_url: row.id for row in media.of_status(status.id)}

    edits.receive_edit(carol, make_note(carol, uri=status.uri, media=(kept, new), updated_at=clock.now_ms() + 1))

    rows = media.of_status(status.id)
    assert [row.remote_url for row in rows] == [kept.remote_url, new.remote_url]
    assert rows[0].id == before[kept.remote_url]


# ── search ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_authors_who_want_it_are_found_by_strangers(alice: Person, remote: Remote) -> None:
    shy, open_ = remote("shy"), remote("open", indexable=True)
    make_status(shy, "a rare linnet")
    found = make_status(open_, "another linnet")
    make_status(open_, "a secret linnet", visibility=Visibility.UNLISTED)

    assert search.statuses(alice.account.id, "linnet", Page()) == [found.id]


def test_jobs_are_made_for_nothing_else(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(alice, carol)

    receiving.receive(carol, make_note(carol))

    assert Job.select().count() == 0
