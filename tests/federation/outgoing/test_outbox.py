"""Deliveries wait in rows: leased by host, fenced, tried later and later, parked, revived (docs/reliability.md)."""

from typing import Any

import pytest

from node import clock, ids
from node.models import Account, Activity, Delivery, Destination
from node.services import outbox
from node.services.outbox import Lease, Outcome, Outgoing, leases
from node.services.outbox.rows import GIVEN_UP_AFTER_MS
from tests.factories import Person
from tests.queries import assert_query_count

HOST = "b.test"
INBOX = f"https://{HOST}/inbox"


@pytest.fixture
def alice(unit: None, alice: Person) -> Account:
    return alice.account


def queue(actor: Account, *inboxes: str, **values: Any) -> Outgoing:
    outgoing = Outgoing(**{"id": ids.new_id(), "actor_id": actor.id, "body": b"{}"} | values)
    while not outbox.add(outgoing, {inbox: inbox.split("/")[2] for inbox in inboxes or (INBOX,)}):
        pass
    return outgoing


def lease(slot: int = 1) -> list[Lease]:
    return outbox.lease(slot, hosts=50, failing=50)


def one_lease(slot: int = 1) -> Lease:
    (found,) = lease(slot)
    return found


def host(name: str = HOST) -> Destination:
    return Destination.get(Destination.host == name)


def waiting() -> list[int]:
    return [row.activity for row in Delivery.select().order_by(Delivery.priority, Delivery.id)]


def fail(taken: Lease, **outcome: Any) -> None:
    outbox.settle(taken, 1, Outcome(failure="It is away.", **outcome))


# ── what is queued ──


def test_what_arrived_is_forgotten_with_its_body(alice: Account) -> None:
    queue(alice)
    taken = one_lease()

    outbox.settle(taken, 1, Outcome(done=taken.batch))

    assert (Delivery.select().count(), Activity.select().count()) == (0, 0)
    assert (host().due_at, host().lease_until, host().failures) == (None, 0, 0)
    assert host().last_success_at


def test_a_body_stays_as_long_as_it_waits_for_somebody(alice: Account) -> None:
    queue(alice, INBOX, "https://c.test/inbox")
    first, second = lease()

    outbox.settle(first, 1, Outcome(done=first.batch))
    assert Activity.select().count() == 1
    outbox.settle(second, 1, Outcome(done=second.batch))

    assert Activity.select().count() == 0


def test_queued_twice_is_queued_once(alice: Account) -> None:
    outgoing = queue(alice)

    outbox.add(outgoing, {INBOX: HOST})

    assert Delivery.select().count() == 1


def test_the_urgent_goes_first_and_then_what_was_first(alice: Account) -> None:
    bulk = queue(alice, priority=2)
    normal, later = queue(alice, priority=1), queue(alice, priority=1)
    urgent = queue(alice, priority=0)

    order = [one.activity_id for one in one_lease().batch]

    assert order == [urgent.id, normal.id, later.id, bulk.id]


def test_between_hosts_too_the_urgent_goes_first_and_deletions_last(alice: Account) -> None:
    for name, priority in (("bulk", 2), ("normal", 1), ("urgent", 0), ("normal-again", 1)):
        with clock.frozen(clock.now_ms()):
            queue(alice, f"https://{name}.test/inbox", priority=priority)

    order = [one.host for _ in range(4) for one in outbox.lease(1, hosts=1, failing=0)]

    assert [name.removesuffix(".test") for name in order] == ["urgent", "normal", "normal-again", "bulk"]


def test_a_host_keeps_the_head_start_of_what_is_urgent_whatever_comes_later(alice: Account) -> None:
    queue(alice, priority=0)
    before = host().due_at
    queue(alice, priority=2)

    assert host().due_at == before
    taken = one_lease()
    bulk_only = next(one for one in taken.batch if one.activity_id != taken.batch[0].activity_id)
    outbox.settle(taken, 1, Outcome(done=(bulk_only,)))
    assert host().due_at < clock.now_ms() - clock.MINUTE


