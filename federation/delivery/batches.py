"""Tries the deliveries that wait for one host, and judges by its answers (FEDERATION.md, Delivery)."""

import asyncio
import time
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

import structlog

from federation import follower_digests, uris
from federation.errors import BadStatus, FetchError, NetworkFailure, Refused
from federation.http.door import Door
from federation.signatures import Signer
from node import clock, store
from node.jobs import JobKind, enqueue
from node.models import Account
from node.services.outbox import Lease, Outcome, Pending
from node.services.servers import traffic
from node.services.servers.traffic import Result

log = structlog.get_logger()

_IN_FLIGHT = 4
_DEADLINE_SECONDS = 15.0
# Half of a lease: nothing is begun that could outlast it.
_BATCH_SECONDS = 60.0
# A key that the peer could not fetch just then, or a refusal for good: a few tries tell.
_TRIES_WHEN_UNAUTHORIZED = 3
_TRIES = 16
# So many refusals and nothing taken are the host's state, not that of what it was sent.
_REFUSALS_OF_A_HOST = 3
_OTHER_PROBE_EVERY = 4

_LATER = frozenset({429, 502, 503, 504, *range(520, 531)})  # the last: what Cloudflare says of a host behind it


class Verdict(Enum):
    DONE = auto()  # taken, or refused for good
    REFUSED = auto()  # not this time
    STOPPED = auto()  # this inbox is no more, if it is one person's
    AWAY = auto()  # the host as a whole


def judge(one: Pending, error: FetchError | None) -> Verdict:
    """What an answer means for what was sent."""
    if isinstance(error, NetworkFailure):
        return Verdict.AWAY
    if not isinstance(error, BadStatus):
        return Verdict.DONE
    if error.status in _LATER:
        return Verdict.AWAY
    if error.status in (404, 410):
        return Verdict.STOPPED
    tries = _TRIES_WHEN_UNAUTHORIZED if error.status == 401 else _TRIES
    return Verdict.REFUSED if error.temporary and one.attempts + 1 < tries else Verdict.DONE


async def try_batch(door: Door, lease: Lease, stopping: asyncio.Event) -> Outcome:
    """One, and then up to four at once, each thing's in order; the first sign that the host is away ends it, as
    `stopping` does."""
    trial = _Trial(door, lease.host, stopping, is_single=len(lease.batch) == 1)
    chains = _chains(lease.batch)
    if lease.failures:
        chains = _probe(chains, lease.failures)
    if chains:
        await trial.work_off(chains)
    outcome = await trial.outcome(lease)
    if outcome.failure:
        log.info(
            "a host does not take deliveries",
            host=lease.host,
            failures=lease.failures + 1,
            error=outcome.failure,
        )
    return outcome


