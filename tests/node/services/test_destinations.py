"""Servers that this node delivers to, as its staff handles them."""

import pytest

from node import clock
from node.errors import Forbidden, NotFound
from node.models import AuditEntry, Delivery, Destination, Role
from node.services import outbox
from node.services.outbox import Lease, Outcome, Outgoing
from node.services.servers import destinations
from tests.factories import Person, make_person

SLOT = 1


@pytest.fixture
def far(unit: None, alice: Person) -> Destination:
    """Two posts wait for `far.test`; one of them for `near.test` as well."""
    outbox.add(
        Outgoing(id=1, actor_id=alice.account.id, body=b"{}"),
        {"https://far.test/inbox": "far.test", "https://near.test/inbox": "near.test"},
    )
    outbox.add(Outgoing(id=2, actor_id=alice.account.id, body=b"{}"), {"https://far.test/inbox": "far.test"})
    return Destination.get(Destination.host == "far.test")


def fresh(row: Destination) -> Destination:
    return Destination.get_by_id(row.id)


def lease_of(row: Destination) -> Lease:
    return next(one for one in outbox.lease(SLOT, hosts=10, failing=10) if one.host == row.host)


def test_those_that_most_waits_for_come_first(far: Destination) -> None:
    Destination.create(host="idle.test")

    servers = destinations.page(10)

    assert [(one.row.host, one.waiting) for one in servers] == [("far.test", 2), ("near.test", 1), ("idle.test", 0)]
    assert servers[0].oldest_at is not None
    assert abs(servers[0].oldest_at - clock.now_ms()) < clock.MINUTE
    assert servers[2].oldest_at is None
    assert [one.row.host for one in destinations.page(1, 1)] == ["near.test"]


def test_the_backlog_counts_everything_that_waits(far: Destination) -> None:
    Destination.update(state="dead").where(Destination.id == far.id).execute()

    backlog = destinations.backlog()

    assert (backlog.waiting, backlog.dead) == (3, 1)
    assert backlog.oldest_at is not None


def test_the_backlog_is_not_counted_to_its_end(far: Destination, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destinations, "MOST_COUNTED", 2)

    backlog = destinations.backlog()

    assert (backlog.waiting, backlog.more, destinations.waiting()) == (2, True, 3)


def test_without_deliveries_there_is_no_backlog(unit: None) -> None:
    assert destinations.backlog() == (0, False, None, 0)
    assert destinations.page(10) == []


def test_the_last_ones_that_were_reached_are_known(far: Destination) -> None:
    lease = lease_of(far)
    outbox.settle(lease, SLOT, Outcome(done=lease.batch))

    assert [one.row.host for one in destinations.busiest(5)] == ["far.test"]


def test_what_is_paused_stays_so_until_it_is_resumed(far: Destination) -> None:
    lease = lease_of(far)
    destinations.pause(far.id, None)

    outbox.settle(lease, SLOT, Outcome(failure="timed out"))
    outbox.revive("far.test")
    assert (fresh(far).state, fresh(far).due_at) == ("paused", None)

    destinations.resume(far.id, None)
    assert (fresh(far).state, fresh(far).due_at is not None) == ("alive", True)


def test_dropping_leaves_what_others_wait_for(far: Destination) -> None:
    assert destinations.drop(far.id, None) == 2

    assert [row.inbox for row in Delivery.select()] == ["https://near.test/inbox"]
    assert fresh(far).due_at is None


def test_a_dead_server_whose_deliveries_were_dropped_is_tried_with_what_comes_next(
    far: Destination, alice: Person
) -> None:
    Destination.update(state="dead", failures=20).where(Destination.id == far.id).execute()
    destinations.drop(far.id, None)

    outbox.add(Outgoing(id=3, actor_id=alice.account.id, body=b"{}"), {"https://far.test/inbox": "far.test"})

    assert fresh(far).due_at is not None


def test_only_moderators_handle_servers_and_each_time_is_recorded(far: Destination) -> None:
    with pytest.raises(Forbidden):
        destinations.retry(far.id, make_person().account)
    with pytest.raises(NotFound):
        destinations.retry(1, None)
    assert not AuditEntry.select().exists()

    destinations.retry(far.id, make_person(role=Role.MODERATOR).account)

    assert [(entry.action, entry.target) for entry in AuditEntry.select()] == [("retry.deliveries", "far.test")]
