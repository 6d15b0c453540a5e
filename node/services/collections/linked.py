"""Collections that posts link to, by the address of their page or by their uri."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from node import jobs, site
from node.jobs import JobKind, Priority
from node.models import Collection
from node.services.collections import rows
from node.text.links import links_in

MOST = 5  # of one post

# In the addresses of collections, here and on servers that have them: other links cost no question.
_HINT = "/collections/"


class Linked(NamedTuple):
    id: int
    uri: str


def in_texts(contents: Mapping[int, str]) -> dict[int, tuple[Linked, ...]]:
    """By the key of the text, in the order of the links. One query, or none."""
    written = {
        key: [link for link in links_in(content) if _HINT in link][:MOST]
        for key, content in contents.items()
        if _HINT in content
    }
    wanted = sorted({link for links in written.values() for link in links})
    if not wanted:
        return {}
    query: Any = Collection.select(Collection.id, Collection.uri, Collection.url).where(
        Collection.uri.in_(wanted) | ((Collection.url != "") & Collection.url.in_(wanted))
    )
    known: dict[str, Linked] = {}
    for collection_id, uri, url in query.tuples():
        known |= {url: Linked(collection_id, uri), uri: Linked(collection_id, uri)}
    return {
        key: tuple(dict.fromkeys(known[link] for link in links if link in known)) for key, links in written.items()
    }


def look_for(uris: Iterable[str]) -> None:
    """Those that a post elsewhere names and nobody here has heard of are read from where they live."""
    for uri in list(uris)[:MOST]:
        if not uri.startswith(f"{site.base_url}/") and rows.by_uri(uri) is None:
            payload = {"uri": uri, "start": 0}
            jobs.enqueue(JobKind.FETCH_COLLECTION, payload=payload, priority=Priority.BULK, once=True)