def _probe(chains: list[list[Pending]], failures: int) -> list[list[Pending]]:
    """A host that failed is asked once before everything is poured on it.

    With what is first, so that the order stays; but now and then with something else, each in its turn, in case it
    is this that the host cannot bear.
    """
    if not chains:
        return []
    first, *others = chains
    if others and failures % _OTHER_PROBE_EVERY == 0:
        first = others[(failures // _OTHER_PROBE_EVERY - 1) % len(others)]
    return [first[:1]]


def _chains(batch: tuple[Pending, ...]) -> list[list[Pending]]:
    """What one actor says about one thing to one inbox, in order; whatever else needs no order."""
    chains: dict[object, list[Pending]] = {}
    for one in batch:
        key = (one.inbox, one.actor_uri, one.about) if one.about else one.id
        chains.setdefault(key, []).append(one)
    return list(chains.values())


@dataclass
class _Trial:
    """What is found out while a batch is tried."""

    door: Door
    host: str
    stopping: asyncio.Event
    is_single: bool
    until: float = field(default_factory=lambda: time.monotonic() + _BATCH_SECONDS)
    taken: bool = False
    done: list[Pending] = field(default_factory=list)
    refused: list[Pending] = field(default_factory=list)
    stopped: dict[str, int] = field(default_factory=dict)  # inbox → status of the answer
    failure: str = ""
    refusal: str = ""  # the last one
    retry_after_ms: int = 0

    async def work_off(self, chains: list[list[Pending]]) -> None:
        """The first alone, so that a host that hangs holds one connection; if it answers, the rest."""
        first, *others = chains
        if await self._try(first[0]) and first[1:]:
            others.insert(0, first[1:])
        await asyncio.gather(*(self._work(others) for _ in range(min(_IN_FLIGHT, len(others)))))

    async def _work(self, chains: list[list[Pending]]) -> None:
        """Take chains from the list until there is none left, or no point in going on."""
        while chains:
            for one in chains.pop(0):
                if self._is_over() or not await self._try(one):
                    break

    def _is_over(self) -> bool:
        hopeless = not self.taken and len(self.refused) >= _REFUSALS_OF_A_HOST
        return bool(self.failure) or hopeless or self.stopping.is_set() or time.monotonic() > self.until

    async def _try(self, one: Pending) -> bool:
        """Whether what comes after it may be tried."""
        if one.inbox in self.stopped:
            return False
        began = time.monotonic()
        error = await _post(self.door, one, is_last=self.is_single)
        verdict = judge(one, error)
        answer_ms = (
            round(1000 * (time.monotonic() - began)) if error is None or isinstance(error, BadStatus) else None
        )
        traffic.count_try(self.host, _result(verdict, error), answer_ms)
        if error is None:
            self.taken = True
        elif verdict is not Verdict.AWAY:
            self.refusal = str(error)
            log.info("a delivery was refused", inbox=one.inbox, error=self.refusal, verdict=verdict.name)
        if verdict is Verdict.AWAY:
            self.failure = str(error)
            if isinstance(error, BadStatus):
                self.retry_after_ms = max(self.retry_after_ms, (error.retry_after or 0) * clock.SECOND)
            return False
        if verdict is Verdict.REFUSED:
            self.refused.append(one)
            return False
        self.done.append(one)
        if verdict is Verdict.STOPPED and isinstance(error, BadStatus):
            self.stopped[one.inbox] = error.status
        return True

    async def outcome(self, lease: Lease) -> Outcome:
        failure, is_gone = self.failure, False
        if not failure and not self.taken and len(self.refused) >= _REFUSALS_OF_A_HOST:
            failure = f"It refuses whatever it is sent: {self.refusal}"
        stopped: tuple[str, ...] = ()
        if self.stopped:
            owners = await store.read(_owners, list(self.stopped))
            stopped = tuple(inbox for inbox in self.stopped if inbox in owners)
            if owners:
                await store.write(_look_at, sorted(set().union(*owners.values())))
            # 410 at the inbox of everybody: the whole host has gone.
            is_gone = any(code == 410 and inbox not in owners for inbox, code in self.stopped.items())
            if is_gone:
                failure = failure or f"{lease.host} says that it is gone."
        return Outcome(
            done=tuple(self.done),
            refused=tuple(self.refused),
            stopped=stopped,
            failure=failure,
            refusal=self.refusal,
            is_taken=self.taken,
            retry_after_ms=self.retry_after_ms,
            is_gone=is_gone,
        )


def _result(verdict: Verdict, error: FetchError | None) -> Result:
    if error is None:
        return Result.DELIVERED
    return Result.RETRIED if verdict in (Verdict.AWAY, Verdict.REFUSED) else Result.GIVEN_UP


async def _post(door: Door, one: Pending, *, is_last: bool) -> FetchError | None:
    """None when it was taken; else why not. Date and signature are made anew each time."""
    if one.private_pem is None:
        return Refused("The account is gone, and its key with it.")
    signer = _signer(one.actor_uri, one.private_pem)
    headers: dict[str, str] = {}
    if one.for_followers:
        headers = await follower_digests.headers_for(one.actor_id, one.actor_uri, uris.host_of(one.inbox) or "")
    try:
        await door.post(
            one.inbox,
            one.body,
            signer=signer,
            headers=headers,
            deadline_seconds=_DEADLINE_SECONDS,
            is_last=is_last,
        )
    except FetchError as error:
        return error
    return None


@lru_cache(maxsize=1024)
def _signer(actor_uri: str, private_pem: str) -> Signer:
    return Signer(uris.key_id(actor_uri), private_pem)


# ── inboxes that are no more ──


def _owners(inboxes: list[str]) -> dict[str, list[str]]:
    """Inbox → uris of the accounts whose own it is. Shared ones are nobody's own."""
    owners: dict[str, list[str]] = {}
    query = Account.select(Account.inbox, Account.uri).where(Account.inbox.in_(inboxes), Account.domain != "")
    for row in query:
        owners.setdefault(row.inbox, []).append(row.uri)
    return owners


def _look_at(actor_uris: list[str]) -> None:
    """Whether they are gone, their own documents say."""
    for uri in actor_uris:
        enqueue(JobKind.FETCH_ACCOUNT, payload={"uri": uri}, once=True)
