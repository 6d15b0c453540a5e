"""What everything in federation that waits for networks is given first: who we are, the way out, and what is remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from federation import uris
from federation.buckets import Buckets
from federation.http.budget import Budget, Lanes
from federation.http.door import Door
from federation.http.flights import Flights
from federation.http.kept import Kept
from federation.parse.activity import Reading
from federation.parse.actor import ParsedActor
from federation.parse.collection import ParsedCollection
from federation.parse.note import ParsedNote
from federation.parse.stamp import ParsedStamp
from federation.signatures import Replays, Signer
from federation.translated import Memory
from federation.turns import Turns
from node import site, store
from node.config import Config
from node.models import Account, Status
from node.services import accounts


def _peer_address(request: web.BaseRequest) -> str:
    return request.remote or ""


@dataclass(frozen=True, kw_only=True)
class Federation:
    """One for each process. `client_ip` says which network a request came from, behind whatever proxies."""

    config: Config
    door: Door
    client_ip: Callable[[web.Request], str] = _peer_address
    replays: Replays = field(default_factory=Replays)
    actors: Flights[Account] = field(default_factory=Flights)
    handles: Flights[Account] = field(default_factory=Flights)
    keys: Flights[Account] = field(default_factory=Flights)
    notes: Flights[Status | None] = field(default_factory=Flights)
    # Activities as they were read when they arrived, for the worker, which mostly has them a moment later.
    readings: Kept[Reading] = field(default_factory=lambda: Kept(seconds=60, entries=100))
    # Actors as they were fetched when they first spoke to us, until their handles are confirmed.
    met: Kept[ParsedActor] = field(default_factory=lambda: Kept(seconds=600, entries=100))
    posts: Flights[ParsedNote] = field(default_factory=Flights)
    stamps: Flights[ParsedStamp] = field(default_factory=Flights)
    lists: Flights[ParsedCollection] = field(default_factory=Flights)
    lanes: Lanes = field(default_factory=Lanes)
    # Web Push messages go to few services, and beside the other lanes they may not fill the worker either.
    pushes: Lanes = field(default_factory=lambda: Lanes(most_per_host=8, most=10))
    # Actors whose handles WebFinger confirmed in both directions: asked again after three days (RFC 7033).
    confirmed: Kept[tuple[str, str]] = field(default_factory=lambda: Kept(seconds=3 * 24 * 3600))
    # Verified activities of one host: the rate of a very large server, and what it may catch up with at once.
    inbound: Buckets = field(default_factory=lambda: Buckets(burst=1000, per_second=150))
    # Hosts that sent more than that, with the network it came from: for as long as they were asked to wait.
    slowed: Kept[bool] = field(default_factory=lambda: Kept(seconds=5))
    # Hosts that read here lately, and were taken to be alive because of that.
    readers: Kept[bool] = field(default_factory=lambda: Kept(seconds=300))
    turns: Turns = field(default_factory=Turns)
    # Keys that were looked for in vain: strangers do not choose whom we knock at, nor how often. Whoever asks has a smaller
    # share than the host that is asked, so that one alone uses up nothing that others need.
    fruitless: Buckets = field(default_factory=lambda: Buckets(burst=100, per_second=1))
    fruitless_askers: Buckets = field(default_factory=lambda: Buckets(burst=40, per_second=0.2))
    # Posts that a relay names: what it may have us fetch.
    relayed: Buckets = field(default_factory=lambda: Buckets(burst=200, per_second=2))
    # People whom the completing of one thread may have us get to know, as many as Mastodon allows in five minutes.
    met_in_threads: Buckets = field(default_factory=lambda: Buckets(burst=400, per_second=400 / 300))
    # Pages that posts link to, of one host: whoever writes many links must not have us do the rest.
    previews: Buckets = field(default_factory=lambda: Buckets(burst=10, per_second=0.2))
    translated: Memory = field(default_factory=Memory)
    hosts: Kept[bool] = field(default_factory=lambda: Kept(seconds=24 * 3600))
    # New hosts of one registrable domain: whoever owns a domain has any number of names below it.
    subdomains: Buckets = field(default_factory=lambda: Buckets(burst=10, per_second=10 / 3600))
    # A minute, so that new keys of the node are used without a restart (`linnet account rotate-keys --all`).
    _signers: Kept[Signer] = field(default_factory=lambda: Kept(seconds=60, entries=1))

    async def signer(self) -> Signer:
        """The instance actor, who signs every GET of what not everybody may read."""
        uri = site.instance_actor_uri()
        signer = self._signers.get(uri)
        if signer is None:
            signer = await store.point(_instance_signer)
            self._signers.put(uri, signer)
        return signer


def _instance_signer() -> Signer:
    actor = accounts.instance_actor()
    key = accounts.signing_key(actor.id)
    if key is None:
        raise RuntimeError("The instance actor has no key.")
    return Signer(uris.key_id(actor.uri), key.private_pem)


__all__ = ["FEDERATION", "Budget", "Federation"]

FEDERATION: Final = web.AppKey("federation", Federation)
