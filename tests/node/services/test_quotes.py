"""Quotes: who may, how they stand, what a reader sees of them, and how they end."""

from collections.abc import Callable
from typing import Any

import pytest

from node import clock
from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, Approval, ApprovalState, NotificationKind, Status, Visibility
from node.paging import Page
from node.services.accounts import erasure
from node.services.approvals import quotes, quotes_received
from node.services.approvals import requests as interaction_requests
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Choice, Choices
from node.services.notifications import telling as notifications
from node.services.relationships import blocks, mutes
from node.services.relationships import domain_blocks as account_domain_blocks
from node.services.statuses import deletion, edits, receiving
from node.services.statuses import view as status_view
from node.services.statuses.drafts import Draft
from node.services.statuses.facts import QuoteFacts
from tests.factories import Person, payload_of
from tests.factories_posts import account_of, fresh, jobs_of, make_follow, make_note, make_status
from tests.queries import assert_query_count, counted_queries

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]
BY_HAND = Choices(quote=Choice.MANUAL)
ANYONE = '{"quote":{"automatic":["public"]}}'


def quoting(author: Person | Account, target: Status, text: str = "Look:", **more: Any) -> Status:
    if account_of(author).is_local:
        return make_status(author, text, quoted_status_id=target.id, **more)
    return make_status(author, text, quote=QuoteFacts(uri=target.uri, **more))


def row(status: Status) -> Approval:
    return Approval.get(Approval.status == status.id)


def seen(reader: Person | None, status: Status) -> status_view.Quote:
    quote = status_view.one(None if reader is None else reader.account.id, status.id).quote
    assert quote is not None
    return quote


def kinds(person: Person) -> list[str]:
    return [one.kind for one in notifications.page(person.account.id, Page())]


# ── among people here ──


def test_who_lets_anybody_is_quoted_counted_and_told_at_once(alice: Person, bob: Person) -> None:
    target = make_status(alice, "The sea has never been late.")

    status = quoting(bob, target)

    shown = seen(bob, status)
    assert (shown.state, shown.status and shown.status.id) == (ApprovalState.ACCEPTED, target.id)
    assert fresh(target).quotes_count == 1
    assert kinds(alice) == [NotificationKind.QUOTE]
    assert quotes.of_status(bob.account.id, target.id, Page()) == [status.id]