def test_nothing_waits_more_than_two_minutes_for_what_is_more_urgent(alice: Account) -> None:
    now = clock.now_ms()
    with clock.frozen(now - 2 * clock.MINUTE - 1):
        queue(alice, "https://old.test/inbox", priority=2)
    with clock.frozen(now):
        queue(alice, "https://new.test/inbox", priority=0)

        (first,) = outbox.lease(1, hosts=1, failing=0)

    assert first.host == "old.test"


def test_a_lease_holds_what_sending_needs(alice: Account) -> None:
    queue(alice, body=b'{"a":1}', about="thing")

    (pending,) = one_lease().batch

    assert (pending.body, pending.actor_uri, pending.about, pending.inbox) == (b'{"a":1}', alice.uri, "thing", INBOX)
    assert pending.private_pem is not None


def test_the_last_word_takes_the_place_of_those_before(alice: Account, bob: Person) -> None:
    queue(alice, about="x")
    other = queue(alice, about="y")
    others = queue(bob.account, about="x")
    last = queue(alice, about="x")

    outbox.supersede(last)

    assert set(waiting()) == {other.id, others.id, last.id}


def test_a_goodbye_takes_the_place_of_everything(alice: Account, bob: Person) -> None:
    queue(alice, about="x")
    queue(alice, about="y")
    others = queue(bob.account, about="x")
    goodbye = queue(alice)

    outbox.supersede_all(goodbye)

    assert set(waiting()) == {others.id, goodbye.id}


# ── leases ──


def test_a_host_is_leased_once(alice: Account) -> None:
    queue(alice)

    assert len(lease(1)) == 1
    assert lease(2) == []


def test_hosts_take_turns_the_longest_waiting_first(alice: Account) -> None:
    start = clock.now_ms()
    for number in (2, 0, 1):
        with clock.frozen(start + number):
            queue(alice, f"https://host{number}.test/inbox")
    with clock.frozen(start + 10):
        hosts = [taken.host for taken in outbox.lease(1, hosts=2, failing=0)]

    assert hosts == ["host0.test", "host1.test"]


def test_hosts_that_failed_never_have_all_the_places(alice: Account) -> None:
    for number in range(6):
        queue(alice, f"https://host{number}.test/inbox")
    Destination.update(failures=1).where(Destination.host != "host5.test").execute()

    hosts = [taken.host for taken in outbox.lease(1, hosts=3, failing=2)]

    assert len(hosts) == 3
    assert "host5.test" in hosts


def test_places_that_no_failed_host_wants_are_for_the_others(alice: Account) -> None:
    for number in range(6):
        queue(alice, f"https://host{number}.test/inbox")
    Destination.update(failures=1).where(Destination.host == "host5.test").execute()

    assert len(outbox.lease(1, hosts=4, failing=2)) == 4
    assert len(outbox.lease(1, hosts=4, failing=2)) == 2


def test_a_lease_that_ran_out_is_due_again(alice: Account) -> None:
    queue(alice)
    lease(1)
    with clock.frozen(clock.now_ms() + leases.LEASE_MS + 1):
        assert len(lease(2)) == 1


def test_a_new_process_takes_back_the_leases_of_its_slot_alone(alice: Account) -> None:
    queue(alice)
    lease(1)

    outbox.take_back(2)
    assert lease(3) == []
    outbox.take_back(1)

    assert len(lease(1)) == 1


@pytest.mark.parametrize("thief", [1, 2], ids=["the same process", "another process"])
def test_whoever_lost_the_lease_decides_nothing_but_what_arrived(alice: Account, thief: int) -> None:
    queue(alice)
    queue(alice)
    late = one_lease(1)
    with clock.frozen(clock.now_ms() + leases.LEASE_MS + 1):
        lease(thief)
        now = host()

        outbox.settle(late, 1, Outcome(done=late.batch[:1], failure="It is away."))

    assert Delivery.select().count() == 1
    assert (host().lease_owner, host().lease_until, host().failures) == (thief, now.lease_until, 0)


def test_more_than_one_batch_makes_the_host_due_at_once(alice: Account) -> None:
    for _ in range(leases.BATCH + 1):
        queue(alice)
    taken = one_lease()

    outbox.settle(taken, 1, Outcome(done=taken.batch))

    assert len(one_lease().batch) == 1


