from collections.abc import Callable

import msgspec
import pytest

from node import clock
from node.errors import Invalid, NotFound
from node.models import (
    Account,
    Favourite,
    MediaAttachment,
    Notification,
    NotificationKind,
    Poll,
    PollVote,
    Status,
    StatusEdit,
    Visibility,
)
from node.paging import Page
from node.services import timelines
from node.services.discovery import search
from node.services.interactions import favourites, polls, reblogs
from node.services.notifications import telling as notifications
from node.services.statuses import deletion, edits, loading, media
from node.services.statuses.drafts import Draft, PollDraft
from node.services.statuses.facts import MediaFacts
from tests.factories import Person
from tests.factories_posts import fresh, jobs_of, make_follow, make_media, make_status

pytestmark = pytest.mark.usefixtures("unit")

Remote = Callable[..., Account]


def payload(kind: str) -> dict[str, object]:
    return msgspec.json.decode(jobs_of(kind)[0].payload)


def test_an_edit_keeps_what_was_before(alice: Person) -> None:
    picture = make_media(alice, description="A bird")
    status = make_status(alice, "before", spoiler_text="careful", media_ids=(picture.id,))

    edited = edits.edit(alice.account.id, status.id, Draft(text="after #new"))

    assert (edited.source, edited.spoiler_text) == ("after #new", "")
    assert edited.version > status.version
    before = edits.history(edited)[0]
    assert (before.source, before.spoiler_text, before.created_at) == ("before", "careful", status.created_at)
    assert msgspec.json.decode(before.media) == [{"id": picture.id, "description": "A bird"}]
    assert timelines.tag(None, "new", Page()) == [status.id]


def test_an_edit_keeps_visibility_and_thread(alice: Person, bob: Person) -> None:
    parent = make_status(bob)
    status = make_status(alice, in_reply_to_id=parent.id, visibility=Visibility.PRIVATE)

    edited = edits.edit(alice.account.id, status.id, Draft(text="after", visibility=Visibility.PUBLIC))

    assert edited.visibility == Visibility.PRIVATE
    assert edited.in_reply_to_id == parent.id


