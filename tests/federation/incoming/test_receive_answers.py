"""Answers between people elsewhere, one of whom wants to be asked: what is believed (docs/adr/0028)."""

import contextlib
from typing import Any

import pytest

from federation.context import Budget
from federation.finding import resolve
from node import clock, jobs, store
from node.errors import NodeError
from node.models import Approval, Notification, Status, Visibility
from node.paging import Page
from node.services import timelines
from node.services.interactions import reblogs
from node.services.statuses import threads
from tests.factories import Person, in_unit
from tests.factories_posts import fresh, make_follow
from tests.federation.incoming.fediverse import PUBLIC, Document, Elsewhere, Here, Somebody, account

BY_HAND = {"canReply": {"automaticApproval": [], "manualApproval": [PUBLIC]}}


class Talk:
    """Carol's post, and an answer by dave, whom people here follow, too."""

    def __init__(self, here: Here, there: Elsewhere, carol: Somebody, dave: Somebody) -> None:
        self.here, self.there, self.carol, self.dave = here, there, carol, dave

    async def begin(self, **changes: Any) -> Status:
        self.post = self.carol.note("Who knows?", **{"interactionPolicy": BY_HAND} | changes)
        await self.here.receive(self.carol, self.carol.creates(self.post))
        return status_of(self.post)

    async def answer(self, **changes: Any) -> Document:
        note = self.dave.note("I do.", inReplyTo=self.post["id"], **changes)
        await self.here.receive(self.dave, self.dave.creates(note))
        return note

    def stamp(self, answer: str, **changes: Any) -> str:
        document = {
            "id": f"{self.carol.uri}/authorizations/1",
            "type": "ReplyAuthorization",
            "attributedTo": self.carol.uri,
            "interactingObject": answer,
            "interactionTarget": self.post["id"],
        } | changes
        self.there.serve(document, at=f"/users/{self.carol.name}/authorizations/1")
        return f"{self.carol.uri}/authorizations/1"


@pytest.fixture
async def talk(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> Talk:
    dave = there.somebody("dave")
    first = dave.note("Hello.")
    there.serve(first)
    await here.receive(dave, dave.does("Follow", alice.account.uri))
    make_follow(alice, account(dave))
    return Talk(here, there, carol, dave)


def status_of(note: Document) -> Status:
    return Status.get(Status.uri == note["id"])


def is_shown(note: Document) -> bool:
    """To a visitor, in the thread."""
    status = status_of(note)
    return status.id in threads.descendants(None, status.in_reply_to_id or 0)


@pytest.mark.parametrize("name", ["replyAuthorization", "approvedBy"])
@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"type": "ReplyApproval"},
        {"type": "QuoteAuthorization"},
        {"interactingObject": "https://other.test/notes/1"},
        {"interactionTarget": "https://other.test/notes/1"},
        {"attributedTo": "https://other.test/users/carol"},
        {"id": None},
    ],
)
async def test_an_answer_is_shown_by_a_true_stamp_alone(talk: Talk, name: str, forged: Document) -> None:
    post = await talk.begin()
    uri = f"{talk.dave.uri}/notes/an-answer"
    stamp = talk.stamp(uri, **forged)

    note = await talk.answer(id=uri, **{name: stamp})

    is_true = forged.get("type", "ReplyApproval") == "ReplyApproval" and not forged.keys() - {"type"}
    assert is_shown(note) is is_true
    assert status_of(note).visibility == (Visibility.PUBLIC if is_true else Visibility.DIRECT)
    assert fresh(post).replies_count == int(is_true)


async def test_a_stamp_on_another_host_is_not_asked_for(talk: Talk) -> None:
    async with Elsewhere() as other:
        await talk.begin()

        note = await talk.answer(replyAuthorization=other.url("/authorizations/1"))

        assert not is_shown(note)
        assert other.received == []


async def test_an_answer_without_a_stamp_waits_and_an_update_may_bring_it(talk: Talk) -> None:
    await talk.begin()
    note = await talk.answer()
    assert not is_shown(note)

    note["replyAuthorization"] = talk.stamp(note["id"])
    await talk.here.receive(talk.dave, talk.dave.does("Update", note, to=note["to"], cc=note["cc"]))

    assert is_shown(note)


async def test_nobody_here_is_asked_about_the_answers_of_others(talk: Talk) -> None:
    await talk.begin()
    note = await talk.answer()
    note["replyAuthorization"] = talk.stamp(note["id"])
    await talk.here.receive(talk.dave, talk.dave.does("Update", note, to=note["to"], cc=note["cc"]))

    assert Notification.select().where(Notification.kind != "follow").count() == 0
    assert Approval.get().request_uri == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"interactionPolicy": None},
        {"interactionPolicy": {"canReply": {"automaticApproval": [PUBLIC]}}},
        {"interactionPolicy": {"canLike": {"automaticApproval": []}}},
    ],
)
async def test_where_everybody_may_answer_nobody_needs_a_stamp(talk: Talk, changes: Document) -> None:
    await talk.begin(**changes)

    assert is_shown(await talk.answer())


