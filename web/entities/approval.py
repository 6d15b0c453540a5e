"""QuoteApproval, and the same for answers, favourites and boosts where not everybody may."""

from typing import Any

from node.models import Account, Visibility
from node.models.access import OPEN
from node.services.access.preferences import Preferences
from node.services.approvals import policies
from node.services.approvals.policies import ANYONE, NOBODY, Answer, Choice, Permission
from node.services.collections import consent
from node.services.statuses.view import StatusView

Entity = dict[str, Any]

_OF_VISITOR = {"automatic": [], "manual": [], "current_user": "denied"}


def entities(view: StatusView) -> Entity:
    """The rules of a status, and what they mean for its reader. Those that let everybody are left out, but for quotes."""
    policy = policies.read(view.body.policy)
    found: Entity = {"quote_approval": _quote(view, policy.quote)}
    if view.body.policy == "":
        return found
    if policy.reply != ANYONE:
        relation = view.relation
        answer = Answer.AUTOMATIC if relation.named else policies.judge(policy.reply, relation)
        found["reply_approval"] = _entity(policy.reply, answer, view)
    if policy.favourite != ANYONE:
        found["favourite_approval"] = _entity(policy.favourite, policies.judge(policy.favourite, view.relation), view)
    if policy.reblog != ANYONE:
        found["reblog_approval"] = _entity(policy.reblog, policies.judge(policy.reblog, view.relation), view)
    return found


def _quote(view: StatusView, permission: Permission) -> Entity:
    """Mastodon says of visitors that they may not."""
    visibility = view.body.visibility
    if view.viewer_id is None or view.reblog is not None or visibility == Visibility.DIRECT:
        return _entity(permission, Answer.DENIED, view)
    if view.is_own:
        return _entity(permission, Answer.AUTOMATIC, view)
    if visibility not in OPEN:
        return _OF_VISITOR
    return _entity(permission, policies.judge(permission, view.relation), view)


def _entity(permission: Permission, answer: Answer, view: StatusView) -> Entity:
    return {
        "automatic": list(map(str, permission.automatic)),
        "manual": list(map(str, permission.manual)),
        "current_user": str(answer if view.viewer_id is not None else Answer.DENIED),
    }


def quote_policy(preferences: Preferences) -> str:
    return word_for_apps(preferences.posting_quote_policy)


def word_for_apps(choice: Choice) -> str:
    """Apps know three words. To those who decide by hand they are to say the one that allows nothing by itself."""
    return str(Choice.NOBODY if choice is Choice.MANUAL else choice)


def feature_approval(account: Account, answer: Answer | None = None) -> Entity:
    """FeatureApproval: who may put an account into collections. `answer`: what that means for the reader, where it was
    asked; elsewhere it is told as far as it is the same for everybody."""
    permission = consent.permission(account) or NOBODY
    return {
        "automatic": list(map(str, permission.automatic)),
        "manual": list(map(str, permission.manual)),
        "current_user": str(consent.in_general(account) if answer is None else answer),
    }
