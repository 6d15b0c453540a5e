"""Whether somebody elsewhere may like or boost what somebody else there wrote (GoToSocial; docs/adr/0033)."""

from collections.abc import Callable
from typing import Final

import structlog

from federation import uris
from federation.context import Budget, Federation
from federation.finding import stamps
from federation.parse.activity import ParsedActivity
from federation.parse.stamp import ParsedStamp
from node import store
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.approvals import policies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Permission, Policy

log = structlog.get_logger()

_LIKE: Final[tuple[str, Callable[[Policy], Permission]]] = ("LikeAuthorization", lambda policy: policy.favourite)
_RULES: Final = {
    "Like": _LIKE,
    "EmojiReact": _LIKE,
    "Announce": ("AnnounceAuthorization", lambda policy: policy.reblog),
}


async def is_permitted(
    fed: Federation, actor: Account, activity: ParsedActivity, status: Status, budget: Budget
) -> bool:
    """Where not everybody may, and it is not the author, a stamp on the author's host says who; of our posts we do.

    Raises what may be otherwise later.
    """
    if status.local or not status.policy or status.account_id == actor.id:
        return True
    kind, rule = _RULES[activity.type]
    if not policies.restricts(rule(policies.read(status.policy))):
        return True
    author = await store.point(account_lookup.by_id, status.account_id)
    if author is None or not activity.uri or not activity.stamp_uri:
        return _refused(activity)
    if not uris.same_origin(activity.stamp_uri, author.uri) or await store.point(
        approvals.is_taken_back, activity.stamp_uri, author
    ):
        return _refused(activity)
    wanted = ParsedStamp(
        uri=activity.stamp_uri,
        type=kind,
        author_uri=author.uri,
        interacting_uri=activity.uri,
        target_uri=status.uri,
    )
    return await stamps.is_true(fed, wanted, budget) or _refused(activity)


def _refused(activity: ParsedActivity) -> bool:
    log.info("activity ignored", reason="policy", type=activity.type, actor=activity.actor_uri)
    return False
