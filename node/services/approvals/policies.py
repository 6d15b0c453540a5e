"""What authors allow: who may answer, favourite, boost and quote a post, at once or after being asked (FEP-044f).

Kept with the status as JSON, empty where nothing was said: then anyone may answer, favourite and boost, nobody quote.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec

from node.errors import Invalid
from node.models import Account, Follow, Mention, Status, Visibility
from node.models.access import OPEN, blocked, exists
from node.store import Prepared, param


class Group(StrEnum):
    """The client API's words for whom a policy names."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    FOLLOWING = "following"
    OTHERS = "unsupported_policy"  # single accounts and foreign collections: whoever that is


class Choice(StrEnum):
    """What authors here choose from. `manual` is ours: everybody asks first."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    MANUAL = "manual"
    NOBODY = "nobody"


class Answer(StrEnum):
    """What a policy says to one account."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    DENIED = "denied"
    UNKNOWN = "unknown"
    MISSING = "missing"  # nothing was said where silence means no (services/collections/consent.py)


class Permission(msgspec.Struct, frozen=True, omit_defaults=True):
    automatic: tuple[Group, ...] = ()
    manual: tuple[Group, ...] = ()

    @property
    def choice(self) -> Choice:
        """The choice that comes nearest, and none that allows more."""
        for permission, choice in ((ANYONE, Choice.PUBLIC), (_FOLLOWERS, Choice.FOLLOWERS), (_ASKED, Choice.MANUAL)):
            if self == permission:
                return choice
        return Choice.NOBODY


ANYONE = Permission(automatic=(Group.PUBLIC,))
NOBODY = Permission()
_FOLLOWERS = Permission(automatic=(Group.FOLLOWERS,))
_ASKED = Permission(manual=(Group.PUBLIC,))
_CHOSEN = {
    Choice.PUBLIC: ANYONE,
    Choice.FOLLOWERS: _FOLLOWERS,
    Choice.MANUAL: _ASKED,
    Choice.NOBODY: NOBODY,
}


class Policy(msgspec.Struct, frozen=True, omit_defaults=True):
    reply: Permission = ANYONE
    favourite: Permission = ANYONE
    reblog: Permission = ANYONE
    quote: Permission = NOBODY
    # Stated in the words that GoToSocial had before it knew requests: it is asked by what is to be allowed itself.
    knows_no_requests: bool = False


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """None: as it is, or for a new post as it is by default."""

    reply: Choice | None = None
    favourite: Choice | None = None
    reblog: Choice | None = None
    quote: Choice | None = None


_DEFAULT = Policy()
NOT_SAID = Choices()


@lru_cache(1_000)
def read(text: str) -> Policy:
    return msgspec.json.decode(text, type=Policy) if text else _DEFAULT


def write(policy: Policy) -> str:
    return "" if policy == _DEFAULT else msgspec.json.encode(policy).decode()


@lru_cache(1_000)
def read_permission(text: str) -> Permission:
    """One permission by itself, as accounts keep theirs."""
    return msgspec.json.decode(text, type=Permission)


def write_permission(permission: Permission) -> str:
    return msgspec.json.encode(permission).decode()


def permission_of(choice: Choice) -> Permission:
    return _CHOSEN[choice]


def chosen(choices: Choices, visibility: str, before: Policy | None = None) -> Policy:
    """The policy of a post here. Invalid for being asked about what passes too quickly to ask."""
    if Choice.MANUAL in (choices.favourite, choices.reblog):
        raise Invalid("Favourites and boosts cannot wait to be allowed. Choose who may, or nobody.")
    base = Policy(quote=ANYONE) if before is None else before
    return Policy(
        reply=_CHOSEN[choices.reply] if choices.reply else base.reply,
        favourite=_CHOSEN[choices.favourite] if choices.favourite else base.favourite,
        reblog=_CHOSEN[choices.reblog] if choices.reblog else base.reblog,
        # What not everybody may read is quoted by its author alone.
        quote=NOBODY if visibility not in OPEN else _CHOSEN[choices.quote] if choices.quote else base.quote,
    )


