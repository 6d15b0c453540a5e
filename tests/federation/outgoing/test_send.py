"""What happens here is told where it matters: which activity, to which inboxes, and to no other (FEDERATION.md)."""

from collections.abc import Callable

import msgspec
import pytest

from federation.compose.message import Message
from federation.context import Federation
from federation.delivery import send
from federation.http.door import Door
from node import clock, jobs
from node.cli import process
from node.config import Config
from node.jobs import JobKind, Priority, TakenJob
from node.models import (
    Account,
    ApprovalKind,
    Block,
    Collection,
    CollectionItem,
    Delivery,
    Follow,
    FollowRequest,
    ItemState,
    Job,
    Parting,
    PollVote,
    Severity,
    SigningKey,
    Status,
    Visibility,
)
from node.services import accounts, follows, outbox
from node.services.accounts import ProfileChange
from node.services.approvals import rows as approvals
from node.services.follows import silent
from node.services.interactions import favourites, pins, polls, reactions, reblogs
from node.services.moderation import decisions as moderation
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from node.services.outbox import queue
from node.services.relationships import blocks, lists
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from node.services.statuses import deletion, edits
from node.services.statuses.drafts import Draft, PollDraft
from node.services.statuses.facts import PollFacts
from tests.factories import Person, in_unit, make_remote
from tests.factories_posts import make_follow, make_status
from tests.federation.outgoing.speaking import PUBLIC, REMOTE, Said, left, queued, speak

SMALL = "https://small.test/users/erin/inbox"


async def said(config: Config) -> Said:
    """The one activity that waits."""
    (one,) = await speak()
    return one


@pytest.fixture
def followed(alice: Person, carol: Account, dave: Account, erin: Account) -> Person:
    """Alice, whom carol, dave and erin follow."""
    for follower in (carol, dave, erin):
        make_follow(follower, alice)
    return alice


# ── statuses ──


async def test_followers_get_a_post_each_server_once(config: Config, followed: Person) -> None:
    status = make_status(followed, "Hello.")

    told = await said(config)

    assert (told.document["type"], told.document["object"]["id"]) == ("Create", status.uri)
    assert told.document["id"] == f"{status.uri}/activity"
    assert told.inboxes == {REMOTE, SMALL}
    assert left() == []


async def test_people_who_are_named_get_it_without_following(config: Config, alice: Person, erin: Account) -> None:
    make_status(alice, "Hello @erin@small.test")

    assert (await said(config)).inboxes == {SMALL}


async def test_the_author_of_what_it_answers_gets_it_unnamed(config: Config, alice: Person, erin: Account) -> None:
    make_status(alice, "Indeed.", in_reply_to_id=make_status(erin, "Rain.").id)

    told = await said(config)

    assert (told.inboxes, told.priority) == ({SMALL}, Priority.URGENT)


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
async def test_a_private_answer_goes_to_its_audience_and_not_to_whom_it_answers(
    config: Config, alice: Person, carol: Account, erin: Account, visibility: Visibility
) -> None:
    make_follow(carol, alice)
    parent = make_status(erin, "Rain.")
    make_status(alice, "Between us, @carol@remote.test", visibility=visibility, in_reply_to_id=parent.id)

    assert (await said(config)).inboxes == {REMOTE}


async def test_which_links_are_posts_is_told(config: Config, followed: Person, bob: Person, erin: Account) -> None:
    by_page = make_status(bob, "Bread.")
    by_uri = make_status(erin, "Rain.")
    mastodon = make_status(erin, "Snow.", uri="https://small.test/users/erin/statuses/9")
    secret = make_status(bob, "Psst.", visibility=Visibility.PRIVATE)
    written = [by_page.url, by_uri.uri, "https://small.test/@erin/9", secret.url, "https://small.test/else"]
    make_status(followed, " ".join(written))

    tags = (await said(config)).document["object"]["tag"]

    kind = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    links = zip(written, (by_page.uri, by_uri.uri, mastodon.uri), strict=False)
    assert tags == [{"type": "Link", "mediaType": kind, "href": uri, "name": link} for link, uri in links]


async def test_a_direct_message_goes_to_the_named_and_not_to_followers(config: Config, followed: Person) -> None:
    make_status(followed, "Psst @erin@small.test", visibility=Visibility.DIRECT)

    told = await said(config)

    assert (told.inboxes, told.priority) == ({SMALL}, Priority.URGENT)


