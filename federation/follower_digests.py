"""Followers as both sides know them, kept the same (FEP-8fcf).

With what is for followers alone goes a digest of those followers who live where it goes. If it is not that of the
followers whom the other side knows, it fetches the list (federation/fetching/synchronization.py). A lost Accept, Reject
or Undo is mended so, and a restored backup; else posts would go to people who do not follow any more.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from federation import uris
from node import jobs, store
from node.jobs import JobKind, Priority
from node.models import Account, Follow
from node.services.caching.cache import Cache
from node.store import Prepared, param

HEADER = "Collection-Synchronization"
NOBODY = "0" * 64
# Above that the digests cost more than they mend; Mastodon stops there too.
MOST_FOLLOWERS = 25_000

_LONGEST_HEADER = 8_192
_PARAMETER = re.compile(r'\s*(collectionId|url|digest)="([^"\\\x00-\x20]{1,2048})"\s*(?:,|$)')
_DIGEST = re.compile(r"[0-9a-f]{64}")

_ELSEWHERE = Prepared(
    lambda: (
        Follow.select(Account.uri)
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("account"), Account.domain != "")
        .limit(MOST_FOLLOWERS + 1)
    ),
    str,
)
_HERE: Prepared[tuple[int, str]] = Prepared(
    lambda: (
        Follow.select(Account.id, Account.uri)
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("target"), Account.domain == "")
        .limit(MOST_FOLLOWERS + 1)
    ),
    lambda *row: row,
)
# One look at all followers serves the deliveries to all their hosts.
_digests: Cache[int, dict[str, str]] = Cache(seconds=60, entries=200)


def digest_of(followers: Iterable[str]) -> str:
    """The hashes of their ids, each added to the others bit by bit, so that their order does not matter."""
    total = 0
    for uri in set(followers):
        total ^= int.from_bytes(sha256(uri.encode()).digest(), "big")
    return f"{total:064x}"


# ── out ──


async def headers_for(account_id: int, account_uri: str, host: str) -> dict[str, str]:
    """What goes to `host` beside a post for the followers of a local account; nothing where there are too many."""
    digests = _digests.remembered(account_id)
    if digests is None:
        digests = await store.read(_digests.get, account_id, _load)
    if digests is None or _TOO_MANY in digests:
        return {}
    digest = digests.get(host, NOBODY)
    followers, url = f"{account_uri}/followers", f"{account_uri}/followers_synchronization"
    return {HEADER: f'collectionId="{followers}", url="{url}", digest="{digest}"'}


_TOO_MANY = ""  # no host has this name


def _load(account_id: int) -> dict[str, str]:
    found = _ELSEWHERE.all(account=account_id)
    if len(found) > MOST_FOLLOWERS:
        return {_TOO_MANY: ""}
    by_host: dict[str, list[str]] = {}
    for uri in found:
        by_host.setdefault(uris.host_of(uri) or "?", []).append(uri)
    return {host: digest_of(listed) for host, listed in by_host.items()}


def followers_at(account_id: int, host: str) -> list[str]:
    """The followers of a local account that live on `host`: for that host alone."""
    return sorted(uri for uri in _ELSEWHERE.all(account=account_id) if uris.host_of(uri) == host)


# ── in ──


@dataclass(frozen=True, slots=True)
class Claim:
    """What the server of `followee` says about its followers here. Its word alone, so nothing follows but a look."""

    url: str
    digest: str


def claim_of(header: str, followee: Account) -> Claim | None:
    """None for what cannot be read, is about somebody else's followers, or leads to another host."""
    found: dict[str, str] = {}
    position = 0
    while position < len(header) <= _LONGEST_HEADER:
        match = _PARAMETER.match(header, position)
        if match is None or match[1] in found:
            return None
        found[match[1]] = match[2]
        position = match.end()
    url, digest = found.get("url", ""), found.get("digest", "").lower()
    if not followee.followers_uri or found.get("collectionId") != followee.followers_uri:
        return None
    if not _DIGEST.fullmatch(digest) or not uris.is_http_uri(url) or not uris.same_origin(url, followee.uri):
        return None
    return Claim(url, digest)


def here(followee_id: int) -> list[tuple[int, str]]:
    """Who follows somebody elsewhere from here: id and uri."""
    return _HERE.all(target=followee_id)


def compare(followee_id: int, claim: Claim) -> None:
    """Inside a unit of work: what differs has us fetch the list, once however often it is said."""
    known = here(followee_id)
    if len(known) <= MOST_FOLLOWERS and digest_of(uri for _, uri in known) != claim.digest:
        payload = {"url": claim.url, "digest": claim.digest}
        jobs.enqueue(JobKind.SYNC_FOLLOWERS, followee_id, payload=payload, priority=Priority.BULK, once=True)
