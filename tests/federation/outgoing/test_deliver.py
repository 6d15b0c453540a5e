"""Delivering to servers of every temper over real sockets (docs/reliability.md, R1 to R6, R20, R25)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest
from aiohttp import web

from federation.delivery import batches, deliver
from federation.http.door import _KEPT_AT_ONCE, Door
from federation.signatures import ReceivedRequest, parse_signature
from node import clock, ids, keys, store
from node.config import Config
from node.jobs import JobKind
from node.models import (
    Account,
    Delivery,
    DeliveryCount,
    Destination,
    DomainBlock,
    Job,
    ServerDay,
    Severity,
    SigningKey,
)
from node.services import outbox
from node.services.community import maintenance
from node.services.community.maintenance import Window
from node.services.outbox import Outgoing
from node.services.servers import domains, traffic
from tests.factories import Person, in_unit, make_remote, rsa_keys
from tests.federation.loopback import LOOPBACK, Names
from tests.federation.outgoing import tempers
from tests.federation.outgoing.peers import ALIVE, REFUSES, Answer, Inboxes, delivering, until
from tests.federation.outgoing.tempers import hang


@pytest.fixture
def config(config: Config) -> Config:
    return msgspec.structs.replace(config, plain_http=True, outgoing_allow=(LOOPBACK,))


@pytest.fixture
async def peers() -> AsyncIterator[Inboxes]:
    async with Inboxes() as inboxes:
        yield inboxes


@pytest.fixture
async def door(config: Config) -> AsyncIterator[Door]:
    async with Door(config) as door:
        yield door


@pytest.fixture
def never_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever delivers looks again when it is woken, and never because time has passed."""
    monkeypatch.setattr(deliver, "_LONGEST_SLEEP_SECONDS", 3600)


@pytest.fixture
def say(alice: Person) -> Callable[..., str]:
    """Queue an activity for inboxes; its id."""

    def queue(*inboxes: str, **values: Any) -> str:
        activity_id = ids.new_id()
        name = f"{alice.account.uri}#test/{activity_id}"
        body = msgspec.json.encode({"id": name, "type": "Test", "actor": alice.account.uri})
        outgoing = Outgoing(**{"id": activity_id, "actor_id": alice.account.id, "body": body} | values)
        with in_unit():
            outbox.add(outgoing, {inbox: inbox.split("/")[2] for inbox in inboxes})
        return name

    return queue


def destination(host: str) -> Destination:
    return Destination.get(Destination.host == host)


def waiting() -> int:
    return Delivery.select().count()


def make_due(host: str) -> None:
    with in_unit():
        Destination.update(due_at=clock.now_ms()).where(Destination.host == host).execute()
        Delivery.update(due_at=0).execute()


async def round_of(door: Door, host: str) -> None:
    """One lease of one host, whatever its time is."""
    make_due(host)
    await due_round(door)


async def due_round(door: Door) -> None:
    """One lease of each host that is due."""
    for lease in await store.write(outbox.lease, 1, hosts=50, failing=50):
        outcome = await batches.try_batch(door, lease, asyncio.Event())
        await store.write(outbox.settle, lease, 1, outcome)


# ── those that answer ──


async def test_what_is_said_arrives_signed_with_todays_date(
    door: Door, peers: Inboxes, say: Callable[..., str], config: Config
) -> None:
    name = say(peers.url())
    async with delivering(door):
        await until(lambda: waiting() == 0)

    (request,) = peers.requests
    assert peers.ids() == [name]
    assert request.headers["Content-Type"] == "application/activity+json"
    assert request.headers["Host"] == peers.host()
    assert request.headers["User-Agent"].startswith("Linnet/")
    body = msgspec.json.encode(peers.bodies[peers.host()][0])
    there = Config.for_tests(domain=peers.host(), plain_http=True)
    claim = parse_signature(
        ReceivedRequest("POST", request.raw_path, request.raw_headers, body), there, clock.now_ms()
    )
    assert claim.key_id.endswith("#main-key")
    assert claim.verify(keys.load_public(rsa_keys().public_pem))