def test_a_quote_needs_no_words_also_when_it_is_edited(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    status = quoting(bob, target, "")

    edited = edits.edit(bob.account.id, status.id, Draft(text="", spoiler_text="Sea"))

    assert edited.spoiler_text == "Sea"
    with pytest.raises(Invalid):
        make_status(bob, "")


@pytest.mark.parametrize(
    ("choice", "follows", "state"),
    [
        (Choice.PUBLIC, False, ApprovalState.ACCEPTED),
        (Choice.FOLLOWERS, True, ApprovalState.ACCEPTED),
        (Choice.FOLLOWERS, False, None),
        (Choice.MANUAL, True, ApprovalState.PENDING),
        (Choice.NOBODY, True, None),
    ],
)
def test_the_author_chooses_who_may_quote(
    alice: Person, bob: Person, choice: Choice, follows: bool, state: ApprovalState | None
) -> None:
    if follows:
        make_follow(bob, alice)
    target = make_status(alice, policy=Choices(quote=choice))

    if state is None:
        with pytest.raises(Invalid, match="does not let you quote"):
            quoting(bob, target)
        assert Approval.select().count() == 0
    else:
        assert row(quoting(bob, target)).state == state
    assert row(quoting(alice, target)).state == ApprovalState.ACCEPTED


def test_what_is_decided_by_hand_waits_for_a_yes(alice: Person, bob: Person) -> None:
    target = make_status(alice, policy=BY_HAND)
    status = quoting(bob, target)
    assert kinds(alice) == [NotificationKind.PENDING_QUOTE]
    assert (seen(bob, status).state, seen(bob, status).status) == (ApprovalState.PENDING, None)
    (waiting,) = interaction_requests.page(alice.account.id, Page())

    with pytest.raises(NotFound):
        interaction_requests.authorize(bob.account.id, waiting.id)
    interaction_requests.authorize(alice.account.id, waiting.id)

    assert seen(bob, status).state == ApprovalState.ACCEPTED
    assert fresh(target).quotes_count == 1
    assert (kinds(alice), interaction_requests.count(alice.account.id)) == ([], 0)


def test_or_for_a_no(alice: Person, bob: Person) -> None:
    target = make_status(alice, policy=BY_HAND)
    status = quoting(bob, target)

    interaction_requests.reject(alice.account.id, row(status).id)

    assert (seen(bob, status).state, fresh(target).quotes_count) == (ApprovalState.REJECTED, 0)
    with pytest.raises(NotFound):
        interaction_requests.authorize(alice.account.id, row(status).id)


def test_what_is_for_followers_is_quoted_by_its_author_alone_and_for_followers(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    target = make_status(alice, visibility=Visibility.PRIVATE)

    with pytest.raises(Invalid):
        quoting(bob, target)
    status = quoting(alice, target, visibility=Visibility.PUBLIC)

    assert status.visibility == Visibility.PRIVATE
    assert fresh(target).quotes_count == 0


def test_what_cannot_be_seen_cannot_be_quoted_either(alice: Person, bob: Person) -> None:
    target = make_status(alice, visibility=Visibility.PRIVATE)
    blocked = make_status(alice)

    with pytest.raises(NotFound):
        quoting(bob, target)
    blocks.block(alice.account.id, bob.account.id)
    with pytest.raises(NotFound):
        quoting(bob, blocked)


def test_a_message_is_quoted_by_nobody(alice: Person) -> None:
    target = make_status(alice, visibility=Visibility.DIRECT)

    with pytest.raises(Invalid):
        quoting(alice, target)


# ── what a reader sees ──


def test_a_private_post_is_never_seen_through_a_quote(alice: Person, bob: Person) -> None:
    """Its reader has followed, quoted nothing, and is then somebody else's reader."""
    target = make_status(alice, "A secret.")
    status = quoting(bob, target)
    Status.update(visibility=Visibility.PRIVATE).where(Status.id == target.id).execute()

    for reader in (bob, None):
        assert (seen(reader, status).state, seen(reader, status).status) == (ApprovalState.UNAUTHORIZED, None)
    assert seen(alice, status).state == ApprovalState.ACCEPTED


def test_whom_the_reader_does_not_want_to_see_is_marked(alice: Person, bob: Person, remote: Remote) -> None:
    carol = remote("carol")
    target = make_status(carol, policy=ANYONE)
    status = quoting(carol, target)
    assert seen(alice, status).state == ApprovalState.ACCEPTED
    status = quoting(remote("dave"), target, legacy=True)

    mutes.mute(alice.account.id, carol.id)
    assert seen(alice, status).state == "muted_account"
    account_domain_blocks.add(alice.account.id, "remote.test")
    assert seen(alice, status).state == "blocked_domain"
    blocks.block(alice.account.id, carol.id)
    assert seen(alice, status).state == "blocked_account"

    assert seen(alice, status).status is not None
    assert seen(bob, status).state == ApprovalState.ACCEPTED


def test_who_blocks_the_reader_is_not_shown(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    carol_like = quoting(bob, target)
    blocks.block(alice.account.id, bob.account.id)

    assert seen(bob, carol_like).state == ApprovalState.UNAUTHORIZED


def test_a_quote_within_a_quote_is_an_id(alice: Person, bob: Person) -> None:
    first = make_status(alice)
    second = quoting(bob, first)
    third = quoting(alice, second)

    inner = seen(bob, third).status
    assert inner is not None
    assert inner.quote is not None
    assert (inner.quote.state, inner.quote.status, inner.quote.status_id) == (ApprovalState.ACCEPTED, None, first.id)


def test_many_quotes_cost_as_many_queries_as_one(alice: Person, bob: Person) -> None:
    targets = [make_status(alice, f"Number {n}") for n in range(6)]
    ids = [quoting(bob, target).id for target in targets]
    reader = bob.account.id

    status_view.load(ids[:1], reader)  # and with it the two people
    with counted_queries() as one:
        status_view.load(ids[1:2], reader)
    with assert_query_count(len(one)):
        status_view.load(ids[2:], reader)
    with assert_query_count(3):  # rows, which of the quoted may be read, and their rows
        status_view.load(ids, reader)


def test_the_list_of_quotes_has_those_that_the_reader_may_read(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    public, private = quoting(bob, target), quoting(bob, target, visibility=Visibility.PRIVATE)

    assert quotes.of_status(bob.account.id, target.id, Page()) == [private.id, public.id]
    assert quotes.of_status(None, target.id, Page()) == [public.id]
    assert fresh(target).quotes_count == 1


# ── ends ──


def test_an_author_takes_a_post_out_of_a_quote(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    status = quoting(bob, target)

    with pytest.raises(NotFound):
        quotes.revoke(bob.account.id, target.id, status.id)
    for _ in range(2):
        assert quotes.revoke(alice.account.id, target.id, status.id).id == status.id

    assert (seen(bob, status).state, seen(bob, status).status) == (ApprovalState.REVOKED, None)
    assert fresh(target).quotes_count == 0
    assert kinds(alice) == []


def test_a_quote_outlives_what_it_quotes(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    status = quoting(bob, target)

    deletion.delete(alice.account.id, target.id)

    assert (seen(bob, status).state, seen(bob, status).status) == (ApprovalState.DELETED, None)


def test_a_quote_that_is_deleted_does_not_count(alice: Person, bob: Person) -> None:
    target, other = make_status(alice), make_status(alice)
    status = quoting(bob, target)
    quoting(bob, other)

    deletion.delete(bob.account.id, status.id)
    assert fresh(target).quotes_count == 0
    erasure.erase(bob.account)
    assert fresh(other).quotes_count == 0


def test_quoters_hear_of_an_edit_by_their_own_quote(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    status = quoting(bob, target)

    for text in ("Better.", "Best."):
        edits.edit(alice.account.id, target.id, Draft(text=text))

    (told,) = notifications.page(bob.account.id, Page())
    assert (told.kind, told.status_id) == (NotificationKind.QUOTED_UPDATE, status.id)


def test_a_policy_can_be_changed_later_and_past_quotes_stay(alice: Person, bob: Person) -> None:
    target = make_status(alice)
    status = quoting(bob, target)

    edits.change_policy(alice.account.id, target.id, Choices(quote=Choice.NOBODY))

    assert seen(bob, status).state == ApprovalState.ACCEPTED
    with pytest.raises(Invalid):
        quoting(bob, target)
    with pytest.raises(NotFound):
        edits.change_policy(bob.account.id, target.id, Choices(quote=Choice.PUBLIC))


# ── from and to elsewhere ──


def test_a_remote_author_is_asked(alice: Person, remote: Remote) -> None:
    target = make_status(remote("carol"), policy=ANYONE)
    refusing = make_status(remote("dave"))

    status = quoting(alice, target)

    assert row(status).state == ApprovalState.PENDING
    assert [job.subject for job in jobs_of(JobKind.SEND_QUOTE_REQUEST)] == [row(status).id]
    with pytest.raises(Invalid):
        quoting(alice, refusing)


def test_what_a_remote_author_answers_holds(alice: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    status = quoting(alice, make_status(carol, policy=ANYONE))

    quotes.agreed_elsewhere(dave, status.id, f"{dave.uri}/stamps/1")
    assert row(status).state == ApprovalState.PENDING
    quotes.agreed_elsewhere(carol, status.id, f"{carol.uri}/stamps/1")
    assert row(status).state == ApprovalState.ACCEPTED
    assert quotes.receive_revocation(dave, f"{carol.uri}/stamps/1") is False
    assert deletion.receive_delete(carol, f"{carol.uri}/stamps/1") is False
    assert row(status).state == ApprovalState.REVOKED
    quotes.agreed_elsewhere(carol, status.id, f"{carol.uri}/stamps/2")
    assert row(status).state == ApprovalState.REVOKED


def test_a_stamp_that_was_taken_back_before_it_came_is_none(alice: Person, remote: Remote) -> None:
    carol = remote("carol")
    status = quoting(alice, make_status(carol, policy=ANYONE))

    deletion.receive_delete(carol, f"{carol.uri}/stamps/1")
    quotes.agreed_elsewhere(carol, status.id, f"{carol.uri}/stamps/1")

    assert row(status).state == ApprovalState.PENDING


@pytest.mark.parametrize(
    ("policy", "legacy", "state"),
    [
        (ANYONE, True, ApprovalState.ACCEPTED),
        ("", True, ApprovalState.UNAUTHORIZED),
        (ANYONE, False, ApprovalState.PENDING),
        ('{"quote":{"automatic":["followers"]}}', True, ApprovalState.UNAUTHORIZED),
    ],
)
def test_old_quotes_stand_where_anybody_may_quote(
    remote: Remote, policy: str, legacy: bool, state: ApprovalState
) -> None:
    target = make_status(remote("carol"), policy=policy)

    assert row(quoting(remote("dave"), target, legacy=legacy)).state == state


def test_an_old_quote_of_ours_stands_if_the_policy_lets_that_person(alice: Person, remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    make_follow(carol, alice)
    target = make_status(alice, policy=Choices(quote=Choice.FOLLOWERS))

    assert row(quoting(carol, target, legacy=True)).state == ApprovalState.ACCEPTED
    assert row(quoting(dave, target, legacy=True)).state == ApprovalState.UNAUTHORIZED
    assert kinds(alice) == [NotificationKind.QUOTE]


def test_what_is_quoted_and_unknown_is_fetched_but_not_without_end(remote: Remote) -> None:
    carol = remote("carol")

    for depth in range(quotes_received.MAX_DEPTH + 1):
        make_status(carol, quote=QuoteFacts(uri=f"https://remote.test/unknown/{depth}", depth=depth))

    asked = [payload_of(job)["depth"] for job in jobs_of(JobKind.FETCH_QUOTED)]
    assert asked == list(range(quotes_received.MAX_DEPTH))


def test_an_update_without_a_stamp_takes_no_yes_away_but_has_it_looked_at(remote: Remote) -> None:
    carol, dave = remote("carol"), remote("dave")
    target = make_status(carol)
    stamp = f"{carol.uri}/stamps/1"
    note = make_note(dave, quote=QuoteFacts(uri=target.uri, stamp_uri=stamp))
    status = receiving.receive(dave, note, asked=True)
    assert status is not None
    quotes_received.stamped(row(status).id, stamp, true=True)
    assert row(status).state == ApprovalState.ACCEPTED

    again = make_note(dave, uri=note.uri, updated_at=clock.now_ms() + 1, quote=QuoteFacts(uri=target.uri))
    edits.receive_edit(dave, again)
    assert row(status).state == ApprovalState.ACCEPTED
    assert len(jobs_of(JobKind.FETCH_QUOTED)) == 1

    quotes_received.stamped(row(status).id, stamp, true=False)
    assert row(status).state == ApprovalState.REVOKED
    quotes_received.stamped(row(status).id, stamp, true=True)
    assert row(status).state == ApprovalState.REVOKED


def test_an_edit_may_quote_something_else_and_an_older_word_may_not(remote: Remote) -> None:
    carol = remote("carol")
    one, other = make_status(carol), make_status(carol)
    note = make_note(carol, quote=QuoteFacts(uri=one.uri))
    status = receiving.receive(carol, note, asked=True)
    assert status is not None

    edits.receive_edit(carol, make_note(carol, uri=note.uri, quote=QuoteFacts(uri=other.uri)))
    assert row(status).target_id == one.id
    later = clock.now_ms() + 1_000
    edits.receive_edit(carol, make_note(carol, uri=note.uri, updated_at=later, quote=QuoteFacts(uri=other.uri)))

    assert row(status).target_id == other.id
    assert (fresh(one).quotes_count, fresh(other).quotes_count) == (0, 1)
    assert approvals.stamp_uri(row(status)) != ""
