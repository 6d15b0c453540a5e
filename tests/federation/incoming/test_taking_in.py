"""A list that somebody brought: whom it names is found on their servers, and what it asks for is done once."""

from typing import Any

import msgspec
import pytest

from federation.fetching import taking_in
from node import clock, jobs, store
from node.jobs import JobKind
from node.models import (
    AccountDomainBlock,
    Block,
    Bookmark,
    Filter,
    FilterKeyword,
    Follow,
    FollowRequest,
    Intake,
    IntakeFailure,
    IntakeState,
    Job,
    ListMember,
    Mute,
    Portable,
)
from node.services.portability import applying, intakes, reading
from node.services.relationships import blocks, domain_blocks, lists, mutes
from tests.factories import Person, make_remote, waiting_jobs
from tests.factories_posts import fresh, make_follow, make_status
from tests.federation.incoming.fediverse import Elsewhere, Here, Somebody, account


def bring(person: Person, kind: Portable, *lines: str, replaces: bool = False) -> Intake:
    return bring_text(person, kind, "\n".join(lines), replaces=replaces)


def bring_text(person: Person, kind: Portable, text: str, *, replaces: bool = False) -> Intake:
    found = reading.read(kind, text.encode())
    with store.transaction():
        intake = intakes.create(person.account.id, kind, found, "list.csv")
        intakes.start(person.account.id, intake.id, replaces=replaces)
    return intake


def failed(intake: Intake) -> list[int]:
    return [
        row.line
        for row in IntakeFailure.select().where(IntakeFailure.intake == intake.id).order_by(IntakeFailure.line)
    ]


def names(model: Any, person: Person) -> set[int]:
    return {row.target_id for row in model.select().where(model.account == person.account.id)}


async def test_follows_are_asked_for_with_what_was_agreed(
    here: Here, there: Elsewhere, alice: Person, bob: Person
) -> None:
    dan = there.somebody("dan")
    intake = bring(
        alice,
        Portable.FOLLOWS,
        "Account address,Show boosts,Notify on new posts,Languages",
        f"dan@{there.authority},false,true,en",
        "bob@a.test,true,false,",
        f"nobody@{there.authority},true,false,",
        "alice@a.test,true,false,",
    )

    await here.work()

    row = fresh(intake)
    asked = FollowRequest.get(FollowRequest.account == alice.account.id)
    assert (asked.target_id, asked.show_reblogs, asked.notify, asked.languages) == (
        account(dan).id,
        False,
        True,
        "en",
    )
    assert [job.subject for job in waiting_jobs(JobKind.SEND_FOLLOW)] == [asked.id]
    assert names(Follow, alice) == {bob.account.id}
    assert (row.state, row.position, row.failed, failed(intake)) == (IntakeState.DONE, 4, 2, [4, 5])
    assert row.entries == "[]"
    assert not Job.select().where(Job.kind == JobKind.TAKE_IN).exists()


async def test_replacing_ends_what_is_not_in_the_file_and_nothing_that_is(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person
) -> None:
    make_follow(alice, bob)
    # The handle in the file is of another domain than the one that carol goes by.
    there.handle(f"c@{there.authority}", carol.uri, subject=f"carol@{there.authority}")
    gone = make_remote("gone")
    make_follow(alice, gone)

    added = bring(alice, Portable.FOLLOWS, f"c@{there.authority}", "bob@a.test")
    await here.work()
    assert names(Follow, alice) == {account(carol).id, bob.account.id, gone.id}

    intake = bring(alice, Portable.FOLLOWS, f"c@{there.authority}", "bob@a.test", replaces=True)
    await here.work()

    assert fresh(added).removed == 0
    assert (fresh(intake).state, fresh(intake).removed) == (IntakeState.DONE, 1)
    assert names(Follow, alice) == {account(carol).id, bob.account.id}


