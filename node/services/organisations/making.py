"""Making an organisation. Whoever makes it owns it."""

from node import clock
from node.errors import Forbidden, Invalid
from node.keys import KeyPair
from node.models import Account, Act, ActorKind, MemberRole, Membership, Role, User
from node.services import accounts
from node.services.access import registration, signed_in
from node.services.accounts.lookup import account_of
from node.services.accounts.profile import ProfileChange
from node.services.community import settings
from node.services.organisations import deeds
from node.speech import said

MAX_OWNED = 5

_NOT_FOR_ALL = "On this server, organisations are made by its staff. Ask them for one."


def may_make(user: User) -> bool:
    """Whether the community lets logins of this role make organisations."""
    return Role(user.role).rank >= settings.current().organisations_from.rank


def check(user: User, username: str) -> None:
    """Forbidden or Invalid, as `make` would say: before making keys, which takes long."""
    if not may_make(user):
        raise Forbidden(_NOT_FOR_ALL)
    owned = Membership.select().where(Membership.user == user.id, Membership.role == MemberRole.OWNER)
    if owned.count() >= MAX_OWNED:
        raise Invalid(said("You own %(most)s organisations, which is as many as there can be.", most=MAX_OWNED))
    wrong = registration.wrong_name(username)
    if wrong:
        raise Invalid(wrong["username"], wrong)


def make(user: User, username: str, display_name: str, keys: KeyPair) -> Account:
    """A new organisation, owned by the login."""
    check(user, username)
    home = account_of(user.id)
    if home is None or home.is_gone:
        raise Forbidden("This login speaks for no account.")
    account = accounts.create_local(username, keys=keys, kind=ActorKind.ORGANIZATION)
    Membership.create(user=user.id, account=account.id, role=MemberRole.OWNER, created_at=clock.now_ms())
    if display_name.strip():
        account = accounts.update_profile(account.id, ProfileChange(display_name=display_name))
    signed_in.user_changed(user.id)
    deeds.record(account.id, home.id, Act.MADE)
    return account