def test_nobody_edits_what_is_anothers(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    with pytest.raises(NotFound):
        edits.edit(bob.account.id, status.id, Draft(text="mine now"))


def test_a_boost_is_not_edited(alice: Person, bob: Person) -> None:
    boost = reblogs.add(bob.account.id, make_status(alice).id)

    with pytest.raises(Invalid):
        edits.edit(bob.account.id, boost.id, Draft(text="mine now"))


def test_an_edit_that_changes_nothing_is_none(alice: Person) -> None:
    status = make_status(alice, "same")

    edited = edits.edit(alice.account.id, status.id, Draft(text="same"))

    assert edited.edited_at is None
    assert StatusEdit.select().count() == 0


def test_pictures_may_stay_come_and_go(alice: Person) -> None:
    stays, goes, comes = make_media(alice), make_media(alice), make_media(alice)
    status = make_status(alice, media_ids=(goes.id, stays.id))

    edits.edit(alice.account.id, status.id, Draft(text="Hello.", media_ids=(stays.id, comes.id)))

    assert [row.id for row in media.of_status(status.id)] == [stays.id, comes.id]
    assert fresh(goes).status_id is None


def test_other_choices_begin_to_count_anew(alice: Person, bob: Person) -> None:
    status = make_status(alice, poll=PollDraft(options=("a", "b"), expires_in_ms=clock.HOUR))
    polls.vote(bob.account.id, Poll.get(Poll.status == status.id).id, [0])

    same = PollDraft(options=("a", "b"), expires_in_ms=clock.HOUR)
    edits.edit(alice.account.id, status.id, Draft(text="other words", poll=same))
    assert PollVote.select().count() == 1

    edits.edit(
        alice.account.id, status.id, Draft(text="x", poll=PollDraft(options=("a", "c"), expires_in_ms=clock.HOUR))
    )
    assert PollVote.select().count() == 0
    assert Poll.get(Poll.status == status.id).votes_count == 0


def test_each_edit_is_news_to_those_who_boosted(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    reblogs.add(bob.account.id, status.id)

    edits.edit(alice.account.id, status.id, Draft(text="second"))
    first = notifications.page(bob.account.id, Page())
    edits.edit(alice.account.id, status.id, Draft(text="third"))
    second = notifications.page(bob.account.id, Page())

    assert [row.kind for row in first] == [row.kind for row in second] == [NotificationKind.UPDATE]
    assert first[0].id != second[0].id


def test_an_edit_is_found_by_its_new_words_alone(alice: Person) -> None:
    status = make_status(alice, "sparrow")

    edits.edit(alice.account.id, status.id, Draft(text="linnet"))

    assert search.statuses(alice.account.id, "linnet", Page()) == [status.id]
    assert search.statuses(alice.account.id, "sparrow", Page()) == []


def test_an_edit_goes_where_the_status_went(alice: Person, bob: Person, remote: Remote) -> None:
    make_follow(remote("carol"), alice)
    sent, kept = make_status(alice), make_status(bob)

    edits.edit(alice.account.id, sent.id, Draft(text="x"))
    edits.edit(bob.account.id, kept.id, Draft(text="x"))

    assert [job.subject for job in jobs_of("send_edit")] == [sent.id]


# ── deletion ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_deleted_status_is_gone_everywhere(alice: Person, bob: Person) -> None:
    make_follow(bob, alice)
    status = make_status(alice, "gone #soon @bob")
    favourites.add(bob.account.id, status.id)

    deletion.delete(alice.account.id, status.id)

    assert timelines.home(bob.account.id, Page()) == []
    assert timelines.public(None, Page()) == []
    assert timelines.tag(None, "soon", Page()) == []
    assert search.statuses(alice.account.id, "gone", Page()) == []
    assert Favourite.select().count() == 0
    assert Notification.select().count() == 0
    assert fresh(alice.account).statuses_count == 0
    with pytest.raises(NotFound):
        loading.get(alice.account.id, status.id)


def test_nobody_deletes_what_is_anothers(alice: Person, bob: Person) -> None:
    status = make_status(alice)

    with pytest.raises(NotFound):
        deletion.delete(bob.account.id, status.id)

    assert loading.get(None, status.id).id == status.id


def test_a_deleted_status_can_be_written_once_more(alice: Person) -> None:
    picture = make_media(alice)
    poll = PollDraft(options=("a", "b"), expires_in_ms=clock.HOUR, multiple=True)
    status = make_status(alice, "draft", media_ids=(picture.id,), poll=poll)

    deleted = deletion.delete(alice.account.id, status.id)

    assert deleted.status.source == "draft"
    assert [option.title for option in deleted.poll_options] == ["a", "b"]
    assert deleted.poll_multiple
    again = make_status(alice, "draft", media_ids=tuple(row.id for row in deleted.media))
    assert [row.id for row in media.of_status(again.id)] == [picture.id]


def test_counters_follow_a_deletion(alice: Person, bob: Person) -> None:
    parent = make_status(alice)
    answer = make_status(bob, in_reply_to_id=parent.id)
    reblogs.add(alice.account.id, answer.id)
    assert fresh(alice.account).statuses_count == 2

    deletion.delete(bob.account.id, answer.id)

    assert fresh(parent).replies_count == 0
    assert fresh(alice.account).statuses_count == 1
    assert Status.select().count() == 1


def test_answers_outlive_what_they_answer(alice: Person, bob: Person) -> None:
    parent = make_status(alice)
    answer = make_status(bob, in_reply_to_id=parent.id)

    deletion.delete(alice.account.id, parent.id)

    assert fresh(answer).in_reply_to_id is None
    assert loading.get(None, answer.id).id == answer.id


def test_who_must_be_told_is_written_down_before_the_status_is_gone(
    alice: Person, bob: Person, remote: Remote
) -> None:
    named, booster, liker, answerer, stranger = map(remote, ("named", "booster", "liker", "answerer", "stranger"))
    status = make_status(alice, f"@named@{named.domain}")
    reblogs.receive(booster, status.id, uri="https://remote.test/boost")
    favourites.receive(liker, status.id)
    make_status(answerer, in_reply_to_uri=status.uri)

    deletion.delete(alice.account.id, status.id)

    assert payload("send_delete") == {
        "account_id": alice.account.id,
        "uri": status.uri,
        "visibility": "public",
        "account_ids": sorted([named.id, booster.id, liker.id, answerer.id]),
        "inboxes": [],
    }
    assert stranger.id not in payload("send_delete")["account_ids"]  # type: ignore[operator]


def test_nobody_elsewhere_is_told_of_what_never_left(alice: Person, bob: Person) -> None:
    deletion.delete(alice.account.id, make_status(alice, "@bob").id)

    assert jobs_of("send_delete") == []


def test_a_remote_deletion_takes_its_media_along(remote: Remote) -> None:
    carol = remote("carol")
    status = make_status(carol, media=(MediaFacts(remote_url="https://remote.test/a.png"),))

    assert deletion.receive_delete(carol, status.uri)
    assert MediaAttachment.select().count() == 0


def test_deleting_a_boost_takes_it_back(alice: Person, bob: Person) -> None:
    status = make_status(alice)
    boost = reblogs.add(bob.account.id, status.id)

    deletion.delete(bob.account.id, boost.id)

    assert fresh(status).reblogs_count == 0
    assert reblogs.of_account(bob.account.id, status.id) is None
