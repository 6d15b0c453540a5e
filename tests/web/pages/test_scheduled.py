"""Posts that wait for their time, on pages without scripts."""

import pytest

from node import clock, store
from node.models import ScheduledStatus, Status
from node.services.statuses import scheduled
from node.services.statuses.drafts import Draft
from node.speech import said, said_in
from tests.factories import Person
from tests.web.pages.visitor import Visitor

COMPOSE, PAGE = "/compose", "/scheduled"


def typed(ms: int) -> str:
    """As a field for a time has it."""
    return clock.iso(clock.now_ms() + ms)[:16]


async def waiting(person: Person, text: str = "Later.") -> int:
    at = clock.now_ms() + clock.HOUR
    return int((await store.write(scheduled.schedule, person.account.id, Draft(text=text), at)).id)


async def test_a_post_is_scheduled_with_the_form(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)
    at = typed(clock.HOUR)

    answer = await reader.send(page, COMPOSE, text="Later.", scheduled_at=at, do="post")
    page = await reader.follow(answer)

    assert answer.location == PAGE
    assert "Later." in page.words(".rows")
    assert page.value("scheduled_at") == at
    assert Status.select().count() == 0
    assert clock.iso(ScheduledStatus.get().scheduled_at)[:16] == at


async def test_a_script_says_how_far_the_clock_is_ahead_of_utc(reader: Visitor) -> None:
    page = await reader.get(COMPOSE)

    await reader.send(page, COMPOSE, text="Later.", scheduled_at=typed(3 * clock.HOUR), utc_offset="120", do="post")

    assert clock.iso(ScheduledStatus.get().scheduled_at)[:16] == typed(clock.HOUR)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"scheduled_at": "2020-01-01T00:00"}, "at least five minutes from now"),
        ({"scheduled_at": "soon"}, "This is not a time."),
        ({"scheduled_at": "2099-01-01T00:00", "utc_offset": "100000"}, "This is not a time."),
        ({"scheduled_at": "2099-01-01T00:00", "utc_offset": "--1"}, "This is not a time."),
    ],
)
async def test_what_is_no_time_to_come_is_explained_and_nothing_is_lost(
    reader: Visitor, fields: dict[str, str], sentence: str
) -> None:
    page = await reader.get(COMPOSE)

    page = await reader.send(page, COMPOSE, text="Later.", do="post", **fields)

    assert page.status == 422
    assert sentence in page.error()
    assert (page.value("text"), page.value("scheduled_at")) == ("Later.", fields["scheduled_at"])
    assert ScheduledStatus.select().count() == Status.select().count() == 0


async def test_the_time_is_changed(reader: Visitor, alice: Person) -> None:
    scheduled_id = await waiting(alice)
    page = await reader.get(PAGE)

    page = await reader.follow(await reader.send(page, f"{PAGE}/{scheduled_id}", scheduled_at=typed(5 * clock.HOUR)))
    early = await reader.follow(await reader.send(page, f"{PAGE}/{scheduled_id}", scheduled_at=typed(-clock.HOUR)))

    assert "The time is changed." in page.words("#live")
    assert "at least five minutes" in early.words("#live")
    assert clock.iso(ScheduledStatus.get().scheduled_at)[:16] == typed(5 * clock.HOUR)


async def test_deleting_asks_first(reader: Visitor, alice: Person) -> None:
    path = f"{PAGE}/{await waiting(alice)}/delete"

    question = await reader.get(path)
    page = await reader.follow(await reader.send(question, path))

    assert "Later." in question.words("main")
    assert "wait for their time" in page.words(".empty")
    assert ScheduledStatus.select().count() == 0


async def test_why_something_was_not_posted_is_said(reader: Visitor, alice: Person) -> None:
    scheduled_id = await waiting(alice)
    with store.transaction():
        ScheduledStatus.update(problem="The post is too long.").where(ScheduledStatus.id == scheduled_id).execute()

    page = await reader.get(PAGE)

    assert page.words(".rows .notice") == "It was not posted: The post is too long."


async def test_why_is_said_in_the_language_of_who_reads_it(reader: Visitor, alice: Person) -> None:
    why = said("The archive has too many posts: %(most)s were read.", most=9)
    scheduled_id = await waiting(alice)
    with store.transaction():
        ScheduledStatus.update(problem=why).where(ScheduledStatus.id == scheduled_id).execute()

    german = await reader.get(PAGE, **{"Accept-Language": "de"})
    english = await reader.get(PAGE, **{"Accept-Language": "en"})

    assert said_in("de", why) in german.words(".rows .notice")
    assert why in english.words(".rows .notice")
    assert said_in("de", why) != why


async def test_those_of_others_are_not_there(reader: Visitor, bob: Person) -> None:
    path = f"{PAGE}/{await waiting(bob, 'A secret.')}"
    page = await reader.get(COMPOSE)
    csrf = page.value("csrf") or ""

    answers = [
        await reader.get(f"{path}/delete"),
        await reader.post(f"{path}/delete", {"csrf": csrf}),
        await reader.post(path, {"csrf": csrf, "scheduled_at": typed(2 * clock.HOUR)}),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404]
    assert "A secret." not in (await reader.get(PAGE)).text
    assert ScheduledStatus.select().count() == 1


async def test_who_is_not_signed_in_is_sent_to_sign_in(visitor: Visitor) -> None:
    assert (await visitor.get(PAGE)).location.startswith("/auth/sign-in")
