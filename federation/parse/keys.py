"""Public keys that an actor lists and that list the actor (FEP-521a).

Whether the text of a key is a key at all is for node/keys.py to say: `load_public` reads what is `pem`,
`load_multikey` what is `multikey`.
"""

from dataclasses import dataclass
from enum import StrEnum

from federation import uris
from federation.parse import as2
from federation.parse.as2 import BadActivity, Document

MAX_KEYS = 10  # as many as Mastodon reads
MAX_KEY_TEXT = 4_096


class KeyForm(StrEnum):
    PEM = "pem"
    MULTIKEY = "multikey"


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedKey:
    """`key_id` is no address with some peers (Bridgy Fed); then it can be found in its actor, but not be fetched."""

    key_id: str
    form: KeyForm
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedKeyDocument:
    """What is found at a key's id: the key alone, its actor, or a stub of its actor (GoToSocial's `/main-key`).

    It proves nothing. The owner's own document must be fetched, and list the key.
    """

    uri: str
    owner_uri: str


def name_of(key_id: str, actor_uri: str) -> str:
    """By what a key is known here. An id that is no address anybody may use, so it counts only beside its actor."""
    return key_id if "://" in key_id else f"{key_id} of {actor_uri}"


def parse_keys(actor: Document, actor_uri: str) -> tuple[ParsedKey, ...]:
    """The embedded keys of `publicKey` and `assertionMethod` that name `actor_uri` as their owner."""
    host = uris.host_of(actor_uri)
    found: dict[str, ParsedKey] = {}
    for item in as2.many(actor.get("publicKey"), MAX_KEYS) + as2.many(actor.get("assertionMethod"), MAX_KEYS):
        key = _key(item, actor_uri, host) if type(item) is dict else None
        if key is not None:
            found.setdefault(key.key_id, key)
    return tuple(found.values())[:MAX_KEYS]


def parse_key_uris(actor: Document, actor_uri: str) -> tuple[str, ...]:
    """Ids of keys that the actor lists without embedding them; on its own host, for none else can vouch for it."""
    listed = as2.many(actor.get("publicKey"), MAX_KEYS) + as2.many(actor.get("assertionMethod"), MAX_KEYS)
    return tuple(uri for uri in dict.fromkeys(map(as2.uri, listed)) if uri and as2.same_host(uri, actor_uri))


def parse_key_document(document: Document) -> ParsedKeyDocument:
    """Raises BadActivity for what names no owner on its own host."""
    uri = as2.uri(document.get("id"))
    owner = as2.own_id(document.get("owner"), uri) or as2.own_id(document.get("controller"), uri)
    if uri and not owner and ("publicKey" in document or "assertionMethod" in document):
        owner = uri
    if not owner:
        raise BadActivity("key")
    return ParsedKeyDocument(uri=uri, owner_uri=owner)


def parse_single_key(document: Document, actor_uri: str) -> ParsedKey | None:
    """The key that a document is, if it names `actor_uri` as its owner."""
    return _key(document, actor_uri, uris.host_of(actor_uri))


def _key(item: Document, actor_uri: str, host: str | None) -> ParsedKey | None:
    key_id = item.get("id")
    if type(key_id) is not str or not 0 < len(key_id) <= as2.MAX_NAME:
        return None
    if "://" in key_id and uris.host_of(key_id) != host:
        return None
    if actor_uri not in (as2.id_of(item.get("owner")), as2.id_of(item.get("controller"))):
        return None
    for name, form in (("publicKeyPem", KeyForm.PEM), ("publicKeyMultibase", KeyForm.MULTIKEY)):
        text = item.get(name)
        if type(text) is str and 0 < len(text) <= MAX_KEY_TEXT:
            return ParsedKey(key_id=key_id, form=form, text=text)
    return None
