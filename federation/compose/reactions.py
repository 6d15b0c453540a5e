"""Boosts, likes and votes, and their undoing."""

from functools import partial

from federation import audience
from federation.audience import Addressing, addressing
from federation.compose.message import Last, Message, both, personal
from federation.render import activity
from node import site
from node.jobs import TakenJob
from node.models import Account, Favourite, Poll, Visibility
from node.services.accounts import lookup
from node.services.approvals import policies
from node.services.interactions import asked_reblogs, polls
from node.services.statuses.loading import by_id, is_unchanged


def boosted(job: TakenJob) -> Message | None:
    boost = by_id(job.subject)
    original = by_id(boost.reblog_of_id) if boost is not None and boost.reblog_of_id else None
    people = both(boost.account_id, original.account_id) if boost is not None and original is not None else None
    if boost is None or original is None or people is None or people[0].is_gone:
        return None
    actor, author = people
    # One that waits is direct, whatever became of the policy that it waits for.
    may_wait = original.policy or boost.visibility == Visibility.DIRECT
    asked = asked_reblogs.by_number(boost.id) if may_wait else None
    to = _addressing(asked.held if asked is not None and asked.held else boost.visibility, actor, author)
    stamp = asked.stamp_uri if asked is not None else ""
    document = activity.announce(boost.uri, actor.uri, original.uri, to, at=boost.created_at, stamp=stamp)
    if asked is not None and asked.held:
        uri = site.activity_uri(actor.id, "announce_requests", boost.id)
        request = activity.announce_request(uri, document, author.uri)
        return personal(actor, author, request, _boost_of(original.uri))
    return Message(
        actor=actor,
        document=document,
        inboxes=_hearers(actor, author),
        about=_boost_of(original.uri),
        holds=partial(is_unchanged, boost),
    )


def unboosted(job: TakenJob) -> Message | None:
    told = job.payload
    people = both(told["account_id"], told["target_id"])
    if people is None:
        return None
    actor, author = people
    to = _addressing(told["visibility"], actor, author)
    document = activity.undo(activity.announce(told["uri"], actor.uri, told["object_uri"], to))
    if told["visibility"] == Visibility.DIRECT:  # it waited, and only its author was asked
        return personal(actor, author, document, _boost_of(told["object_uri"]))
    return Message(
        actor=actor,
        document=document,
        inboxes=_hearers(actor, author),
        about=_boost_of(told["object_uri"]),
        is_last_word=Last.ABOUT_THIS,
    )


def _addressing(visibility: str, actor: Account, author: Account) -> Addressing:
    return addressing(visibility, actor.followers_uri, [author.uri] if author.id != actor.id else [])


def _hearers(actor: Account, author: Account) -> dict[str, str]:
    return audience.inboxes_of_followers(actor.id) | audience.inboxes_of([author.id])


def _boost_of(uri: str) -> str:
    return f"boost {uri}"


def liked(job: TakenJob) -> Message | None:
    favourite = Favourite.get_or_none(Favourite.id == job.subject)
    status = by_id(favourite.status_id) if favourite is not None else None
    people = both(favourite.account_id, status.account_id) if favourite is not None and status is not None else None
    if favourite is None or status is None or people is None or people[0].is_gone:
        return None
    actor, author = people
    stamp = job.payload.get("stamp", "")
    like = activity.like(_like_uri(actor, favourite.id), actor.uri, status.uri, author.uri, stamp)
    if not stamp and policies.asks_to_favourite(status, actor.id):
        like = activity.like_request(site.activity_uri(actor.id, "like_requests", favourite.id), like)
    return personal(actor, author, like, _like_of(status.uri))


def unliked(job: TakenJob) -> Message | None:
    told = job.payload
    people = both(told["account_id"], told["target_id"])
    if people is None:
        return None
    actor, author = people
    like = activity.like(_like_uri(actor, told["favourite_id"]), actor.uri, told["object_uri"], author.uri)
    return personal(actor, author, activity.undo(like), _like_of(told["object_uri"]))


def _like_uri(actor: Account, favourite_id: int) -> str:
    return site.activity_uri(actor.id, "likes", favourite_id)


def _like_of(uri: str) -> str:
    return f"like {uri}"


def voted(job: TakenJob) -> Message | None:
    """One choice; a vote for several is as many jobs."""
    told = job.payload
    actor = lookup.by_id(told["account_id"])
    poll = Poll.get_or_none(Poll.id == told["poll_id"])
    status = by_id(poll.status_id) if poll is not None else None
    owner = lookup.by_id(status.account_id) if status is not None else None
    if actor is None or actor.is_gone or poll is None or status is None or owner is None:
        return None
    options = polls.options_of(poll)
    choice = told["choices"][0]
    if choice >= len(options):  # its owner has changed the question meanwhile
        return None
    uri = site.activity_uri(actor.id, "votes", job.id)
    return personal(actor, owner, activity.vote(uri, actor.uri, status.uri, owner.uri, options[choice].title), "")
