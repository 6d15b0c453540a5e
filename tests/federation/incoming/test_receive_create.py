"""Posts arrive (docs/conformance.md)."""

import itertools
from typing import Any

import pytest

from node import jobs
from node.jobs import JobKind
from node.models import Feed, Follow, Mention, Notification, Poll, Status, Tombstone
from node.services.interactions import polls
from node.services.statuses import deletion
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import PUBLIC, Elsewhere, Here, Somebody, account, stranger_keys, waiting


def status_of(note: dict[str, Any]) -> Status | None:
    return Status.get_or_none(Status.uri == note["id"])


async def test_a_post_of_somebody_who_is_followed_here_is_in_the_followers_feed(
    here: Here, carol: Somebody, alice: Person
) -> None:
    note = carol.note("Good morning.")

    await here.receive(carol, carol.creates(note))

    status = Status.get(Status.uri == note["id"])
    assert status.content == "<p>Good morning.</p>"
    assert [row.account_id for row in Feed.select().where(Feed.status == status.id)] == [alice.account.id]


async def test_what_concerns_nobody_here_is_not_kept(here: Here, there: Elsewhere, carol: Somebody) -> None:
    dave = there.somebody("dave")
    note = dave.note()
    Follow.delete().execute()

    await here.receive(dave, dave.creates(note))

    assert status_of(note) is None


async def test_html_is_sanitised_on_the_way_in(here: Here, carol: Somebody) -> None:
    note = carol.note(content='<p onclick="x()">Hi<script>alert(1)</script></p>', summary="<b>Care</b>ful\u202e")

    await here.receive(carol, carol.creates(note))

    status = status_of(note)
    assert status is not None
    assert (status.content, status.spoiler_text) == ("<p>Hi</p>", "Careful")


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        ([PUBLIC], ["followers"], "public"),
        ("as:Public", None, "public"),
        (["followers"], ["Public"], "unlisted"),
        (["followers"], [], "private"),
    ],
)
async def test_visibility_is_read_from_the_addressing(
    here: Here, carol: Somebody, to: Any, cc: Any, visibility: str
) -> None:
    def full(names: Any) -> Any:
        followers = f"{carol.uri}/followers"
        return [followers if name == "followers" else name for name in names] if isinstance(names, list) else names

    note = carol.note(to=full(to), cc=full(cc))

    await here.receive(carol, carol.creates(note))

    status = status_of(note)
    assert status is not None
    assert status.visibility == visibility


async def test_a_direct_message_reaches_whom_it_names_and_addresses(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person
) -> None:
    named = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
    sneaky = {"type": "Mention", "href": bob.account.uri, "name": "@bob"}
    note = carol.note(to=[alice.account.uri], cc=[], tag=[named, sneaky])

    await here.receive(carol, carol.creates(note))

    status = status_of(note)
    assert status is not None
    assert status.visibility == "direct"
    assert [row.account_id for row in Mention.select().where(Mention.status == status.id)] == [alice.account.id]
    assert [row.account_id for row in Notification.select()] == [alice.account.id]


async def test_what_names_nobody_is_for_the_owners_of_the_inboxes_it_is_put_in(
    here: Here, carol: Somebody, alice: Person, bob: Person
) -> None:
    note = carol.note(to=[], cc=[])
    create = carol.creates(note)

    await here.receive(carol, create, path=f"/ap/users/{alice.account.id}/inbox")
    await here.receive(carol, create, path=f"/ap/users/{bob.account.id}/inbox")

    status = status_of(note)
    assert status is not None
    assert status.visibility == "direct"
    readers = {row.account_id: row.silent for row in Mention.select().where(Mention.status == status.id)}
    assert readers == {alice.account.id: True, bob.account.id: True}


