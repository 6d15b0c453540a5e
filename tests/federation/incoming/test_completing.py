"""Completing threads: what is fetched when somebody looks at one, how much of it at most, and of whom (FEP-f228)."""

from functools import partial
from typing import Any

import pytest
from aiohttp import web

from federation.buckets import Buckets
from federation.finding import resolve
from federation.http.budget import Budget
from node import clock, jobs
from node.models import Account, Follow, Job, LinkState, Notification, Status, Thread, ThreadFetch, ThreadLink
from node.services import completion
from node.services.completion import rows
from node.services.interactions import bookmarks, favourites, reactions, reblogs
from node.services.statuses import posting, threads
from node.services.statuses.drafts import Draft
from tests.factories import Person, in_unit
from tests.factories_posts import make_status
from tests.federation.incoming.fediverse import ACTIVITY_JSON, PUBLIC, Document, Elsewhere, Here, Somebody


class Talk:
    """A thread on another server: posts that answer each other, each with its list of answers."""

    def __init__(self, server: Elsewhere, author: Somebody, *, context: bool = False) -> None:
        self.server = server
        self.author = author
        self.notes: dict[str, Document] = {}
        self.answers: dict[str, list[str]] = {}
        self.context = server.url("/contexts/1") if context else ""

    def note(self, answers: Document | None = None, by: Somebody | None = None, **changes: Any) -> Document:
        author = by or self.author
        note = author.note(**changes)
        note["replies"] = f"{note['id']}/replies"
        if answers is not None:
            note["inReplyTo"] = answers["id"]
            self.answers[answers["id"]].append(note["id"])
        if self.context:
            note["context"] = self.context
        self.answers[note["id"]] = []
        self.notes[note["id"]] = note
        return note

    def serve(self) -> None:
        for note in self.notes.values():
            self.server.serve(note)
            self.server.serve(listing(note["replies"], self.answers[note["id"]]))
        if self.context:
            self.server.serve(listing(self.context, list(self.notes), kind="OrderedCollection"))


def listing(uri: str, items: list[str], kind: str = "Collection", **members: Any) -> Document:
    name = "orderedItems" if kind == "OrderedCollection" else "items"
    return {"id": uri, "type": kind, "totalItems": len(items), name: items} | members


@pytest.fixture
async def dave(here: Here, there: Elsewhere) -> Somebody:
    """Known here, too."""
    dave = there.somebody("dave")
    await resolve.account(here.fed, dave.uri, budget=Budget(5))
    return dave


async def known(here: Here, note: Document) -> Status:
    status = await resolve.status(here.fed, note["id"], Budget(10))
    assert status is not None
    return status


async def look(here: Here, status: Status, *, asked: bool = False) -> completion.Progress:
    """Somebody opens the thread, and all that follows happens."""
    with in_unit():
        completion.begin(status.id, asked=asked)
    await here.work()
    progress = completion.progress_of(Status.get_by_id(status.id).thread_id)
    assert progress is not None
    return progress


def uris_of(thread_id: int | None) -> set[str]:
    return {row.uri for row in Status.select(Status.uri).where(Status.thread == thread_id)}


def in_thread_of(status: Status) -> set[str]:
    return uris_of(Status.get_by_id(status.id).thread_id)


# ── what is found ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_without_a_list_of_the_thread_every_post_is_asked_for_its_answers(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    first, second = talk.note(root), talk.note(root)
    below = talk.note(first)
    talk.serve()
    status = await known(here, root)

    progress = await look(here, status)

    assert in_thread_of(status) == {one["id"] for one in (root, first, second, below)}
    assert [progress.is_running, progress.found, progress.unanswered] == [False, 3, ()]
    assert Status.get_by_id(status.id).replies_announced == 2
    assert threads.descendants(None, status.id) == sorted(threads.descendants(None, status.id), key=depth_first)


def depth_first(status_id: int) -> tuple[int, ...]:
    row = Status.get_by_id(status_id)
    above = depth_first(row.in_reply_to_id) if row.in_reply_to_id else ()
    return (*above, row.id)


async def test_a_list_of_the_thread_is_asked_instead(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol, context=True)
    root = talk.note()
    first = talk.note(root)
    below = talk.note(talk.note(first))
    talk.serve()
    status = await known(here, root)
    there.received.clear()

    await look(here, status)

    assert in_thread_of(status) == set(talk.notes)
    assert there.asked_for("/contexts/1") == 1
    # Only the post that somebody looks at is asked for its answers, too: its server counts them.
    assert there.asked_for(f"{path(root)}/replies") == 1
    assert there.asked_for(f"{path(first)}/replies") == there.asked_for(f"{path(below)}/replies") == 0


def path(note: Document) -> str:
    return "/" + str(note["id"]).split("/", 3)[3]