def test_what_was_not_tried_is_due_at_once(alice: Account) -> None:
    queue(alice)

    outbox.settle(one_lease(), 1, Outcome())

    assert len(one_lease().batch) == 1
    assert host().last_success_at is None


# ── hosts that do not answer ──


def test_a_host_that_is_away_is_asked_less_and_less_for_two_and_a_half_days_then_weekly(alice: Account) -> None:
    queue(alice)
    start = now = clock.now_ms()
    delays = []
    while host().state == "alive":
        with clock.frozen(now):
            fail(one_lease())
        delays.append(host().due_at - now)
        now = host().due_at

    assert delays[:-1] == sorted(delays[:-1])
    assert delays[0] < 5_000 < delays[1] < delays[2] < 35_000  # most failures are restarts
    assert 2.5 * clock.DAY <= sum(delays[:-1]) <= 3.5 * clock.DAY
    assert now - start - delays[-1] >= 2.5 * clock.DAY
    assert delays[-1] == 7 * clock.DAY
    assert Delivery.select().count() == 1


def test_delays_differ_from_host_to_host(alice: Account) -> None:
    for number in range(20):
        queue(alice, f"https://host{number}.test/inbox")
    for taken in lease():
        fail(taken)

    assert len({row.due_at - row.last_error_at for row in Destination.select()}) > 10


def test_a_host_that_is_away_is_one_row_however_much_waits_for_it(alice: Account) -> None:
    for _ in range(50):
        queue(alice)

    fail(one_lease())

    assert {(row.attempts, row.due_at) for row in Delivery.select()} == {(0, 0)}
    assert lease() == []


def test_what_is_said_to_a_host_that_is_away_waits_for_its_time(alice: Account) -> None:
    queue(alice)
    fail(one_lease())
    due_at = host().due_at

    queue(alice)

    assert host().due_at == due_at
    assert lease() == []


def test_it_is_asked_later_if_it_says_so_but_not_later_than_a_day(alice: Account) -> None:
    queue(alice)
    now = clock.now_ms()
    with clock.frozen(now):
        fail(one_lease(), retry_after_ms=clock.HOUR)
    first = host().due_at
    with clock.frozen(first):
        fail(one_lease(), retry_after_ms=clock.DAY * 30)

    assert first == now + clock.HOUR
    assert host().due_at == first + clock.DAY


def test_one_answer_makes_it_well(alice: Account) -> None:
    queue(alice)
    fail(one_lease())
    with clock.frozen(host().due_at):
        taken = one_lease()
        assert taken.failures == 1
        outbox.settle(taken, 1, Outcome(done=taken.batch))

    assert (host().failures, host().first_failure_at, host().state) == (0, None, "alive")


def test_a_dead_host_that_answers_the_weekly_try_is_alive(alice: Account) -> None:
    queue(alice)
    Destination.update(state="dead", failures=16, first_failure_at=1, due_at=clock.now_ms()).execute()
    taken = one_lease()

    outbox.settle(taken, 1, Outcome(done=taken.batch))

    assert (host().state, host().failures, host().due_at) == ("alive", 0, None)


def test_a_host_that_says_it_is_gone_is_dead_at_once(alice: Account) -> None:
    queue(alice)

    fail(one_lease(), is_gone=True)

    assert (host().state, Delivery.select().count()) == ("dead", 1)


# ── what is refused for itself ──


def test_what_was_refused_waits_alone_and_the_rest_goes_on(alice: Account) -> None:
    refused, taken_one = queue(alice), queue(alice)
    taken = one_lease()
    now = clock.now_ms()
    with clock.frozen(now):
        outbox.settle(taken, 1, Outcome(refused=taken.batch[:1], done=taken.batch[1:]))
    row = Delivery.get()

    assert (row.activity, row.attempts, host().failures) == (refused.id, 1, 0)
    assert row.due_at == host().due_at > now
    assert taken_one.id not in waiting()
    assert lease() == []

    later = queue(alice)
    assert [one.activity_id for one in one_lease().batch] == [later.id]


