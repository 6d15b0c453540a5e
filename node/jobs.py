"""The durable queue. A service enqueues in its own transaction; a worker (node/worker.py) runs the handler at least once.

A job is taken by moving its `due_at` to the end of a lease: when the worker dies, the job is simply due again, and
when the same slot starts anew it takes its old leases back at once.
"""

import random
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
import structlog

from node import clock, ids, store, streams
from node.errors import Unavailable
from node.models import Job
from node.store import Prepared, after_commit, in_ids, param

log = structlog.get_logger()


class JobKind(StrEnum):
    """`node/cli/process.py` says who does each. `subject` or `payload` is what they are given."""

    PROCESS_ACTIVITY = "process_activity"  # subject: received activity
    SEND_STATUS = "send_status"  # subject: status
    SEND_EDIT = "send_edit"  # subject: status
    SEND_DELETE = "send_delete"  # payload: account_id, uri, visibility, account_ids and inboxes besides followers
    SEND_REBLOG = "send_reblog"  # subject: the boost
    SEND_UNREBLOG = "send_unreblog"  # payload: account_id, uri (of the Announce), object_uri, target_id, visibility
    SEND_FAVOURITE = "send_favourite"  # subject: favourite
    SEND_UNFAVOURITE = "send_unfavourite"  # payload: account_id, favourite_id, object_uri, target_id
    SEND_REACTION = "send_reaction"  # subject: emoji reaction
    SEND_UNREACTION = "send_unreaction"  # payload: account_id, reaction_id, emoji, status_id, object_uri, target_id
    SEND_FOLLOW = "send_follow"  # subject: follow request
    SEND_UNFOLLOW = "send_unfollow"  # payload: account_id, target_id, uri
    SEND_ACCEPT = "send_accept"  # payload: account_id (who accepts), follower_id, uri (of the Follow)
    SEND_REJECT = "send_reject"  # payload: the same
    SEND_BLOCK = "send_block"  # subject: block
    SEND_UNBLOCK = "send_unblock"  # payload: account_id, target_id, block_id
    SEND_PIN = "send_pin"  # payload: account_id, status_uri
    SEND_UNPIN = "send_unpin"  # payload: the same
    SEND_TAG = "send_tag"  # payload: account_id, name, key, featured
    SEND_VOTE = "send_vote"  # payload: account_id, poll_id, choices
    SEND_POLL = "send_poll"  # subject: status; new totals to followers and voters
    SEND_PROFILE = "send_profile"  # subject: account
    SEND_MOVE = "send_move"  # subject: account; payload: target_id
    SEND_ACCOUNT_DELETE = "send_account_delete"  # subject: account
    SEND_FLAG = "send_flag"  # subject: report
    SEND_RELAY_FOLLOW = "send_relay_follow"  # subject: relay
    SEND_RELAY_UNFOLLOW = "send_relay_unfollow"  # payload: relay_id, inbox, object
    SEND_RELAY_ACCEPT = "send_relay_accept"  # payload: relay_id, uri (of its Follow)
    SEND_RELAY_ANNOUNCE = "send_relay_announce"  # subject: status
    SEND_FORWARD = "send_forward"  # payload: account_id (whose followers), uri (of the status), body
    SEND_QUOTE_REQUEST = "send_quote_request"  # subject: approval
    SEND_APPROVAL = "send_approval"  # payload: account_id, asker_id, kind, object, instrument, request; the answer
    SEND_REVOCATION = "send_revocation"  # payload: account_id, asker_id, stamp
    SEND_COLLECTION = "send_collection"  # subject: collection; payload: new
    SEND_UNCOLLECTION = "send_uncollection"  # payload: account_id, uri, account_ids (its members)
    SEND_ITEM = "send_item"  # subject: item of a collection
    SEND_UNITEM = "send_unitem"  # payload: account_id, collection, uri, account_ids
    SEND_FEATURE_REQUEST = "send_feature_request"  # subject: item of a collection
    SEND_FEATURE_ANSWER = "send_feature_answer"  # payload: account_id, asker_id, request, collection, item (0: no)
    FETCH_PARENT = "fetch_parent"  # subject: status whose in_reply_to_uri is unknown here
    FETCH_REPLIES = "fetch_replies"  # subject: status; payload: uri of the collection
    FETCH_THREAD = "fetch_thread"  # subject: thread fetch
    FETCH_OUTBOX = "fetch_outbox"  # subject: account that somebody here follows now
    FETCH_CARD = "fetch_card"  # subject: preview card
    VERIFY_LINKS = "verify_links"  # subject: account
    FETCH_NODEINFO = "fetch_nodeinfo"  # subject: destination
    FETCH_ACCOUNT = "fetch_account"  # payload: uri
    FETCH_FORWARDED = "fetch_forwarded"  # payload: uri, actor (said to be its author), relayed, new
    FOLLOW_RELAY = "follow_relay"  # subject: relay whose inbox is to be found
    SYNC_FOLLOWERS = "sync_followers"  # subject: remote account; payload: url, digest of its followers here
    FETCH_FEATURED = "fetch_featured"  # subject: account
    FETCH_TAGS = "fetch_tags"  # subject: account; payload: uri of its collection of featured hashtags
    FETCH_COLLECTION = "fetch_collection"  # payload: uri, start (of the members to look at)
    FETCH_COLLECTIONS = "fetch_collections"  # subject: account; payload: uri of the list of its collections
    FETCH_STAMP = "fetch_stamp"  # subject: approval of an answer; payload: stamp, or none to ask for it
    HOLD_EARLIER = "hold_earlier"  # subject: status whose policy came after answers to it; payload: after (an id)
    LET_IN = "let_in"  # subject: status that lets everybody answer or boost it now; payload: after
    RETURN_BOOSTS = "return_boosts"  # subject: status that was held and is not any more; payload: boosts
    TELL_FAVOURITES = "tell_favourites"  # subject: status that lets everybody favourite it now; payload: after
    FETCH_QUOTED = "fetch_quoted"  # subject: approval; payload: stamp, depth
    BUILD_FEED = "build_feed"  # subject: account
    CLOSE_POLL = "close_poll"  # subject: poll
    POST_SCHEDULED = "post_scheduled"  # subject: scheduled status
    MAKE_FILM = "make_film"  # subject: media attachment; video or sound to be made ready
    MAKE_STILLS = "make_stills"  # pictures of old that move get their first frames
    BLUR_BANNER = "blur_banner"  # the node's own, of old
    SEND_MAIL = "send_mail"  # payload: to, subject, text
    MAKE_ARCHIVE = "make_archive"  # subject: archive
    END_ARCHIVE = "end_archive"  # subject: archive; payload: file_key
    MAKE_ANNUAL_REPORT = "make_annual_report"  # subject: annual report
    RESTORE = "restore"  # subject: restoration; payload: file_key
    TAKE_IN = "take_in"  # subject: intake
    PUSH = "push"  # subject: push subscription; payload: notification_id