async def test_a_list_that_names_nothing_has_each_post_asked(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol, context=True)
    root = talk.note()
    talk.note(talk.note(root))
    talk.serve()
    there.serve(listing(talk.context, []))
    status = await known(here, root)

    await look(here, status)

    assert in_thread_of(status) == set(talk.notes)


async def test_lists_may_come_in_pages_and_as_activities(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol, context=True)
    root = talk.note()
    first, second, third = talk.note(root), talk.note(root), talk.note(root)
    talk.serve()
    page = {"type": "OrderedCollectionPage", "partOf": talk.context}
    there.serve(
        {
            "id": talk.context,
            "type": "OrderedCollection",
            "first": page | {"id": f"{talk.context}/1", "orderedItems": [root["id"]], "next": f"{talk.context}/2"},
        }
    )
    items = [carol.does("Create", first), carol.does("Create", second["id"])]
    there.serve(page | {"id": f"{talk.context}/2", "orderedItems": items, "next": f"{talk.context}/3"})
    # The last page says that the one before follows.
    there.serve(page | {"id": f"{talk.context}/3", "orderedItems": [third], "next": f"{talk.context}/2"})
    status = await known(here, root)

    await look(here, status)

    assert in_thread_of(status) == set(talk.notes)
    assert [there.asked_for(f"/contexts/1{part}") for part in ("", "/2", "/3")] == [1, 1, 1]


async def test_what_is_above_is_found_up_to_the_root_and_then_all_below_it(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol, context=True)
    root = talk.note()
    aunt = talk.note(root)
    parent = talk.note(root)
    child = talk.note(parent)
    talk.serve()
    status = await known(here, child)
    Job.delete().where(Job.kind == "fetch_parent").execute()

    await look(here, status)

    assert in_thread_of(status) == {one["id"] for one in (root, aunt, parent, child)}
    above = threads.ancestors(None, status.id)
    assert [Status.get_by_id(one).uri for one in above] == [root["id"], parent["id"]]