@pytest.mark.parametrize("replaces", [False, True])
async def test_blocks_mutes_and_servers(
    here: Here, carol: Somebody, alice: Person, bob: Person, replaces: bool
) -> None:
    authority = account(carol).domain
    with store.transaction():
        blocks.block(alice.account.id, bob.account.id)
        mutes.mute(alice.account.id, bob.account.id)
        domain_blocks.add(alice.account.id, "old.test")

    bring(alice, Portable.MUTES, "Account address,Hide notifications", f"carol@{authority},false", replaces=replaces)
    await here.work()
    bring(alice, Portable.BLOCKS, f"carol@{authority}", replaces=replaces)
    await here.work()
    bring(alice, Portable.DOMAIN_BLOCKS, "loud.test", replaces=replaces)
    await here.work()

    old = set() if replaces else {bob.account.id}
    assert names(Mute, alice) == {account(carol).id} | old
    assert Mute.get(Mute.target == account(carol).id).hide_notifications is False
    assert names(Block, alice) == {account(carol).id} | old
    domains = {row.domain for row in AccountDomainBlock.select()}
    assert domains == {"loud.test"} | (set() if replaces else {"old.test"})


@pytest.mark.parametrize("replaces", [False, True])
async def test_bookmarks_are_of_posts_that_may_be_read(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person, replaces: bool
) -> None:
    note, private = carol.note("Keep this."), make_status(bob, visibility="private")
    there.serve(note)
    before = make_status(alice)
    with store.transaction():
        Bookmark.create(account=alice.account.id, status=before.id, created_at=1)

    intake = bring(
        alice, Portable.BOOKMARKS, note["id"], private.uri, f"{there.url('/nothing')}", carol.uri, replaces=replaces
    )
    await here.work()

    kept = {row.status_id for row in Bookmark.select().where(Bookmark.account == alice.account.id)}
    assert (before.id in kept, len(kept)) == (not replaces, 1 if replaces else 2)
    assert failed(intake) == [2, 3, 4]


@pytest.mark.parametrize("replaces", [False, True])
async def test_lists_hold_who_is_followed_or_asked(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, bob: Person, replaces: bool
) -> None:
    dan = there.somebody("dan")
    make_follow(alice, bob)
    with store.transaction():
        birds = lists.create(alice.account.id, "Birds")
        lists.add_members(alice.account.id, birds.id, [bob.account.id])
        old = lists.create(alice.account.id, "Old")

    bring(
        alice,
        Portable.LISTS,
        f"Birds,carol@{there.authority}",
        f"Trains,dan@{there.authority}",
        replaces=replaces,
    )
    await here.work()

    titles = {row.id: row.title for row in lists.of_account(alice.account.id)}
    members = {(titles[row.list_id], row.account_id) for row in ListMember.select()}
    expected = {("Birds", account(carol).id), ("Trains", account(dan).id)}
    assert members == expected | (set() if replaces else {("Birds", bob.account.id)})
    assert (old.id in titles) is not replaces
    assert names(FollowRequest, alice) == {account(dan).id}


@pytest.mark.parametrize("replaces", [False, True])
async def test_filters_get_what_they_lack(here: Here, alice: Person, replaces: bool) -> None:
    def filters_file(*words: str, title: str = "Tea") -> str:
        one = {
            "title": title,
            "context": ["home"],
            "action": "hide",
            "keywords_attributes": [{"keyword": word} for word in words],
            "statuses": [status.uri, "https://unknown.test/1"],
        }
        return msgspec.json.encode({"custom_filters": [one]}).decode()

    status = make_status(alice)
    for text in (filters_file("x", title="Old"), filters_file("marmite")):
        bring_text(alice, Portable.FILTERS, text)
        await here.work()

    bring_text(alice, Portable.FILTERS, filters_file("marmite", "milk", title="TEA"), replaces=replaces)
    await here.work()

    assert {row.title for row in Filter.select()} == ({"TEA"} if replaces else {"TEA", "Old"})
    (tea,) = Filter.select().where(Filter.title == "TEA")
    assert {row.keyword for row in FilterKeyword.select().where(FilterKeyword.filter == tea.id)} == {
        "marmite",
        "milk",
    }


