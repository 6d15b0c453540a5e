"""Policies elsewhere that come after what they are about: earlier answers leave every place, and what waits begins."""

from collections.abc import Callable

import pytest

from node import clock
from node.jobs import JobKind, TakenJob
from node.models import Account, Approval, ApprovalKind, ApprovalState, Favourite, Job, Status, Visibility
from node.paging import Page
from node.services import timelines
from node.services.approvals import answers_received, belated, policies, quotes, replies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Group, Permission, Policy
from node.services.discovery import search
from node.services.interactions import favourites, reblogs
from node.services.statuses import edits, receiving, threads
from node.services.statuses.facts import QuoteFacts
from tests.factories import Person, in_unit
from tests.factories_posts import fresh, jobs_of, make_follow, make_note, make_status
from tests.node.services.test_live_events import listening

Remote = Callable[..., Account]
BY_HAND = Permission((), (Group.PUBLIC,))
ASKS = policies.write(Policy(reply=BY_HAND))
ASKS_OF_BOOSTS = policies.write(Policy(reblog=BY_HAND))


def do(kind: JobKind, service: Callable[[TakenJob], None]) -> int:
    """All jobs of this kind, with those that they leave; how many there were."""
    count = 0
    while waiting := jobs_of(kind):
        for job in waiting:
            count += 1
            with in_unit():
                service(TakenJob(job.id, job.kind, job.subject, job.payload, job.attempts))
    return count


def answers_first(
    author: Account, replier: Account, count: int = 1, policy: str = ASKS
) -> tuple[Status, list[Status]]:
    """A post, and answers to it that were here before it came."""
    note = make_note(author, policy=policy)
    answers = [make_status(replier, f"Heron {n}", in_reply_to_uri=note.uri) for n in range(count)]
    with in_unit():
        parent = receiving.receive(author, note, asked=True)
    assert parent is not None
    return parent, [fresh(one) for one in answers]


def have_no_yes(approval_id: int) -> None:
    with in_unit():
        answers_received.stamped(approval_id, "", true=False)
        answers_received.hold(approval_id)


def at_home(person: Person) -> list[int]:
    return timelines.home(person.account.id, Page())


def test_earlier_answers_are_held_a_few_at_a_time_however_many_there_are(remote: Remote) -> None:
    parent, answers = answers_first(remote("carol"), remote("dave"), count=2 * belated.AT_ONCE + 1)
    assert {one.visibility for one in answers} == {Visibility.PUBLIC}

    assert do(JobKind.HOLD_EARLIER, belated.hold_earlier) == 3

    asked = jobs_of(JobKind.FETCH_STAMP)
    assert len(asked) == len(answers)
    assert {fresh(one).visibility for one in answers} == {Visibility.PUBLIC}

    for job in asked:
        have_no_yes(job.subject)

    assert {fresh(one).visibility for one in answers} == {Visibility.DIRECT}
    assert (fresh(parent).replies_count, threads.descendants(None, parent.id)) == (0, [])


def test_where_everybody_may_answer_or_nobody_did_there_is_no_job(remote: Remote) -> None:
    answers_first(remote("carol"), remote("dave"), policy="")
    answers_first(remote("carol2"), remote("dave2"), policy=ASKS_OF_BOOSTS)
    answers_first(remote("carol3"), remote("dave3"), count=0)

    assert jobs_of(JobKind.HOLD_EARLIER) == []


