"""Quotes and stamps from elsewhere: what is believed, and what is not (FEP-044f)."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from node import store
from node.jobs import JobKind
from node.models import Account, Approval, ApprovalState, Notification, NotificationKind, Status, Visibility
from node.services.approvals import quotes_received, requests
from node.services.approvals.policies import Choice, Choices
from node.services.interactions import reblogs
from node.services.relationships import blocks
from node.services.statuses import deletion
from tests.factories import Person, in_unit, payload_of
from tests.factories_posts import fresh, make_follow, make_status
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account, waiting

Document = dict[str, Any]


@pytest.fixture
def dave(there: Elsewhere) -> Somebody:
    """Whom carol quotes; nobody here has heard of him."""
    return there.somebody("dave")


def stamp(author: Somebody, quoting: Document, quoted: Document, **changes: Any) -> Document:
    return {
        "id": f"{author.uri}/stamps/1",
        "type": "QuoteAuthorization",
        "attributedTo": author.uri,
        "interactingObject": quoting["id"],
        "interactionTarget": quoted["id"],
    } | changes


def state_of(quoting: Document) -> str:
    row = Approval.get(Approval.status == Status.get(Status.uri == quoting["id"]).id)
    return str(row.state)


def asks(asker: Somebody, target: Status, quoting: Document, **changes: Any) -> Document:
    """Addressed to one person, whoever the post is for."""
    author = Account.get_by_id(target.account_id)
    return asker.does("QuoteRequest", target.uri, instrument=quoting, to=[author.uri]) | changes


# ── of others ──


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"interactingObject": "https://other.test/notes/1"},
        {"interactionTarget": "https://other.test/notes/1"},
        {"attributedTo": "https://other.test/users/dave"},
        {"type": "Note"},
        {"interactionTarget": None},
    ],
    ids=["true", "of another quote", "of another post", "of another author", "no stamp", "of nothing"],
)
async def test_a_quote_is_shown_by_a_true_stamp_alone(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, forged: Document
) -> None:
    quoted = dave.note("The sea has never been late.")
    quoting = carol.note("So true.", quote=quoted["id"], quoteAuthorization=f"{dave.uri}/stamps/1")
    there.serve(quoted)
    there.serve(stamp(dave, quoting, quoted, **forged))

    await here.receive(carol, carol.creates(quoting))

    assert state_of(quoting) == (ApprovalState.UNAUTHORIZED if forged else ApprovalState.ACCEPTED)


async def test_a_stamp_on_another_host_than_the_author_is_none(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    async with Elsewhere() as other:
        quoted = dave.note()
        quoting = carol.note(quote=quoted["id"], quoteAuthorization=other.url("/stamps/1"))
        there.serve(quoted)
        other.serve(stamp(dave, quoting, quoted, id=other.url("/stamps/1")))

        await here.receive(carol, carol.creates(quoting))

        assert state_of(quoting) == ApprovalState.UNAUTHORIZED
        assert other.asked_for("/stamps/1") == 0


async def test_one_needs_no_stamp_to_quote_oneself(here: Here, there: Elsewhere, carol: Somebody) -> None:
    quoted = carol.note()
    quoting = carol.note(quote=quoted["id"])
    there.serve(quoted)

    await here.receive(carol, carol.creates(quoting))

    assert state_of(quoting) == ApprovalState.ACCEPTED


async def test_without_a_stamp_it_waits_and_may_not_be_had(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    quoted = dave.note()
    there.serve(quoted)
    waits = carol.note(quote=quoted["id"])
    lost = carol.note(quote=f"{dave.uri}/notes/never")

    await here.receive(carol, carol.creates(waits), carol.creates(lost))

    assert (state_of(waits), state_of(lost)) == (ApprovalState.PENDING, ApprovalState.UNAUTHORIZED)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
async def test_in_whatever_order_it_comes_what_is_taken_back_stays_so(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, order: tuple[int, ...]
) -> None:
    """The quote, its Update with the stamp, and the Delete of the stamp."""
    quoted = dave.note()
    quoting = carol.note(quote=quoted["id"])
    stamped = quoting | {"quoteAuthorization": f"{dave.uri}/stamps/1"}
    there.serve(quoted)
    there.serve(stamp(dave, quoting, quoted))
    words = (
        (carol, carol.creates(quoting)),
        (carol, carol.does("Update", stamped, to=[PUBLIC])),
        (dave, dave.does("Delete", f"{dave.uri}/stamps/1")),
    )

    for index in order:
        await here.receive(words[index][0], words[index][1])

    assert state_of(quoting) in (ApprovalState.REVOKED, ApprovalState.UNAUTHORIZED)


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))), ids=str)
async def test_and_what_is_not_stands_in_either_order(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody, order: tuple[int, ...]
) -> None:
    quoted = dave.note()
    quoting = carol.note(quote=quoted["id"])
    there.serve(quoted)
    there.serve(stamp(dave, quoting, quoted))
    stamped = quoting | {"quoteAuthorization": f"{dave.uri}/stamps/1"}
    words = (carol.creates(quoting), carol.does("Update", stamped, to=[PUBLIC]))

    for index in order:
        await here.receive(carol, words[index])

    assert state_of(quoting) == ApprovalState.ACCEPTED


async def test_a_yes_is_taken_back_by_who_gave_it_alone(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    mallory = there.somebody("mallory")
    quoted = dave.note()
    quoting = carol.note(quote=quoted["id"], quoteAuthorization=f"{dave.uri}/stamps/1")
    there.serve(quoted)
    there.serve(stamp(dave, quoting, quoted))
    await here.receive(carol, carol.creates(quoting))

    await here.receive(mallory, mallory.does("Delete", f"{dave.uri}/stamps/1"))
    assert state_of(quoting) == ApprovalState.ACCEPTED
    await here.receive(dave, dave.does("Delete", f"{dave.uri}/stamps/1"))
    assert state_of(quoting) == ApprovalState.REVOKED


async def test_a_stamp_that_is_gone_is_noticed_by_an_update_without_it(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    quoted = dave.note()
    quoting = carol.note(quote=quoted["id"], quoteAuthorization=f"{dave.uri}/stamps/1")
    there.serve(quoted)
    there.serve(stamp(dave, quoting, quoted))
    await here.receive(carol, carol.creates(quoting))
    del quoting["quoteAuthorization"]

    await here.receive(carol, carol.does("Update", quoting, to=[PUBLIC]))
    assert state_of(quoting) == ApprovalState.ACCEPTED
    there.on("/users/dave/stamps/1", status=404)
    await here.receive(carol, carol.does("Update", quoting, to=[PUBLIC]))
    assert state_of(quoting) == ApprovalState.REVOKED


async def test_a_chain_of_quotes_is_followed_for_a_few_links_and_no_further(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    chain = [dave.note(f"Number {number}.", published="2024-01-01T00:00:00Z") for number in range(8)]
    for note, quoted in itertools.pairwise(chain):
        note["quote"] = quoted["id"]
    for note in chain:
        there.serve(note)
    quoting = carol.note("Look.", quote=chain[0]["id"])

    await here.receive(carol, carol.creates(quoting))

    known = [Status.get_or_none(Status.uri == note["id"]) is not None for note in chain]
    assert known == [number < quotes_received.MAX_DEPTH for number in range(8)]
    assert waiting(JobKind.FETCH_QUOTED) == []


async def test_posts_that_quote_each_other_end(here: Here, there: Elsewhere, carol: Somebody, dave: Somebody) -> None:
    one, other = dave.note("Egg."), dave.note("Hen.")
    one["quote"], other["quote"] = other["id"], one["id"]
    there.serve(one)
    there.serve(other)

    await here.receive(carol, carol.creates(carol.note(quote=one["id"])))

    assert [there.asked_for(note["id"].removeprefix(there.url(""))) for note in (one, other)] == [1, 1]
    assert (state_of(one), state_of(other)) == (ApprovalState.ACCEPTED, ApprovalState.ACCEPTED)


async def test_a_boost_is_not_quoted(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> None:
    boost = carol.does("Announce", make_status(alice).uri, to=[PUBLIC])
    quoting = carol.note(quote=boost["id"])

    await here.receive(carol, boost, carol.creates(quoting))

    assert state_of(quoting) == ApprovalState.UNAUTHORIZED


# ── of ours ──


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (Choice.PUBLIC, ApprovalState.ACCEPTED),
        (Choice.MANUAL, ApprovalState.PENDING),
        (Choice.NOBODY, None),
        (Choice.FOLLOWERS, None),
    ],
)
async def test_who_asks_is_answered_by_the_policy(
    here: Here, carol: Somebody, bob: Person, choice: Choice, state: ApprovalState | None
) -> None:
    target = make_status(bob, policy=Choices(quote=choice))
    quoting = carol.note("Look at that.", quote=target.uri)

    await here.receive(carol, asks(carol, target, quoting))

    answers = [payload_of(job) for job in waiting(JobKind.SEND_APPROVAL)]
    if state is None:
        assert Status.get_or_none(Status.uri == quoting["id"]) is None
    else:
        assert state_of(quoting) == state
    assert len(answers) == (0 if state == ApprovalState.PENDING else 1)
    told = {
        ApprovalState.ACCEPTED: [NotificationKind.QUOTE],
        ApprovalState.PENDING: [NotificationKind.PENDING_QUOTE],
    }
    assert [row.kind for row in Notification.select()] == (told[state] if state else [])


@pytest.mark.parametrize("choice", [Choice.PUBLIC, Choice.MANUAL])
@pytest.mark.parametrize("first", ["request", "create"])
async def test_the_request_and_the_post_come_in_either_order(
    here: Here, carol: Somebody, alice: Person, first: str, choice: Choice
) -> None:
    target = make_status(alice, policy=Choices(quote=choice))
    quoting = carol.note("Look at that.", quote=target.uri)
    both = [asks(carol, target, quoting), carol.creates(quoting)]

    await here.receive(carol, *(both if first == "request" else reversed(both)))

    at_once = int(choice is Choice.PUBLIC)
    assert state_of(quoting) == (ApprovalState.ACCEPTED if at_once else ApprovalState.PENDING)
    assert (fresh(target).quotes_count, len(waiting(JobKind.SEND_APPROVAL))) == (at_once, at_once)
    assert Notification.select().count() == 1

    if not at_once:
        with in_unit():
            requests.authorize(alice.account.id, Approval.get().id)
    assert state_of(quoting) == ApprovalState.ACCEPTED
    assert (fresh(target).quotes_count, len(waiting(JobKind.SEND_APPROVAL))) == (1, 1)


async def test_asking_twice_is_answered_twice_and_counted_once(here: Here, carol: Somebody, alice: Person) -> None:
    target = make_status(alice)
    quoting = carol.note(quote=target.uri)

    await here.receive(carol, asks(carol, target, quoting), asks(carol, target, quoting))

    assert Status.get(Status.uri == quoting["id"]).visibility == Visibility.PUBLIC
    assert fresh(target).quotes_count == 1
    assert len(waiting(JobKind.SEND_APPROVAL)) == 2


def _hide(target: Status, carol: Account) -> None:
    Status.update(visibility=Visibility.PRIVATE).where(Status.id == target.id).execute()


def _block(target: Status, carol: Account) -> None:
    blocks.block(target.account_id, carol.id)


def _delete(target: Status, carol: Account) -> None:
    deletion.delete(target.account_id, target.id)


@pytest.mark.parametrize("change", [_hide, _block, _delete])
async def test_what_the_asker_cannot_see_answers_like_nothing(
    here: Here, carol: Somebody, alice: Person, change: Callable[[Status, Account], None]
) -> None:
    target = make_status(alice)
    with in_unit():
        change(target, account(carol))
    quoting = carol.note(quote=target.uri)

    await here.receive(carol, asks(carol, target, quoting))

    assert waiting(JobKind.SEND_APPROVAL) == []
    assert Status.get_or_none(Status.uri == quoting["id"]) is None


async def test_nobody_asks_to_quote_a_boost(here: Here, carol: Somebody, alice: Person, bob: Person) -> None:
    original = make_status(bob)
    with in_unit():
        boost = reblogs.add(alice.account.id, original.id)

    await here.receive(carol, asks(carol, boost, carol.note(quote=boost.uri)))
    assert waiting(JobKind.SEND_APPROVAL) == []

    await here.receive(carol, asks(carol, original, carol.note(quote=original.uri)))
    assert len(waiting(JobKind.SEND_APPROVAL)) == 1


async def test_what_is_for_followers_is_refused_to_followers(here: Here, carol: Somebody, alice: Person) -> None:
    make_follow(account(carol), alice)
    target = make_status(alice, visibility=Visibility.PRIVATE)

    await here.receive(carol, asks(carol, target, carol.note(quote=target.uri)))

    assert [payload_of(job)["approval"] for job in waiting(JobKind.SEND_APPROVAL)] == [0]


async def test_nobody_asks_for_another_or_with_something_else(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory")
    target, other = make_status(alice), make_status(alice)

    await here.receive(
        carol,
        asks(carol, target, mallory.note(quote=target.uri)),
        asks(carol, target, carol.note(quote=other.uri)),
        asks(carol, target, carol.note(quoteUrl=target.uri)),
        asks(carol, target, carol.note()),
    )

    assert waiting(JobKind.SEND_APPROVAL) == []
    assert Approval.select().count() == 0


async def test_a_claimed_stamp_of_ours_is_worth_what_our_row_says(here: Here, carol: Somebody, alice: Person) -> None:
    target = make_status(alice, policy=Choices(quote=Choice.NOBODY))
    quoting = carol.note(quote=target.uri, quoteAuthorization=f"{alice.account.uri}/approvals/1")

    await here.receive(carol, carol.creates(quoting))

    assert state_of(quoting) == ApprovalState.PENDING
    assert fresh(target).quotes_count == 0


# ── answers ──


async def test_an_answer_is_held_for_whoever_decides_by_hand(here: Here, carol: Somebody, bob: Person) -> None:
    target = make_status(bob, policy=Choices(reply=Choice.MANUAL))
    answer = carol.note("Hm.", inReplyTo=target.uri)

    await here.receive(carol, carol.creates(answer))

    held = Status.get(Status.uri == answer["id"])
    assert held.visibility == Visibility.DIRECT
    assert [row.kind for row in Notification.select()] == [NotificationKind.PENDING_REPLY]
    await here.receive(carol, carol.does("ReplyRequest", target.uri, instrument=answer))
    assert Approval.get(Approval.status == held.id).request_uri != ""


@pytest.mark.parametrize("form", ["answer", "create", "request"])
async def test_our_answer_is_let_in_by_whom_it_answers_alone(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, form: str
) -> None:
    mallory = there.somebody("mallory")
    policy = {"canReply": {"manualApproval": [PUBLIC]}}
    note = carol.note(interactionPolicy=policy)
    await here.receive(carol, carol.creates(note))
    target = Status.get(Status.uri == note["id"])
    mine = await store.write(lambda: make_status(alice, "Hello.", in_reply_to_id=target.id))
    thing: Any = {
        "answer": mine.uri,
        "create": f"{mine.uri}/activity",
        "request": {
            "id": f"{mine.uri}#request",
            "type": "ReplyRequest",
            "actor": alice.account.uri,
            "object": target.uri,
            "instrument": mine.uri,
        },
    }[form]

    await here.receive(mallory, mallory.does("Accept", thing, result=f"{mallory.uri}/stamps/1"))
    await here.receive(carol, carol.does("Accept", thing, result="https://other.test/stamps/1"))
    assert fresh(mine).visibility == Visibility.DIRECT
    await here.receive(carol, carol.does("Accept", thing, result=f"{carol.uri}/stamps/1"))
    assert fresh(mine).visibility == Visibility.PUBLIC


async def test_our_quote_is_agreed_to_and_refused_by_whom_it_quotes_alone(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    mallory = there.somebody("mallory")
    note = carol.note(interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}})
    await here.receive(carol, carol.creates(note))
    target = Status.get(Status.uri == note["id"])
    mine = await store.write(lambda: make_status(alice, "Look.", quoted_status_id=target.id))
    row = Approval.get(Approval.status == mine.id)
    request = {
        "id": f"{alice.account.uri}#quote_requests/{row.id}",
        "type": "QuoteRequest",
        "actor": alice.account.uri,
        "object": note["id"],
        "instrument": mine.uri,
    }

    await here.receive(mallory, mallory.does("Accept", request, result=f"{mallory.uri}/stamps/1"))
    await here.receive(carol, carol.does("Accept", request))
    assert fresh(row).state == ApprovalState.PENDING
    await here.receive(carol, carol.does("Accept", request["id"], result=f"{carol.uri}/stamps/1"))
    assert fresh(row).state == ApprovalState.ACCEPTED
    await here.receive(mallory, mallory.does("Reject", request))
    assert fresh(row).state == ApprovalState.ACCEPTED
    await here.receive(carol, carol.does("Reject", request))
    assert fresh(row).state == ApprovalState.REVOKED
