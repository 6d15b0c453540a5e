"""From an interaction policy as a note states it to what is stored of it (FEP-044f, GoToSocial)."""

from typing import NamedTuple

from msgspec.structs import replace

from federation.parse.actor import ParsedActor
from federation.parse.as2 import PUBLIC
from federation.parse.policy import NO_POLICY, ParsedPermission, ParsedPolicy
from node.models import Account
from node.services.approvals import policies
from node.services.approvals.policies import ANYONE, NOBODY, Group, Permission, Policy


def policy_text(policy: ParsedPolicy, author: Account) -> str:
    if policy is NO_POLICY:
        return ""
    stated = Policy(
        reply=_permission(policy.reply, author, ANYONE),
        favourite=_permission(policy.like, author, ANYONE),
        reblog=_permission(policy.announce, author, ANYONE),
        quote=_permission(policy.quote, author, NOBODY),
    )
    text = policies.write(stated)
    return policies.write(replace(stated, knows_no_requests=True)) if text and policy.is_old else text


def feature_text(actor: ParsedActor) -> str:
    """Who may put an actor into collections, as accounts keep it; nothing if it does not say."""
    if actor.policy.feature is None:
        return ""
    author = _Author(actor.uri, actor.followers, actor.following)
    return policies.write_permission(_permission(actor.policy.feature, author, NOBODY))


class _Author(NamedTuple):
    uri: str
    followers_uri: str
    following_uri: str


def _permission(stated: ParsedPermission | None, author: Account | _Author, unsaid: Permission) -> Permission:
    if stated is None:
        return unsaid
    automatic = _groups(stated.automatic, author)
    # Once it is for everybody, whoever else is named makes no difference.
    if Group.PUBLIC in automatic:
        return ANYONE
    return Permission(automatic=automatic, manual=_groups(stated.manual, author))


def _groups(uris: tuple[str, ...], author: Account | _Author) -> tuple[Group, ...]:
    """The author alone is no group: they may in any case."""
    found = {_group(uri, author) for uri in uris if uri != author.uri}
    return tuple(group for group in Group if group in found)


def _group(uri: str, author: Account | _Author) -> Group:
    if uri == PUBLIC:
        return Group.PUBLIC
    if uri == author.followers_uri:
        return Group.FOLLOWERS
    return Group.FOLLOWING if uri == author.following_uri else Group.OTHERS
