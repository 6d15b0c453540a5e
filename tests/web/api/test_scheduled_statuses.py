"""Posts that wait for their time."""

from collections.abc import Callable
from typing import Any

import pytest

from federation import work
from federation.context import FEDERATION
from node import clock, jobs, store
from node.jobs import JobKind
from node.models import Job, MediaAttachment, ScheduledMedia, ScheduledStatus, Status, Visibility
from node.paging import Page
from node.services import accounts
from node.services.community import housekeeping, settings
from node.services.statuses import deletion, kept_drafts, scheduled
from node.services.statuses.drafts import Draft
from tests.factories import Person
from tests.factories_posts import make_media, make_status
from tests.web.conftest import Client, Headers

AsPerson = Callable[..., Headers]
STATUSES, SCHEDULED = "/api/v1/statuses", "/api/v1/scheduled_statuses"
HOUR = clock.HOUR


@pytest.fixture
def me(alice: Person, as_person: AsPerson) -> Headers:
    return as_person(alice)


async def ask(client: Client, method: str, path: str, headers: Headers, **body: Any) -> Any:
    response = await client.request(method, path, json=body or None, headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


def ahead(ms: int = HOUR) -> str:
    return clock.iso(clock.now_ms() + ms)


async def run_due(client: Client) -> int:
    """Do what a worker would do now; how many jobs there were."""
    handlers = work.handlers(client.app[FEDERATION])  # type: ignore[union-attr]
    taken = [job for job in await store.write(jobs.take, 0, 50) if job.kind == JobKind.POST_SCHEDULED]
    for job in taken:
        await handlers[job.kind](job)
    return len(taken)


async def test_a_post_waits_for_its_time_and_appears_once(client: Client, alice: Person, me: Headers) -> None:
    picture = make_media(alice)
    wish = {"status": "Good morning #maps", "visibility": "unlisted", "spoiler_text": "early", "language": "en"}
    at = ahead()

    made = await ask(client, "POST", STATUSES, me, **wish, scheduled_at=at, media_ids=[str(picture.id)])

    assert made["scheduled_at"] == at
    assert (made["params"]["text"], made["params"]["visibility"]) == ("Good morning #maps", "unlisted")
    assert [one["id"] for one in made["media_attachments"]] == [str(picture.id)] == made["params"]["media_ids"]
    assert (
        await ask(client, "GET", SCHEDULED, me)
        == [made]
        == [await ask(client, "GET", f"{SCHEDULED}/{made['id']}", me)]
    )
    assert await run_due(client) == 0
    assert Status.select().count() == 0

    with clock.frozen(clock.now_ms() + HOUR):
        assert await run_due(client) == 1
        assert await run_due(client) == 0

    status = Status.get()
    assert (status.source, status.visibility, status.spoiler_text) == (wish["status"], Visibility.UNLISTED, "early")
    assert MediaAttachment.get_by_id(picture.id).status_id == status.id
    assert await ask(client, "GET", SCHEDULED, me) == []
    assert Job.select().where(Job.kind == JobKind.POST_SCHEDULED).count() == 0


async def test_a_poll_and_an_answer_can_be_scheduled(client: Client, alice: Person, bob: Person, me: Headers) -> None:
    question = make_status(bob, "Tea or coffee?")
    poll = {"options": ["tea", "coffee"], "expires_in": 3600, "multiple": True, "hide_totals": False}

    made = await ask(
        client, "POST", STATUSES, me, status="Well", poll=poll, in_reply_to_id=str(question.id), scheduled_at=ahead()
    )
    with clock.frozen(clock.now_ms() + HOUR):
        await run_due(client)

    assert made["params"]["poll"] == poll
    assert made["params"]["in_reply_to_id"] == question.id
    answer = Status.get(Status.account == alice.account.id)
    assert (answer.kind, answer.in_reply_to_id) == ("Question", question.id)


async def test_a_quote_says_what_it_quotes_and_who_may_quote_it(
    client: Client, alice: Person, bob: Person, me: Headers
) -> None:
    quoted = make_status(bob, "Worth a word")
    wish = {"status": "Look", "quoted_status_id": str(quoted.id), "quote_approval_policy": "followers"}

    made = await ask(client, "POST", STATUSES, me, **wish, scheduled_at=ahead())
    plain = await ask(client, "POST", STATUSES, me, status="x", scheduled_at=ahead())

    assert made["params"]["quoted_status_id"] == str(quoted.id)
    assert made["params"]["quote_approval_policy"] == "followers"
    assert (plain["params"]["quoted_status_id"], plain["params"]["thread"]) == (None, [])


async def test_a_thread_that_was_written_on_a_page_is_shown_whole(client: Client, alice: Person, me: Headers) -> None:
    one, two = make_media(alice), make_media(alice)
    draft = Draft(text="One", media_ids=(one.id,), then=(Draft(text="Two", media_ids=(two.id,)), Draft(text="Three")))
    with store.transaction():
        scheduled.schedule(alice.account.id, draft, clock.now_ms() + HOUR)

    (shown,) = await ask(client, "GET", SCHEDULED, me)

    assert (shown["params"]["text"], shown["params"]["media_ids"]) == ("One", [str(one.id)])
    assert [(post["text"], post["media_ids"]) for post in shown["params"]["thread"]] == [
        ("Two", [str(two.id)]),
        ("Three", None),
    ]
    assert [picture["id"] for picture in shown["media_attachments"]] == [str(one.id), str(two.id)]


async def test_the_time_can_be_changed_both_ways(client: Client, me: Headers) -> None:
    made = await ask(client, "POST", STATUSES, me, status="Later", scheduled_at=ahead())
    path = f"{SCHEDULED}/{made['id']}"
    much_later = ahead(3 * HOUR)

    changed = await ask(client, "PUT", path, me, scheduled_at=much_later)
    with clock.frozen(clock.now_ms() + HOUR):
        await run_due(client)
        assert Status.select().count() == 0
    sooner = await ask(client, "PUT", path, me, scheduled_at=ahead(clock.HOUR // 2))
    with clock.frozen(clock.now_ms() + HOUR // 2):
        await run_due(client)

    assert changed == made | {"scheduled_at": much_later}
    assert sooner["scheduled_at"] < made["scheduled_at"]
    assert Status.select().count() == 1
    with clock.frozen(clock.now_ms() + 4 * HOUR):
        await run_due(client)
    assert Status.select().count() == 1


async def test_a_deleted_one_is_never_posted_and_gives_its_pictures_back(
    client: Client, alice: Person, me: Headers
) -> None:
    picture = make_media(alice)
    made = await ask(client, "POST", STATUSES, me, status="No", scheduled_at=ahead(), media_ids=[str(picture.id)])

    await ask(client, "DELETE", f"{SCHEDULED}/{made['id']}", me)
    with clock.frozen(clock.now_ms() + HOUR):
        await run_due(client)

    assert Status.select().count() == 0
    await ask(client, "POST", STATUSES, me, status="Yes", media_ids=[str(picture.id)])


async def test_its_pictures_are_kept_for_it_alone(client: Client, alice: Person, me: Headers) -> None:
    picture = make_media(alice)
    ids = [str(picture.id)]
    await ask(client, "POST", STATUSES, me, status="Later", scheduled_at=ahead(100 * HOUR), media_ids=ids)

    answers = [
        await client.post(STATUSES, json={"status": "now", "media_ids": ids}, headers=me),
        await client.post(STATUSES, json={"status": "too", "media_ids": ids, "scheduled_at": ahead()}, headers=me),
        await client.delete(f"/api/v1/media/{picture.id}", headers=me),
    ]
    with clock.frozen(clock.now_ms() + 99 * HOUR):
        await store.write(housekeeping.forget_uploads)

    assert [answer.status for answer in answers] == [422, 422, 422]
    assert ScheduledMedia.get().media_id == picture.id


@pytest.mark.parametrize(
    "wish",
    [
        {"status": "too soon", "scheduled_at": 60_000},
        {"status": "in the past", "scheduled_at": -HOUR},
        {"status": "no time", "scheduled_at": "tomorrow"},
        {"status": "", "scheduled_at": HOUR},
        {"status": "x" * 501, "scheduled_at": HOUR},
        {"status": "to nothing", "in_reply_to_id": "1", "scheduled_at": HOUR},
    ],
)
async def test_what_could_not_be_posted_is_refused_at_once(client: Client, me: Headers, wish: dict[str, Any]) -> None:
    at = wish["scheduled_at"]
    wish = wish | {"scheduled_at": ahead(at) if isinstance(at, int) else at}

    response = await client.post(STATUSES, json=wish, headers=me)

    assert response.status == (404 if "in_reply_to_id" in wish else 422)
    assert ScheduledStatus.select().count() == Job.select().count() == 0


async def test_there_is_an_end_to_how_many_wait(client: Client, me: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduled, "MAX_SCHEDULED", 1)
    await ask(client, "POST", STATUSES, me, status="one", scheduled_at=ahead())

    response = await client.post(STATUSES, json={"status": "two", "scheduled_at": ahead()}, headers=me)

    assert response.status == 422


async def test_the_same_idempotency_key_schedules_once(client: Client, me: Headers) -> None:
    keyed = me | {"Idempotency-Key": "abc"}

    first = await ask(client, "POST", STATUSES, keyed, status="once", scheduled_at=ahead())
    second = await ask(client, "POST", STATUSES, keyed, status="once", scheduled_at=ahead())

    assert second == first
    assert ScheduledStatus.select().count() == 1


async def test_what_is_refused_when_it_is_due_stays_with_the_reason(client: Client, bob: Person, me: Headers) -> None:
    question = make_status(bob, "Well?")
    reply = await ask(
        client, "POST", STATUSES, me, status="Yes", in_reply_to_id=str(question.id), scheduled_at=ahead()
    )
    long = await ask(client, "POST", STATUSES, me, status="x" * 200, scheduled_at=ahead())
    await store.write(deletion.delete, bob.account.id, question.id)
    await store.write(settings.change, {"max_characters": 140}, None)

    with clock.frozen(clock.now_ms() + HOUR):
        assert await run_due(client) == 2
        assert await run_due(client) == 0

    waiting = {str(row.id): row.problem for row in ScheduledStatus.select()}
    assert waiting[reply["id"]] == "Record not found"
    assert "at most 140 characters" in waiting[long["id"]]
    assert Status.select().where(Status.account != bob.account.id).count() == 0

    await store.write(settings.change, {"max_characters": 500}, None)
    await ask(client, "PUT", f"{SCHEDULED}/{long['id']}", me, scheduled_at=ahead(2 * HOUR))
    with clock.frozen(clock.now_ms() + 2 * HOUR):
        await run_due(client)
    assert Status.get().source == "x" * 200


async def test_they_are_their_authors_alone(client: Client, bob: Person, me: Headers, as_person: AsPerson) -> None:
    made = await ask(client, "POST", STATUSES, as_person(bob), status="Mine", scheduled_at=ahead())
    path = f"{SCHEDULED}/{made['id']}"

    answers = [
        await client.get(path, headers=me),
        await client.put(path, json={"scheduled_at": ahead(2 * HOUR)}, headers=me),
        await client.delete(path, headers=me),
        await client.get(path, headers=as_person(bob, "read:accounts")),
        await client.delete(path, headers=as_person(bob, "read")),
        await client.get(SCHEDULED),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404, 403, 403, 401]
    assert await ask(client, "GET", SCHEDULED, as_person(bob)) == [made]


async def test_an_account_that_ends_takes_them_along(client: Client, alice: Person, me: Headers) -> None:
    await ask(client, "POST", STATUSES, me, status="Never", scheduled_at=ahead())

    await store.write(accounts.delete_local, alice.account.id)
    with clock.frozen(clock.now_ms() + HOUR):
        await run_due(client)

    assert ScheduledStatus.select().count() == 0
    assert Status.select().count() == 0


async def test_there_are_pages_of_them(client: Client, me: Headers) -> None:
    for text in ("one", "two", "three"):
        await ask(client, "POST", STATUSES, me, status=text, scheduled_at=ahead())

    response = await client.get(f"{SCHEDULED}?limit=2", headers=me)

    assert [one["params"]["text"] for one in await response.json()] == ["three", "two"]
    assert 'rel="next"' in response.headers["Link"]


async def test_a_thread_that_an_app_cancels_is_kept_as_a_draft_and_a_single_post_is_not(
    client: Client, alice: Person, bob: Person, me: Headers, as_person: AsPerson
) -> None:
    at = clock.now_ms() + HOUR
    with store.transaction():
        first = scheduled.schedule(alice.account.id, Draft(text="One", then=(Draft(text="Two"),)), at)
        later = scheduled.schedule(alice.account.id, Draft(text="Alone"), at)

    refused = await client.delete(f"{SCHEDULED}/{first.id}", headers=as_person(bob))
    done = [(await client.delete(f"{SCHEDULED}/{row.id}", headers=me)).status for row in (first, later)]

    assert (refused.status, done) == (404, [200, 200])
    (kept,) = kept_drafts.page(alice.account.id, Page(limit=10))
    assert (kept.typed["text"], kept.typed["text_2"]) == ("One", "Two")
