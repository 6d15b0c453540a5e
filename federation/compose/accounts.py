"""Profiles, goodbyes, and reports about accounts."""

import msgspec

from federation import audience
from federation.compose.message import Last, Message, both, personal
from federation.render import activity
from federation.render.actor_document import actor_document
from node import site
from node.jobs import Priority, TakenJob
from node.models import Collection, Report, Status
from node.services import accounts
from node.services.accounts import lookup
from node.store import in_ids


def changed(job: TakenJob) -> Message | None:
    account = lookup.by_id(job.subject)
    if account is None or account.deleted_at is not None:
        return None
    document = actor_document(account)
    if document is None:
        return None
    return Message(
        actor=account,
        document=activity.update_actor(document, account.followers_uri),
        inboxes=audience.inboxes_of_followers(account.id),
        about=account.uri,
        priority=Priority.BULK,
        is_last_word=Last.ABOUT_THIS,
    )


def moved(job: TakenJob) -> Message | None:
    """To followers, whose servers have them follow along."""
    people = both(job.subject, job.payload["target_id"])
    if people is None or people[0].is_gone or people[0].moved_to_id != people[1].id:
        return None
    account, target = people
    uri = site.activity_uri(account.id, "moves", job.id)
    return Message(
        actor=account,
        document=activity.move(uri, account.uri, target.uri, account.followers_uri),
        inboxes=audience.inboxes_of_followers(account.id),
        about=f"move {account.uri}",
        is_last_word=Last.ABOUT_THIS,
    )


def tagged(job: TakenJob) -> Message | None:
    """A hashtag on the profile, or off it. It stands in `featured`, where Mastodon puts and looks for it."""
    told = job.payload
    actor = lookup.by_id(told["account_id"])
    if actor is None or actor.is_gone:
        return None
    make = activity.add if told["featured"] else activity.remove
    hashtag = {
        "type": "Hashtag",
        "name": f"#{told['name']}",
        "href": site.tagged_url(actor.username, told["key"]),
    }
    return Message(
        actor=actor,
        document=make(actor.uri, hashtag, actor.featured_uri, actor.followers_uri),
        inboxes=audience.inboxes_of_followers(actor.id),
        about=f"tag {told['key']}",
        priority=Priority.BULK,
        is_last_word=Last.ABOUT_THIS,
    )


def deleted(job: TakenJob) -> Message | None:
    """To every server that may ever have heard of it."""
    account = lookup.by_id(job.subject)
    if account is None:
        return None
    return Message(
        actor=account,
        document=activity.delete_actor(account.uri),
        inboxes=audience.inboxes_of_everybody(),
        about=account.uri,
        priority=Priority.BULK,
        is_last_word=Last.EVERYTHING,
    )


def reported(job: TakenJob) -> Message | None:
    """In the name of the node, so that the reported do not learn who it was."""
    report = Report.get_or_none(Report.id == job.subject)
    target = lookup.by_id(report.target_id) if report is not None else None
    if report is None or target is None:
        return None
    status_ids = [int(one) for one in msgspec.json.decode(report.status_ids)]
    statuses = Status.select(Status.uri).where(in_ids(Status.id, status_ids), Status.account == target.id)
    # Those of others that the target is in are nothing that its own node could do away with.
    collection_ids = [int(one) for one in msgspec.json.decode(report.collection_ids)]
    own = Collection.select(Collection.uri).where(
        in_ids(Collection.id, collection_ids), Collection.account == target.id
    )
    actor = accounts.instance_actor()
    objects = [target.uri, *(status.uri for status in statuses), *(one.uri for one in own)]
    document = activity.flag(f"{actor.uri}#flags/{report.id}", actor.uri, objects, report.comment, target.uri)
    return personal(actor, target, document, "")
