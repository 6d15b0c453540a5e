"""Somebody elsewhere boosts a post, or a group passes on what its members do (Lemmy, PieFed, Mbin).

What is boosted is fetched from where it lives: a body that comes along says nothing.
"""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding import resolve
from federation.http.attempts import Work
from federation.inbox import groups, permitted, relaying
from federation.inbox.incoming import Incoming
from federation.parse.activity import KNOWN_TYPES, inner
from node import store
from node.models import Account, ActorKind, Follow, Status, Visibility
from node.services.interactions import reblogs
from node.services.servers import relays
from node.store import Prepared, param

_FOLLOWED = Prepared(
    lambda: (
        Follow.select(Follow.id)
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("target"), Account.domain == "")
        .limit(1)
    ),
    lambda row_id: int(row_id),
)


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    passed_on = inner(incoming.activity)
    if passed_on is None or passed_on.type not in KNOWN_TYPES:
        return await _boost(fed, incoming, incoming.activity.object_uri, is_passed_on=False)
    if passed_on.type == "Create":
        return await _boost(fed, incoming, passed_on.object_uri, is_passed_on=True)
    if incoming.actor.kind != ActorKind.GROUP:
        return None
    return await groups.receive(fed, incoming, passed_on)


async def _boost(fed: Federation, incoming: Incoming, uri: str, *, is_passed_on: bool) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if not activity.uri or not uri:
        return None
    if relays.is_relay(actor.uri):
        await relaying.passed_on(fed, incoming, uri)
        return None
    if not uris.is_local(fed.config, uri) and not await store.point(_is_followed, actor.id):
        return None  # nobody here would see it, so nobody is asked for it
    status = await resolve.status(fed, uri, incoming.budget)
    if status is None:
        return None
    if _answers(status) and (is_passed_on or actor.kind == ActorKind.GROUP):
        return None  # it stands in its thread now; the home timelines show what begins one
    if not await permitted.is_permitted(fed, actor, activity, status, incoming.budget):
        return None
    visibility = activity.audience.visibility(actor.followers_uri)
    return partial(
        reblogs.receive,
        actor,
        status.id,
        uri=activity.uri,
        # Several servers address a boost to nobody in particular.
        visibility=Visibility.PUBLIC if visibility is Visibility.DIRECT else visibility,
        created_at=activity.published_at,
    )


def _answers(status: Status) -> bool:
    return status.in_reply_to_id is not None or status.in_reply_to_uri != ""


def _is_followed(account_id: int) -> bool:
    return _FOLLOWED.first(target=account_id) is not None