class Priority:
    URGENT = 0  # somebody waits for it: Accepts, replies, direct messages, what arrived
    NORMAL = 1
    BULK = 2


class TakenJob(msgspec.Struct, frozen=True):
    """A job as its handler sees it."""

    id: int
    kind: str
    subject: int
    payload_json: str
    attempts: int

    @property
    def payload(self) -> dict[str, Any]:
        return msgspec.json.decode(self.payload_json) if self.payload_json else {}


TOPIC = "jobs"
LEASE_MS = 60 * clock.SECOND
MOST_EARLY_MS = clock.MINUTE
GIVE_UP_AFTER = 12  # attempts: with the delays below, about a day
_LONGEST_SLEEP_SECONDS = 5.0

_INSERT = Prepared(
    lambda: Job.insert(
        {
            Job.id: param("id"),
            Job.kind: param("kind"),
            Job.subject: param("subject"),
            Job.payload: param("payload"),
            Job.priority: param("priority"),
            Job.due_at: param("due_at"),
            Job.early: param("early"),
            Job.attempts: 0,
            Job.error: "",
            Job.dedup: param("dedup"),
        }
        # The job that is there already is written to, so that on PostgreSQL whoever is about to do it waits for the end
        # of this transaction, and then reads what it wrote.
    ).on_conflict(conflict_target=[Job.dedup], preserve=[Job.dedup]),
    tuple,
)
_DELETE = Prepared(lambda: Job.delete().where(Job.id == param("id")), tuple)


