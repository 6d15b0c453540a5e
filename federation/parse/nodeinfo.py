"""NodeInfo: which software a peer runs and how large it says it is (FEP-f1d5)."""

from dataclasses import dataclass
from typing import Final

from federation import uris
from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from node.text.names import clean_line

# The newest first; all have the members that are read here.
_SCHEMAS: Final = tuple(
    f"http://nodeinfo.diaspora.software/ns/schema/{version}" for version in ("2.1", "2.0", "1.1", "1.0")
)
_APPLICATION: Final = "https://www.w3.org/ns/activitystreams#Application"


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedNodeInfoLinks:
    """`/.well-known/nodeinfo`: both on the host that was asked, or empty."""

    document_uri: str
    application_uri: str = ""  # the instance actor (FEP-2677)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedNodeInfo:
    """Text is plain and on one line. Counts are None when they are not told; hidden ones are often 0."""

    software: str
    version: str = ""
    name: str = ""
    open_registrations: bool = False
    users_count: int | None = None
    active_month_count: int | None = None
    statuses_count: int | None = None


def parse_nodeinfo_links(document: Document, host: str) -> ParsedNodeInfoLinks:
    """Links elsewhere are not followed (CVE-2026-62857). Raises BadActivity when no version is known."""
    found: dict[str, str] = {}
    for link in as2.many(document.get("links"), 50):
        if type(link) is dict and type(rel := link.get("rel")) is str:
            href = as2.uri(link.get("href"))
            if href and uris.host_of(href) == host:
                found.setdefault(rel, href)
    document_uri = next((found[schema] for schema in _SCHEMAS if schema in found), "")
    if not document_uri:
        raise BadActivity("links")
    return ParsedNodeInfoLinks(document_uri=document_uri, application_uri=found.get(_APPLICATION, ""))


def parse_nodeinfo(document: Document) -> ParsedNodeInfo:
    """Raises BadActivity when it does not name its software."""
    software = as2.obj(document.get("software")) or {}
    name = clean_line(as2.text(software.get("name")), 64).lower()
    if not name:
        raise BadActivity("software")
    usage = as2.obj(document.get("usage")) or {}
    users = as2.obj(usage.get("users")) or {}
    # PHP writes an empty object as an empty list.
    metadata = as2.obj(document.get("metadata")) or {}
    return ParsedNodeInfo(
        software=name,
        version=clean_line(as2.text(software.get("version")), 128),
        name=clean_line(as2.text(metadata.get("nodeName")), 200),
        open_registrations=as2.flag(document.get("openRegistrations")),
        users_count=as2.count(users.get("total")),
        active_month_count=as2.count(users.get("activeMonth")),
        statuses_count=as2.count(usage.get("localPosts")),
    )
