"""WebFinger answers (RFC 7033), and the host-meta that says where else to ask.

They only claim. A handle is believed when the actor that `actor_uri` names leads back to it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborHTMLParser

from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from federation.parse.handle import Handle, parse_handle

MAX_LINKS = 200
_MAX_HOST_META_CHARS = 64 * 1024

_ACTIVITY_JSON: Final = "application/activity+json"
_LD_JSON: Final = "application/ld+json"
_PROFILE_PAGE: Final = "http://webfinger.net/rel/profile-page"
_SUBSCRIBE: Final = "http://ostatus.org/schema/1.0/subscribe"
_INTENT: Final = "https://w3id.org/fep/3b86/"
_PLACEHOLDER = re.compile(r"\{([\w-]{1,32})\}", re.ASCII)

# What an intent is about is its object, but of an answer, which is made there.
_ABOUT: Final = {"Create": "{inReplyTo}"}

_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML_LINK = re.compile(r"<(?:\w{1,32}:)?(Link\s[^<>]{1,4096})>")


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedWebfinger:
    """`subject` is the (name, domain) that the answer is about, None if it is no handle."""

    subject: Handle | None
    actor_uri: str
    profile_url: str = ""
    ways: tuple[tuple[str, str], ...] = ()  # templates by what somebody wants to do: see `way_on`
    aliases: tuple[str, ...] = ()


def parse_webfinger(document: Document) -> ParsedWebfinger:
    """Raises BadActivity when no link leads to an ActivityPub actor."""
    links = [link for link in as2.many(document.get("links"), MAX_LINKS) if type(link) is dict]
    actor_uri = next((href for link in links if (href := _actor_of(link))), "")
    if not actor_uri:
        raise BadActivity("self")
    return ParsedWebfinger(
        subject=_subject(document.get("subject")),
        actor_uri=actor_uri,
        profile_url=next((as2.uri(link.get("href")) for link in links if link.get("rel") == _PROFILE_PAGE), ""),
        ways=_ways(links),
        aliases=as2.ids_of(document.get("aliases"), MAX_LINKS),
    )


def way_on(ways: Iterable[tuple[str, str]], wish: str, uri: str) -> str:
    """The address where a person goes on with `uri`; empty if their server names none.

    `wish` is an activity (FEP-3b86); whoever names no address for it may have one for everything, or for following.
    """
    templates = dict(ways)
    for name, about in ((wish, _ABOUT.get(wish, "{object}")), ("Object", "{object}"), (_SUBSCRIBE, "{uri}")):
        template = templates.get(name, "")
        if about in template:
            return _PLACEHOLDER.sub("", template.replace(about, quote(uri, safe="")))
    return ""


def parse_host_meta(body: bytes) -> str:
    """The `lrdd` template of an XRD document (RFC 6415), or nothing.

    Documents that declare a type or entities are refused, and no others need a real XML parser.
    """
    text = body[:_MAX_HOST_META_CHARS].decode("utf-8", "replace")
    if _DECLARATION.search(text):
        return ""
    for match in _XML_LINK.finditer(text):
        attributes = _attributes(f"<{match[1]}>")
        template = attributes.get("template") or ""
        if attributes.get("rel") == "lrdd" and "{uri}" in template and _is_template(template):
            return template
    return ""


def _actor_of(link: Document) -> str:
    """Only a `self` link of exactly this type names an actor: others point to pages and feeds."""
    kind = link.get("type")
    if link.get("rel") != "self" or type(kind) is not str:
        return ""
    name, _, parameters = kind[:200].partition(";")
    name = name.strip().lower()
    is_actor = name == _ACTIVITY_JSON or (name == _LD_JSON and as2.ACTIVITYSTREAMS in parameters)
    return as2.uri(link.get("href")) if is_actor else ""


def _subject(value: object) -> Handle | None:
    if type(value) is not str or len(value) > as2.MAX_NAME:
        return None
    # Some answer with the `@` encoded, as it stood in the question.
    return parse_handle(unquote(value) if "%" in value else value)


def _ways(links: list[Document]) -> tuple[tuple[str, str], ...]:
    """The first template for each kind of wish."""
    ways: dict[str, str] = {}
    for link in links:
        rel, template = as2.text(link.get("rel")), as2.text(link.get("template"))
        name = rel if rel == _SUBSCRIBE else rel.removeprefix(_INTENT) if rel.startswith(_INTENT) else ""
        if name and name not in ways and _is_template(template):
            ways[name] = template
    return tuple(ways.items())


def _is_template(template: str) -> bool:
    """What is filled in belongs to the path or the query: it must not choose the host."""
    before, placeholder, _ = template.partition("{")
    return bool(placeholder and before.count("/") >= 3 and as2.uri(_PLACEHOLDER.sub("x", template)))


def _attributes(tag: str) -> dict[str, str | None]:
    # As HTML, a single tag without entities of its own reads as in XML.
    node = LexborHTMLParser(tag).css_first("link")
    return node.attributes if node is not None else {}
