"""Decisions of other processes, and what is remembered between them."""

import asyncio
from contextlib import suppress

import pytest

from node import streams
from node.errors import TooMany
from node.models import DomainBlock, Setting, Severity
from node.services.access import attempts
from node.services.caching import control
from node.services.caching.cache import Cache
from node.services.community import settings
from node.services.servers import domains
from node.streams import Event
from tests.factories import Person


async def heard(kind: str, an_id: int = 0, detail: str = "") -> None:
    """What happens when another process publishes this event."""
    listening = asyncio.create_task(control.listen())
    async with asyncio.timeout(60):
        while control.TOPIC not in streams._subscribers:
            await asyncio.sleep(0)
        (subscription,) = streams._subscribers[control.TOPIC]
        streams.deliver(Event((control.TOPIC,), kind, an_id, detail))
        while subscription._ready.is_set():
            await asyncio.sleep(0)
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def test_settings_of_another_process_hold_here(alice: Person) -> None:
    assert settings.current().hue == 14
    Setting.create(key="hue", value="20")
    assert settings.current().hue == 14

    await heard("settings_changed")

    assert settings.current().hue == 20


async def test_domain_rules_of_another_process_hold_here(alice: Person) -> None:
    assert not domains.is_suspended("bad.test")
    DomainBlock.create(domain="bad.test", severity=Severity.SUSPEND, created_at=1)

    await heard("domains_changed")

    assert domains.is_suspended("bad.test")


async def test_guesses_at_another_process_count_here_until_one_is_right() -> None:
    told: list[Event] = []
    guess = ("password", "a password in the wrong field", "192.0.2.1")
    with streams.relaying(told.append):
        for _ in range(10):
            attempts.failed(*guess)
        attempts.succeeded(*guess)
    attempts.check(*guess)

    for event in told[:-1]:
        await heard(event.kind, event.id, event.detail)
    with pytest.raises(TooMany):
        attempts.check(*guess)

    await heard(told[-1].kind, told[-1].id, told[-1].detail)
    attempts.check(*guess)
    assert not any(part in repr(told) for part in guess[1:])


async def test_whoever_missed_events_remembers_nothing(alice: Person) -> None:
    assert settings.current().hue == 14
    Setting.create(key="hue", value="20")

    control.forget_all()

    assert settings.current().hue == 20


def test_an_answer_is_remembered_and_nobody_is_not(db: None) -> None:
    asked: list[str] = []
    cache: Cache[str, int] = Cache()

    def load(key: str) -> int | None:
        asked.append(key)
        return {"one": 1}.get(key)

    assert [cache.get("one", load), cache.get("one", load)] == [1, 1]
    assert [cache.get("two", load), cache.get("two", load)] == [None, None]
    assert asked == ["one", "two", "two"]


def test_an_answer_runs_out(db: None) -> None:
    cache: Cache[str, int] = Cache(seconds=0)
    answers = iter((1, 2))

    assert [cache.get("a", lambda _: next(answers)) for _ in range(2)] == [1, 2]


def test_what_changed_while_it_was_read_is_not_remembered(db: None) -> None:
    cache: Cache[str, int] = Cache()

    def load(_: str) -> int:
        cache.clear()
        return 1

    cache.get("a", load)

    assert cache.get("a", lambda _: 2) == 2


def test_memory_is_limited(db: None) -> None:
    cache: Cache[int, int] = Cache(entries=10)
    for number in range(100):
        cache.get(number, lambda key: key)

    assert len(cache._entries) <= 10
