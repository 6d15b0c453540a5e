"""The `@context` of our documents: for each kind of document the terms that it uses, and no others (FEDERATION.md).

Peers that read plain JSON know exactly these short names; peers that expand JSON-LD need their definitions.
"""

from functools import cache
from typing import Any, Final, Literal

from federation.parse.as2 import ACTIVITYSTREAMS

SECURITY: Final = "https://w3id.org/security/v1"
MULTIKEY: Final = "https://www.w3.org/ns/cid/v1"  # FEP-521a
WEBFINGER: Final = "https://purl.archive.org/socialweb/webfinger"

Term = str | dict[str, str]
Context = list[str | dict[str, Term]]
Kind = Literal[
    "activity", "actor", "note", "collection", "like", "boost", "reaction", "approval", "request", "featured"
]  # fmt: skip


def _iri(name: str) -> Term:
    """A term whose value is an address."""
    return {"@id": name, "@type": "@id"}


TERMS: Final[dict[str, Term]] = {
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "sensitive": "as:sensitive",
    "Hashtag": "as:Hashtag",
    "movedTo": _iri("as:movedTo"),
    "alsoKnownAs": _iri("as:alsoKnownAs"),
    "quoteUrl": "as:quoteUrl",
    "toot": "http://joinmastodon.org/ns#",
    "featured": _iri("toot:featured"),
    "featuredTags": _iri("toot:featuredTags"),
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "memorial": "toot:memorial",
    "suspended": "toot:suspended",
    "showMedia": "toot:showMedia",
    "showRepliesInMedia": "toot:showRepliesInMedia",
    "showFeatured": "toot:showFeatured",
    "votersCount": "toot:votersCount",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "Emoji": "toot:Emoji",
    "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
    "schema": "http://schema.org#",  # wrong, and what everybody sends and reads
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "ostatus": "http://ostatus.org#",
    "conversation": "ostatus:conversation",
    "atomUri": "ostatus:atomUri",
    "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
    "litepub": "http://litepub.social/ns#",
    "directMessage": "litepub:directMessage",
    "EmojiReact": "litepub:EmojiReact",
    "fedibird": "http://fedibird.com/ns#",
    "quoteUri": "fedibird:quoteUri",
    "emojiReactions": _iri("fedibird:emojiReactions"),
    "misskey": "https://misskey-hub.net/ns#",
    "_misskey_reaction": "misskey:_misskey_reaction",
    "_misskey_quote": "misskey:_misskey_quote",
    "quote": _iri("https://w3id.org/fep/044f#quote"),
    "quoteAuthorization": _iri("https://w3id.org/fep/044f#quoteAuthorization"),
    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
    "gts": "https://gotosocial.org/ns#",
    "LikeRequest": "gts:LikeRequest",
    "ReplyRequest": "gts:ReplyRequest",
    "AnnounceRequest": "gts:AnnounceRequest",
    "LikeAuthorization": "gts:LikeAuthorization",
    "ReplyAuthorization": "gts:ReplyAuthorization",
    "AnnounceAuthorization": "gts:AnnounceAuthorization",
    "likeAuthorization": _iri("gts:likeAuthorization"),
    "replyAuthorization": _iri("gts:replyAuthorization"),
    "announceAuthorization": _iri("gts:announceAuthorization"),
    "interactionPolicy": _iri("gts:interactionPolicy"),
    "canQuote": _iri("gts:canQuote"),
    "canReply": _iri("gts:canReply"),
    "canLike": _iri("gts:canLike"),
    "canAnnounce": _iri("gts:canAnnounce"),
    "automaticApproval": _iri("gts:automaticApproval"),
    "manualApproval": _iri("gts:manualApproval"),
    "interactingObject": _iri("gts:interactingObject"),
    "interactionTarget": _iri("gts:interactionTarget"),
    "approvedBy": _iri("gts:approvedBy"),
    "canFeature": _iri("https://w3id.org/fep/7aa9#canFeature"),
    "featuredCollections": _iri("https://w3id.org/fep/7aa9#featuredCollections"),
    "FeaturedCollection": "https://w3id.org/fep/7aa9#FeaturedCollection",
    "FeaturedItem": "https://w3id.org/fep/7aa9#FeaturedItem",
    "FeatureRequest": "https://w3id.org/fep/7aa9#FeatureRequest",
    "FeatureAuthorization": "https://w3id.org/fep/7aa9#FeatureAuthorization",
    "featuredObject": _iri("https://w3id.org/fep/7aa9#featuredObject"),
    "featuredObjectType": "https://w3id.org/fep/7aa9#featuredObjectType",
    "featureAuthorization": _iri("https://w3id.org/fep/7aa9#featureAuthorization"),
    "topic": "https://w3id.org/fep/7aa9#topic",
}

CONTEXT: Final[Context] = [ACTIVITYSTREAMS, SECURITY, MULTIKEY, WEBFINGER, TERMS]
"""Everything we know, for a document of any kind."""

_ACTOR = (
    "manuallyApprovesFollowers movedTo alsoKnownAs featured featuredTags discoverable indexable memorial suspended"
    " showMedia showRepliesInMedia showFeatured"
    " Emoji Hashtag PropertyValue value attributionDomains interactionPolicy canFeature automaticApproval"
    " featuredCollections"
)
_NOTE = (
    "sensitive Hashtag Emoji votersCount blurhash focalPoint conversation directMessage quote _misskey_quote quoteUri"
    " quoteAuthorization approvedBy replyAuthorization interactionPolicy canQuote canReply canLike canAnnounce"
    " automaticApproval manualApproval FeaturedCollection"
)
_APPROVAL = (
    "QuoteRequest QuoteAuthorization ReplyRequest ReplyAuthorization LikeRequest LikeAuthorization AnnounceRequest"
    " AnnounceAuthorization interactingObject interactionTarget"
)
_FEATURED = (
    "sensitive discoverable Hashtag FeaturedCollection FeaturedItem FeatureRequest FeatureAuthorization featuredObject"
    " featuredObjectType featureAuthorization topic interactingObject interactionTarget"
)
_USED: Final[dict[Kind, tuple[tuple[str, ...], str]]] = {
    "activity": ((), ""),
    "actor": ((SECURITY, MULTIKEY, WEBFINGER), _ACTOR),
    "note": ((), _NOTE),
    "approval": ((), _APPROVAL),
    "request": ((), f"{_NOTE} {_APPROVAL}"),
    "collection": ((), "Hashtag"),
    "featured": ((), _FEATURED),
    "like": ((), "likeAuthorization approvedBy"),
    "boost": ((), "announceAuthorization approvedBy"),
    "reaction": ((), "Emoji _misskey_reaction"),
}


@cache
def context(kind: Kind) -> Context:
    """The `@context` of a document. It is shared by all documents of its kind: do not change it."""
    documents, names = _USED[kind]
    base: Context = [ACTIVITYSTREAMS, *documents]
    return [*base, terms(names.split())] if names else base


def terms(names: list[str]) -> dict[str, Term]:
    """Definitions of `names`, and of the prefixes that these are written with."""
    prefixes = {prefix for name in names if (prefix := _prefix_of(TERMS[name])) in TERMS}
    wanted = prefixes.union(names)
    return {name: term for name, term in TERMS.items() if name in wanted}


def _prefix_of(term: Any) -> str:
    address: str = term["@id"] if isinstance(term, dict) else term
    return address.partition(":")[0]