async def test_the_author_and_whom_they_name_need_none(talk: Talk) -> None:
    await talk.begin(tag=[{"type": "Mention", "href": talk.dave.uri, "name": "@dave"}], cc=[talk.dave.uri])
    assert is_shown(await talk.answer())

    own = talk.carol.note("Me.", inReplyTo=talk.post["id"])
    await talk.here.receive(talk.carol, talk.carol.creates(own))
    assert is_shown(own)


async def test_what_names_somebody_here_is_for_them(talk: Talk, alice: Person) -> None:
    await talk.begin()
    tag = [{"type": "Mention", "href": alice.account.uri, "name": "@alice"}]

    note = await talk.answer(tag=tag, cc=[alice.account.uri])

    assert status_of(note).visibility == Visibility.PUBLIC


async def test_a_stamp_that_is_taken_back_hides_the_answer_again_and_for_good(talk: Talk, alice: Person) -> None:
    post = await talk.begin()
    uri = f"{talk.dave.uri}/notes/an-answer"
    stamp = talk.stamp(uri)
    note = await talk.answer(id=uri, replyAuthorization=stamp)
    mallory = talk.there.somebody("mallory")

    await talk.here.receive(mallory, mallory.does("Delete", stamp))
    assert is_shown(note)
    assert status_of(note).id in timelines.home(alice.account.id, Page())
    await talk.here.receive(talk.carol, talk.carol.does("Delete", stamp))
    assert not is_shown(note)
    assert status_of(note).id not in timelines.home(alice.account.id, Page())
    assert fresh(post).replies_count == 0

    await talk.here.receive(talk.dave, talk.dave.does("Update", note, to=note["to"], cc=note["cc"]))
    assert not is_shown(note)


@pytest.mark.parametrize("is_let_in", [True, False])
async def test_an_answer_that_came_before_what_it_answers_is_asked_for_its_stamp(
    talk: Talk, alice: Person, is_let_in: bool
) -> None:
    talk.post = talk.carol.note("Who knows?", interactionPolicy=BY_HAND)
    uri = f"{talk.dave.uri}/notes/an-answer"
    stamp = talk.stamp(uri)
    note = talk.dave.note("I do.", id=uri, inReplyTo=talk.post["id"], **({"approvedBy": stamp} if is_let_in else {}))
    talk.there.serve(note)
    talk.there.serve(talk.post)

    await talk.here.receive(talk.dave, talk.dave.creates(note))

    assert is_shown(note) is is_let_in
    assert (status_of(note).id in timelines.home(alice.account.id, Page())) is is_let_in
    assert fresh(status_of(talk.post)).replies_count == int(is_let_in)


@pytest.mark.parametrize("answered", [200, 404, 503])
async def test_an_earlier_answer_is_held_as_soon_as_its_server_does_not_say_who_let_it_in(
    talk: Talk, alice: Person, answered: int
) -> None:
    talk.post = talk.carol.note("Who knows?", interactionPolicy=BY_HAND)
    note = talk.dave.note("I do.", inReplyTo=talk.post["id"])
    note["approvedBy"] = talk.stamp(note["id"])
    status = await _earlier(talk, note)
    with in_unit():
        boost = reblogs.add(alice.account.id, status.id)
    if answered == 200:
        talk.there.serve(note)
    else:
        talk.there.on(note["id"].removeprefix(talk.there.url("")), status=answered)

    talk.there.serve(talk.post)
    await resolve.status(talk.here.fed, talk.post["id"], Budget(5))
    with contextlib.suppress(NodeError):  # what may pass is the queue's to try again
        await talk.here.work()

    assert is_shown(note) is (answered == 200)
    assert Status.select().where(Status.id == boost.id).exists() is (answered == 200)
    if answered == 503:
        talk.there.serve(note)
        talk.here.forget(note["id"])
        with clock.frozen(clock.now_ms() + clock.HOUR):
            await store.write(jobs.take_back, 1)
            await talk.here.work()
        assert is_shown(note)


async def _earlier(talk: Talk, note: Document) -> Status:
    """The answer is here, and what it answers could not be had."""
    talk.there.serve(note)
    await talk.here.receive(talk.dave, talk.dave.creates(note))
    talk.here.forget(talk.post["id"])
    return status_of(note)
