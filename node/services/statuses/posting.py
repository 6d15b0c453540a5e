"""A local account posts: one transaction from the draft to the feeds of its followers."""

from dataclasses import replace
from typing import Any, NamedTuple

from node import clock, ids, jobs, site
from node.errors import Forbidden, Invalid
from node.jobs import JobKind, Priority
from node.models import Account, Act, IdempotencyKey, Status, Visibility
from node.models.access import OPEN
from node.models.rows import Insert
from node.services import completion
from node.services.approvals import policies, quotes, replies
from node.services.approvals.policies import Answer
from node.services.discovery import tags
from node.services.interactions import polls
from node.services.organisations import deeds
from node.services.servers import relays
from node.services.statuses import ancestry, arrival, audience, chains, media
from node.services.statuses.arrival import Arrival
from node.services.statuses.drafts import Composed, Draft, compose
from node.services.statuses.loading import account_by_id, by_id, get_original
from node.speech import said
from node.store import Prepared, param

MAX_KEY_CHARACTERS = 200

_INSERT = Insert(Status)
_INSERT_KEY = Insert(IdempotencyKey, ignore=True)
_POSTED = Prepared(
    lambda: IdempotencyKey.select(IdempotencyKey.status_id).where(
        IdempotencyKey.token == param("token"), IdempotencyKey.key == param("key")
    ),
    int,
)
_FORGET_KEY = Prepared(
    lambda: IdempotencyKey.delete().where(IdempotencyKey.token == param("token"), IdempotencyKey.key == param("key")),
    tuple,
)


def post(account_id: int, draft: Draft) -> Status:
    """Post `draft`, and as answers to each other what follows it: all of it or none.

    The answer is the first status, also when the same idempotency key comes again.
    """
    if draft.idempotency is not None:
        before = _posted_before(account_id, draft.idempotency)
        if before is not None:
            return before
    chains.check(draft)
    with chains.naming(draft, 1):
        first = last = _post(account_id, draft)
    if draft.then and first.visibility == Visibility.DIRECT != draft.visibility:
        raise Invalid(
            "Its author has to let your answer in first. Post the first part alone, and the rest after that."
        )
    for number, one in enumerate(draft.then, 2):
        following = replace(one, in_reply_to_id=last.id, visibility=Visibility(first.visibility))
        with chains.naming(draft, number):
            last = _post(account_id, following)
    deeds.record(account_id, draft.by, Act.POSTED, status_id=first.id)
    return first


def _post(account_id: int, draft: Draft) -> Status:
    author = account_by_id(account_id)
    if author.is_gone or not author.is_local:
        raise Forbidden("This account cannot post.")
    parent = get_original(account_id, draft.in_reply_to_id) if draft.in_reply_to_id is not None else None
    quoted = quotes.quotable(account_id, draft.quoted_status_id) if draft.quoted_status_id is not None else None
    visibility = _visibility(draft, quoted)
    answer = replies.judged(parent, account_id, visibility)
    if answer is Answer.DENIED:
        raise Invalid(
            "Its author does not let you answer this post.", {"in_reply_to_id": "may not be answered by you"}
        )
    composed = compose(account_id, draft)
    waits = replies.waits(answer)
    around = _Around(parent, quoted, Visibility.DIRECT if waits else visibility)
    status = _store(author, draft, composed, around)
    made = tags.attach(status.id, composed.hashtags)
    media.attach(status, composed.media)
    if composed.poll is not None:
        polls.create(status, composed.poll)
    if quoted is not None:
        quotes.quote(status, quoted)
    if waits and parent is not None:
        replies.hold(status, parent, visibility, composed.mentions)
    else:
        arrival.mention(status.id, composed.mentions)
        told = arrival.local_among(composed.mentions)
        arrival.settle(Arrival(status=status, author=author, tags=made, told=told))
        if parent is not None and parent.policy:
            replies.note(status, parent)
    if draft.idempotency is not None:
        token, key = draft.idempotency
        _INSERT_KEY.run(token=token, key=key, status_id=status.id, created_at=status.created_at)
    if audience.concerns_remote(status):
        # An own post that goes on is not waited for, and does not overtake what it goes on with.
        urgent = (parent is not None and parent.account_id != account_id) or status.visibility == Visibility.DIRECT
        jobs.enqueue(JobKind.SEND_STATUS, status.id, priority=Priority.URGENT if urgent else Priority.NORMAL)
    relays.announce(status)
    if parent is not None and not parent.local:
        completion.begin(parent.id)  # whoever takes part wants to know what was said
    return status


class _Around(NamedTuple):
    """What a post answers and quotes, and who sees it."""

    parent: Status | None
    quoted: Status | None
    visibility: Visibility


def _visibility(draft: Draft, quoted: Status | None) -> Visibility:
    """An own post for followers is quoted for followers."""
    if quoted is not None and quoted.visibility == Visibility.PRIVATE and draft.visibility in OPEN:
        return Visibility.PRIVATE
    return Visibility(draft.visibility)


def _store(author: Account, draft: Draft, composed: Composed, around: _Around) -> Status:
    parent = around.parent
    now = clock.now_ms()
    status_id = ids.new_id()
    uri = site.status_uri(author.id, status_id)
    # What answers or quotes something that stays here stays here too.
    local_only = draft.local_only or any(one is not None and one.local_only for one in around[:2])
    row: dict[str, Any] = composed.columns(draft.visibility, local_only=local_only) | {
        "id": status_id,
        "uri": uri,
        "url": site.status_url(author.username, status_id),
        "account": author.id,
        "local": True,
        "visibility": str(around.visibility),
        "local_only": local_only,
        "policy": policies.write(policies.chosen(draft.policy, draft.visibility)),
        "in_reply_to": parent.id if parent else None,
        "in_reply_to_account": parent.account_id if parent else None,
        "in_reply_to_uri": parent.uri if parent else "",
        "thread": ancestry.thread_of(f"{uri}/context", parent, f"{uri}/context"),
        "application": draft.application_id,
        "created_at": now,
    }
    status: Status = _INSERT.make(row)
    return status


def _posted_before(account_id: int, idempotency: tuple[int, str]) -> Status | None:
    token, key = idempotency
    if len(key) > MAX_KEY_CHARACTERS:
        raise Invalid(said("An Idempotency-Key has at most %(most)s characters.", most=MAX_KEY_CHARACTERS))
    known = _POSTED.first(token=token, key=key)
    if known is None:
        return None
    status = by_id(known)
    if status is None or status.account_id != account_id:
        _FORGET_KEY.run(token=token, key=key)
        return None
    return status