def enqueue(
    kind: JobKind,
    subject: int = 0,
    *,
    payload: Mapping[str, Any] | None = None,
    priority: int = Priority.NORMAL,
    due_at: int | None = None,
    early: bool = False,
    once: bool = False,
) -> None:
    """To be called inside a unit of work: the job exists exactly if the unit commits.

    With `early`, for urgent jobs, `due_at` (within `MOST_EARLY_MS`) says whose turn it is: it is done before if nothing
    urgent waits. With `once`, a waiting job of the same kind, subject and payload is enough.
    """
    text = msgspec.json.encode(payload).decode() if payload else ""
    _INSERT.run(
        id=ids.new_id(),
        kind=str(kind),
        subject=subject,
        payload=text,
        priority=priority,
        due_at=clock.now_ms() if due_at is None else due_at,
        early=early,
        dedup=f"{kind}:{subject}:{text}" if once else None,
    )
    if due_at is None or early:
        streams.publish((TOPIC,), "wake")


def finish(job: TakenJob) -> None:
    """Inside the handler's own unit of work: what the job did and that it is done become true together.

    Where a job is enqueued `once`, this comes first in the unit: what it reads afterwards is the newest.
    """
    _DELETE.run(id=job.id)
    after_commit(lambda: _finished.add(job.id))


def put_off(job: TakenJob, ms: int) -> None:
    """Inside the handler's own unit of work: not its fault, so it is done a little later, as if for the first time."""
    _due_again(job, ms, job.attempts)


def try_later(job: TakenJob, ms: int) -> None:
    """The same, counted as an attempt. When to give up is the handler's to say."""
    _due_again(job, ms, job.attempts + 1)


def _due_again(job: TakenJob, ms: int, attempts: int) -> None:
    Job.update(due_at=clock.now_ms() + ms, lease_owner=None, attempts=attempts).where(Job.id == job.id).execute()
    after_commit(lambda: _finished.add(job.id))
    if ms <= 0:
        streams.publish((TOPIC,), "wake")


_UNNAME = Prepared(lambda: Job.update({Job.dedup: None}).where(Job.id == param("id")), tuple)


def was_settled(job: TakenJob) -> bool:
    """Whether its handler finished it, or had it put off, itself. Asked once."""
    if job.id not in _finished:
        return False
    _finished.discard(job.id)
    return True


def delete(job: TakenJob) -> None:
    """It was done, and no unit of work said so."""
    _DELETE.run(id=job.id)


def allow_another(job: TakenJob) -> None:
    """From now on a job that was enqueued `once` may be enqueued again: it is about to read what it is about."""
    _UNNAME.run(id=job.id)


_finished: set[int] = set()


# ── for the worker (node/worker.py) ──


def take_back(slot: int) -> None:
    """What an earlier process of this slot had taken is due now: the slot is ours, so that process is dead."""
    Job.update(due_at=clock.now_ms(), lease_owner=None).where(Job.lease_owner == slot).execute()