def test_what_was_let_in_before_the_job_is_done_stays(remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    parent, _ = answers_first(carol, dave)
    later = make_status(dave, "In time.", in_reply_to_uri=parent.uri)
    with in_unit():
        approval = approvals.of_status(later.id, ApprovalKind.REPLY)
        assert approval is not None
        answers_received.stamped(approval.id, "https://remote.test/stamps/1", true=True)

    do(JobKind.HOLD_EARLIER, belated.hold_earlier)
    for job in jobs_of(JobKind.FETCH_STAMP):
        have_no_yes(job.subject)

    assert threads.descendants(None, parent.id) == [later.id]


@pytest.mark.parametrize("named", [True, False])
def test_whoever_is_spoken_to_here_reads_what_no_stamp_came_for(alice: Person, remote: Remote, named: bool) -> None:
    note = make_note(remote("carol"), policy=ASKS)
    answer = make_status(
        remote("dave"), "Heron.", in_reply_to_uri=note.uri, mentions=[alice.account.id] if named else []
    )
    with in_unit():
        receiving.receive(Account.get(Account.username == "carol"), note, asked=True)
    do(JobKind.HOLD_EARLIER, belated.hold_earlier)

    for job in jobs_of(JobKind.FETCH_STAMP):
        have_no_yes(job.subject)

    assert fresh(answer).visibility == (Visibility.PUBLIC if named else Visibility.DIRECT)


def test_an_earlier_answer_that_was_let_in_keeps_its_boosts(alice: Person, bob: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    make_follow(bob, alice)
    note = make_note(carol, policy=ASKS)
    answer = make_status(dave, "Heron.", in_reply_to_uri=note.uri)
    with in_unit():
        boost = reblogs.add(alice.account.id, answer.id)
        receiving.receive(carol, note, asked=True)
    before = fresh(dave).statuses_count

    with listening(f"user:{bob.account.id}") as heard:
        do(JobKind.HOLD_EARLIER, belated.hold_earlier)
        [job] = jobs_of(JobKind.FETCH_STAMP)
        with in_unit():
            answers_received.stamped(job.subject, "https://remote.test/stamps/1", true=True)
            answers_received.hold(job.subject)

    assert boost.id in at_home(bob)
    assert [event for event, _ in heard if event == "delete"] == []
    assert jobs_of(JobKind.SEND_UNREBLOG) == []
    assert (fresh(answer).reblogs_count, fresh(dave).statuses_count) == (1, before)


def test_an_answer_that_is_held_leaves_every_place_and_comes_back_to_all_of_them(
    alice: Person, bob: Person, remote: Remote
) -> None:
    carol, dave = remote("carol"), remote("dave", indexable=True)
    make_follow(bob, alice)
    quoted = make_status(alice, "Quote me.")
    note = make_note(carol, policy=ASKS)
    answer = make_status(dave, "Heron.", in_reply_to_uri=note.uri, quote=QuoteFacts(uri=quoted.uri, legacy=True))
    with in_unit():
        quote = approvals.of_status(answer.id, ApprovalKind.QUOTE)
        assert quote is not None
        approvals.change(quote, state=str(ApprovalState.ACCEPTED))
        boost = reblogs.add(alice.account.id, answer.id)
        receiving.receive(carol, note, asked=True)
    before = fresh(dave).statuses_count, fresh(alice.account).statuses_count

    assert boost.id in at_home(bob)
    assert (search.statuses(None, "heron", Page()), fresh(quoted).quotes_count) == ([answer.id], 1)
    do(JobKind.HOLD_EARLIER, belated.hold_earlier)
    [job] = jobs_of(JobKind.FETCH_STAMP)
    with listening(f"user:{bob.account.id}") as heard:
        have_no_yes(job.subject)

    assert heard == [("delete", boost.id)]
    assert boost.id not in at_home(bob)
    assert (search.statuses(dave.id, "heron", Page()), fresh(quoted).quotes_count) == ([], 0)
    assert (fresh(dave).statuses_count, fresh(alice.account).statuses_count) == (before[0] - 1, before[1] - 1)
    assert Status.get_or_none(Status.id == boost.id) is None
    assert len(jobs_of(JobKind.SEND_UNREBLOG)) == 1

    [approval] = Approval.select().where(Approval.kind == str(ApprovalKind.REPLY))
    with in_unit():
        answers_received.stamped(approval.id, "https://remote.test/stamps/1", true=True)

    assert (search.statuses(None, "heron", Page()), fresh(quoted).quotes_count) == ([answer.id], 1)
    assert fresh(dave).statuses_count == before[0]


def test_boosts_of_an_answer_that_was_held_return_with_it_but_those_that_ended_meanwhile(
    alice: Person, bob: Person, remote: Remote
) -> None:
    carol, dave = remote("carol"), remote("dave")
    faithful, fickle = remote("erin"), remote("frank")
    for booster in (alice, faithful, fickle):
        make_follow(bob, booster)
    note = make_note(carol, policy=ASKS)
    answer = make_status(dave, "Heron.", in_reply_to_uri=note.uri)
    with in_unit():
        reblogs.add(alice.account.id, answer.id, Visibility.UNLISTED)
        for booster in (faithful, fickle):
            reblogs.receive(booster, answer.id, uri=f"{booster.uri}/boost")
        receiving.receive(carol, note, asked=True)
    do(JobKind.HOLD_EARLIER, belated.hold_earlier)
    [job] = jobs_of(JobKind.FETCH_STAMP)
    have_no_yes(job.subject)
    assert boosters_of(answer) == {}
    with in_unit():
        reblogs.undo_received(fickle, uri=f"{fickle.uri}/boost")

    with in_unit():
        answers_received.stamped(job.subject, "https://remote.test/stamps/1", true=True)
    assert do(JobKind.RETURN_BOOSTS, belated.return_boosts) == 1

    assert boosters_of(answer) == {"alice": Visibility.UNLISTED, "erin": Visibility.PUBLIC}
    assert fresh(answer).reblogs_count == 2
    assert len(jobs_of(JobKind.SEND_REBLOG)) == 2  # before, and now


def test_many_boosts_return_a_few_at_a_time(bob: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    boosters = [remote(f"booster{n}") for n in range(belated.AT_ONCE + 1)]
    note = make_note(carol, policy=ASKS)
    answer = make_status(dave, "Heron.", in_reply_to_uri=note.uri)
    with in_unit():
        for booster in boosters:
            make_follow(bob, booster)
            reblogs.receive(booster, answer.id, uri=f"{booster.uri}/boost")
        receiving.receive(carol, note, asked=True)
    do(JobKind.HOLD_EARLIER, belated.hold_earlier)
    [job] = jobs_of(JobKind.FETCH_STAMP)
    have_no_yes(job.subject)

    with in_unit():
        answers_received.stamped(job.subject, "https://remote.test/stamps/1", true=True)

    assert do(JobKind.RETURN_BOOSTS, belated.return_boosts) == 2
    assert fresh(answer).reblogs_count == len(boosters)


def boosters_of(status: Status) -> dict[str, str]:
    query = Status.select(Account.username, Status.visibility).join(Account, on=(Account.id == Status.account))
    return dict(query.where(Status.reblog_of == status.id).tuples())


def test_a_stamp_that_is_taken_back_is_the_same_removal(alice: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    parent = make_status(carol, policy=ASKS)
    answer = make_status(dave, "Heron.", in_reply_to_uri=parent.uri)
    stamp = "https://remote.test/stamps/1"
    with in_unit():
        approval = approvals.of_status(answer.id, ApprovalKind.REPLY)
        assert approval is not None
        answers_received.stamped(approval.id, stamp, true=True)
        boost = reblogs.add(alice.account.id, answer.id)
    assert (fresh(parent).replies_count, fresh(dave).statuses_count) == (1, 1)

    with in_unit():
        quotes.receive_revocation(carol, stamp)

    assert (fresh(parent).replies_count, fresh(dave).statuses_count) == (0, 0)
    assert Status.get_or_none(Status.id == boost.id) is None
    assert fresh(answer).visibility == Visibility.DIRECT


def widen(author: Account, status: Status, policy: str = "") -> None:
    note = make_note(author, uri=status.uri, policy=policy)
    with in_unit():
        edits.receive_edit(author, note)


@pytest.mark.parametrize("is_widened", [True, False])
def test_boosts_and_answers_that_wait_begin_once_everybody_may(
    alice: Person, bob: Person, remote: Remote, is_widened: bool
) -> None:
    make_follow(bob, alice)
    carol, dave = remote("carol"), remote("dave")
    status = make_status(carol, policy=policies.write(Policy(reply=BY_HAND, reblog=BY_HAND)))
    with in_unit():
        boost = reblogs.add(alice.account.id, status.id)
    ours = make_status(alice, "Mine.", in_reply_to_id=status.id)
    theirs = make_status(dave, "Theirs.", in_reply_to_uri=status.uri)
    assert threads.descendants(None, status.id) == []

    narrower = policies.write(Policy(reply=BY_HAND, reblog=BY_HAND, favourite=BY_HAND))
    widen(carol, status, "" if is_widened else narrower)
    do(JobKind.LET_IN, belated.let_in)

    assert (fresh(status).reblogs_count, boost.id in at_home(bob)) == (int(is_widened), is_widened)
    assert threads.descendants(None, status.id) == ([ours.id, theirs.id] if is_widened else [])
    assert fresh(status).replies_count == (2 if is_widened else 0)
    assert [job.subject for job in jobs_of(JobKind.SEND_REBLOG)][1:] == ([boost.id] if is_widened else [])


@pytest.mark.parametrize("policy", ["", ASKS])  # the second says nothing of favourites, so that everybody may
def test_favourites_that_had_to_be_asked_for_are_told_once_everybody_may(
    alice: Person, bob: Person, remote: Remote, policy: str
) -> None:
    carol = remote("carol")
    status = make_status(carol, policy=policies.write(Policy(favourite=BY_HAND)))
    with in_unit():
        for person in (alice, bob):
            favourites.add(person.account.id, status.id)
        answered, waiting = Favourite.select().order_by(Favourite.id)
        favourites.agreed_elsewhere(carol, answered.id, "https://remote.test/stamps/1")
        Job.delete().execute()

    widen(carol, status, policy)
    do(JobKind.TELL_FAVOURITES, belated.tell_favourites)

    assert [job.subject for job in jobs_of(JobKind.SEND_FAVOURITE)] == [waiting.id]


def test_favourites_wait_on_where_they_still_have_to_be_asked_for(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, policy=policies.write(Policy(favourite=BY_HAND, reblog=BY_HAND)))
    with in_unit():
        favourites.add(alice.account.id, status.id)

    widen(carol, status, policies.write(Policy(favourite=BY_HAND)))

    assert jobs_of(JobKind.TELL_FAVOURITES) == []


def test_what_was_refused_does_not_begin(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, policy=ASKS)
    make_status(alice, "Mine.", in_reply_to_id=status.id)
    with in_unit():
        [approval] = Approval.select()
        replies.refuse(approval)

    widen(carol, status)

    assert jobs_of(JobKind.LET_IN) == []
    assert threads.descendants(None, status.id) == []


def test_what_lets_in_one_kind_begins_that_kind_alone(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, policy=policies.write(Policy(reply=BY_HAND, reblog=BY_HAND)))
    with in_unit():
        reblogs.add(alice.account.id, status.id)
    make_status(alice, "Mine.", in_reply_to_id=status.id)

    with clock.frozen(clock.now_ms() + clock.MINUTE):
        widen(carol, status, ASKS)
        do(JobKind.LET_IN, belated.let_in)

    assert (fresh(status).reblogs_count, fresh(status).replies_count) == (1, 0)


@pytest.mark.parametrize(("late_by", "is_let_in"), [(-1, False), (1, True)])
def test_an_older_edit_that_comes_late_opens_nothing(remote: Remote, late_by: int, is_let_in: bool) -> None:
    carol, dave = remote("carol"), remote("dave")
    now = clock.now_ms()
    with in_unit():
        parent = receiving.receive(carol, make_note(carol, created_at=now - clock.HOUR), asked=True)
        assert parent is not None
        edits.receive_edit(carol, make_note(carol, "Ask me.", uri=parent.uri, updated_at=now - 1000, policy=ASKS))
    answer = make_status(dave, "Heron.", in_reply_to_uri=parent.uri)
    assert answer.visibility == Visibility.DIRECT

    with in_unit():
        edits.receive_edit(carol, make_note(carol, "Go on.", uri=parent.uri, updated_at=now - 1000 + late_by))
    do(JobKind.LET_IN, belated.let_in)

    assert (fresh(parent).policy == "", fresh(answer).visibility == Visibility.PUBLIC) == (is_let_in, is_let_in)
