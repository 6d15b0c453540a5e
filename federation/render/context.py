"""The `@context` of what we send: written out once, with the terms that a kind of document uses.

Peers that read plain JSON depend on exactly these short names; peers that process JSON-LD depend on their meanings.
"""

from typing import Any, Final

ACTIVITYSTREAMS: Final = "https://www.w3.org/ns/activitystreams"
SECURITY: Final = "https://w3id.org/security/v1"
WEBFINGER: Final = "https://purl.archive.org/socialweb/webfinger"

_SHARED: dict[str, Any] = {
    "toot": "http://joinmastodon.org/ns#",
    "Emoji": "toot:Emoji",
    "Hashtag": "as:Hashtag",
    "sensitive": "as:sensitive",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
}
_NOTE: dict[str, Any] = {
    "ostatus": "http://ostatus.org#",
    "conversation": "ostatus:conversation",
    "atomUri": "ostatus:atomUri",
    "votersCount": "toot:votersCount",
    "litepub": "http://litepub.social/ns#",
    "directMessage": "litepub:directMessage",
}
_ACTOR: dict[str, Any] = {
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "movedTo": {"@id": "as:movedTo", "@type": "@id"},
    "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
    "featured": {"@id": "toot:featured", "@type": "@id"},
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "memorial": "toot:memorial",
    "suspended": "toot:suspended",
    # The wrong scheme, and required: it is what Mastodon sends and reads.
    "schema": "http://schema.org#",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
}

_CONTEXTS: dict[str, list[Any]] = {
    "plain": [ACTIVITYSTREAMS],
    "note": [ACTIVITYSTREAMS, _SHARED | _NOTE],
    "actor": [ACTIVITYSTREAMS, SECURITY, WEBFINGER, _SHARED | _ACTOR],
}


def context(kind: str) -> list[Any]:
    """`plain` for collections, `note` for statuses and activities around them, `actor`."""
    return _CONTEXTS[kind]
