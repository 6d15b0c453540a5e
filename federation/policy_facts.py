"""From an interaction policy as a note states it to what is stored of it (PROTOCOL.md 1.8)."""

from federation.parse.as2 import PUBLIC
from federation.parse.policy import NO_POLICY, ParsedPermission, ParsedPolicy
from node.models import Account
from node.services.approvals import policies
from node.services.approvals.policies import ANYONE, NOBODY, Group, Permission, Policy


def policy_text(policy: ParsedPolicy, author: Account) -> str:
    if policy is NO_POLICY:
        return ""
    return policies.write(
        Policy(
            reply=_permission(policy.reply, author, ANYONE),
            favourite=_permission(policy.like, author, ANYONE),
            reblog=_permission(policy.announce, author, ANYONE),
            quote=_permission(policy.quote, author, NOBODY),
        )
    )


def _permission(stated: ParsedPermission | None, author: Account, unsaid: Permission) -> Permission:
    if stated is None:
        return unsaid
    automatic = _groups(stated.automatic, author)
    # Once it is for everybody, whoever else is named makes no difference.
    if Group.PUBLIC in automatic:
        return ANYONE
    return Permission(automatic=automatic, manual=_groups(stated.manual, author))


def _groups(uris: tuple[str, ...], author: Account) -> tuple[Group, ...]:
    """The author alone is no group: they may in any case."""
    found = {_group(uri, author) for uri in uris if uri != author.uri}
    return tuple(group for group in Group if group in found)


def _group(uri: str, author: Account) -> Group:
    if uri == PUBLIC:
        return Group.PUBLIC
    if uri == author.followers_uri:
        return Group.FOLLOWERS
    return Group.FOLLOWING if uri == author.following_uri else Group.OTHERS
