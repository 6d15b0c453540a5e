"""Who may answer, favourite and boost: at once, after being asked, or not at all; and answers that wait."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock
from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, Approval, ApprovalState, Favourite, NotificationKind, Status, Visibility
from node.paging import Page
from node.services import timelines
from node.services.approvals import policies, replies
from node.services.approvals import requests as interaction_requests
from node.services.approvals.policies import Answer, Choice, Choices, Group, Permission, Policy, Relation
from node.services.interactions import favourites, reactions, reblogs
from node.services.notifications import telling as notifications
from node.services.statuses import deletion, edits, loading, receiving, threads
from node.services.statuses.drafts import Draft
from tests.factories import Person, payload_of
from tests.factories_posts import fresh, jobs_of, make_follow, make_note, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]
BY_HAND = Choices(reply=Choice.MANUAL)


def kinds(person: Person) -> list[str]:
    return [one.kind for one in notifications.page(person.account.id, Page())]


def answer(author: Person, parent: Status, text: str = "Well.", **more: Any) -> Status:
    return make_status(author, text, in_reply_to_id=parent.id, **more)


def arrives(author: Account, parent: Status, **more: Any) -> Status | None:
    return receiving.receive(author, make_note(author, in_reply_to_uri=parent.uri, **more))


# ── what a policy says ──


@pytest.mark.parametrize(
    ("permission", "relation", "said"),
    [
        (Permission((Group.PUBLIC,)), Relation(), Answer.AUTOMATIC),
        (Permission((Group.PUBLIC,)), Relation(blocked=True), Answer.DENIED),
        (Permission((Group.FOLLOWERS,)), Relation(follows=True), Answer.AUTOMATIC),
        (Permission((Group.FOLLOWERS,)), Relation(followed=True), Answer.DENIED),
        (Permission((Group.FOLLOWING,)), Relation(followed=True), Answer.AUTOMATIC),
        (Permission((Group.FOLLOWERS,), (Group.PUBLIC,)), Relation(), Answer.MANUAL),
        (Permission((), (Group.OTHERS,)), Relation(), Answer.UNKNOWN),
        (Permission(), Relation(), Answer.DENIED),
        (Permission(), Relation(is_author=True), Answer.AUTOMATIC),
    ],
)
def test_a_policy_is_judged(permission: Permission, relation: Relation, said: Answer) -> None:
    assert policies.judge(permission, relation) is said


def test_a_policy_survives_being_written_down() -> None:
    policy = Policy(reply=Permission((Group.FOLLOWERS,), (Group.PUBLIC,)), quote=Permission((Group.PUBLIC,)))

    assert policies.read(policies.write(policy)) == policy
    assert (policies.write(Policy()), policies.read("")) == ("", Policy())


def test_favourites_and_boosts_are_not_waited_for(alice: Person) -> None:
    with pytest.raises(Invalid, match="cannot wait"):
        make_status(alice, policy=Choices(favourite=Choice.MANUAL))


# ── favourites and boosts ──


def test_only_whom_the_author_lets_may_favourite_and_boost(alice: Person, bob: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    make_follow(carol, alice)
    only = Choices(favourite=Choice.FOLLOWERS, reblog=Choice.FOLLOWERS)
    status = make_status(alice, policy=only)

    for work in (favourites.add, reblogs.add, lambda who, what: reactions.add(who, what, "👍")):
        with pytest.raises(Invalid, match="does not let you"):
            work(bob.account.id, status.id)
    assert reactions.receive(dave, status.id, "👍", None) is False
    assert favourites.receive(dave, status.id) is False
    assert reblogs.receive(dave, status.id, uri=f"{dave.uri}/boosts/1") is None
    assert Favourite.select().count() == 0

    make_follow(bob, alice)
    favourites.add(bob.account.id, status.id)
    reblogs.add(bob.account.id, status.id)
    assert favourites.receive(carol, status.id) is True
    assert reactions.receive(carol, status.id, "👍", None) is True
    assert reblogs.receive(carol, status.id, uri=f"{carol.uri}/boosts/1") is not None
    assert (fresh(status).favourites_count, fresh(status).reblogs_count) == (2, 2)


# ── answers ──


def test_answers_that_are_not_let_are_refused(alice: Person, bob: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(bob, carol)
    status = make_status(alice, policy=Choices(reply=Choice.NOBODY))

    with pytest.raises(Invalid, match="does not let you answer"):
        answer(bob, status)
    assert arrives(carol, status) is None
    assert [payload_of(job)["asker_id"] for job in jobs_of(JobKind.SEND_APPROVAL)] == [carol.id]
    assert kinds(alice) == []
    assert answer(alice, status).visibility == Visibility.PUBLIC


def test_whoever_is_named_may_answer(alice: Person, bob: Person) -> None:
    status = make_status(alice, "What do you say, @bob?", policy=Choices(reply=Choice.NOBODY))

    assert answer(bob, status).visibility == Visibility.PUBLIC


def test_a_message_to_the_author_needs_no_leave(alice: Person, bob: Person) -> None:
    status = make_status(alice, policy=BY_HAND)

    answer(bob, status, "@alice between us", visibility=Visibility.DIRECT)

    assert kinds(alice) == [NotificationKind.MENTION]
    assert Approval.select().count() == 0


def test_an_answer_that_waits_is_between_the_two(alice: Person, bob: Person, remote: Remote) -> None:
    make_follow(alice, bob)
    third = remote("third")
    status = make_status(alice, policy=BY_HAND)

    waiting = answer(bob, status, "@alice I disagree.")

    assert kinds(alice) == [NotificationKind.PENDING_REPLY]
    for reader in (alice, bob):
        assert loading.get(reader.account.id, waiting.id).id == waiting.id
    for nobody in (None, third.id):
        with pytest.raises(NotFound):
            loading.get(nobody, waiting.id)
    assert threads.descendants(None, status.id, 10) == []
    assert waiting.id not in timelines.home(alice.account.id, Page())
    assert fresh(status).replies_count == 0


def test_and_is_there_for_all_once_it_is_let_in(alice: Person, bob: Person, remote: Remote) -> None:
    carol = remote("carol")
    make_follow(carol, bob)
    status = make_status(alice, policy=BY_HAND)
    waiting = answer(bob, status, "@alice I disagree.")

    with pytest.raises(NotFound):
        interaction_requests.authorize(bob.account.id, interaction_requests.page(alice.account.id, Page())[0].id)
    interaction_requests.authorize(alice.account.id, interaction_requests.page(alice.account.id, Page())[0].id)

    assert fresh(waiting).visibility == Visibility.PUBLIC
    assert threads.descendants(None, status.id, 10) == [waiting.id]
    assert fresh(status).replies_count == 1
    assert kinds(alice) == []
    assert [job.subject for job in jobs_of(JobKind.SEND_STATUS)] == [status.id, waiting.id][-1:]


def test_or_stays_there_for_good(alice: Person, bob: Person) -> None:
    status = make_status(alice, policy=BY_HAND)
    waiting = answer(bob, status)

    interaction_requests.reject(alice.account.id, interaction_requests.page(alice.account.id, Page())[0].id)

    assert fresh(waiting).visibility == Visibility.DIRECT
    assert interaction_requests.count(alice.account.id) == 0


def test_an_answer_from_elsewhere_waits_too_and_names_nobody_meanwhile(
    alice: Person, bob: Person, remote: Remote
) -> None:
    carol = remote("carol")
    make_follow(bob, carol)
    status = make_status(alice, policy=BY_HAND)

    waiting = arrives(carol, status, mentions=(alice.account.id, bob.account.id))
    assert waiting is not None
    assert (kinds(alice), kinds(bob)) == ([NotificationKind.PENDING_REPLY], [])
    with pytest.raises(NotFound):
        loading.get(bob.account.id, waiting.id)
    later = make_note(carol, "Better.", uri=waiting.uri, updated_at=clock.now_ms() + 1, mentions=(bob.account.id,))
    edits.receive_edit(carol, later)
    assert kinds(bob) == []

    interaction_requests.authorize(alice.account.id, interaction_requests.page(alice.account.id, Page())[0].id)

    assert kinds(bob) == [NotificationKind.MENTION]
    assert "Better." in loading.get(None, waiting.id).content
    assert len(jobs_of(JobKind.SEND_APPROVAL)) == 1


def test_an_answer_that_waits_can_be_taken_back(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(alice, policy=BY_HAND)
    waiting = arrives(carol, status)
    assert waiting is not None

    deletion.receive_delete(carol, waiting.uri)

    assert interaction_requests.count(alice.account.id) == 0


def test_our_answer_waits_for_an_author_elsewhere(alice: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    policy = '{"reply":{"manual":["public"]}}'
    status = make_status(carol, policy=policy)

    waiting = answer(alice, status, "Hello.")
    assert waiting.visibility == Visibility.DIRECT
    replies.answered_elsewhere(dave, waiting.id, f"{dave.uri}/stamps/1")
    assert fresh(waiting).visibility == Visibility.DIRECT
    replies.answered_elsewhere(carol, waiting.id, f"{carol.uri}/stamps/1")

    assert fresh(waiting).visibility == Visibility.PUBLIC
    (approval,) = Approval.select()
    assert (approval.state, approval.stamp_uri) == (ApprovalState.ACCEPTED, f"{carol.uri}/stamps/1")
    assert loading.get(None, waiting.id).in_reply_to_id == status.id


def test_an_edit_of_what_waits_shows_it_to_nobody_else(alice: Person, bob: Person) -> None:
    status = make_status(alice, policy=BY_HAND)
    waiting = answer(bob, status)

    edited = edits.edit(bob.account.id, waiting.id, Draft(text="Better."))

    assert edited.visibility == Visibility.DIRECT
    with pytest.raises(NotFound):
        loading.get(None, waiting.id)
