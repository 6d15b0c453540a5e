"""POST to an inbox: limits, a strict reading, proof of the sender, and a durable row before the 202.

What costs little is looked at first. What the activity does is done in the same unit of work if nobody has to be asked for
anything, else later (federation/processing.py): so a peer never waits for anything but the key of its own actor, and that
only the first time.
"""

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any

import structlog
from aiohttp import web

from federation import counting, follower_digests, ignored, processing, uris
from federation.context import FEDERATION, Federation
from federation.finding import keys
from federation.follower_digests import Claim
from federation.http.attempts import Work
from federation.inbox import forwarded
from federation.inbox.incoming import WHILE_SUSPENDED
from federation.parse.activity import ParsedActivity, Reading, read_activity
from federation.signatures import ReceivedRequest, SignatureClaim, parse_signature
from node import clock, ids, jobs, store
from node.errors import BadInput, Forbidden, Gone, NotFound, TooMany, Unauthorized, Unavailable
from node.jobs import JobKind, Priority
from node.models import Account, ReceivedActivity
from node.models.rows import Insert
from node.services import accounts, outbox
from node.services.servers import domains, heard, relays, traffic
from node.store import Prepared, param

log = structlog.get_logger()

MAX_BODY_BYTES = 1 << 20
BODY_SECONDS = 20.0
# A hundred such readings are remembered, so they must be small (federation/context.py).
_MOST_KEPT_BYTES = 16_384

_TOO_MANY = "Too many activities at once."
_SLOW_SECONDS = 5

_INSERT = Insert(ReceivedActivity, ignore=True)
_SENDER = Prepared(
    lambda: ReceivedActivity.select(ReceivedActivity.actor).where(ReceivedActivity.uri == param("uri")), int
)


async def shared_inbox(request: web.Request) -> web.Response:
    """202 once the activity is on disk. Refusals are raised; whoever serves this turns them into answers."""
    await _receive(request, 0)
    return web.Response(status=202)


async def personal_inbox(request: web.Request) -> web.Response:
    """The same, for the account that the path names by `id`."""
    await _receive(request, await _owner_of_inbox(request.match_info["id"]))
    return web.Response(status=202)


async def _receive(request: web.Request, inbox_id: int) -> None:
    fed = request.app[FEDERATION]
    body = await _body(request)
    reading = _read(body)
    document, activity = reading
    if await _is_strangers_goodbye(activity):
        ignored.count_activity(activity.type, "stranger")
        return
    received = ReceivedRequest(request.method, request.raw_path, request.raw_headers, body)
    claim = parse_signature(received, fed.config, clock.now_ms())
    source = f"{uris.host_of(claim.key_id)} {fed.client_ip(request)}"
    if fed.slowed.get(source):
        raise TooMany(_TOO_MANY, retry_after_seconds=_SLOW_SECONDS)
    sender = await keys.prove(fed, claim, activity.actor_uri, fed.client_ip(request))
    passed_on = activity.actor_uri != sender.uri and forwarded.is_forwarded(document, activity, sender)
    host = _check(fed, activity, sender, passed_on=passed_on)
    if sender.deleted_at is not None or (sender.suspended_at is not None and activity.type not in WHILE_SUSPENDED):
        ignored.count_activity(activity.type, "gone")
        return
    if fed.config.rate_limits and not fed.inbound.take(host):
        fed.slowed.put(source, True)
        raise TooMany(_TOO_MANY, retry_after_seconds=_SLOW_SECONDS)
    if fed.replays.is_known(claim):
        ignored.count_activity(activity.type, "repeated")
        return
    if passed_on:
        # What relays bring is wanted from its origin; how much of it, their share says.
        relayed = await store.point(relays.is_relay, sender.uri)
        if relayed and not fed.relayed.take(sender.uri):
            ignored.count_activity(activity.type, "too much of a relay")
            return
        author = None if relayed else await forwarded.proved_author(document, activity)
        if author is None:
            await store.write(partial(forwarded.enqueue, activity, relayed=relayed))
            fed.replays.remember(claim, clock.now_ms())
            return
        _check(fed, activity, author, passed_on=False)
        if author.is_gone:
            ignored.count_activity(activity.type, "gone")
            return
        # It says itself whom it is for: that it came to somebody's inbox by another's hand does not count.
        sender, inbox_id = author, 0
    dedup_key = _dedup_key(activity, inbox_id, claim, body)
    followers = None
    if activity.type == "Create" and not passed_on and follower_digests.HEADER in request.headers:
        followers = follower_digests.claim_of(request.headers[follower_digests.HEADER], sender)
    turn, signed_at = fed.turns.next(host), claim.signed_at
    asks = activity.type == "Follow"
    accepted = _Accepted(dedup_key, sender.id, body, inbox_id, host, turn, passed_on, signed_at, asks, followers)
    work = None
    if turn <= clock.now_ms() and not passed_on:
        work = await processing.at_once(fed, body, reading, sender, inbox_id)
    received_id = await _stored(accepted, work)
    if not received_id:
        ignored.count_activity(activity.type, "repeated")
    else:
        traffic.count_received(host)
        if work is None and len(body) <= _MOST_KEPT_BYTES:
            fed.readings.put(str(received_id), reading)
    fed.replays.remember(claim, clock.now_ms())
    await counting.keep_if_due()


# ── before the signature ───────────────────────────────────────────────────────────────────────────────────────────


async def _owner_of_inbox(text: str) -> int:
    account_id = int(text) if len(text) < 19 and text.isascii() and text.isdigit() else 0
    account = await store.point(accounts.by_id, account_id)
    if account is None or not account.is_local:
        raise NotFound("There is no such inbox.")
    if account.deleted_at is not None:
        raise Gone("This account has been deleted.")
    return account_id


