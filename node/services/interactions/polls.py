"""Polls: made with a status, voted in once, closed in time."""

from typing import Any

import msgspec

from node import clock, jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, NotificationKind, Poll, PollVote, Status
from node.models.rows import Insert
from node.services.notifications import telling as notifications
from node.services.statuses import audience, loading
from node.services.statuses.drafts import PollDraft
from node.services.statuses.facts import PollFacts

MAX_REMOTE_OPTIONS = 500  # more than anybody reads
# Totals are sent to voters at most this often, as Mastodon does.
_TOTALS_EVERY_MS = 3 * clock.MINUTE

ENDED = "The poll has already ended"
VOTED = "You have already voted on this poll"

_INSERT = Insert(Poll)
_INSERT_VOTE = Insert(PollVote, ignore=True)


class Option(msgspec.Struct):
    title: str
    votes: int = 0


def options_of(poll: Poll) -> list[Option]:
    return msgspec.json.decode(poll.options, type=list[Option])


def of_status(status_id: int) -> Poll | None:
    return Poll.get_or_none(Poll.status == status_id)


def get(viewer_id: int | None, poll_id: int) -> Poll:
    """The poll, if the viewer may read its status."""
    poll = Poll.get_or_none(Poll.id == poll_id)
    if poll is None:
        raise NotFound(loading.NOT_FOUND)
    loading.get(viewer_id, poll.status_id)
    return poll


def is_over(poll: Poll) -> bool:
    return poll.closed_at is not None or (poll.expires_at is not None and poll.expires_at <= clock.now_ms())


def create(status: Status, draft: PollDraft) -> None:
    """The poll of a local status, which will be closed by a job."""
    poll = Poll(
        status=status.id,
        options=_encode([Option(title) for title in draft.options]),
        multiple=draft.multiple,
        hide_totals=draft.hide_totals,
        voters_count=0,
        expires_at=clock.now_ms() + draft.expires_in_ms,
    )
    _INSERT.run(**poll.__data__)
    jobs.enqueue(JobKind.CLOSE_POLL, poll.id, due_at=poll.expires_at, once=True)


def replace(status: Status, draft: PollDraft | None) -> bool:
    """The poll after an edit, and whether it changed: other choices begin to count anew."""
    poll = of_status(status.id)
    if poll is None or draft is None:
        if poll is not None:
            Poll.delete().where(Poll.id == poll.id).execute()
        if draft is not None:
            create(status, draft)
        return poll is not None or draft is not None
    same = [option.title for option in options_of(poll)] == list(draft.options) and poll.multiple == draft.multiple
    if same:
        Poll.update(hide_totals=draft.hide_totals).where(Poll.id == poll.id).execute()
        return bool(poll.hide_totals != draft.hide_totals)
    Poll.delete().where(Poll.id == poll.id).execute()
    create(status, draft)
    return True


def receive(status: Status, facts: PollFacts) -> None:
    """The poll of a remote status."""
    _INSERT.run(status=status.id, **_remote(facts))


def vote(account_id: int, poll_id: int, choices: list[int]) -> Poll:
    """Vote as a local account; `choices` are positions. Invalid says which rule of polls is broken."""
    poll = get(account_id, poll_id)
    status = loading.get(account_id, poll.status_id)
    count = len(options_of(poll))
    wanted = list(dict.fromkeys(choices))
    if is_over(poll):
        raise Invalid(ENDED)
    if status.account_id == account_id:
        raise Invalid("You cannot vote in your own polls")
    if not wanted or any(not 0 <= choice < count for choice in wanted):
        raise Invalid("The chosen vote option does not exist")
    if len(wanted) > 1 and not poll.multiple:
        raise Invalid("Only one choice can be voted for in this poll")
    if own_votes(account_id, poll_id):
        raise Invalid(VOTED)
    for choice in wanted:
        _INSERT_VOTE.run(poll=poll.id, account=account_id, choice=choice, created_at=clock.now_ms())
    # Elsewhere its owner counts, and tells the totals some minutes later: until then a vote would seem to be lost.
    _count(poll, status, wanted, new_voter=True)
    if not status.local:
        jobs.enqueue(JobKind.SEND_VOTE, payload={"account_id": account_id, "poll_id": poll.id, "choices": wanted})
        if poll.expires_at is not None:
            jobs.enqueue(JobKind.CLOSE_POLL, poll.id, due_at=poll.expires_at, once=True)
    return Poll.get_by_id(poll.id)


