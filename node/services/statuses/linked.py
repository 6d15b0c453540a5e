"""Posts that other posts link to: whether they are known here, and where they are read here (FEP-e232)."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from node import site
from node.models import Account, Status
from node.models.access import OPEN, visible
from node.text.links import links_in

MOST = 10  # of one post

_PAGE = re.compile(r"/@[^/?#\s]{1,320}/([1-9]\d{0,18})")
# People copy the address of the page; of Mastodon's that of the post follows from it.
_MASTODON = re.compile(r"(https://[^/\s]{1,255})/@([A-Za-z0-9_.-]{1,100})/(\d{1,20})")


class Place(NamedTuple):
    """Where a post is read here."""

    status_id: int
    acct: str


def uris_in(contents: dict[int, str]) -> dict[int, list[tuple[str, str]]]:
    """(address as written, uri) of the posts, open to everybody, that texts link to, by the key of the text.

    One query, or none.
    """
    written = {key: links_in(content)[:MOST] for key, content in contents.items() if "<a " in content}
    candidates = {link: _candidates(link) for links in written.values() for link in links}
    uris = {uri for named in candidates.values() for uri in named if type(uri) is str}
    ids = {number for named in candidates.values() for number in named if type(number) is int}
    if not uris and not ids:
        return {}
    query: Any = Status.select(Status.id, Status.uri).where(
        Status.uri.in_(sorted(uris)) | Status.id.in_(sorted(ids)),
        Status.visibility.in_(OPEN),
        ~Status.local_only,
        Status.reblog_of.is_null(),
    )
    known: dict[str | int, str] = {}
    for status_id, uri in query.tuples():
        known |= {status_id: uri, uri: uri}
    return {
        key: found
        for key, links in written.items()
        if (found := [(link, known[name]) for link in links for name in candidates[link] if name in known][:MOST])
    }


def _candidates(link: str) -> list[str | int]:
    """What a link may name: a uri, or the id of a post that has its page here."""
    if link.startswith(f"{site.base_url}/"):
        page = _PAGE.fullmatch(link[len(site.base_url) :])
        return [link if page is None else int(page[1])]
    page = _MASTODON.fullmatch(link)
    return [link] if page is None else [link, f"{page[1]}/users/{page[2]}/statuses/{page[3]}"]


def places(uris: Iterable[str], viewer_id: int | None) -> dict[str, Place]:
    """By uri, of those that the reader may read. One query, or none."""
    wanted = sorted(set(uris))
    if not wanted:
        return {}
    query: Any = (
        Status.select(Status.uri, Status.id, Account.username, Account.domain)
        .join(Account, on=(Account.id == Status.account))
        .where(Status.uri.in_(wanted), Status.reblog_of.is_null(), visible(Status, Account, viewer_id or 0))
    )
    return {
        uri: Place(status_id, f"{username}@{domain}" if domain else username)
        for uri, status_id, username, domain in query.tuples()
    }
