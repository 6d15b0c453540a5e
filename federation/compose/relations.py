"""Follows and blocks, their undoing, and the answers to others' follows."""

from collections.abc import Callable
from typing import Any

from federation.compose.message import Message, both, personal
from federation.render import activity
from node import site
from node.jobs import TakenJob
from node.models import Block, FollowRequest
from node.services.follows import rows

_Make = Callable[[str, str, str], dict[str, Any]]


def followed(job: TakenJob) -> Message | None:
    request = FollowRequest.get_or_none(FollowRequest.id == job.subject)
    if request is None:
        return None
    return _between(request.account_id, request.target_id, request.uri, activity.follow)


def unfollowed(job: TakenJob) -> Message | None:
    told = job.payload
    return _between(told["account_id"], told["target_id"], told["uri"], activity.follow, undone=True)


def blocked(job: TakenJob) -> Message | None:
    block = Block.get_or_none(Block.id == job.subject)
    if block is None:
        return None
    uri = site.activity_uri(block.account_id, "blocks", block.id)
    return _between(block.account_id, block.target_id, uri, activity.block)


def unblocked(job: TakenJob) -> Message | None:
    told = job.payload
    uri = site.activity_uri(told["account_id"], "blocks", told["block_id"])
    return _between(told["account_id"], told["target_id"], uri, activity.block, undone=True)


def _between(account_id: int, target_id: int, uri: str, make: _Make, *, undone: bool = False) -> Message | None:
    people = both(account_id, target_id)
    if people is None or (people[0].is_gone and not undone):
        return None
    actor, target = people
    document = make(uri, actor.uri, target.uri)
    about = f"{document['type'].lower()} {target.uri}"
    return personal(actor, target, activity.undo(document) if undone else document, about)


def accepted(job: TakenJob) -> Message | None:
    return _answered(activity.accept, "accepts", job, follows=True)


def rejected(job: TakenJob) -> Message | None:
    return _answered(activity.reject, "rejects", job, follows=False)


def _answered(
    answer: Callable[[str, str, str, str], dict[str, Any]], kind: str, job: TakenJob, *, follows: bool
) -> Message | None:
    """None if it is not so any more: a job that had to wait must not have the last word."""
    told = job.payload
    people = both(told["account_id"], told["follower_id"])
    if people is None:
        return None
    actor, follower = people
    if (rows.get(follower.id, actor.id) is not None) is not follows:
        return None
    document = answer(site.activity_uri(actor.id, kind, job.id), actor.uri, told["uri"], follower.uri)
    return personal(actor, follower, document, f"answer {follower.uri}")