async def test_each_try_has_a_date_and_a_signature_of_its_own(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    peers.on(ALIVE, 503)
    say(peers.url())
    await round_of(door, peers.host())
    with clock.frozen(clock.now_ms() + clock.HOUR):
        await round_of(door, peers.host())

    first, second = peers.requests
    assert first.headers["Date"] != second.headers["Date"]
    assert first.headers["Signature"] != second.headers["Signature"]
    assert waiting() == 1


async def test_a_backlog_of_one_host_goes_out_in_one_go(
    door: Door, peers: Inboxes, say: Callable[..., str], never_by_itself: None
) -> None:
    names = [say(peers.url()) for _ in range(65)]
    async with delivering(door):
        await until(lambda: waiting() == 0)

    assert sorted(peers.ids()) == sorted(names)
    assert peers.most_open[peers.host()] <= 4


async def test_what_is_about_one_thing_arrives_in_order_however_slow_the_first_is(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    release = asyncio.Event()
    others = [say(peers.url())]
    about = [say(peers.url(), about="x") for _ in range(3)]
    others += [say(peers.url()) for _ in range(3)]

    async def first_is_slow(request: web.Request) -> web.Response:
        if (await request.json())["id"] == about[0]:
            await release.wait()
        return web.Response(status=202)

    peers.on(ALIVE, first_is_slow)
    async with delivering(door):
        await until(lambda: len(peers.requests) == 5)
        assert set(peers.ids()) == {about[0], *others}
        release.set()
        await until(lambda: waiting() == 0)

    assert [name for name in peers.ids() if name in about] == about


async def test_during_planned_maintenance_what_is_said_waits_and_goes_out_afterwards(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    now = clock.now_ms()
    with in_unit():
        row = maintenance.plan(Window(starts_at=now, ends_at=now + clock.HOUR, holds_deliveries=True), None)
    first = say(peers.url())
    async with delivering(door):
        second = say(peers.url())  # whoever delivers is woken by it, and looks
        await until(lambda: maintenance.kept.at_hand_until() > 0)
        assert (waiting(), peers.ids()) == (2, [])

        with in_unit():
            maintenance.end(row.id, None)
        third = say(peers.url())
        await until(lambda: waiting() == 0)

    # Once each; what is about nothing in common goes out side by side.
    assert sorted(peers.ids()) == sorted([first, second, third])


async def test_how_deliveries_fare_is_counted_and_kept_when_the_process_ends(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    traffic.take()
    peers.on(ALIVE, 503)
    say(peers.url())
    await round_of(door, peers.host())
    peers.on(ALIVE, 202)
    async with delivering(door):
        make_due(peers.host())
        say(peers.url())
        await until(lambda: waiting() == 0)

    row = DeliveryCount.get()
    assert (row.delivered, row.retried, row.given_up) == (2, 1, 0)
    of_host = ServerDay.get()
    assert (of_host.host, of_host.delivered, of_host.answers) == (peers.host(), 2, 3)
    assert 0 <= of_host.answer_ms < 60_000


async def test_what_is_queued_while_it_runs_goes_at_once(
    door: Door, peers: Inboxes, say: Callable[..., str], never_by_itself: None
) -> None:
    async with delivering(door):
        await until(lambda: peers.requests == [])
        for number in range(5):
            name = say(peers.url(f"127.0.0.{number + 1}"))
            await until(lambda name=name, n=number: name in peers.ids(f"127.0.0.{n + 1}"))


# ── those that refuse ──


@pytest.mark.parametrize("status", [400, 403, 404, 406, 413, 422, 501])
async def test_a_refusal_for_good_is_not_repeated(
    door: Door, peers: Inboxes, say: Callable[..., str], status: int
) -> None:
    peers.on(ALIVE, status)
    say(peers.url())

    await round_of(door, peers.host())

    assert waiting() == 0
    row = destination(peers.host())
    assert (row.failures, row.last_success_at) == (0, None)
    assert row.last_error.startswith(f"{peers.host()} answers {status}")  # whoever looks after the node sees why


@pytest.mark.parametrize("status", [408, 500, 507])
async def test_what_may_be_taken_later_is_tried_a_few_times_more_and_then_given_up(
    door: Door, peers: Inboxes, say: Callable[..., str], status: int
) -> None:
    peers.on(ALIVE, status)
    name = say(peers.url())
    tries = 0
    while waiting():
        await round_of(door, peers.host())
        tries += 1

    assert peers.ids() == [name] * tries
    assert tries == 16
    assert destination(peers.host()).state == "alive"


async def test_401_gets_the_second_knock_and_a_few_more_tries(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    peers.on(ALIVE, 401)
    say(peers.url())
    for _ in range(3):
        assert waiting() == 1
        await round_of(door, peers.host())

    assert waiting() == 0
    styles = ["Signature-Input" in request.headers for request in peers.requests[:2]]
    assert styles == [False, True]


async def test_the_second_knock_alone_may_be_understood(door: Door, peers: Inboxes, say: Callable[..., str]) -> None:
    async def modern(request: web.Request) -> web.Response:
        return web.Response(status=202 if "Signature-Input" in request.headers else 401)

    peers.on(ALIVE, modern)
    for _ in range(2):
        say(peers.url())
        await round_of(door, peers.host())

    assert waiting() == 0
    assert len(peers.requests) == 3  # what worked is remembered


@pytest.mark.parametrize("status", [429, 503])
async def test_whoever_asks_for_time_gets_it(
    door: Door, peers: Inboxes, say: Callable[..., str], status: int
) -> None:
    peers.on(ALIVE, status, **{"Retry-After": "7200"})
    for _ in range(10):
        say(peers.url(), about="x")

    await round_of(door, peers.host())

    row = destination(peers.host())
    assert (waiting(), row.failures, len(peers.requests)) == (10, 1, 1)
    assert row.due_at - clock.now_ms() > 7_000_000


@pytest.mark.parametrize("status", [500, 502, 503, 520])
async def test_a_host_that_is_ill_is_asked_a_few_times_and_then_left_alone(
    door: Door, peers: Inboxes, say: Callable[..., str], status: int
) -> None:
    peers.on(ALIVE, status)
    for _ in range(30):
        say(peers.url())

    await round_of(door, peers.host())

    assert (waiting(), destination(peers.host()).failures) == (30, 1)
    assert len(peers.requests) <= 7
    before = len(peers.requests)
    await round_of(door, peers.host())
    assert len(peers.requests) == before + 1


async def test_one_activity_that_a_host_cannot_bear_does_not_hold_up_the_others(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    poison = say(peers.url())

    async def cannot_bear_it(request: web.Request) -> web.Response:
        return web.Response(status=500 if (await request.json())["id"] == poison else 202)

    peers.on(ALIVE, cannot_bear_it)
    for _ in range(5):
        say(peers.url())
    async with delivering(door):
        await until(lambda: waiting() == 1)
        later = say(peers.url())
        await until(lambda: later in peers.ids())

    assert peers.ids().count(poison) == 1
    assert destination(peers.host()).failures == 0


async def test_not_even_if_it_makes_the_host_hang(door: Door, peers: Inboxes, say: Callable[..., str]) -> None:
    poison = say(peers.url(), priority=0)

    async def hangs_on_it(request: web.Request) -> web.StreamResponse:
        return (
            await tempers.hang_too_long(request)
            if (await request.json())["id"] == poison
            else web.Response(status=202)
        )

    peers.on(ALIVE, hangs_on_it)
    await round_of(door, peers.host())
    others = [say(peers.url()) for _ in range(3)]
    # One round in five tries one of them: a success makes the host a healthy one again.
    for _ in range(5 * len(others)):
        await round_of(door, peers.host())
        if set(others) <= set(peers.ids()):
            break

    assert set(others) <= set(peers.ids())


@pytest.mark.parametrize("status", [404, 410])
async def test_an_inbox_that_is_no_more_gets_nothing_and_its_owner_is_looked_at(
    door: Door, peers: Inboxes, say: Callable[..., str], status: int
) -> None:
    gone = make_remote("gone", peers.host(), uri=peers.url(path="/users/gone"), inbox=peers.url(path="/gone/inbox"))
    peers.on(ALIVE, status, "/gone/inbox")
    for _ in range(5):
        say(gone.inbox, about="x")
    there = say(peers.url(path="/there/inbox"))

    await round_of(door, peers.host())

    assert waiting() == 0
    assert there in peers.ids()
    assert len(peers.requests) == 2
    assert [job.payload for job in Job.select().where(Job.kind == JobKind.FETCH_ACCOUNT)] == [
        msgspec.json.encode({"uri": gone.uri}).decode()
    ]
    assert destination(peers.host()).state == "alive"


async def test_410_at_the_shared_inbox_means_that_the_host_is_gone(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    peers.on(ALIVE, 410)
    for _ in range(10):
        say(peers.url(), about="x")

    await round_of(door, peers.host())

    assert destination(peers.host()).state == "dead"
    assert len(peers.requests) == 1


async def test_redirects_are_not_followed_to_other_hosts(door: Door, peers: Inboxes, say: Callable[..., str]) -> None:
    peers.on(ALIVE, 307, Location=peers.url("127.0.0.9"))
    say(peers.url())

    await round_of(door, peers.host())

    assert peers.bodies[peers.host("127.0.0.9")] == []


async def test_an_account_without_its_key_says_nothing(
    door: Door, peers: Inboxes, say: Callable[..., str], alice: Person
) -> None:
    say(peers.url())
    with in_unit():
        Account.update(deleted_at=1).where(Account.id == alice.account.id).execute()
        SigningKey.delete().execute()

    await round_of(door, peers.host())

    assert (waiting(), peers.requests) == (0, [])


async def test_a_host_that_was_suspended_meanwhile_gets_nothing(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    say(peers.url("127.0.0.9"))
    with in_unit():
        DomainBlock.create(domain="127.0.0.9", severity=Severity.SUSPEND, created_at=clock.now_ms())
    domains.kept.forget()
    say(peers.url())
    async with delivering(door):
        await until(lambda: waiting() == 0)
    domains.kept.forget()

    assert (len(peers.ids()), peers.ids("127.0.0.9")) == (1, [])


# ── those that do not answer ──


async def test_the_living_do_not_wait_for_those_who_hang_or_refuse(
    door: Door, peers: Inboxes, say: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_DEADLINE_SECONDS", 3600.0)
    living = [f"127.0.1.{n}" for n in range(1, 81)]
    hanging = [f"127.0.2.{n}" for n in range(1, 11)]
    still_hanging: set[str] = set()

    async def hold(request: web.Request) -> web.StreamResponse:
        still_hanging.add(request.host.partition(":")[0])
        try:
            return await hang(request)
        finally:
            still_hanging.discard(request.host.partition(":")[0])

    for address in hanging:
        peers.on(address, hold)
    refusing = [f"http://127.0.3.{n}:1/inbox" for n in range(1, 11)]
    async with delivering(door):
        for _ in range(5):
            say(*(peers.url(address) for address in living + hanging), *refusing)
        await until(lambda: sum(len(peers.ids(address)) for address in living) == 400)
        await until(lambda: Destination.select().where(Destination.failures > 0).count() == 10)
        # All that, while each of these has yet to answer the first.
        await until(lambda: still_hanging == set(hanging))

    assert {len(peers.ids(address)) for address in living} == {5}
    assert all(len(peers.ids(address)) <= 4 for address in hanging)


async def test_of_a_fan_out_no_connections_are_left_over(door: Door, peers: Inboxes, say: Callable[..., str]) -> None:
    all_in = asyncio.Event()

    async def wait(request: web.Request) -> web.StreamResponse:
        await all_in.wait()
        return web.Response(status=202)

    def kept(host: str) -> list[bool]:
        return ["Connection" not in one.headers for one in peers.requests if one.host == host]

    many = [f"127.0.1.{n}" for n in range(1, 41)]
    busy, alone = "127.0.2.1", "127.0.2.2"
    for address in many:
        peers.on(address, wait)
    say(*(peers.url(address) for address in many))
    for _ in range(3):
        say(peers.url(busy))
    async with delivering(door):
        await until(lambda: len(peers.requests) == len(many) + 3)
        all_in.set()
        await until(lambda: waiting() == 0)
        say(peers.url(alone))
        await until(lambda: waiting() == 0)

    assert sum(not all(kept(peers.host(address))) for address in many) >= len(many) - _KEPT_AT_ONCE
    assert kept(peers.host(busy)) == [True] * 3  # more waited for it
    assert kept(peers.host(alone)) == [True]


async def test_a_host_is_asked_once_before_it_is_asked_four_times_at_once(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    answering, all_in = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await (all_in if answering.is_set() else answering).wait()
        return web.Response(status=202)

    peers.on(ALIVE, slow)
    other = "127.0.0.9"
    for _ in range(12):
        say(peers.url())
    async with delivering(door):
        await until(lambda: peers.requests)
        say(peers.url(other))
        await until(lambda: peers.ids(other))  # whatever else could have begun at the first host has begun by now
        assert peers.most_open[peers.host()] == 1

        answering.set()
        await until(lambda: peers.most_open[peers.host()] == 4)
        all_in.set()
        await until(lambda: waiting() == 0)

    assert peers.most_open[peers.host()] == 4


async def test_a_host_that_hangs_is_away(door: Door, peers: Inboxes, say: Callable[..., str]) -> None:
    peers.on(ALIVE, tempers.hang_too_long)
    for _ in range(20):
        say(peers.url())

    await round_of(door, peers.host())

    assert (waiting(), destination(peers.host()).failures) == (20, 1)
    assert len(peers.requests) <= 4


async def test_nobody_listens(door: Door, peers: Inboxes, say: Callable[..., str]) -> None:
    host = f"{REFUSES}:1"
    say(f"http://{host}/inbox")

    await round_of(door, host)

    row = destination(host)
    assert (waiting(), row.failures) == (1, 1)
    assert "does not accept connections" in row.last_error


async def test_all_is_there_in_order_once_the_host_is_back(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    peers.on(ALIVE, 503)
    names = [say(peers.url(), about="x") for _ in range(50)]
    for _ in range(3):
        await round_of(door, peers.host())
    peers.clear(ALIVE)
    peers.bodies.clear()
    make_due(peers.host())
    async with delivering(door):
        await until(lambda: waiting() == 0)

    assert peers.ids() == names


# ── faults that pass (docs/reliability.md) ──


async def test_a_host_that_is_down_for_days_gets_everything_in_order_and_is_asked_once_each_time(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    peers.on(ALIVE, tempers.break_off)
    names = [say(peers.url(), about="x") for _ in range(200)]
    now = clock.now_ms()
    for later in (0, clock.HOUR, clock.DAY, 2 * clock.DAY):
        with clock.frozen(now + later):
            await due_round(door)
    asked = len(peers.requests)
    peers.clear(ALIVE)
    peers.bodies.clear()
    with clock.frozen(now + 8 * clock.DAY), in_unit():
        outbox.revive(peers.host())
    while waiting():
        with clock.frozen(now + 8 * clock.DAY):
            await due_round(door)

    assert asked == 4
    assert peers.ids() == names


async def test_a_host_that_was_dead_asks_nothing_of_anybody_until_its_week_is_over(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    peers.on(ALIVE, tempers.break_off)
    say(peers.url())
    now = clock.now_ms()
    while destination(peers.host()).state == "alive":
        due_at = destination(peers.host()).due_at
        assert due_at is not None
        with clock.frozen(max(due_at, now)):
            await due_round(door)
    died, asked = destination(peers.host()).last_error_at, len(peers.requests)
    with clock.frozen(died + 7 * clock.DAY - 1):
        await due_round(door)
    assert (len(peers.requests), waiting()) == (asked, 1)

    peers.clear(ALIVE)
    with clock.frozen(died + 7 * clock.DAY):
        await due_round(door)

    assert (len(peers.requests), waiting(), destination(peers.host()).state) == (asked + 1, 0, "alive")


@pytest.mark.parametrize(
    "temper",
    [
        tempers.flap((503, 202)),
        tempers.in_turn(500, 502, 429),
        tempers.flap((202, 500)),
    ],
    ids=["overloaded now and then", "three faults and then well", "a fault now and then"],
)
async def test_a_host_that_comes_and_goes_gets_everything_and_no_more_than_a_request_for_each_step(
    door: Door, peers: Inboxes, say: Callable[..., str], temper: Answer
) -> None:
    peers.on(ALIVE, temper)
    names = [say(peers.url(), about="x") for _ in range(6)]
    now, rounds = clock.now_ms(), 0
    while waiting():
        due_at = destination(peers.host()).due_at
        assert due_at is not None
        now = max(now, due_at)
        with clock.frozen(now):
            await due_round(door)
            await due_round(door)  # again at the same moment: nothing is due, unless it was taken
        rounds += 1
        assert rounds < 30

    assert list(dict.fromkeys(peers.ids())) == names


@pytest.mark.parametrize("temper", [tempers.break_off, tempers.break_off_late, tempers.trickle_too_long])
async def test_a_connection_that_breaks_loses_nothing(
    door: Door, peers: Inboxes, say: Callable[..., str], temper: Answer
) -> None:
    peers.on(ALIVE, temper)
    name = say(peers.url())
    await round_of(door, peers.host())
    broken = list(peers.ids())

    peers.clear(ALIVE)
    await round_of(door, peers.host())

    assert waiting() == 0
    # Where the answer's first line came, it was taken; else it is sent again, and its id tells that it is the same.
    assert broken == [name]
    assert set(peers.ids()) == {name}


@pytest.mark.parametrize("temper", [tempers.close_after, tempers.lie], ids=["HTTP/1.0", "a page that says it failed"])
async def test_2xx_is_an_answer_whatever_comes_with_it(
    door: Door, peers: Inboxes, say: Callable[..., str], temper: Answer
) -> None:
    peers.on(ALIVE, temper)
    names = [say(peers.url()) for _ in range(5)]

    await round_of(door, peers.host())

    assert (waiting(), sorted(peers.ids())) == (0, names)


@pytest.mark.parametrize(("status", "left"), [(302, 0), (307, 0), (308, 0)])
async def test_a_redirect_to_another_host_is_a_refusal_and_the_other_host_hears_nothing(
    door: Door, peers: Inboxes, say: Callable[..., str], status: int, left: int
) -> None:
    peers.on(ALIVE, tempers.redirect(peers.url("127.0.0.66"), status))
    say(peers.url())

    await round_of(door, peers.host())

    assert (waiting(), peers.ids("127.0.0.66")) == (left, [])


async def test_a_host_whose_name_is_lost_is_told_in_plain_words_and_tried_again(
    config: Config, peers: Inboxes, say: Callable[..., str]
) -> None:
    names = NoNames()
    async with Door(config, resolver=names) as door:
        say("http://lost.test/inbox")
        await round_of(door, "lost.test")

    row = destination("lost.test")
    assert (waiting(), row.failures, row.last_error) == (
        1,
        1,
        "lost.test cannot be reached: its name has no address.",
    )


class NoNames(Names):
    """DNS that answers nothing."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        raise OSError("SERVFAIL")


# ── the end ──


async def test_stopping_lets_arrive_what_is_on_its_way_and_keeps_the_rest(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    release = asyncio.Event()

    async def all_but_the_first_are_slow(request: web.Request) -> web.Response:
        if len(peers.requests) > 1:
            await release.wait()
        return web.Response(status=202)

    peers.on(ALIVE, all_but_the_first_are_slow)
    names = [say(peers.url()) for _ in range(11)]
    async with delivering(door) as deliverer:
        await until(lambda: len(peers.requests) == 5)
        deliverer.stop()
        release.set()
        await until(lambda: not deliverer._running)

        assert waiting() == 6

    row = destination(peers.host())
    assert (row.lease_until, row.failures) == (0, 0)
    assert row.due_at <= clock.now_ms()
    assert set(peers.ids()) <= set(names)
    async with delivering(door):
        await until(lambda: waiting() == 0)
    assert sorted(peers.ids()) == sorted(names)


async def test_a_process_that_was_killed_repeats_at_most_what_was_on_its_way(
    door: Door, peers: Inboxes, say: Callable[..., str]
) -> None:
    names = [say(peers.url()) for _ in range(10)]
    (lease,) = await store.write(outbox.lease, 1, hosts=1, failing=0)
    await batches.try_batch(door, lease, asyncio.Event())  # and here it dies, before it could write that down
    assert sorted(peers.ids()) == sorted(names)

    async with delivering(door):  # the next process of the same slot
        await until(lambda: waiting() == 0)

    assert sorted(peers.ids()) == sorted(names * 2)
