"""SYNC_FOLLOWERS: who follows somebody elsewhere from here, as the other side knows it (FEP-8fcf)."""

from functools import partial
from typing import Any

from federation import follower_digests, uris
from federation.context import Federation
from federation.follower_digests import Claim
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.documents import fetch_json_ld
from federation.parse.as2 import BadActivity
from federation.parse.collection import parse_collection
from node import ids, jobs, site, store
from node.jobs import JobKind, TakenJob
from node.models import Account
from node.services import follows
from node.services.accounts import lookup as account_lookup
from node.services.follows import rows


async def fetch(fed: Federation, job: TakenJob) -> None:
    followee = await store.point(account_lookup.by_id, job.subject)
    told: dict[str, Any] = job.payload
    if followee is None or followee.is_gone or not uris.same_origin(told.get("url", ""), followee.uri):
        await store.write(jobs.finish, job)
        return
    look = partial(_look, fed, followee, Claim(told["url"], told["digest"]))
    await attempt(fed.lanes, job, look, host=uris.host_of(followee.uri) or "", fetches=1)


async def _look(fed: Federation, followee: Account, claim: Claim, budget: Budget) -> Work | None:
    budget.spend()
    try:
        found = parse_collection(await fetch_json_ld(fed.door, claim.url, await fed.signer()), claim.url)
    except BadActivity:
        return None
    listed = [item.uri for item in found.items if uris.is_local(fed.config, item.uri)]
    # The list may be newer than the digest, cut short, or of nobody: then the next post brings another digest.
    if follower_digests.digest_of(listed) != claim.digest:
        return None
    return partial(_agree, fed, followee, set(listed))


def _agree(fed: Federation, followee: Account, listed: set[str]) -> None:
    """Who is not listed does not follow; who is listed and asked to follow was accepted; whoever else is listed was not
    told that a follow had ended."""
    known = follower_digests.here(followee.id)
    for account_id, uri in known:
        if uri not in listed:
            follows.received_reject(followee, follower_id=account_id)
    for uri in sorted(listed - {uri for _, uri in known}):
        named = uris.parse_local(fed.config, uri)
        account = account_lookup.by_id(named.account_id) if isinstance(named, uris.LocalActor) else None
        if account is None or not account.is_local or account.deleted_at is not None:
            continue
        if rows.get_request(account.id, followee.id) is not None:
            follows.received_accept(followee, follower_id=account.id)
        else:
            follow_uri = site.activity_uri(account.id, "follows", ids.new_id())
            payload = {"account_id": account.id, "target_id": followee.id, "uri": follow_uri}
            jobs.enqueue(JobKind.SEND_UNFOLLOW, payload=payload)