async def _body(request: web.Request) -> bytes:
    """The raw bytes, because a digest is over those; too long, too slow or compressed they are not read at all."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length or 0)
    parts: list[bytes] = []
    size = 0
    try:
        # Most bodies come along with their heads: then there is nothing to wait for.
        if request.content.is_eof() and request.content.total_bytes <= MAX_BODY_BYTES:
            return request.content.read_nowait()
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.content.iter_any():
                size += len(part)
                if size > MAX_BODY_BYTES:
                    raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, size)
                parts.append(part)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (ValueError, web.RequestPayloadError) as error:
        raise BadInput("The body cannot be read.") from error
    return b"".join(parts)


def _read(body: bytes) -> Reading:
    try:
        return read_activity(body)
    except BadInput as error:
        ignored.count_error("activity", error)
        raise


async def _is_strangers_goodbye(activity: ParsedActivity) -> bool:
    """Deletions of accounts go to everybody. Who is unknown, or gone, has no key here."""
    if activity.type not in ("Delete", "Update") or activity.object_uri != activity.actor_uri:
        return False
    known = await store.point(accounts.by_uri, activity.actor_uri)
    return known is None or known.deleted_at is not None


# ── who sent it ────────────────────────────────────────────────────────────────────────────────────────────────────


def _check(fed: Federation, activity: ParsedActivity, sender: Account, *, passed_on: bool) -> str:
    """What one actor may say at all: in its own name, under ids of its own host. That host.

    `passed_on`: it says only that somebody else said something, which is looked up there.
    """
    if activity.actor_uri != sender.uri and not passed_on:
        raise Unauthorized("The activity is not by the actor that signed it.")
    host = uris.host_of(sender.uri)
    if host is None or sender.is_local or uris.is_local(fed.config, sender.uri):
        raise Unauthorized("Nobody from here speaks to this inbox.")
    if activity.uri and not uris.same_origin(activity.uri, activity.actor_uri):
        raise Forbidden("The id of an activity must be on the host of its actor.")
    if domains.is_suspended(host) or domains.is_suspended(sender.domain):
        raise Forbidden("This node does not speak with that domain.")
    return host


# ── what is kept ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Accepted:
    uri: str
    actor_id: int
    body: bytes  # empty if it is acted on at once
    inbox_id: int  # 0 for the shared inbox
    host: str
    turn: int
    passed_on: bool
    signed_at: int
    asks: bool  # and is answered, each time
    followers: Claim | None  # what its server says of them


def _dedup_key(activity: ParsedActivity, inbox_id: int, claim: SignatureClaim, body: bytes) -> str:
    """By what an activity that comes again, by another way, is known.

    What has no id, as some transient activities do, is known by its bytes and its signature. What is for the owner of
    one inbox alone, unaddressed (bto, bcc), is something else for each of them. An id is not always that of one
    activity: BookWyrm deletes under the id by which it created, Friendica and snac give all edits of a post the same,
    Misskey all ends of a follow.
    """
    if not activity.uri:
        return f"urn:sha256:{sha256(claim.signature + body).hexdigest()}"
    if inbox_id and activity.type == "Create" and f"/ap/users/{inbox_id}".encode() not in body:
        return f"{activity.uri} for {inbox_id}"
    if activity.type == "Delete":
        return f"{activity.uri} deletes"
    if activity.type in ("Undo", "Update"):
        return f"{activity.uri} {sha256(body).hexdigest()}"
    return activity.uri


async def _stored(accepted: _Accepted, work: Work | None) -> int:
    if work is not None:
        try:
            return await store.write(_store, replace(accepted, body=b""), work)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the queue says what is wrong with it, tries it again or gives it up
            log.info("left to the queue", uri=accepted.uri, reason=str(error))
    return await store.write(_store, accepted, None)


def _store(accepted: _Accepted, work: Work | None) -> int:
    """The row, what it does or a job, and the sender's revival, in one unit of work; again, it changes nothing.

    The row's id, or 0.
    """
    outbox.revive(accepted.host)
    received_id = ids.new_id()
    if not _take_in(received_id, accepted.uri, accepted):
        if _SENDER.first(uri=accepted.uri) == accepted.actor_id:
            return 0
        # A neighbour has used the id before: that must not keep its owner's activity out.
        if not _take_in(received_id, heard.own_key(accepted.uri, accepted.actor_id), accepted):
            return 0
    if accepted.followers is not None:
        follower_digests.compare(accepted.actor_id, accepted.followers)
    if work is not None:
        work()
        return received_id
    payload: dict[str, Any] | None = {"inbox": accepted.inbox_id} if accepted.inbox_id else None
    if accepted.passed_on:
        payload = {"passed_on": True}
    jobs.enqueue(
        JobKind.PROCESS_ACTIVITY,
        received_id,
        payload=payload,
        priority=Priority.URGENT,
        due_at=accepted.turn,
        early=True,
    )
    return received_id


def _take_in(received_id: int, uri: str, accepted: _Accepted) -> bool:
    row = {
        "id": received_id,
        "uri": uri,
        "actor": accepted.actor_id,
        "body": accepted.body,
        "received_at": clock.now_ms(),
        "signed_at": accepted.signed_at,
        "taken_back": False,
    }
    return bool(_INSERT.run(**row)) or (_may_come_again(uri, accepted) and bool(_INSERT.run(**row)))


def _may_come_again(uri: str, accepted: _Accepted) -> bool:
    return heard.may_come_again(uri, accepted.actor_id, accepted.signed_at, host=accepted.host, asks=accepted.asks)