async def test_the_way_up_has_an_end(
    here: Here, there: Elsewhere, carol: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.services.completion.beginning.MAX_ANCESTORS", 3)
    talk = Talk(there, carol)
    chain = [talk.note()]
    for _ in range(6):
        chain.append(talk.note(chain[-1]))
    for note in chain:
        note["published"] = "2024-01-01T00:00:00Z"
    talk.serve()
    status = await known(here, chain[-1])
    Job.delete().where(Job.kind == "fetch_parent").execute()

    await look(here, status)

    assert len(threads.ancestors(None, status.id)) == 3


async def test_posts_of_other_servers_are_fetched_from_there(here: Here, there: Elsewhere, carol: Somebody) -> None:
    async with Elsewhere() as other:
        dave = other.somebody("dave")
        talk = Talk(there, carol)
        root = talk.note()
        answer = dave.note("Yes.", inReplyTo=root["id"])
        talk.answers[root["id"]].append(answer["id"])
        talk.serve()
        other.serve(answer)
        status = await known(here, root)

        progress = await look(here, status)

        assert in_thread_of(status) == {root["id"], answer["id"]}
        assert set(progress.hosts) == {there.authority, other.authority}


# ── what is not believed ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_list_cannot_put_a_post_into_a_thread_that_it_does_not_answer(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol, context=True)
    root = talk.note()
    answer = talk.note(root)
    stranger = carol.note("Something else.")
    talk.serve()
    there.serve(stranger)
    there.serve(listing(talk.context, [stranger["id"], answer["id"]]))
    there.serve(listing(root["replies"], [stranger["id"], answer["id"]]))
    status = await known(here, root)

    await look(here, status)

    assert in_thread_of(status) == {root["id"], answer["id"]}
    assert Status.get_or_none(Status.uri == stranger["id"]) is None


async def test_an_embedded_post_is_not_believed(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    answer = talk.note(root, text="As it is.")
    talk.serve()
    there.serve(listing(root["replies"], []) | {"items": [answer | {"content": "As somebody wants it."}]})
    status = await known(here, root)

    await look(here, status)

    assert Status.get(Status.uri == answer["id"]).content == "<p>As it is.</p>"


async def test_what_is_not_for_everybody_is_left_out(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    private = talk.note(root, to=[f"{carol.uri}/followers"], cc=[])
    unlisted = talk.note(root, to=[f"{carol.uri}/followers"], cc=[PUBLIC])
    talk.serve()
    status = await known(here, root)

    await look(here, status)

    assert in_thread_of(status) == {root["id"], unlisted["id"]}
    assert private["id"] not in in_thread_of(status)


async def test_the_address_of_a_list_is_a_hint_and_never_our_own(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol)
    root = talk.note() | {"context": f"{here.base}/ap/users/1/statuses/1/context"}
    there.serve(root)

    status = await known(here, root)

    assert Thread.get_by_id(status.thread_id).context_uri == ""


@pytest.mark.parametrize("part", [favourites.add, reblogs.add, partial(reactions.add, name="🍵"), "answer", "look"])
async def test_taking_part_in_a_thread_has_it_completed(
    here: Here, there: Elsewhere, carol: Somebody, alice: Person, part: Any
) -> None:
    """Just to read a post in a timeline does not."""
    talk = Talk(there, carol)
    root = talk.note()
    talk.note(root)
    talk.serve()
    status = await known(here, root)
    with in_unit():
        if part == "answer":
            posting.post(alice.account.id, Draft(text="Indeed.", in_reply_to_id=status.id))
        elif part == "look":
            bookmarks.add(alice.account.id, status.id)
        else:
            part(alice.account.id, status.id)
    await here.work()

    came = set(talk.notes) <= in_thread_of(status)

    assert came is (part != "look")


# ── limits ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_thread_is_asked_about_once_in_a_while(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    talk.note(root)
    talk.serve()
    status = await known(here, root)
    await look(here, status)
    there.received.clear()

    await look(here, status)

    assert there.received == []


async def test_a_person_may_ask_again_sooner(
    here: Here, there: Elsewhere, carol: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    talk.serve()
    status = await known(here, root)
    await look(here, status)
    there.received.clear()
    ThreadFetch.update(asked_at=clock.now_ms() - 2 * clock.MINUTE).execute()

    await look(here, status)
    assert there.received == []

    await look(here, status, asked=True)
    assert there.asked_for(f"{path(root)}/replies") == 1


@pytest.mark.parametrize(("limit", "found"), [("MAX_POSTS", 3), ("MAX_PER_POST", 3)])
async def test_so_many_posts_are_asked_for_and_no_more(
    here: Here, there: Elsewhere, carol: Somebody, monkeypatch: pytest.MonkeyPatch, limit: str, found: int
) -> None:
    for module in ("rows", "beginning", "going_on"):
        monkeypatch.setattr(f"node.services.completion.{module}.{limit}", 3, raising=False)
    talk = Talk(there, carol)
    root = talk.note()
    for _ in range(8):
        talk.note(root)
    talk.serve()
    status = await known(here, root)
    there.received.clear()

    progress = await look(here, status)

    assert progress.found == found
    assert sum(request.path in {path(one) for one in talk.notes.values()} for request in there.received) == found


async def test_so_many_strangers_become_known_by_a_thread_and_no_more_until_later(
    here: Here, there: Elsewhere, carol: Somebody, dave: Somebody
) -> None:
    here.fed.__dict__["met_in_threads"] = Buckets(burst=3, per_second=0)
    talk = Talk(there, carol)
    root = talk.note()
    for _ in range(6):
        talk.note(root, by=there.somebody())
    own, daves = talk.note(root), talk.note(root, by=dave)
    talk.serve()
    status = await known(here, root)

    await look(here, status)

    assert len(in_thread_of(status)) == 1 + 3 + 2
    assert {own["id"], daves["id"]} <= in_thread_of(status)

    here.fed.__dict__["met_in_threads"] = Buckets(burst=3, per_second=0)
    with clock.frozen(clock.now_ms() + clock.HOUR):
        await look(here, status)
    assert in_thread_of(status) == set(talk.notes)


async def test_a_list_without_end_has_one_here(
    here: Here, there: Elsewhere, carol: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_PAGES", 6)
    talk = Talk(there, carol)
    root = talk.note()
    talk.serve()

    async def endless(request: web.Request) -> web.Response:
        number = int(request.path.rpartition("/")[2])
        return web.json_response(
            {
                "@context": "https://www.w3.org/ns/activitystreams",
                "type": "CollectionPage",
                "id": there.url(request.path),
                "items": [],
                "next": there.url(f"/pages/{number + 1}"),
            },
            content_type=ACTIVITY_JSON,
        )

    for number in range(20):
        there.on(f"/pages/{number}", endless)
    there.serve({"id": root["replies"], "type": "Collection", "first": there.url("/pages/0")})
    status = await known(here, root)
    there.received.clear()

    await look(here, status)

    assert len(there.received) == 6


async def test_nothing_is_asked_for_twice_by_posts_that_name_each_other(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    one = talk.note(root)
    two = talk.note(one)
    talk.serve()
    there.serve(listing(two["replies"], [root["id"], one["id"], two["id"]]))
    status = await known(here, root)
    there.received.clear()

    await look(here, status)

    asked = [request.path for request in there.received]
    assert len(asked) == len(set(asked))


# ── servers that do not answer ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_server_that_has_enough_is_asked_later_and_not_before(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    answer = talk.note(root)
    talk.serve()
    status = await known(here, root)
    there.on(f"{path(root)}/replies", status=429, headers={"Retry-After": "600"})
    before = clock.now_ms()

    progress = await look(here, status)

    assert [progress.is_running, progress.unanswered] == [False, (there.authority,)]
    link = ThreadLink.get(ThreadLink.uri == root["replies"])
    job = Job.get(Job.kind == "fetch_thread")
    assert link.due_at >= before + 600 * clock.SECOND
    # Not before; reckoned from a now that is a little later.
    assert link.due_at <= job.due_at <= link.due_at + 5 * clock.SECOND
    assert job.lease_owner is None

    talk.serve()
    here.fed.lists.forget(root["replies"])
    later(link)
    await here.work()

    assert in_thread_of(status) == {root["id"], answer["id"]}
    after = completion.progress_of(Status.get_by_id(status.id).thread_id)
    assert after is not None
    assert (after.unanswered, after.found) == ((), 1)
    assert Job.select().where(Job.kind == "fetch_thread").count() == 0


def later(link: ThreadLink) -> None:
    """The time has come."""
    ThreadLink.update(due_at=0).where(ThreadLink.id == link.id).execute()
    Job.update(due_at=0).where(Job.kind == "fetch_thread").execute()


async def test_a_server_that_never_answers_is_given_up_and_named(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    talk.serve()
    status = await known(here, root)
    there.on(f"{path(root)}/replies", status=503)
    there.received.clear()

    await look(here, status)
    for _ in range(5):
        here.fed.lists.forget(root["replies"])
        for link in ThreadLink.select().where(ThreadLink.state == LinkState.WAITING):
            later(link)
        await here.work()

    assert there.asked_for(f"{path(root)}/replies") == 3
    progress = completion.progress_of(status.thread_id)
    assert progress is not None
    assert progress.unanswered == (there.authority,)
    assert Job.select().where(Job.kind == "fetch_thread").count() == 0


async def test_what_one_server_does_not_give_keeps_nobody_from_the_others(
    here: Here, there: Elsewhere, carol: Somebody
) -> None:
    async with Elsewhere() as silent:
        dave = silent.somebody("dave")
        talk = Talk(there, carol)
        root = talk.note()
        lost = dave.note("Never seen.", inReplyTo=root["id"])
        talk.answers[root["id"]].append(lost["id"])
        answer = talk.note(root)
        talk.serve()
        silent.on(path(lost), status=500)
        status = await known(here, root)

        progress = await look(here, status)

        assert in_thread_of(status) == {root["id"], answer["id"]}
        assert progress.unanswered == (silent.authority,)


async def test_it_goes_on_where_it_was_after_the_process_died(here: Here, there: Elsewhere, carol: Somebody) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    talk.note(talk.note(root))
    talk.serve()
    status = await known(here, root)
    with in_unit():
        completion.begin(status.id)
        # Somebody took the job and died.
        jobs.take(7, 10)
    with in_unit():
        jobs.take_back(7)

    await here.work()

    assert in_thread_of(status) == set(talk.notes)


# ── who hears of it ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nobody_is_told_of_what_is_old(here: Here, there: Elsewhere, carol: Somebody, alice: Person) -> None:
    talk = Talk(there, carol)
    root = talk.note()
    mention = {"type": "Mention", "href": alice.account.uri, "name": "@alice"}
    old = talk.note(root, tag=[mention], cc=[alice.account.uri], published="2024-01-01T00:00:00Z")
    fresh = talk.note(root, tag=[mention], cc=[alice.account.uri])
    talk.serve()
    status = await known(here, root)
    counted = Account.get(Account.uri == carol.uri).statuses_count

    await look(here, status)

    told = {Status.get_by_id(row.status_id).uri for row in Notification.select()}
    assert told == {fresh["id"]}
    assert old["id"] in in_thread_of(status)
    assert Account.get(Account.uri == carol.uri).statuses_count == counted + 1


async def test_of_a_thread_of_our_own_people_nobody_is_asked(here: Here, alice: Person, bob: Person) -> None:
    root = make_status(alice)
    make_status(bob, in_reply_to_id=root.id)

    with in_unit():
        assert completion.begin(root.id) is None

    assert Job.select().where(Job.kind == "fetch_thread").count() == 0
    assert Follow.select().count() == 0


async def test_a_private_thread_asks_nobody(here: Here, there: Elsewhere, carol: Somebody) -> None:
    note = carol.note("For followers.", to=[f"{carol.uri}/followers"], cc=[], replies=f"{carol.uri}/replies")
    await here.receive(carol, carol.creates(note))
    status = Status.get(Status.uri == note["id"])

    with in_unit():
        assert completion.begin(status.id) is None

    assert (status.replies_uri, ThreadFetch.select().count()) == ("", 0)