async def test_others_whom_a_post_to_somebody_here_names_become_known(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    dave = there.somebody("dave")
    tags = [{"type": "Mention", "href": uri} for uri in (alice.account.uri, dave.uri)]
    note = carol.note(cc=[alice.account.uri, dave.uri], tag=tags)

    await here.receive(carol, carol.creates(note))

    status = status_of(note)
    assert status is not None
    named = {row.account_id for row in Mention.select().where(Mention.status == status.id)}
    assert named == {alice.account.id, account(dave).id}


# ── whose post it is ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_posts_in_anothers_name(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note()

    await here.receive(mallory, mallory.creates(note))
    assert status_of(note) is None

    await here.receive(carol, carol.creates(note))
    assert status_of(note) is not None


@pytest.mark.parametrize("name", ["http://elsewhere.test/notes/1", "https://a.test/ap/users/1/statuses/1"])
async def test_nobody_posts_under_ids_of_another_host(here: Here, carol: Somebody, name: str) -> None:
    note = carol.note()

    await here.receive(carol, carol.does("Create", note | {"id": name}))
    assert Status.select().count() == 0

    await here.receive(carol, carol.creates(note))
    assert Status.select().count() == 1


async def test_an_id_that_is_known_stays_its_first_authors(here: Here, there: Elsewhere, carol: Somebody) -> None:
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note("Mine.")
    await here.receive(carol, carol.creates(note))

    stolen = note | {"attributedTo": mallory.uri, "content": "Stolen."}
    await here.receive(mallory, mallory.creates(stolen) | {"id": f"{mallory.uri}/activities/steal"})
    await here.receive(mallory, mallory.does("Update", stolen | {"updated": "2030-01-01T00:00:00Z"}))

    status = status_of(note)
    assert status is not None
    assert (status.content, status.account_id) == ("<p>Mine.</p>", account(carol).id)


async def test_a_post_that_is_only_named_is_fetched_from_its_author(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    note = carol.note()
    there.serve(note)

    await here.receive(carol, carol.does("Create", note["id"]))

    assert status_of(note) is not None
    assert "Signature" in there.received[-1].headers


async def test_a_deleted_post_does_not_come_back(here: Here, carol: Somebody) -> None:
    note = carol.note()

    await here.receive(carol, carol.does("Delete", {"type": "Tombstone", "id": note["id"]}))
    await here.receive(carol, carol.creates(note))

    assert status_of(note) is None
    assert Tombstone.select().where(Tombstone.uri == note["id"]).count() == 1


@pytest.mark.parametrize("is_here", [True, False])
async def test_a_neighbour_keeps_no_deletion_from_being_remembered(
    here: Here, there: Elsewhere, carol: Somebody, is_here: bool
) -> None:
    """Mallory says first that something is deleted which is not hers; its author's own word counts beside it."""
    mallory = there.somebody("mallory", keys=stranger_keys())
    note = carol.note()
    create = carol.creates(note)

    await here.receive(mallory, mallory.does("Delete", note["id"]))
    if is_here:
        await here.receive(carol, create | {"id": f"{note['id']}/first"})
        assert status_of(note) is not None
    await here.receive(carol, carol.does("Delete", note["id"]), create)

    assert status_of(note) is None
    assert {row.account_uri for row in Tombstone.select()} == {mallory.uri, carol.uri}


async def test_an_answer_to_a_post_from_here_is_kept_and_brings_its_thread(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    first = make_status(alice, "What do you think?")
    middle = carol.note("A thought.", inReplyTo=first.uri)
    last = carol.note("Another.", inReplyTo=middle["id"])
    there.serve(middle)

    await here.receive(carol, carol.creates(last))

    above, below = status_of(middle), status_of(last)
    assert above is not None
    assert below is not None
    assert (above.in_reply_to_id, below.in_reply_to_id) == (first.id, above.id)
    assert above.thread_id == below.thread_id == first.thread_id


async def test_a_post_and_its_answer_that_were_stored_in_one_moment_find_each_other(
    here: Here, carol: Somebody, alice: Person
) -> None:
    """On PostgreSQL neither transaction sees the other."""
    question = carol.note("Who is there?")
    answer = carol.note("Me.", inReplyTo=question["id"])
    await here.receive(carol, carol.creates(question), carol.creates(answer))
    above, below = status_of(question), status_of(answer)
    assert above is not None
    assert below is not None
    Status.update(in_reply_to=None, in_reply_to_account=None).where(Status.id == below.id).execute()
    Status.update(replies_count=0).where(Status.id == above.id).execute()
    with in_unit():
        jobs.enqueue(JobKind.FETCH_PARENT, below.id)

    await here.work()

    linked, counted = status_of(answer), status_of(question)
    assert linked is not None
    assert counted is not None
    assert (linked.in_reply_to_id, counted.replies_count) == (above.id, 1)


async def test_a_thread_without_a_beginning_is_not_followed_for_ever(
    here: Here, there: Elsewhere, carol: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.fetching.related.MAX_ANCESTORS", 5)
    monkeypatch.setattr("federation.fetching.related.LONGEST_THREAD", 12)
    notes = [carol.note(str(number)) for number in range(40)]
    for note, answered in itertools.pairwise(notes):
        note["inReplyTo"] = answered["id"]
        there.serve(note)

    await here.receive(carol, carol.creates(notes[0]))

    assert 12 <= Status.select().count() <= 20


# ── polls ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_question_arrives_with_its_choices(here: Here, carol: Somebody) -> None:
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
        for name, votes in (("Tea", 3), ("Coffee", 4))
    ]
    note = carol.note(type="Question", oneOf=options, votersCount=7, endTime="2100-01-01T00:00:00Z")

    await here.receive(carol, carol.creates(note))

    status = status_of(note)
    assert status is not None
    poll = Poll.get(Poll.status == status.id)
    assert [(one.title, one.votes) for one in polls.options_of(poll)] == [("Tea", 3), ("Coffee", 4)]
    assert poll.voters_count == 7


async def test_a_vote_counts_once_and_is_never_shown(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person
) -> None:
    poll = polls.PollDraft(options=("Tea", "Coffee"), expires_in_ms=3_600_000)
    question = make_status(alice, "Which?", poll=poll)

    def choice(voter: Somebody, title: str) -> dict[str, Any]:
        note = voter.note(name=title, inReplyTo=question.uri, to=[alice.account.uri], cc=[])
        del note["content"]
        return note

    def vote(title: str) -> dict[str, Any]:
        return carol.creates(choice(carol, title))

    await here.receive(carol, vote("Tea"), vote("Tea"), vote("Coffee"), vote("Water"))
    dave = there.somebody("dave", keys=stranger_keys())
    await here.receive(dave, *[choice(dave, "Coffee")] * 2)  # with no activity around it
    assert await here.deliver(dave, choice(carol, "Coffee")) == 401
    assert await here.deliver(dave, dave.note()) == 400

    row = Poll.get(Poll.status == question.id)
    assert [(one.title, one.votes) for one in polls.options_of(row)] == [("Tea", 1), ("Coffee", 1)]
    assert row.voters_count == 2
    assert Status.select().count() == 1
    assert waiting("process_activity") == []

    # The same shape is a picture with a name, where nobody asked for votes.
    said = make_status(alice, "Show me.")
    picture = carol.note(name="heron.png", inReplyTo=said.uri, content="", to=[alice.account.uri], cc=[])
    late = vote("Coffee")
    with in_unit():
        deletion.delete(alice.account.id, question.id)
    await here.receive(carol, carol.creates(picture), late)

    assert [one.content for one in Status.select().where(Status.account == account(carol).id)] == ["heron.png"]
