"""Actors (ActivityPub, 4.1). What they say of themselves is believed only as far as it lies on their own host."""

from dataclasses import dataclass, field, replace

from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from federation.parse.handle import Handle, is_username, parse_handle
from federation.parse.keys import MAX_KEYS, ParsedKey, parse_key_uris, parse_keys, parse_single_key
from federation.parse.picture import NO_PICTURE, ParsedPicture, parse_picture
from federation.parse.policy import NO_POLICY, ParsedPolicy, parse_policy
from federation.parse.tag import NO_TAGS, ParsedTags, parse_tags
from node.models import ActorKind
from node.text.domains import normal_domain

MAX_SUMMARY = 20_000
MAX_FIELDS = 50
MAX_FIELD = 2_047
MAX_ALIASES = 256
MAX_DOMAINS = 256

_KINDS = frozenset(ActorKind)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedField:
    """One line of a profile; `value` is HTML, not sanitised."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedActor:
    """A remote actor. `summary` is HTML, not sanitised; empty text stands for all that is missing or unusable.

    `handle_hint` is `webfinger` (FEP-2c59): a hint, until WebFinger says the same.
    """

    uri: str
    kind: ActorKind
    username: str
    inbox: str
    handle_hint: Handle | None = None
    name: str = ""
    summary: str = ""
    url: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers: str = ""
    following: str = ""
    featured: str = ""
    featured_tags: str = ""
    featured_collections: str = ""
    icon: ParsedPicture = NO_PICTURE
    image: ParsedPicture = NO_PICTURE
    fields: tuple[ParsedField, ...] = ()
    tags: ParsedTags = NO_TAGS
    also_known_as: tuple[str, ...] = ()
    moved_to: str = ""
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    memorial: bool = False
    suspended: bool = False
    show_media: bool = True  # Mastodon 4.6: sections of the profile
    show_media_replies: bool = True
    show_featured: bool = True
    hides_public: bool | None = None  # GoToSocial's wishes for pages that anybody can read; None: nothing said
    hides_unlisted: bool | None = None
    published_at: int | None = None
    attribution_domains: tuple[str, ...] = ()
    policy: ParsedPolicy = NO_POLICY
    keys: tuple[ParsedKey, ...] = field(default=(), repr=False)
    key_uris: tuple[str, ...] = ()  # listed without being embedded: to be fetched

    @property
    def bot(self) -> bool:
        return self.kind in (ActorKind.SERVICE, ActorKind.APPLICATION)

    @property
    def group(self) -> bool:
        return self.kind is ActorKind.GROUP


def parse_actor(document: Document) -> ParsedActor:
    """Raises BadActivity for what is no actor, has no name, or has no inbox on its own host."""
    uri = as2.uri(document.get("id"))
    if not uri:
        raise BadActivity("id")
    kind = as2.type_of(document, _KINDS)
    if kind not in _KINDS:
        raise BadActivity("type")
    inbox = as2.own_id(document.get("inbox"), uri)
    if not inbox:
        raise BadActivity("inbox")
    hint = parse_handle(document.get("webfinger"))
    return ParsedActor(
        uri=uri,
        kind=ActorKind(kind),
        username=_username(document, hint),
        inbox=inbox,
        handle_hint=hint,
        name=as2.natural(document, "name"),
        summary=as2.natural(document, "summary", MAX_SUMMARY),
        url=as2.page_of(document.get("url")),
        shared_inbox=_shared_inbox(document, uri),
        outbox=as2.own_id(document.get("outbox"), uri),
        followers=as2.own_id(document.get("followers"), uri),
        following=as2.own_id(document.get("following"), uri),
        featured=as2.own_id(document.get("featured"), uri),
        featured_tags=as2.own_id(document.get("featuredTags"), uri),
        featured_collections=as2.own_id(document.get("featuredCollections"), uri),
        icon=parse_picture(document.get("icon")),
        image=parse_picture(document.get("image")),
        fields=_fields(document.get("attachment")),
        tags=parse_tags(document.get("tag")),
        also_known_as=as2.ids_of(document.get("alsoKnownAs"), MAX_ALIASES),
        moved_to=as2.id_of(document.get("movedTo")),
        locked=as2.flag(document.get("manuallyApprovesFollowers")),
        discoverable=as2.flag(document.get("discoverable")),
        indexable=as2.flag(document.get("indexable")),
        memorial=as2.flag(document.get("memorial")),
        suspended=as2.flag(document.get("suspended")),
        show_media=document.get("showMedia") is not False,
        show_media_replies=document.get("showRepliesInMedia") is not False,
        show_featured=document.get("showFeatured") is not False,
        hides_public=_flag_or_none(document.get("hidesToPublicFromUnauthedWeb")),
        hides_unlisted=_flag_or_none(document.get("hidesCcPublicFromUnauthedWeb")),
        published_at=as2.past_ms(document.get("published")),
        attribution_domains=_domains(document.get("attributionDomains")),
        policy=parse_policy(document.get("interactionPolicy")),
        keys=parse_keys(document, uri),
        key_uris=parse_key_uris(document, uri),
    )


def with_key(actor: ParsedActor, document: Document | None) -> ParsedActor:
    """With the key that a document at an address of its own is, if the actor lists that by its id."""
    key = parse_single_key(document, actor.uri) if document is not None else None
    if key is None or key.key_id not in actor.key_uris:
        return actor
    return replace(actor, keys=(*actor.keys, key)[:MAX_KEYS])


def _username(document: Document, hint: Handle | None) -> str:
    name = document.get("preferredUsername")
    if name is None and hint is not None:
        return hint.username
    if type(name) is not str or not is_username(name):
        raise BadActivity("username")
    return name


def _shared_inbox(document: Document, uri: str) -> str:
    # Misskey writes it a second time at the top, and old versions of it only there.
    endpoints = as2.obj(document.get("endpoints")) or {}
    found = as2.own_id(endpoints.get("sharedInbox"), uri)
    return found or as2.own_id(document.get("sharedInbox"), uri)


def _fields(value: object) -> tuple[ParsedField, ...]:
    fields = []
    for item in as2.many(value):
        if type(item) is dict and as2.type_of(item, ("PropertyValue",)) == "PropertyValue":
            name, content = as2.natural(item, "name", MAX_FIELD), _field_value(item)
            if name or content:
                fields.append(ParsedField(name=name, value=content))
    return tuple(fields[:MAX_FIELDS])


def _field_value(item: Document) -> str:
    value = as2.one(item.get("value"))
    if type(value) is dict:
        return (
            as2.link_href(value) or as2.natural(value, "content", MAX_FIELD) or as2.natural(value, "name", MAX_FIELD)
        )
    return as2.text(value, MAX_FIELD)


def _domains(value: object) -> tuple[str, ...]:
    """Plain strings only: Mastodon once took objects here (CVE-2026-50128)."""
    if type(value) is not list:
        return ()
    domains = (normal_domain(item) for item in value[:MAX_DOMAINS] if type(item) is str and len(item) <= 253)
    return tuple(dict.fromkeys(domain for domain in domains if domain))


def _flag_or_none(value: object) -> bool | None:
    return value if type(value) is bool else None