@pytest.mark.parametrize("is_taken", [False, True])
def test_why_something_was_refused_is_noted_though_the_host_is_well(alice: Account, is_taken: bool) -> None:
    queue(alice), queue(alice)
    taken = one_lease()
    done = taken.batch[1:] if is_taken else ()

    outbox.settle(taken, 1, Outcome(refused=taken.batch[:1], done=done, refusal="It says no.", is_taken=is_taken))

    row = host()
    assert (row.failures, row.last_error, row.last_success_at is not None) == (0, "It says no.", is_taken)
    assert row.last_error_at is not None


def test_it_is_tried_again_at_its_own_time(alice: Account) -> None:
    queue(alice)
    taken = one_lease()
    outbox.settle(taken, 1, Outcome(refused=taken.batch))

    with clock.frozen(host().due_at):
        (again,) = one_lease().batch

    assert again.attempts == 1


def test_what_was_refused_holds_back_what_was_said_later_about_the_same_to_the_same(
    alice: Account, bob: Person
) -> None:
    other_inbox = f"https://{HOST}/users/carol/inbox"
    now = clock.now_ms()
    with clock.frozen(now):
        create = queue(alice, INBOX, other_inbox, about="x")
        taken = one_lease()
        refused = next(one for one in taken.batch if one.inbox == INBOX)
        arrived = next(one for one in taken.batch if one.inbox == other_inbox)
        outbox.settle(taken, 1, Outcome(refused=(refused,), done=(arrived,)))
        queue(alice, INBOX, other_inbox, about="x")
        queue(alice, about="y")
        queue(bob.account, about="x")

        batch = one_lease().batch

    assert [(one.inbox, one.about, one.actor_uri) for one in batch] == [
        (other_inbox, "x", alice.uri),
        (INBOX, "y", alice.uri),
        (INBOX, "x", bob.account.uri),
    ]
    with clock.frozen(now + 3 * clock.MINUTE):
        assert next(one.activity_id for one in one_lease(2).batch if one.about == "x") == create.id


def test_a_host_with_nothing_but_what_is_held_back_is_due_when_that_is(alice: Account) -> None:
    queue(alice, about="x")
    queue(alice, about="x")
    taken = one_lease()

    outbox.settle(taken, 1, Outcome(refused=taken.batch[:1]))

    due_at = host().due_at
    assert due_at is not None
    assert due_at > clock.now_ms()
    assert lease() == []
    with clock.frozen(due_at):
        assert [one.id for one in one_lease().batch] == [one.id for one in taken.batch]


def test_nothing_waits_for_an_inbox_that_is_no_more(alice: Account) -> None:
    gone, there = f"https://{HOST}/users/x/inbox", f"https://{HOST}/users/y/inbox"
    for _ in range(2):
        queue(alice, gone, there)
    taken = one_lease()
    first = next(one for one in taken.batch if one.inbox == gone)

    outbox.settle(taken, 1, Outcome(done=(first,), stopped=(gone,)))

    assert {row.inbox for row in Delivery.select()} == {there}


# ── what people and peers do ──


@pytest.mark.parametrize("state", ["alive", "dead"])
def test_a_host_that_speaks_is_tried_at_once(alice: Account, state: str) -> None:
    queue(alice)
    fail(one_lease())
    Destination.update(state=state, last_error_at=clock.now_ms() - clock.HOUR, failures=10).execute()

    outbox.revive(HOST)

    assert (host().state, len(lease())) == ("alive", 1)


def test_a_host_that_is_well_needs_no_reviving(alice: Account) -> None:
    queue(alice)

    for name in (HOST, "unknown.test"):
        with assert_query_count(1):  # a look, and no write
            outbox.revive(name)


def test_a_host_that_speaks_much_and_takes_nothing_is_not_hammered(alice: Account) -> None:
    queue(alice)
    fail(one_lease())

    outbox.revive(HOST)

    assert lease() == []


def test_a_host_that_asked_for_time_has_it_though_it_speaks(alice: Account) -> None:
    queue(alice)
    fail(one_lease(), retry_after_ms=6 * clock.HOUR)
    with clock.frozen(clock.now_ms() + clock.HOUR):
        outbox.revive(HOST)

        assert lease() == []