def take(slot: int, limit: int) -> list[TakenJob]:
    """Lease up to `limit` due jobs, the urgent first."""
    now = clock.now_ms()
    taken: list[TakenJob] = []
    for priority in (Priority.URGENT, Priority.NORMAL, Priority.BULK):
        if len(taken) < limit:
            taken += _DUE.all(now=now, priority=priority, limit=limit - len(taken))
        if len(taken) < limit and priority == Priority.URGENT:
            taken += _EARLY.all(now=now, horizon=now + MOST_EARLY_MS, priority=priority, limit=limit - len(taken))
    if taken:
        _LEASE.run(until=now + LEASE_MS, slot=slot, ids=[job.id for job in taken])
    return taken


def lease_longer(job_id: int, until: int) -> None:
    Job.update(due_at=until).where(Job.id == job_id).execute()


def _takeable(condition: Any) -> Any:
    query = (
        Job.select(Job.id, Job.kind, Job.subject, Job.payload, Job.attempts)
        .where((Job.priority == param("priority")) & condition)
        .order_by(Job.due_at)
        .limit(param("limit"))
    )
    return query if store.is_sqlite() else query.for_update(skip_locked=True)


_DUE = Prepared(lambda: _takeable(Job.due_at <= param("now")), TakenJob)
# Looked at only when there is room for more than what is due.
_EARLY = Prepared(
    lambda: _takeable(Job.early & (Job.due_at > param("now")) & (Job.due_at <= param("horizon"))), TakenJob
)
_LEASE = Prepared(
    lambda: Job.update(
        {
            Job.due_at: param("until"),
            Job.early: False,
            Job.lease_owner: param("slot"),
            Job.attempts: Job.attempts + 1,
        }
    ).where(in_ids(Job.id, param("ids"))),
    tuple,
)


def postpone(job: TakenJob, error: Exception) -> bool:
    """Try again later, each time later; after `GIVE_UP_AFTER` attempts keep it for a person to look at.

    Not before whoever was asked said that it is ready again, within a day. True when it was given up.
    """
    attempts = job.attempts + 1
    now = clock.now_ms()
    given_up = attempts >= GIVE_UP_AFTER
    delay = min(10 * clock.SECOND * 2**attempts, 6 * clock.HOUR) * random.uniform(0.8, 1.2)
    if isinstance(error, Unavailable):
        delay = max(delay, min(error.retry_after_seconds * clock.SECOND, clock.DAY))
    Job.update(
        due_at=clock.LATEST_MS if given_up else now + int(delay),
        failed_at=now if given_up else None,
        lease_owner=None,
        dedup=None if given_up else Job.dedup,  # it waits no more, so it keeps no other from being enqueued
        error=f"{type(error).__name__}: {error}"[:500],
    ).where(Job.id == job.id).execute()
    return given_up


def retry(job_id: int | None = None) -> int:
    """Make one failed job, or all of them, due now; returns how many."""
    query = Job.update(due_at=clock.now_ms(), failed_at=None, attempts=0).where(Job.failed_at.is_null(False))
    if job_id is not None:
        query = query.where(Job.id == job_id)
    count: int = query.execute()
    streams.publish((TOPIC,), "wake")
    return count


_NEXT = Prepared(
    lambda: Job.select(Job.due_at).where(Job.priority == param("priority")).order_by(Job.due_at).limit(1),
    lambda due_at: int(due_at),
)


def is_behind(most: int) -> bool:
    """Whether more than so many jobs of one priority are due."""
    due = Job.select(Job.id).where(Job.due_at <= clock.now_ms())
    return any(
        due.where(Job.priority == priority).order_by(Job.due_at).offset(most).limit(1).exists()
        for priority in (Priority.URGENT, Priority.NORMAL, Priority.BULK)
    )


def seconds_to_next() -> float:
    due = [d for p in (Priority.URGENT, Priority.NORMAL, Priority.BULK) if (d := _NEXT.first(priority=p)) is not None]
    if not due:
        return _LONGEST_SLEEP_SECONDS
    return min(max((min(due) - clock.now_ms()) / 1000, 0.01), _LONGEST_SLEEP_SECONDS)
