"""From what an actor says of itself to what is stored of it: sanitised, and its keys read."""

from federation.facts.policy import feature_text
from federation.parse.actor import ParsedActor, ParsedField
from federation.parse.handle import Handle
from federation.parse.keys import KeyForm, ParsedKey, name_of
from node import keys
from node.errors import BadInput
from node.services.accounts import ActorFacts, ActorKey, ProfileField
from node.text.names import clean_display_name, clean_line
from node.text.sanitize import sanitize, sanitize_inline


def facts_of_actor(actor: ParsedActor, handle: Handle, moved_to_id: int | None = None) -> ActorFacts:
    """`handle` was confirmed by WebFinger."""
    return ActorFacts(
        uri=actor.uri,
        username=handle.username,
        domain=handle.domain,
        url=actor.url,
        kind=actor.kind,
        display_name=clean_display_name(actor.name),
        note=sanitize(actor.summary) if actor.summary else "",
        fields=tuple(_field(one) for one in actor.fields),
        emoji=tuple(one.shortcode for one in actor.tags.emoji),
        also_known_as=actor.also_known_as,
        attribution_domains=actor.attribution_domains,
        feature_policy=feature_text(actor),
        avatar_remote_url=actor.icon.url,
        avatar_description=actor.icon.description,
        header_remote_url=actor.image.url,
        header_description=actor.image.description,
        locked=actor.locked,
        discoverable=actor.discoverable,
        indexable=actor.indexable,
        show_media=actor.show_media,
        show_media_replies=actor.show_media_replies,
        show_featured=actor.show_featured,
        hides_public=actor.hides_public is True,
        hides_unlisted=_hides_unlisted(actor),
        memorial=actor.memorial,
        moved_to_id=moved_to_id,
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox,
        outbox=actor.outbox,
        followers_uri=actor.followers,
        following_uri=actor.following,
        featured_uri=actor.featured,
        created_at=actor.published_at,
        keys=_keys(actor),
    )


def introduction_of(actor: ParsedActor, host: str) -> ActorFacts:
    """What is needed to check signatures, and no more: `host` need not be the domain of its handle."""
    return ActorFacts(
        uri=actor.uri,
        username=actor.username,
        domain=host,
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox,
        created_at=actor.published_at,
        keys=_keys(actor),
    )


def _keys(actor: ParsedActor) -> tuple[ActorKey, ...]:
    return tuple(key for one in actor.keys if (key := _key(one, actor.uri)) is not None)


def _field(one: ParsedField) -> ProfileField:
    return ProfileField(name=clean_line(one.name), value=sanitize_inline(one.value))


def _key(one: ParsedKey, actor_uri: str) -> ActorKey | None:
    """None for keys that cannot be read, or are too weak to prove anything."""
    try:
        key = keys.load_public(one.text) if one.form is KeyForm.PEM else keys.load_multikey(one.text)
    except BadInput:
        return None
    return ActorKey(key_id=name_of(one.key_id, actor_uri), kind=str(key.kind), pem=key.pem)


def _hides_unlisted(actor: ParsedActor) -> bool:
    """GoToSocial keeps unlisted posts from visitors unless told otherwise; who says neither wish knows none of them."""
    return actor.hides_public is not None if actor.hides_unlisted is None else actor.hides_unlisted
