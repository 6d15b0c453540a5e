"""Somebody elsewhere asks to like or to boost a post of ours, with the Like or the Announce (GoToSocial)."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding.named import known_status
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from federation.parse.activity import ParsedActivity, parse_activity
from node import store
from node.models import Status, Visibility
from node.services.interactions import favourites, reblogs


async def receive_like(fed: Federation, incoming: Incoming) -> Work | None:
    asked = await store.point(_asked, fed, incoming, "Like")
    if asked is None:
        return None
    like, status = asked
    return partial(favourites.receive, incoming.actor, status.id, uri=like.uri, request_uri=incoming.activity.uri)


async def receive_announce(fed: Federation, incoming: Incoming) -> Work | None:
    asked = await store.point(_asked, fed, incoming, "Announce")
    if asked is None:
        return None
    announce, status = asked
    visibility = announce.audience.visibility(incoming.actor.followers_uri)
    return partial(
        reblogs.receive,
        incoming.actor,
        status.id,
        uri=announce.uri,
        # It is asked of one person; a boost that names nobody is for everybody.
        visibility=Visibility.PUBLIC if visibility is Visibility.DIRECT else visibility,
        created_at=announce.published_at,
        request_uri=incoming.activity.uri,
    )


def _asked(fed: Federation, incoming: Incoming, kind: str) -> tuple[ParsedActivity, Status] | None:
    """What is asked for, if it is the actor's own and about the post that is named, which is ours."""
    activity, actor = incoming.activity, incoming.actor
    if activity.instrument is None or not activity.uri or not uris.is_local(fed.config, activity.object_uri):
        return None
    wanted = parse_activity(activity.instrument)
    is_own = wanted.actor_uri == actor.uri and uris.same_origin(wanted.uri, actor.uri)
    if wanted.type != kind or wanted.object_uri != activity.object_uri or not is_own:
        return None
    status = known_status(fed, activity.object_uri)
    return (wanted, status) if status is not None and status.local else None