def test_a_host_that_only_speaks_dies_all_the_same(alice: Account) -> None:
    queue(alice)
    now = clock.now_ms()
    tries = 0
    while host().state == "alive":
        with clock.frozen(now):
            fail(one_lease())
            tries += 1
        with clock.frozen(now + 6 * clock.MINUTE):
            if host().state == "alive":
                outbox.revive(HOST)
        now = host().due_at

    assert tries > 100
    assert now - 7 * clock.DAY >= host().first_failure_at + 2.5 * clock.DAY


def test_a_paused_host_gets_nothing_until_somebody_resumes_it(alice: Account) -> None:
    queue(alice)
    outbox.pause(host().id)
    queue(alice)

    outbox.revive(HOST)
    assert lease() == []
    outbox.retry_now(host().id)

    assert len(one_lease().batch) == 2


@pytest.mark.parametrize("outcome", [{}, {"failure": "It is away."}])
def test_a_host_that_is_paused_while_it_is_served_stays_paused(alice: Account, outcome: dict[str, str]) -> None:
    queue(alice)
    queue(alice)
    taken = one_lease()
    outbox.pause(host().id)

    outbox.settle(taken, 1, Outcome(done=taken.batch[:1], **outcome))

    assert (host().state, host().due_at, host().lease_until) == ("paused", None, 0)
    assert Delivery.select().count() == 1


def test_who_asks_for_a_retry_while_a_host_is_served_need_not_ask_again(alice: Account) -> None:
    queue(alice)
    now = clock.now_ms()
    for _ in range(6):
        with clock.frozen(now):
            fail(one_lease())
        now = host().due_at
    with clock.frozen(now):
        taken = one_lease()
        outbox.retry_now(host().id)
        fail(taken)

    assert host().failures == 1
    assert host().due_at < now + 5_000


def test_what_was_refused_often_is_tried_soon_again_for_who_asks_while_it_is_on_its_way(alice: Account) -> None:
    queue(alice)
    now = clock.now_ms()
    for _ in range(6):
        with clock.frozen(now):
            taken = one_lease()
            outbox.settle(taken, 1, Outcome(refused=taken.batch))
        now = host().due_at
    with clock.frozen(now):
        taken = one_lease()
        outbox.retry_now(host().id)
        outbox.settle(taken, 1, Outcome(refused=taken.batch))

    assert (host().failures, Delivery.get().attempts) == (0, 1)
    assert Delivery.get().due_at == host().due_at < now + 5_000


def test_a_person_may_drop_what_waits(alice: Account) -> None:
    queue(alice)
    queue(alice, "https://c.test/inbox")
    fail(lease()[0])

    assert outbox.drop(host().id) == 1
    assert (host().due_at, Delivery.select().count()) == (None, 1)
    queue(alice)
    assert len(lease()) == 1


# ── what nobody needs any more ──


def test_a_host_that_was_dead_for_a_month_is_given_up(alice: Account) -> None:
    queue(alice)
    queue(alice)
    month = clock.now_ms() + GIVEN_UP_AFTER_MS + clock.DAY
    Destination.update(state="dead", failures=16, first_failure_at=clock.now_ms(), due_at=month).execute()
    with clock.frozen(month):
        assert outbox.forget_long_dead() == 2
        (empty,) = lease()
        outbox.settle(empty, 1, Outcome())
        assert (host().state, host().due_at) == ("dead", None)

        for _ in range(5):
            queue(alice, INBOX, f"https://{HOST}/users/x/inbox")

        assert Delivery.select().count() == 1  # what it is tried with
        assert len(one_lease().batch) == 1


def test_a_host_that_is_dead_for_a_week_keeps_everything(alice: Account) -> None:
    queue(alice)
    Destination.update(state="dead", failures=16, first_failure_at=clock.now_ms()).execute()
    with clock.frozen(clock.now_ms() + 7 * clock.DAY):
        queue(alice)
        assert outbox.forget_long_dead() == 0

    assert Delivery.select().count() == 2


def test_bodies_that_wait_for_nobody_go(alice: Account) -> None:
    queue(alice)
    orphan = queue(alice, "https://c.test/inbox")
    Delivery.delete().where(Delivery.activity == orphan.id).execute()

    assert outbox.forget_bodies() == 0  # it may still be queued for others
    with clock.frozen(clock.now_ms() + clock.DAY):
        assert outbox.forget_bodies() == 1

    assert orphan.id not in {row.id for row in Activity.select()}
