"""Several posts in one go: all of them or none."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from node import clock
from node.errors import Invalid
from node.models import Account, MediaAttachment, ScheduledMedia, ScheduledStatus, Status, Visibility
from node.services.approvals.policies import Choice, Choices
from node.services.statuses import posting, scheduled
from node.services.statuses.chains import MAX_POSTS
from node.services.statuses.drafts import Draft
from tests.factories import Person
from tests.factories_posts import jobs_of, make_follow, make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")


def thread(*texts: str, **terms: object) -> Draft:
    first, *others = (Draft(text=text, **terms) for text in texts)  # type: ignore[arg-type]
    return replace(first, then=tuple(others))


def written() -> list[Status]:
    return list(Status.select().order_by(Status.id))


def test_each_post_answers_the_one_before(alice: Person) -> None:
    first = posting.post(alice.account.id, thread("One", "Two", "Three", visibility=Visibility.UNLISTED))

    one, two, three = written()
    assert first.id == one.id
    assert [status.source for status in (one, two, three)] == ["One", "Two", "Three"]
    assert (one.in_reply_to_id, two.in_reply_to_id, three.in_reply_to_id) == (None, one.id, two.id)
    assert len({status.thread_id for status in (one, two, three)}) == 1
    assert {status.visibility for status in (one, two, three)} == {Visibility.UNLISTED}


def test_what_one_post_lacks_keeps_back_all_and_says_which(alice: Person) -> None:
    with pytest.raises(Invalid, match=r"^Post 3: A post here has at most 500 characters; this one has 501"):
        posting.post(alice.account.id, thread("One", "Two", "x" * 501))


def test_one_post_is_refused_as_ever(alice: Person) -> None:
    with pytest.raises(Invalid, match=r"^A post needs words"):
        posting.post(alice.account.id, Draft(text=""))


def test_a_thread_has_its_end(alice: Person) -> None:
    posting.post(alice.account.id, thread(*(str(n) for n in range(MAX_POSTS))))
    with pytest.raises(Invalid, match="at most"):
        posting.post(alice.account.id, thread(*(str(n) for n in range(MAX_POSTS + 1))))

    assert Status.select().count() == MAX_POSTS


def test_each_post_has_pictures_of_its_own(alice: Person) -> None:
    one, two = make_media(alice), make_media(alice)
    both = Draft(text="One", media_ids=(one.id,), then=(Draft(text="Two", media_ids=(two.id,)),))

    posting.post(alice.account.id, both)

    first, second = written()
    assert MediaAttachment.get_by_id(one.id).status_id == first.id
    assert MediaAttachment.get_by_id(two.id).status_id == second.id
    again = make_media(alice)
    with pytest.raises(Invalid, match="belongs to one post"):
        posting.post(
            alice.account.id, Draft(text="x", media_ids=(again.id,), then=(Draft(text="y", media_ids=(again.id,)),))
        )


def test_a_thread_may_answer_and_forbid_answers_of_others(alice: Person, bob: Person) -> None:
    parent = make_status(bob, "Hello")
    nobody = Choices(reply=Choice.NOBODY)
    draft = replace(thread("One", "Two", policy=nobody), in_reply_to_id=parent.id)

    first = posting.post(alice.account.id, draft)

    assert first.in_reply_to_id == parent.id
    assert written()[-1].in_reply_to_id == first.id


def test_an_answer_that_has_to_be_let_in_is_one_post(alice: Person, bob: Person) -> None:
    asks = posting.post(bob.account.id, Draft(text="Ask me", policy=Choices(reply=Choice.MANUAL)))

    with pytest.raises(Invalid, match="has to let your answer in first"):
        posting.post(alice.account.id, replace(thread("One", "Two"), in_reply_to_id=asks.id))
    alone = posting.post(alice.account.id, replace(thread("One"), in_reply_to_id=asks.id))

    assert alone.visibility == Visibility.DIRECT


def test_what_goes_on_does_not_overtake_what_it_goes_on_with(alice: Person, remote: Callable[..., Account]) -> None:
    make_follow(remote("carol"), alice)

    posting.post(alice.account.id, thread("One", "Two"))

    assert len({job.priority for job in jobs_of("send_status")}) == 1


def test_a_thread_waits_as_one_and_goes_out_as_one(alice: Person) -> None:
    one, two = make_media(alice), make_media(alice)
    draft = Draft(text="One", media_ids=(one.id,), then=(Draft(text="Two", media_ids=(two.id,)),))

    row = scheduled.schedule(alice.account.id, draft, clock.now_ms() + clock.DAY)
    kept = ScheduledMedia.select().count()
    with clock.frozen(clock.now_ms() + 2 * clock.DAY):
        scheduled._post(row)

    first, second = written()
    assert kept == 2
    assert second.in_reply_to_id == first.id
    assert MediaAttachment.get_by_id(one.id).status_id == first.id
    assert MediaAttachment.get_by_id(two.id).status_id == second.id
    assert not ScheduledStatus.select().exists()


def test_what_could_not_be_posted_now_does_not_wait(alice: Person) -> None:
    with pytest.raises(Invalid, match=r"^Post 2: "):
        scheduled.schedule(alice.account.id, thread("One", "x" * 501), clock.now_ms() + clock.DAY)

    assert not ScheduledStatus.select().exists()