# ── what it says to somebody ─────────────────────────────────────────────────────────────────────────────────────────


class Relation(msgspec.Struct, frozen=True):
    """How an account stands to the author of a post."""

    is_author: bool = False
    follows: bool = False
    followed: bool = False
    blocked: bool = False
    named: bool = False  # in the post


def judge(permission: Permission, relation: Relation) -> Answer:
    if relation.is_author:
        return Answer.AUTOMATIC
    if relation.blocked:
        return Answer.DENIED
    if _includes(permission.automatic, relation):
        return Answer.AUTOMATIC
    if _includes(permission.manual, relation):
        return Answer.MANUAL
    named = Group.OTHERS in permission.automatic or Group.OTHERS in permission.manual
    return Answer.UNKNOWN if named else Answer.DENIED


def _includes(groups: tuple[Group, ...], relation: Relation) -> bool:
    return (
        Group.PUBLIC in groups
        or (relation.follows and Group.FOLLOWERS in groups)
        or (relation.followed and Group.FOLLOWING in groups)
    )


def _relation() -> Any:
    account, author = param("account"), param("author")
    one = exists(Follow, Follow.account == account, Follow.target == author)
    other = exists(Follow, Follow.account == author, Follow.target == account)
    named = exists(Mention, Mention.status == param("status"), Mention.account == account)
    return Account.select(one, other, blocked(account, author), named).where(Account.id == account)


_RELATION = Prepared(
    _relation, lambda one, other, either, named: Relation(False, bool(one), bool(other), bool(either), bool(named))
)


def relation(status: Status, account_id: int) -> Relation:
    if status.account_id == account_id:
        return Relation(is_author=True)
    found = _RELATION.first(account=account_id, author=status.account_id, status=status.id)
    return found if found is not None else Relation(blocked=True)


def may_favourite(status: Status, account_id: int) -> bool:
    permission = read(status.policy).favourite
    return permission == ANYONE or judge(permission, relation(status, account_id)) is not Answer.DENIED


def asks_to_favourite(status: Status, account_id: int) -> bool:
    """Somebody here has to ask before their favourite counts there."""
    policy = read(status.policy)
    if policy.knows_no_requests or policy.favourite == ANYONE:
        return False
    return judge(policy.favourite, relation(status, account_id)) in (Answer.MANUAL, Answer.UNKNOWN)


def restricts(permission: Permission) -> bool:
    """Not everybody is let in, so that whoever is wants it in writing."""
    return permission != ANYONE


def may_reblog(status: Status, account_id: int) -> bool:
    """At once: nobody is asked here (docs/adr/0034-boosts-that-wait.md)."""
    permission = read(status.policy).reblog
    return permission == ANYONE or judge(permission, relation(status, account_id)) is Answer.AUTOMATIC


def asks_to_reblog(status: Status, account_id: int) -> bool:
    """Somebody here has to ask an author elsewhere before they boost. Who is let in at once is, too, for the stamp
    without which others do not believe it."""
    policy = read(status.policy)
    if status.local or policy.knows_no_requests or policy.reblog == ANYONE:
        return False
    stands = relation(status, account_id)
    return not stands.is_author and judge(policy.reblog, stands) is not Answer.DENIED


def on_reply(status: Status, account_id: int) -> Answer:
    """Whoever a post names may answer it."""
    permission = read(status.policy).reply
    if permission == ANYONE:
        return Answer.AUTOMATIC
    stands = relation(status, account_id)
    return Answer.AUTOMATIC if stands.named and not stands.blocked else judge(permission, stands)


def on_quote(status: Status, account_id: int) -> Answer:
    """What is not for everybody is quoted by its author alone, and a message by nobody."""
    if status.reblog_of_id is not None or status.visibility == Visibility.DIRECT:
        return Answer.DENIED
    if status.account_id == account_id:
        return Answer.AUTOMATIC
    return (
        judge(read(status.policy).quote, relation(status, account_id)) if status.visibility in OPEN else Answer.DENIED
    )