def receive_vote(account: Account, status_id: int, title: str, uri: str = "") -> bool:
    """A remote account's vote in a local poll; whether it counts. Repeated, late and unknown ones do not."""
    poll = of_status(status_id)
    status = loading.by_id(status_id)
    if poll is None or status is None or not status.local or is_over(poll) or status.account_id == account.id:
        return False
    if not loading.visible_ids(account.id, [status_id]):
        return False
    choice = next((i for i, option in enumerate(options_of(poll)) if option.title == title), None)
    if choice is None:
        return False
    before = own_votes(account.id, poll.id)
    if choice in before or (before and not poll.multiple):
        return False
    _INSERT_VOTE.run(poll=poll.id, account=account.id, choice=choice, uri=uri, created_at=clock.now_ms())
    _count(poll, status, [choice], new_voter=not before)
    return True


def own_votes(account_id: int, poll_id: int) -> list[int]:
    """The choices of `account_id`, in order."""
    query = PollVote.select(PollVote.choice).where((PollVote.poll == poll_id) & (PollVote.account == account_id))
    return [row.choice for row in query.order_by(PollVote.choice)]


def update_totals(status: Status, facts: PollFacts) -> bool:
    """What the owner of a remote poll says of it now; True when its choices changed, and with them the question."""
    poll = of_status(status.id)
    if poll is None:
        receive(status, facts)
        return True
    same = [option.title for option in options_of(poll)] == [title for title, _ in facts.options[:MAX_REMOTE_OPTIONS]]
    same = same and bool(poll.multiple) == facts.multiple
    if not same:
        PollVote.delete().where(PollVote.poll == poll.id).execute()
    columns = _remote(facts)
    if poll.closed_at is not None and same:
        columns["closed_at"] = poll.closed_at
    Poll.update(**columns).where(Poll.id == poll.id).execute()
    _show_anew(status.id)
    return not same


def close(poll_id: int) -> None:
    """Announce the end, once: to the author, to those here who voted, and to voters elsewhere."""
    poll = Poll.get_or_none(Poll.id == poll_id)
    if poll is None or poll.closed_at is not None:
        return
    now = clock.now_ms()
    if poll.expires_at is not None and poll.expires_at > now:  # an edit gave it more time
        jobs.enqueue(JobKind.CLOSE_POLL, poll.id, due_at=poll.expires_at)
        return
    Poll.update(closed_at=now).where(Poll.id == poll.id).execute()
    _show_anew(poll.status_id)
    status = loading.by_id(poll.status_id)
    if status is None:
        return
    voters = (
        PollVote.select(PollVote.account)
        .distinct()
        .join(Account, on=(Account.id == PollVote.account))
        .where(PollVote.poll == poll.id, Account.domain == "")
    )
    for account_id in {status.account_id, *(row.account_id for row in voters)}:
        notifications.notify(account_id, NotificationKind.POLL, status.account_id, status_id=status.id)
    if status.local and audience.concerns_remote(status):
        jobs.enqueue(JobKind.SEND_POLL, status.id)


def _count(poll: Poll, status: Status, choices: list[int], *, new_voter: bool) -> None:
    options = options_of(poll)
    for choice in choices:
        options[choice].votes += 1
    Poll.update(
        options=_encode(options),
        votes_count=Poll.votes_count + len(choices),
        voters_count=Poll.voters_count + int(new_voter),
    ).where(Poll.id == poll.id).execute()
    _show_anew(status.id)
    if status.local and audience.concerns_remote(status):
        jobs.enqueue(JobKind.SEND_POLL, status.id, due_at=clock.now_ms() + _TOTALS_EVERY_MS, once=True)


def _show_anew(status_id: int) -> None:
    Status.update(version=Status.version + 1).where(Status.id == status_id).execute()


def _remote(facts: PollFacts) -> dict[str, Any]:
    options = [Option(title, max(votes, 0)) for title, votes in facts.options[:MAX_REMOTE_OPTIONS]]
    return {
        "options": _encode(options),
        "multiple": facts.multiple,
        "votes_count": sum(option.votes for option in options),
        "voters_count": facts.voters_count,
        "expires_at": facts.expires_at,
        "closed_at": clock.now_ms() if facts.closed else None,
    }


def _encode(options: list[Option]) -> str:
    return msgspec.json.encode(options).decode()
