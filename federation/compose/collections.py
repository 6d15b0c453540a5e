"""Collections of people here: made, changed, gone; who is in them; asking who is elsewhere, and answering who asks."""

from federation import audience
from federation.compose.message import Last, Message, both, personal
from federation.render import activity, featured
from node import site
from node.jobs import Priority, TakenJob
from node.models import Account, ItemState
from node.services.accounts import lookup
from node.services.collections import rows


def told(job: TakenJob) -> Message | None:
    """A new one, or what it is now; whole, with its members."""
    collection = rows.by_id(job.subject)
    owner = lookup.by_id(collection.account_id) if collection is not None else None
    if collection is None or owner is None or owner.is_gone or not owner.is_local:
        return None
    document = featured.featured_collection(collection, owner.uri, *featured.parts(collection))
    if job.payload["new"]:
        said = activity.add_featured(
            owner.uri, document, site.featured_collections_uri(owner.id), owner.followers_uri
        )
    else:
        said = activity.update_featured(owner.uri, document, owner.followers_uri)
    return _to_all(owner, said, collection.uri, rows.members_elsewhere(collection.id))


def deleted(job: TakenJob) -> Message | None:
    told = job.payload
    owner = lookup.by_id(told["account_id"])
    if owner is None or owner.deleted_at is not None:
        return None
    target = site.featured_collections_uri(owner.id)
    said = activity.remove(owner.uri, told["uri"], target, owner.followers_uri)
    return _to_all(owner, said, told["uri"], told["account_ids"], last=Last.ABOUT_THIS)


def added(job: TakenJob) -> Message | None:
    row = rows.item(job.subject)
    collection = rows.by_id(row.collection_id) if row is not None else None
    if row is None or collection is None or row.state != ItemState.ACCEPTED:
        return None
    people = both(collection.account_id, row.account_id)
    if people is None or people[0].is_gone:
        return None
    owner, account = people
    item = featured.featured_item(row, collection, account)
    said = activity.add_featured(owner.uri, item, collection.uri, owner.followers_uri)
    return _to_all(owner, said, item["id"], rows.members_elsewhere(collection.id))


def removed(job: TakenJob) -> Message | None:
    told = job.payload
    owner = lookup.by_id(told["account_id"])
    if owner is None or owner.deleted_at is not None:
        return None
    said = activity.remove(owner.uri, told["uri"], told["collection"], owner.followers_uri)
    return _to_all(owner, said, told["uri"], told["account_ids"], last=Last.ABOUT_THIS)


def requested(job: TakenJob) -> Message | None:
    row = rows.item(job.subject)
    collection = rows.by_id(row.collection_id) if row is not None else None
    if row is None or collection is None or row.state != ItemState.PENDING:
        return None
    people = both(collection.account_id, row.account_id)
    if people is None or people[0].is_gone:
        return None
    owner, account = people
    uri = site.activity_uri(owner.id, "feature_requests", row.id)
    return personal(owner, account, activity.feature_request(uri, owner.uri, account.uri, collection.uri), uri)


def answered(job: TakenJob) -> Message | None:
    """As it stands now: who left meanwhile has not agreed."""
    told = job.payload
    people = both(told["account_id"], told["asker_id"])
    if people is None:
        return None
    account, asker = people
    row = rows.item(told["item"]) if told["item"] else None
    agreed = row is not None and row.state == ItemState.ACCEPTED
    kind = "Accept" if agreed else "Reject"
    request = {
        "id": told["request"],
        "type": "FeatureRequest",
        "actor": asker.uri,
        "object": account.uri,
        "instrument": told["collection"],
    }
    uri = site.activity_uri(account.id, f"{kind.lower()}s", job.id)
    document = activity.answer_feature(kind, uri, account.uri, asker.uri, request)
    if row is not None and agreed:
        document["result"] = rows.stamp_uri(row)
    return personal(account, asker, document, f"feature {told['request']}")


def _to_all(
    owner: Account, document: dict[str, object], about: str, members: list[int], *, last: Last = Last.NOTHING
) -> Message:
    """To followers, and to the nodes of who is in it: they may leave."""
    return Message(
        actor=owner,
        document=document,
        inboxes=audience.inboxes_of_followers(owner.id) | audience.inboxes_of(members),
        about=about,
        priority=Priority.BULK,
        is_last_word=last,
    )
