"""A person who can sign in here. Which accounts they speak for is a table of its own."""

from enum import StrEnum

import peewee

from node.models.account import Account
from node.store.base import BaseModel, reference


class Role(StrEnum):
    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    @property
    def is_staff(self) -> bool:
        return self.rank >= Role.MODERATOR.rank


class MemberRole(StrEnum):
    """What a login may do for an account: its own one, or an organisation (docs/adr/0047-organisations.md)."""

    SELF = "self"  # the account by which somebody signs in; every login has one
    OWNER = "owner"
    EDITOR = "editor"
    WRITER = "writer"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def may_as(self, least: "MemberRole") -> bool:
        """Whether it is at least `least`. Nobody but oneself is oneself."""
        return self.rank >= least.rank


_RANKS = {MemberRole.SELF: 3, MemberRole.OWNER: 2, MemberRole.EDITOR: 1, MemberRole.WRITER: 0}


class Invite(BaseModel):
    """A code that opens registration to whoever has it."""

    code = peewee.TextField(unique=True)
    account = reference(Account)
    max_uses = peewee.IntegerField(null=True)
    uses = peewee.IntegerField(default=0)
    expires_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()


class User(BaseModel):
    """A login."""

    email = peewee.TextField(null=True)
    email_key = peewee.TextField(null=True, unique=True)  # lowercased
    password_hash = peewee.TextField()
    role = peewee.TextField(default=Role.USER)
    locale = peewee.TextField(default="en")
    preferences = peewee.TextField(default="{}")  # JSON, read by node/services/access/preferences.py
    sign_up_reason = peewee.TextField(default="")
    sign_up_ip = peewee.TextField(default="")
    invite = reference(Invite, null=True, on_delete="SET NULL", index=False)
    confirmed_at = peewee.BigIntegerField(null=True)
    approved_at = peewee.BigIntegerField(null=True)
    age_checked_at = peewee.BigIntegerField(null=True)  # that they were old enough; not how old
    disabled_at = peewee.BigIntegerField(null=True)
    totp_secret = peewee.TextField(null=True)
    totp_enabled_at = peewee.BigIntegerField(null=True)
    totp_last_step = peewee.BigIntegerField(default=0)  # a code is good once
    last_active_at = peewee.BigIntegerField(null=True)
    created_at = peewee.BigIntegerField()

    class Meta:
        table_name = "users"  # `user` is a reserved word of SQL


class Membership(BaseModel):
    """`user` may speak as `account`."""

    user = reference(User, index=False)
    account = reference(Account)
    role = peewee.TextField(default=MemberRole.SELF)
    created_at = peewee.BigIntegerField()

    class Meta:
        indexes = ((("user", "account"), True),)


_IS_SELF = Membership.role == MemberRole.SELF
Membership.add_index(Membership.user, unique=True, where=_IS_SELF, name="membership_self_user")
Membership.add_index(Membership.account, unique=True, where=_IS_SELF, name="membership_self_account")


class RecoveryCode(BaseModel):
    """Replaces the second factor once."""

    user = reference(User)
    code_hash = peewee.TextField()


class Session(BaseModel):
    """A browser that is signed in."""

    token_hash = peewee.TextField(unique=True)
    user = reference(User)
    account = reference(Account)
    ip = peewee.TextField(default="")
    user_agent = peewee.TextField(default="")
    created_at = peewee.BigIntegerField()
    seen_at = peewee.BigIntegerField()


class OneTimeLink(BaseModel):
    """An address whose holder may do one thing once: become the first administrator, set a password, confirm."""

    token_hash = peewee.TextField(unique=True)
    purpose = peewee.TextField()
    user = reference(User, null=True)
    detail = peewee.TextField(default="")
    expires_at = peewee.BigIntegerField()