async def test_what_was_done_before_a_kill_is_not_done_again(here: Here, alice: Person) -> None:
    intake = bring(alice, Portable.DOMAIN_BLOCKS, *(f"d{number}.test" for number in range(5)))
    work = intakes.load(intake.id)
    assert work is not None
    await store.write(intakes.take, work, 0, None)
    await store.write(intakes.refuse, work, 1, "No.")

    # A process that was slower comes to the same entries.
    assert await store.write(intakes.take, work, 0, None) is False
    assert await store.write(intakes.refuse, work, 0, "No.") is False
    await here.work()

    assert {row.domain for row in AccountDomainBlock.select()} == {"d0.test", "d2.test", "d3.test", "d4.test"}
    assert (fresh(intake).state, fresh(intake).position, failed(intake)) == (IntakeState.DONE, 5, [2])


async def test_an_entry_that_is_refused_leaves_nothing_behind(here: Here, alice: Person, bob: Person) -> None:
    """The list is made before the member is refused: both belong to one unit of work."""
    with store.transaction():
        blocks.block(bob.account.id, alice.account.id)
    intake = bring(alice, Portable.LISTS, "Birds,bob@a.test")

    await here.work()

    assert failed(intake) == [1]
    assert lists.of_account(alice.account.id) == []


async def test_others_are_asked_slowly_and_who_is_silent_once(
    here: Here, there: Elsewhere, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "ASKED_AT_ONCE", 2)
    for name in ("dan", "eva", "fay"):
        there.somebody(name)
    there.on("/.well-known/webfinger", status=503)
    silent = bring(alice, Portable.BLOCKS, *(f"{name}@{there.authority}" for name in ("dan", "eva", "fay")))
    await here.work()
    assert (fresh(silent).state, fresh(silent).failed) == (IntakeState.DONE, 3)
    assert there.asked_for("/.well-known/webfinger") == 1

    there.on("/.well-known/webfinger", there._webfinger)
    for name in ("dan", "eva", "fay"):
        here.fed.handles.forget(f"{name}@{there.authority}")
    intake = bring(alice, Portable.BLOCKS, *(f"{name}@{there.authority}" for name in ("dan", "eva", "fay")))
    before = clock.now_ms()
    await here.work()
    assert (fresh(intake).position, fresh(intake).state) == (2, IntakeState.RUNNING)
    job = Job.get(Job.kind == JobKind.TAKE_IN)
    assert before + taking_in.PAUSE_MS <= job.due_at <= clock.now_ms() + taking_in.PAUSE_MS

    with clock.frozen(clock.now_ms() + taking_in.PAUSE_MS):
        await here.work()
    assert (fresh(intake).position, fresh(intake).state) == (3, IntakeState.DONE)


async def test_an_import_that_is_stopped_ends(here: Here, alice: Person) -> None:
    intake = bring(alice, Portable.DOMAIN_BLOCKS, "loud.test")
    work = intakes.load(intake.id)
    assert work is not None
    with store.transaction():
        intakes.delete(alice.account.id, intake.id)

    assert await store.write(intakes.take, work, 0, None) is False
    (job,) = await store.write(jobs.take, 1, 10)
    await taking_in.take_in(here.fed, job)

    assert not AccountDomainBlock.select().exists()


async def test_a_preview_says_what_would_change(here: Here, carol: Somebody, alice: Person, bob: Person) -> None:
    make_follow(alice, bob)
    found = reading.read(Portable.FOLLOWS, b"bob@a.test\nnew@x.test\nother@x.test\nnonsense")
    with store.transaction():
        intake = intakes.create(alice.account.id, Portable.FOLLOWS, found, "")
        shown = intakes.preview(alice.account.id, intake.id)

    assert (shown.new, shown.known, shown.gone, intake.failed) == (2, 1, 1, 1)
    assert len(applying.there(alice.account.id, Portable.FOLLOWS)) == 2
