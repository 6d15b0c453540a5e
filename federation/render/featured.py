"""Collections of accounts and who is in them, as documents (FEP-7aa9)."""

from typing import Any

from federation.audience import PUBLIC
from federation.render.context import context
from node import clock, site
from node.models import Account, Collection, CollectionItem, Tag
from node.services.accounts import lookup
from node.services.approvals.policies import NOBODY, Group
from node.services.collections import consent, rows
from node.services.collections import view as collection_view

Document = dict[str, Any]


Members = list[tuple[CollectionItem, Account]]


def parts(collection: Collection) -> tuple[Tag | None, Members]:
    """Its hashtag, and who agreed to be in it, as everybody sees them."""
    (view,) = collection_view.load([collection], None)
    people = lookup.by_ids([row.account_id for row in view.items])
    return view.tag, [(row, people[row.account_id]) for row in view.items if row.account_id in people]


def featured_collection(collection: Collection, owner_uri: str, tag: Tag | None, members: Members) -> Document:
    """`members`: those who agreed, in order."""
    described = (
        {"summaryMap": {collection.language: collection.description}}
        if collection.language and collection.description
        else {"summary": collection.description}
    )
    document: Document = {
        "@context": context("featured"),
        "id": collection.uri,
        "type": "FeaturedCollection",
        "attributedTo": owner_uri,
        "name": collection.name,
        **described,
        "url": collection.url,
        "sensitive": bool(collection.sensitive),
        "discoverable": bool(collection.discoverable),
        "published": clock.iso(collection.created_at),
        "updated": clock.iso(collection.updated_at),
        "totalItems": len(members),
        "orderedItems": [featured_item(row, collection, account) for row, account in members],
    }
    if tag is not None:
        document["topic"] = {"type": "Hashtag", "name": f"#{tag.name}", "href": site.tag_url(tag.key)}
    return document


def featured_item(row: CollectionItem, collection: Collection, account: Account) -> Document:
    """As it stands inside of its collection."""
    return {
        "id": rows.item_uri(row, collection),
        "type": "FeaturedItem",
        "featuredObject": account.uri,
        "featuredObjectType": account.kind,
        "featureAuthorization": rows.stamp_uri(row),
        "published": clock.iso(row.created_at),
    }


def stamp(row: CollectionItem, collection: Collection, account: Account) -> Document:
    return {
        "@context": context("featured"),
        "id": rows.stamp_uri(row),
        "type": "FeatureAuthorization",
        "attributedTo": account.uri,
        "interactingObject": collection.uri,
        "interactionTarget": account.uri,
    }


def can_feature(account: Account) -> Document:
    """The account stands where nobody else does: an empty list means nothing to some."""
    permission = consent.permission(account) or NOBODY
    names = {Group.PUBLIC: PUBLIC, Group.FOLLOWERS: account.followers_uri, Group.FOLLOWING: account.following_uri}
    allowed = [names[group] for group in permission.automatic if group in names]
    return {"canFeature": {"automaticApproval": allowed or [account.uri]}}
