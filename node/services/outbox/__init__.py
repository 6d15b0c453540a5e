"""Deliveries: written beside what caused them, leased by host, gone once they arrived.

Back-off, fairness and the circuit breaker are one row, the `Destination`: a host that is down with a hundred thousand
deliveries waiting costs one look at one row every few hours (docs/architecture.md, "The queue").
"""

from node.services.outbox.hosts import drop, pause, retry_now, revive
from node.services.outbox.leases import Lease, Outcome, Pending, lease, next_due_at, settle, take_back
from node.services.outbox.leftovers import forget_bodies, forget_keys, forget_long_dead
from node.services.outbox.queue import TOPIC, Outgoing, add, must_wait, supersede, supersede_all, supersede_updates

__all__ = [
    "TOPIC",
    "Lease",
    "Outcome",
    "Outgoing",
    "Pending",
    "add",
    "drop",
    "forget_bodies",
    "forget_keys",
    "forget_long_dead",
    "lease",
    "must_wait",
    "next_due_at",
    "pause",
    "retry_now",
    "revive",
    "settle",
    "supersede",
    "supersede_all",
    "supersede_updates",
    "take_back",
]