async def test_what_stays_here_is_told_to_nobody(config: Config, followed: Person, bob: Person) -> None:
    status = make_status(followed, "Between us, @erin@small.test", local_only=True)
    with in_unit():
        favourites.add(bob.account.id, status.id)
        reblogs.add(followed.account.id, status.id)
        pins.add(followed.account.id, status.id)
        edits.edit(followed.account.id, status.id, Draft(text="Still, @erin@small.test", local_only=True))
        deletion.delete(followed.account.id, status.id)

    assert await speak() == []


async def test_suspended_accounts_and_domains_get_nothing(config: Config, followed: Person, dave: Account) -> None:
    with in_unit():
        domain_blocks.block("small.test", Severity.SUSPEND, Terms(), None)
        Account.update(suspended_at=clock.now_ms()).where(Account.domain == "remote.test").execute()
    make_status(followed, "Hello @erin@small.test @carol@remote.test")

    assert await speak() == []


async def test_a_domain_that_is_suspended_after_the_job_was_made_gets_nothing(
    config: Config, followed: Person
) -> None:
    make_status(followed, "Hello.")
    with in_unit():
        domain_blocks.block("small.test", Severity.SUSPEND, Terms(), None)

    assert (await said(config)).inboxes == {REMOTE}


async def test_whoever_the_author_blocks_is_not_sent_what_names_them(
    config: Config, alice: Person, carol: Account, erin: Account
) -> None:
    with in_unit():
        Block.create(account=alice.account.id, target=erin.id, created_at=clock.now_ms())
    make_status(alice, "Hello @erin@small.test and @carol@remote.test")

    assert (await said(config)).inboxes == {REMOTE}


async def test_a_post_that_is_gone_before_it_was_told_is_not_told(config: Config, followed: Person) -> None:
    status = make_status(followed, "Hello.")
    with in_unit():
        Status.delete().where(Status.id == status.id).execute()

    assert await speak() == []
    assert left() == []


async def test_an_account_that_was_suspended_meanwhile_says_nothing_new(config: Config, followed: Person) -> None:
    make_status(followed, "Spam.")
    with in_unit():
        moderation.suspend(followed.account.id, None)

    told = await speak()

    assert [one.document["type"] for one in told] == ["Update"]
    assert told[0].document["object"]["suspended"] is True


