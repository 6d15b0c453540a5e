from collections.abc import Callable

import pytest

from node import clock
from node.errors import Invalid, NotFound
from node.models import Account, NotificationKind, Poll, PollVote, Status, Visibility
from node.paging import Page
from node.services.interactions import polls
from node.services.notifications import telling as notifications
from node.services.statuses import edits
from node.services.statuses.drafts import PollDraft
from node.services.statuses.facts import PollFacts
from tests.factories import Person
from tests.factories_posts import fresh, jobs_of, make_follow, make_note, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def make_poll(author: Person | Account, *, multiple: bool = False, **more: object) -> Poll:
    if isinstance(author, Person):
        draft = PollDraft(options=("yes", "no", "maybe"), expires_in_ms=clock.HOUR, multiple=multiple)
        status = make_status(author, poll=draft, **more)
    else:
        options = (("yes", 0), ("no", 0), ("maybe", 0))
        facts = PollFacts(options=options, multiple=multiple, voters_count=0, expires_at=clock.now_ms() + clock.HOUR)
        status = make_status(author, poll=facts, **more)
    return Poll.get(Poll.status == status.id)


def votes(poll: Poll) -> list[int]:
    return [option.votes for option in polls.options_of(fresh(poll))]


def kinds(person: Person) -> list[str]:
    return [row.kind for row in notifications.page(person.account.id, Page())]


def test_a_vote_counts_once(alice: Person, bob: Person) -> None:
    poll = make_poll(alice)

    polls.vote(bob.account.id, poll.id, [1])
    with pytest.raises(Invalid):
        polls.vote(bob.account.id, poll.id, [0])

    assert votes(poll) == [0, 1, 0]
    assert (fresh(poll).votes_count, fresh(poll).voters_count) == (1, 1)
    assert polls.own_votes(bob.account.id, poll.id) == [1]


def test_several_choices_where_the_poll_allows_them(alice: Person, bob: Person) -> None:
    several, one = make_poll(alice, multiple=True), make_poll(alice)

    polls.vote(bob.account.id, several.id, [0, 2, 2])
    with pytest.raises(Invalid):
        polls.vote(bob.account.id, one.id, [0, 2])

    assert votes(several) == [1, 0, 1]
    assert fresh(several).voters_count == 1
    assert votes(one) == [0, 0, 0]


@pytest.mark.parametrize("choices", [[], [-1], [3], [1 << 70]])
def test_choices_that_do_not_exist_are_refused(alice: Person, bob: Person, choices: list[int]) -> None:
    poll = make_poll(alice)

    with pytest.raises(Invalid):
        polls.vote(bob.account.id, poll.id, choices)


def test_nobody_votes_in_an_own_a_hidden_or_an_ended_poll(alice: Person, bob: Person) -> None:
    own, hidden, ended = make_poll(bob), make_poll(alice, visibility=Visibility.PRIVATE), make_poll(alice)

    with pytest.raises(Invalid):
        polls.vote(bob.account.id, own.id, [0])
    with pytest.raises(NotFound):
        polls.vote(bob.account.id, hidden.id, [0])
    with clock.frozen(ended.expires_at), pytest.raises(Invalid):
        polls.vote(bob.account.id, ended.id, [0])


def test_totals_go_to_other_nodes_at_most_every_three_minutes(alice: Person, bob: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(carol, alice)
    poll = make_poll(alice)

    polls.vote(bob.account.id, poll.id, [0])
    polls.receive_vote(carol, poll.status_id, "no")

    assert [job.subject for job in jobs_of("send_poll")] == [poll.status_id]
    assert jobs_of("send_poll")[0].due_at > clock.now_ms() + 2 * clock.MINUTE


# ── votes from elsewhere ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_remote_vote_counts_once_by_its_exact_words(alice: Person, remote: Remote) -> None:
    carol, poll = remote("carol"), make_poll(alice)

    assert not polls.receive_vote(carol, poll.status_id, "YES")
    assert polls.receive_vote(carol, poll.status_id, "yes")
    assert not polls.receive_vote(carol, poll.status_id, "yes")
    assert not polls.receive_vote(carol, poll.status_id, "no")

    assert votes(poll) == [1, 0, 0]


def test_a_remote_voter_chooses_several_by_one_vote_each(alice: Person, remote: Remote) -> None:
    carol, poll = remote("carol"), make_poll(alice, multiple=True)

    assert polls.receive_vote(carol, poll.status_id, "yes")
    assert polls.receive_vote(carol, poll.status_id, "maybe")

    assert votes(poll) == [1, 0, 1]
    assert fresh(poll).voters_count == 1


def test_late_hidden_and_misdirected_remote_votes_do_not_count(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    ended, hidden = make_poll(alice), make_poll(alice, visibility=Visibility.PRIVATE)
    not_ours = make_poll(remote("dora"))

    assert not polls.receive_vote(carol, hidden.status_id, "yes")
    assert not polls.receive_vote(carol, not_ours.status_id, "yes")
    assert not polls.receive_vote(carol, make_status(alice).id, "yes")
    with clock.frozen(ended.expires_at + 1):
        assert not polls.receive_vote(carol, ended.status_id, "yes")
    assert PollVote.select().count() == 0


# ── polls elsewhere ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_vote_in_a_remote_poll_is_sent_and_shown_until_its_owner_counts(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    poll = make_poll(carol)

    polls.vote(alice.account.id, poll.id, [1])

    assert len(jobs_of("send_vote")) == 1
    assert [job.subject for job in jobs_of("close_poll")] == [poll.id]
    assert votes(poll) == [0, 1, 0]
    assert jobs_of("send_poll") == []
    facts = PollFacts(options=(("yes", 3), ("no", 0), ("maybe", 0)), voters_count=3, expires_at=poll.expires_at)
    edits.receive_edit(carol, make_note(carol, uri=Status.get_by_id(poll.status_id).uri, poll=facts))
    assert votes(poll) == [3, 0, 0]


def test_totals_of_a_remote_poll_come_from_its_owner_alone(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    poll = make_poll(carol)
    status = Status.get_by_id(poll.status_id)
    facts = PollFacts(options=(("yes", 3), ("no", -5), ("maybe", 1)), voters_count=4, expires_at=poll.expires_at)

    edits.receive_edit(remote("mallory"), make_note(carol, uri=status.uri, poll=facts))
    assert votes(poll) == [0, 0, 0]
    edits.receive_edit(carol, make_note(carol, uri=status.uri, poll=facts))
    assert votes(poll) == [3, 0, 1]
    assert fresh(status).version > status.version


# ── the end ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_end_is_told_once_to_author_and_voters(alice: Person, bob: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(carol, alice)
    poll = make_poll(alice)
    polls.vote(bob.account.id, poll.id, [0])

    with clock.frozen(poll.expires_at):
        polls.close(poll.id)
        polls.close(poll.id)

    assert kinds(alice) == kinds(bob) == [NotificationKind.POLL]
    assert fresh(poll).closed_at == poll.expires_at
    assert len(jobs_of("send_poll")) == 2  # the totals that wait, and the end


def test_a_poll_that_was_given_more_time_ends_later(alice: Person) -> None:
    poll = make_poll(alice)

    polls.close(poll.id)

    assert fresh(poll).closed_at is None
    assert kinds(alice) == []
    assert jobs_of("close_poll")[-1].due_at == poll.expires_at
