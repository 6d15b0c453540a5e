"""Somebody elsewhere boosts a post, or a group passes on what its members do (Lemmy).

What is boosted is fetched from where it lives: a body that comes along says nothing.
"""

from functools import partial

from federation import resolve, uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming
from federation.parse.activity import inner
from node import store
from node.models import Account, Follow, Visibility
from node.services import reblogs
from node.store import Prepared, param

# What of a group's announced activities leads to a post.
_PASSED_ON = frozenset({"Create", "Update"})


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
    activity, actor = incoming.activity, incoming.actor
    uri = activity.object_uri
    passed_on = inner(activity)
    if passed_on is not None:
        uri = passed_on.object_uri if passed_on.type in _PASSED_ON else ""
    if not activity.uri or not uri:
        return None
    if not uris.is_local(fed.config, uri) and not await store.point(_is_followed, actor.id):
        return None  # nobody here would see it, so nobody is asked for it
    status = await resolve.status(fed, uri, incoming.budget)
    if status is None:
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


def _is_followed(account_id: int) -> bool:
    return _FOLLOWED.first(target=account_id) is not None