async def test_an_edit_goes_to_whoever_may_hold_a_copy(
    config: Config, alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Hello.")
    with in_unit():
        favourites.receive(erin, status.id)
        edits.edit(alice.account.id, status.id, Draft(text="Hello, all."))

    create, update = await speak()

    assert (create.inboxes, update.inboxes) == ({REMOTE}, {REMOTE, SMALL})
    assert (update.document["type"], update.document["object"]["content"]) == ("Update", "<p>Hello, all.</p>")
    assert update.document["object"]["updated"]


async def test_an_edit_goes_to_servers_whose_people_left_after_the_post_and_to_no_other(
    config: Config, alice: Person, carol: Account, erin: Account, remote: Callable[..., Account]
) -> None:
    """Not to whoever left before; and not to people who must not see her words, where nobody else is reached."""
    early, gone = remote("frank", "third.test"), remote("grace", "fourth.test", shared_inbox="")
    for follower in (early, carol, erin, gone):
        make_follow(follower, alice)
    with in_unit():
        follows.received_undo(early, target_id=alice.account.id)
        Parting.update(parted_at=Parting.parted_at - clock.MINUTE).execute()
    status = make_status(alice, "Hello.")
    await speak()
    with in_unit():
        for follower in (carol, erin):
            follows.received_undo(follower, target_id=alice.account.id)
        blocks.block(alice.account.id, gone.id)
    with in_unit():
        edits.edit(alice.account.id, status.id, Draft(text="Hello, all."))

    told = (await speak())[-1]

    assert (told.document["type"], told.inboxes) == ("Update", {REMOTE, SMALL})


async def test_an_edit_of_a_private_post_does_not_go_where_nobody_follows_any_more(
    config: Config, alice: Person, carol: Account
) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Between us.", visibility=Visibility.PRIVATE)
    await speak()
    with in_unit():
        follows.received_undo(carol, target_id=alice.account.id)
        edits.edit(alice.account.id, status.id, Draft(text="Only us.", visibility=Visibility.PRIVATE))

    assert [one.document["type"] for one in await speak()] == ["Create"]


async def test_an_edit_goes_to_whoever_reacted_voted_or_quoted(
    config: Config, alice: Person, carol: Account, erin: Account, remote: Callable[..., Account]
) -> None:
    voter = remote("frank", "third.test")
    poll = PollDraft(options=("Yes", "No"), expires_in_ms=clock.HOUR)
    status = make_status(alice, "Tea?", poll=poll)
    quoting = make_status(erin, "Look.")
    with in_unit():
        reactions.receive(carol, status.id, "🍵", None)
        polls.receive_vote(voter, status.id, "Yes", "https://third.test/votes/1")
        approvals.add(ApprovalKind.QUOTE, quoting, status, state="accepted")
    await speak()
    with in_unit():
        edits.edit(alice.account.id, status.id, Draft(text="Tea, anybody?", poll=poll))

    edit = [one for one in await speak() if "Tea, anybody" in str(one.document)][-1]

    assert edit.inboxes == {REMOTE, SMALL, "https://third.test/inbox"}


async def test_an_edit_of_a_private_post_does_not_reach_who_follows_no_more(
    config: Config, alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(carol, alice)
    former = make_follow(erin, alice)
    status = make_status(alice, "Between us.", visibility=Visibility.PRIVATE)
    with in_unit():
        favourites.receive(erin, status.id)
        Follow.delete().where(Follow.id == former.id).execute()
        edits.edit(alice.account.id, status.id, Draft(text="Only us.", visibility=Visibility.PRIVATE))

    assert [one.inboxes for one in await speak()] == [{REMOTE}, {REMOTE}]


async def test_an_edit_that_comes_while_another_is_told_is_told_too(config: Config, followed: Person) -> None:
    status = make_status(followed, "One.")
    await speak()
    with in_unit():
        edits.edit(followed.account.id, status.id, Draft(text="Two."))
        (job,) = jobs.take(1, 1)
        jobs.allow_another(job)  # the first thing its handler does; now it has read the rows
        edits.edit(followed.account.id, status.id, Draft(text="Three."))

    told = await speak()

    assert "Three." in told[-1].document["object"]["content"]


async def test_two_edits_before_either_was_told_are_one_update(config: Config, followed: Person) -> None:
    status = make_status(followed, "One.")
    await speak()
    with in_unit():
        edits.edit(followed.account.id, status.id, Draft(text="Two."))
        edits.edit(followed.account.id, status.id, Draft(text="Three."))

    updates = [one for one in await speak() if one.document["type"] == "Update"]

    assert [one.document["object"]["content"] for one in updates] == ["<p>Three.</p>"]


async def test_a_deletion_goes_to_followers_and_to_whoever_boosted_liked_or_answered(
    config: Config, alice: Person, carol: Account, erin: Account, remote: Callable[..., Account]
) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Hello.")
    booster = remote("frank", "third.test")
    make_follow(alice, booster)
    with in_unit():
        favourites.receive(erin, status.id)
        reblogs.receive(booster, status.id, uri="https://third.test/boost/1")
        deletion.delete(alice.account.id, status.id)

    told = (await speak())[-1]

    assert told.document["object"] == {"id": status.uri, "type": "Tombstone"}
    assert (told.document["to"], told.document["type"]) == ([PUBLIC], "Delete")
    assert told.inboxes == {REMOTE, SMALL, "https://third.test/inbox"}
    assert told.priority == Priority.BULK


async def test_a_deletion_goes_to_servers_whose_people_left_after_the_post_and_to_no_other(
    config: Config, alice: Person, carol: Account, erin: Account, remote: Callable[..., Account]
) -> None:
    """Whoever left before did not get it; whoever still has a follower there hears it once."""
    early, stays = remote("frank", "third.test"), remote("dave", carol.domain)
    for follower in (early, carol, stays, erin):
        make_follow(follower, alice)
    with in_unit():
        follows.received_undo(early, target_id=alice.account.id)
        Parting.update(parted_at=Parting.parted_at - clock.MINUTE).execute()
    status = make_status(alice, "For followers.", visibility=Visibility.PRIVATE)
    await speak()
    with in_unit():
        for follower in (carol, erin):
            follows.received_undo(follower, target_id=alice.account.id)
        deletion.delete(alice.account.id, status.id)

    told = (await speak())[-1]

    assert told.document["object"] == {"id": status.uri, "type": "Tombstone"}
    assert told.inboxes == {REMOTE, SMALL}


async def test_a_deletion_is_told_even_if_all_followers_left(config: Config, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Hello.")
    await speak()
    with in_unit():
        follows.received_undo(carol, target_id=alice.account.id)
        Status.update(created_at=Status.created_at - clock.HOUR).execute()
        Parting.update(parted_at=Parting.parted_at - clock.MINUTE).execute()
    news = make_status(alice, "News.")
    with in_unit():
        deletion.delete(alice.account.id, status.id)
        deletion.delete(alice.account.id, news.id)

    (told,) = await speak()

    assert (told.document["object"]["id"], told.inboxes) == (status.uri, {REMOTE})


async def test_the_deletion_of_a_direct_message_goes_to_the_named_alone(config: Config, followed: Person) -> None:
    status = make_status(followed, "Psst @erin@small.test", visibility=Visibility.DIRECT)
    await speak()
    with in_unit():
        deletion.delete(followed.account.id, status.id)

    told = (await speak())[-1]

    assert told.inboxes == {SMALL}
    assert PUBLIC not in told.document["to"]


async def test_a_deletion_takes_the_place_of_what_was_not_sent_yet(config: Config, followed: Person) -> None:
    status, other = make_status(followed, "Hello."), make_status(followed, "Bye.")
    await speak()
    with in_unit():
        edits.edit(followed.account.id, status.id, Draft(text="Hello?"))
    await speak()
    with in_unit():
        deletion.delete(followed.account.id, status.id)

    told = await speak()

    assert [(one.document["type"], one.document["object"]["id"]) for one in told] == [
        ("Create", other.uri),
        ("Delete", status.uri),
    ]


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """An inbox is a part."""
    monkeypatch.setattr(queue, "PART", 1)


def take_one() -> TakenJob:
    """The next job, as a worker has it; nobody else has it then."""
    (job,) = jobs.take(1, 1)
    return job


def compose(job: TakenJob) -> Message:
    message = send.statuses.created(job) if job.kind == JobKind.SEND_STATUS else send.statuses.edited(job)
    assert message is not None
    return message


def documents(told: list[Said]) -> list[tuple[str, str]]:
    return [(one.document["type"], one.document["object"].get("content", "")) for one in told]


async def test_a_post_that_is_deleted_while_it_is_told_is_told_no_further(
    config: Config, followed: Person, one_by_one: None
) -> None:
    status = make_status(followed, "Hello.")
    with in_unit():
        job = take_one()
        message = compose(job)
        step = send._queue(job, message, b"{}")
        deletion.delete(followed.account.id, status.id)
    await speak()  # the deletion passes

    with in_unit():
        after = send._queue(job, message, b"{}")

    assert (step, after) == (send._Step.MORE, send._Step.CHANGED)
    assert [(one.document["type"], one.inboxes) for one in queued()] == [("Delete", {REMOTE, SMALL})]


async def test_a_post_that_is_edited_before_it_is_told_is_told_as_it_is_now(config: Config, followed: Person) -> None:
    status = make_status(followed, "Before.")
    with in_unit():
        job = take_one()
        message = compose(job)
        edits.edit(followed.account.id, status.id, Draft(text="After."))
        assert send._queue(job, message, b"{}") is send._Step.CHANGED
    await speak()  # the edit passes

    await send.HANDLERS[JobKind.SEND_STATUS](job)

    assert {content for _, content in documents(queued())} == {"<p>After.</p>"}


async def test_an_edit_waits_until_the_post_is_queued_for_everybody(
    config: Config, followed: Person, one_by_one: None
) -> None:
    status = make_status(followed, "Before.")
    with in_unit():
        creating = take_one()
        message = compose(creating)
        body = msgspec.json.encode(message.document)
        send._queue(creating, message, body)
        edits.edit(followed.account.id, status.id, Draft(text="After."))

    waited = await speak()
    with in_unit():
        (row,) = Job.select().where(Job.kind == JobKind.SEND_EDIT)
    await send.HANDLERS[JobKind.SEND_STATUS](creating)
    with clock.frozen(clock.now_ms() + 2 * clock.SECOND):
        told = await speak()

    assert documents(waited) == [("Create", "<p>Before.</p>")]
    assert (row.attempts, row.lease_owner) == (0, None)
    assert documents(told) == [("Create", "<p>Before.</p>"), ("Update", "<p>After.</p>")]
    assert [one.inboxes for one in told] == [{REMOTE, SMALL}] * 2


async def test_a_post_that_could_not_be_told_keeps_no_edit_waiting(
    config: Config, followed: Person, one_by_one: None
) -> None:
    status = make_status(followed, "Before.")
    with in_unit():
        job = take_one()
        send._queue(job, compose(job), b'{"type": "Create", "object": {}}')
        Job.update(failed_at=clock.now_ms(), due_at=clock.LATEST_MS).where(Job.id == job.id).execute()
        edits.edit(followed.account.id, status.id, Draft(text="After."))

    assert documents(await speak())[-1] == ("Update", "<p>After.</p>")


async def test_of_edits_that_nobody_has_heard_the_newest_is_enough(config: Config, followed: Person) -> None:
    status = make_status(followed, "One.")
    for text in ("Two.", "Three.", "Four."):
        await speak()
        with in_unit():
            edits.edit(followed.account.id, status.id, Draft(text=text))

    assert documents(await speak()) == [("Create", "<p>One.</p>"), ("Update", "<p>Four.</p>")]


async def test_totals_of_a_poll_take_the_place_of_totals_but_not_of_an_edit(config: Config, followed: Person) -> None:
    poll = PollDraft(options=("Yes", "No"), expires_in_ms=clock.HOUR)
    status = make_status(followed, "Shall we?", poll=poll)
    await speak()
    with in_unit():
        edits.edit(followed.account.id, status.id, Draft(text="Shall we, then?", poll=poll))
    for _ in range(2):
        await speak()
        with in_unit():
            jobs.enqueue(JobKind.SEND_POLL, status.id)

    told = await speak()

    assert ["updated" in one.document["object"] for one in told] == [False, True, False]  # Create, edit, totals
    with in_unit():
        edits.edit(followed.account.id, status.id, Draft(text="Shall we now?", poll=poll))
    assert documents(await speak()) == [("Create", "<p>Shall we?</p>"), ("Update", "<p>Shall we now?</p>")]


async def test_pins_are_told_to_followers(config: Config, followed: Person) -> None:
    status = make_status(followed, "Read this.")
    await speak()
    with in_unit():
        pins.add(followed.account.id, status.id)
    add = (await speak())[-1].document
    with in_unit():
        pins.remove(followed.account.id, status.id)
    remove = (await speak())[-1].document

    assert (add["type"], remove["type"]) == ("Add", "Remove")
    for one in (add, remove):
        assert (one["object"], one["target"]) == (status.uri, followed.account.featured_uri)
        assert (one["to"], one["cc"]) == ([PUBLIC], [followed.account.followers_uri])


# ── boosts, likes, votes ──


async def test_a_boost_and_its_undoing_address_the_author(config: Config, followed: Person, remote: object) -> None:
    author = make_remote("frank", "third.test")
    original = make_status(author, "Rain.")
    with in_unit():
        boost = reblogs.add(followed.account.id, original.id)
    announce = await said(config)
    with in_unit():
        reblogs.remove(followed.account.id, original.id)
    undo = await said(config)  # the boost itself need not be told any more

    inner = undo.document["object"]
    assert (announce.document["type"], announce.document["id"]) == ("Announce", boost.uri)
    assert announce.document["object"] == inner["object"] == original.uri
    assert (undo.document["type"], inner["type"], inner["id"]) == ("Undo", "Announce", boost.uri)
    for one in (announce.document, undo.document, inner):
        assert author.uri in one["cc"]
        assert one["to"] == [PUBLIC]
    assert announce.inboxes == undo.inboxes == {REMOTE, SMALL, "https://third.test/inbox"}


async def test_a_boost_of_an_own_private_post_stays_with_followers(config: Config, followed: Person) -> None:
    status = make_status(followed, "Between us.", visibility=Visibility.PRIVATE)
    await speak()
    with in_unit():
        reblogs.add(followed.account.id, status.id)

    announce = (await speak())[-1].document

    assert (announce["to"], announce["cc"]) == ([followed.account.followers_uri], [])


async def test_likes_go_to_the_author_alone(config: Config, followed: Person, remote: object) -> None:
    author = make_remote("frank", "third.test")
    status = make_status(author, "Rain.")
    with in_unit():
        favourites.add(followed.account.id, status.id)
    like = await said(config)
    with in_unit():
        favourites.remove(followed.account.id, status.id)
    undo = await said(config)

    assert like.inboxes == undo.inboxes == {author.inbox}
    assert (like.document["type"], like.document["object"], like.document["to"]) == (
        "Like",
        status.uri,
        [author.uri],
    )
    assert (undo.document["type"], undo.document["object"]["id"]) == ("Undo", like.document["id"])


async def test_each_choice_of_a_vote_is_a_note_of_its_own(config: Config, alice: Person, erin: Account) -> None:
    facts = PollFacts(options=(("Rain", 0), ("Sun", 0), ("Snow", 0)), multiple=True, expires_at=None)
    question = make_status(erin, "Tomorrow?", poll=facts)
    poll = polls.of_status(question.id)
    assert poll is not None
    with in_unit():
        polls.vote(alice.account.id, poll.id, [0, 2])

    told = await speak()

    notes = [one.document["object"] for one in told]
    assert [note["name"] for note in notes] == ["Rain", "Snow"]
    assert len({note["id"] for note in notes}) == 2
    for one, note in zip(told, notes, strict=True):
        assert (one.document["type"], one.inboxes) == ("Create", {SMALL})
        assert (note["type"], note["inReplyTo"], note["to"], note["cc"]) == ("Note", question.uri, [erin.uri], [])
        assert "content" not in note


async def test_a_vote_for_what_is_no_choice_any_more_is_not_cast(
    config: Config, alice: Person, erin: Account
) -> None:
    facts = PollFacts(options=(("Rain", 0), ("Sun", 0)), multiple=False, expires_at=None)
    question = make_status(erin, "Tomorrow?", poll=facts)
    poll = polls.of_status(question.id)
    assert poll is not None
    with in_unit():
        polls.vote(alice.account.id, poll.id, [1])
        polls.update_totals(question, PollFacts(options=(("Hail", 0),), multiple=False, expires_at=None))

    assert await speak() == []
    assert left() == []


async def test_new_totals_of_a_poll_are_no_edit_and_go_to_voters_too(
    config: Config, alice: Person, carol: Account, erin: Account
) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Tomorrow?", poll=PollDraft(options=("Rain", "Sun"), expires_in_ms=clock.HOUR))
    await speak()
    with in_unit():
        polls.receive_vote(erin, status.id, "Sun")
        polls.receive_vote(carol, status.id, "Sun")
    assert len(await speak()) == 1  # not at once, lest each vote costs a round
    with clock.frozen(clock.now_ms() + 4 * clock.MINUTE):
        _, update = await speak()

    assert update.inboxes == {REMOTE, SMALL}
    assert [option["replies"]["totalItems"] for option in update.document["object"]["oneOf"]] == [0, 2]
    assert (update.document["type"], "updated" in update.document["object"]) == ("Update", False)
    assert PollVote.select().count() == 2


async def test_the_end_of_a_poll_is_told_with_its_totals(config: Config, alice: Person, carol: Account) -> None:
    make_follow(carol, alice)
    status = make_status(alice, "Tomorrow?", poll=PollDraft(options=("Rain", "Sun"), expires_in_ms=clock.HOUR))
    await speak()
    poll = polls.of_status(status.id)
    assert poll is not None
    with in_unit():
        polls.receive_vote(carol, status.id, "Sun")
    assert poll.expires_at is not None
    with clock.frozen(poll.expires_at):
        with in_unit():
            polls.close(poll.id)
        last = (await speak())[-1].document

    assert (last["type"], last["object"]["closed"]) == ("Update", clock.iso(poll.expires_at))
    assert [option["replies"]["totalItems"] for option in last["object"]["oneOf"]] == [0, 1]


# ── follows, blocks, answers ──


async def test_a_follow_and_its_undoing(config: Config, alice: Person, erin: Account) -> None:
    with in_unit():
        follows.follow(alice.account.id, erin.id)
    follow = await said(config)
    uri = FollowRequest.get().uri
    with in_unit():
        follows.unfollow(alice.account.id, erin.id)
    undo = await said(config)

    assert follow.document == {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": uri,
        "type": "Follow",
        "actor": alice.account.uri,
        "to": [erin.uri],
        "cc": [],
        "object": erin.uri,
    }
    assert undo.document["type"] == "Undo"
    assert undo.document["object"] == {k: v for k, v in follow.document.items() if k != "@context"}
    assert follow.inboxes == undo.inboxes == {SMALL}
    assert follow.priority == undo.priority == Priority.URGENT


async def test_the_node_follows_for_lists_and_names_nobody(
    config: Config, alice: Person, erin: Account, instance_actor: Account
) -> None:
    with in_unit():
        row = lists.create(alice.account.id, "Birds")
        silent.add_members(alice.account.id, row.id, [erin.id])
    follow = await said(config)
    with in_unit():
        lists.delete(alice.account.id, row.id)
        silent.settle()
    undo = await said(config)

    assert (follow.document["type"], follow.document["actor"]) == ("Follow", "https://a.test/ap/actor")
    assert follow.document["object"] == erin.uri
    assert (undo.document["type"], undo.document["object"]["id"]) == ("Undo", follow.document["id"])
    assert follow.inboxes == undo.inboxes == {SMALL}
    assert str(alice.account.id) not in str(follow.document)


async def test_whoever_changes_their_mind_is_followed_in_the_end(
    config: Config, alice: Person, erin: Account
) -> None:
    with in_unit():
        follows.follow(alice.account.id, erin.id)
        follows.unfollow(alice.account.id, erin.id)
        follows.follow(alice.account.id, erin.id)

    told = await said(config)

    assert (told.document["type"], told.document["id"]) == ("Follow", FollowRequest.get().uri)


@pytest.mark.parametrize("locked", [False, True])
async def test_an_accept_answers_the_follow_that_came(
    config: Config, alice: Person, erin: Account, locked: bool
) -> None:
    with in_unit():
        Account.update(locked=locked).where(Account.id == alice.account.id).execute()
        follows.receive_follow(erin, Account.get_by_id(alice.account.id), "https://small.test/f/1")
        if locked:
            follows.accept(alice.account.id, erin.id)

    told = await said(config)

    assert (told.document["type"], told.inboxes) == ("Accept", {SMALL})
    assert told.document["object"] == {
        "id": "https://small.test/f/1",
        "type": "Follow",
        "actor": erin.uri,
        "object": alice.account.uri,
    }


async def test_a_removed_follower_is_rejected_even_if_the_accept_was_not_sent(
    config: Config, alice: Person, erin: Account
) -> None:
    with in_unit():
        follows.receive_follow(erin, alice.account, "https://small.test/f/1")
    await speak()
    with in_unit():
        follows.remove_follower(alice.account.id, erin.id)

    told = await said(config)

    assert (told.document["type"], told.document["object"]["id"]) == ("Reject", "https://small.test/f/1")


async def test_an_accept_that_had_to_wait_does_not_come_after_the_reject(
    config: Config, alice: Person, erin: Account
) -> None:
    with in_unit():
        follows.receive_follow(erin, alice.account, "https://small.test/f/1")
        Job.update(due_at=clock.LATEST_MS).execute()
        follows.remove_follower(alice.account.id, erin.id)
    await speak()
    with in_unit():
        Job.update(due_at=0).execute()

    told = await said(config)

    assert told.document["type"] == "Reject"


async def test_a_block_and_its_undoing(config: Config, alice: Person, erin: Account) -> None:
    with in_unit():
        blocks.block(alice.account.id, erin.id)
    block = await said(config)
    with in_unit():
        blocks.unblock(alice.account.id, erin.id)
    undo = await said(config)

    assert (block.document["type"], block.document["object"], block.inboxes) == ("Block", erin.uri, {SMALL})
    assert (undo.document["type"], undo.document["object"]["id"]) == ("Undo", block.document["id"])


# ── accounts ──


async def test_a_changed_profile_is_told_to_followers_the_newest_alone(config: Config, followed: Person) -> None:
    for name in ("Alice", "Alice B."):
        with in_unit():
            accounts.update_profile(followed.account.id, ProfileChange(display_name=name))
        await speak()

    (told,) = queued()

    assert (told.document["type"], told.document["object"]["name"]) == ("Update", "Alice B.")
    assert told.document["object"]["id"] == followed.account.uri
    assert told.inboxes == {REMOTE, SMALL}


async def test_a_deleted_account_says_goodbye_to_every_server_and_nothing_else(
    config: Config, followed: Person, remote: Callable[..., Account]
) -> None:
    remote("stranger", "far.test")
    remote("hermit", "single.test", shared_inbox="")
    remote("shunned", "shunned.test", suspended_at=1)
    left = remote("left", "left.test")
    make_follow(left, followed)
    make_status(followed, "Hello.")
    await speak()
    with in_unit():
        follows.received_undo(left, target_id=followed.account.id)
        accounts.delete_local(followed.account.id)

    told = await said(config)

    uri = followed.account.uri
    assert (told.document["type"], told.document["object"], told.document["to"]) == ("Delete", uri, [PUBLIC])
    assert told.inboxes == {
        REMOTE,
        SMALL,
        "https://far.test/inbox",
        "https://left.test/inbox",
        "https://shunned.test/inbox",
        "https://single.test/users/hermit/inbox",
    }


async def test_the_key_of_a_deleted_account_stays_until_its_goodbyes_are_delivered(
    config: Config, followed: Person, bob: Person
) -> None:
    def keys() -> set[int]:
        with in_unit():
            outbox.forget_keys()
            return {row.account for row in SigningKey.select()}

    with in_unit():
        accounts.delete_local(followed.account.id)
    before = keys()
    await speak()
    meanwhile = keys()
    with in_unit():
        Delivery.delete().execute()
        outbox.forget_bodies()
    with clock.frozen(clock.now_ms() + clock.DAY), in_unit():
        outbox.forget_bodies()

    assert followed.account.id in before & meanwhile
    assert keys() == before - {followed.account.id}


async def test_a_report_is_sent_by_the_node_and_names_no_reporter(
    config: Config, alice: Person, erin: Account, instance_actor: Account
) -> None:
    status = make_status(erin, "Rude.")
    with in_unit():
        complaint = Complaint(target_id=erin.id, status_ids=(status.id,), comment="It is rude.", forward=True)
        reports.file(alice.account.id, complaint)

    told = await said(config)

    assert told.inboxes == {SMALL}
    assert (told.document["type"], told.document["actor"]) == ("Flag", "https://a.test/ap/actor")
    assert told.document["object"] == [erin.uri, status.uri]
    assert told.document["content"] == "It is rude."
    assert alice.account.uri not in str(told.document)
    assert "alice" not in str(told.document)


async def test_a_report_names_the_collections_that_the_reported_made(
    config: Config, alice: Person, erin: Account, instance_actor: Account
) -> None:
    with in_unit():
        now = clock.now_ms()
        theirs, ours = (
            Collection.create(account=owner, uri=uri, name="People", created_at=now, updated_at=now)
            for owner, uri in ((erin.id, f"{erin.uri}/collections/1"), (alice.account.id, "https://a.test/c/1"))
        )
        CollectionItem.create(collection=ours.id, account=erin.id, state=ItemState.ACCEPTED, created_at=now)
        complaint = Complaint(target_id=erin.id, collection_ids=(theirs.id, ours.id), forward=True)
        reports.file(alice.account.id, complaint)

    told = await said(config)

    assert told.document["object"] == [erin.uri, theirs.uri]


# ── the jobs themselves ──


def test_every_kind_of_job_that_speaks_has_its_handler() -> None:
    assert {str(kind) for kind in send.HANDLERS} == {kind for kind in JobKind if kind.startswith("send_")} - {
        "send_mail"
    }


async def test_every_kind_of_job_is_done_by_somebody(config: Config, db: None) -> None:
    async with Door(config) as door:
        done = set(process.handlers(Federation(config=config, door=door), b"secret"))

    assert done == set(JobKind)


async def test_a_job_that_is_done_again_queues_nothing_twice(config: Config, followed: Person) -> None:
    make_status(followed, "Hello.")
    with in_unit():
        (job,) = jobs.take(1, 1)
        row = Job.get_by_id(job.id).__data__ | {"due_at": 0}
    await send.HANDLERS[JobKind(job.kind)](job)
    with in_unit():
        before = Delivery.select().count()
        Job.insert(row).execute()

    await speak()

    assert Delivery.select().count() == before == 2


async def test_a_great_audience_is_queued_in_parts_and_goes_on_where_it_was(
    config: Config, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PART", 3)
    with in_unit():
        for number in range(8):
            make_follow(make_remote(f"fan{number}", f"host{number}.test"), alice)
    make_status(alice, "Hello.")
    with in_unit():
        (job,) = jobs.take(1, 1)
        message = send.statuses.created(job)
        assert message is not None
        first = send._queue(job, message, b"{}")  # and here the process dies
    with in_unit():
        arrived = {row.inbox for row in Delivery.select()}
        Delivery.delete().execute()
        Job.update(due_at=0).execute()

    (told,) = await speak()

    assert (first, len(arrived), len(told.inboxes)) == (send._Step.MORE, 3, 5)
    assert arrived.isdisjoint(told.inboxes)
    assert left() == []
