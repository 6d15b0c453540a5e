"""Actors as documents (ActivityPub, 4.1)."""

from typing import Any

import msgspec

from federation import uris
from federation.render.context import context
from federation.render.featured import can_feature
from federation.render.tags import emoji_tag, hashtag_tag
from node import clock, site
from node.keys import load_private
from node.media.storage import mime_of
from node.models import Account, CustomEmoji, SigningKey
from node.text.tokens import hashtags_in


def actor(account: Account, key: SigningKey, emoji: list[CustomEmoji], moved_to: str) -> dict[str, Any]:
    """A local account. A suspended one shows that it is, and nothing that it said of itself."""
    document = _skeleton(account, key)
    if account.suspended_at is not None:
        return document | {"suspended": True, "name": "", "summary": ""}
    return document | {
        "name": account.display_name,
        "summary": account.note,
        "attachment": [_field(one) for one in msgspec.json.decode(account.fields)],
        "tag": [*map(hashtag_tag, _hashtags(account)), *map(emoji_tag, emoji)],
        "alsoKnownAs": msgspec.json.decode(account.also_known_as),
        **({"movedTo": moved_to} if moved_to else {}),
        "interactionPolicy": can_feature(account),
        **_sites(account),
        **_picture("icon", account.avatar_key, account.avatar_description),
        **_picture("image", account.header_key, account.header_description),
    }


def instance_actor(account: Account, key: SigningKey) -> dict[str, Any]:
    """Who signs when nobody in particular asks. It has no followers and no posts."""
    uri = site.instance_actor_uri()
    return {
        "@context": context("actor"),
        "id": uri,
        "type": "Application",
        "preferredUsername": account.username,
        "webfinger": f"{account.username}@{site.domain}",
        "name": site.domain,
        "url": f"{site.base_url}/about",
        "inbox": site.shared_inbox_uri(),
        "outbox": f"{uri}/outbox",
        "endpoints": {"sharedInbox": site.shared_inbox_uri()},
        "manuallyApprovesFollowers": True,
        **_keys(uri, key),
    }


def _skeleton(account: Account, key: SigningKey) -> dict[str, Any]:
    uri = account.uri
    return {
        "@context": context("actor"),
        "id": uri,
        "type": account.kind,
        "preferredUsername": account.username,
        "webfinger": f"{account.username}@{site.domain}",
        "url": site.profile_url(account.username),
        "inbox": account.inbox,
        "outbox": account.outbox,
        "followers": account.followers_uri,
        "following": account.following_uri,
        "featured": account.featured_uri,
        "featuredTags": site.featured_tags_uri(account.id),
        "featuredCollections": site.featured_collections_uri(account.id),
        "endpoints": {"sharedInbox": site.shared_inbox_uri()},
        "manuallyApprovesFollowers": bool(account.locked),
        "discoverable": bool(account.discoverable),
        "indexable": bool(account.indexable),
        "memorial": bool(account.memorial),
        "showMedia": bool(account.show_media),
        "showRepliesInMedia": bool(account.show_media_replies),
        "showFeatured": bool(account.show_featured),
        "published": clock.iso(account.created_at),
        **_keys(uri, key),
    }


def _keys(owner: str, key: SigningKey) -> dict[str, Any]:
    """RSA for requests; Ed25519 for proofs, as a Multikey (FEP-521a)."""
    multikey = load_private(key.ed25519_pem).public.multikey
    return {
        # Lemmy finds the owner of a key by the part before `#`.
        "publicKey": {"id": uris.key_id(owner), "owner": owner, "publicKeyPem": key.public_pem},
        "assertionMethod": [
            {"id": uris.proof_key_id(owner), "type": "Multikey", "controller": owner, "publicKeyMultibase": multikey}
        ],
    }


def _hashtags(account: Account) -> list[str]:
    """Those that are links in what it says of itself."""
    written = [account.note_source, *(one["source"] for one in msgspec.json.decode(account.fields))]
    return hashtags_in("\n".join(written))


def _field(one: dict[str, Any]) -> dict[str, str]:
    """FEP-fb2a"""
    return {"type": "PropertyValue", "name": one["name"], "value": one["value"]}


def _sites(account: Account) -> dict[str, Any]:
    """Those that may name the account as an author."""
    names = msgspec.json.decode(account.attribution_domains)
    return {"attributionDomains": names} if names else {}


def _picture(name: str, key: str, description: str) -> dict[str, Any]:
    if not key:
        return {}
    picture = {"type": "Image", "mediaType": mime_of(key), "url": site.media_url(key)}
    return {name: picture | ({"name": description, "summary": description} if description else {})}
