"""Codes that open registration to whoever has them."""

import secrets

from node import clock
from node.errors import Forbidden, Invalid, NotFound
from node.models import Account, Invite
from node.paging import Page
from node.services.community import settings
from node.services.moderation import roles
from node.speech import said

WORTHLESS = "This invitation does not exist, has been used up, or is too old."
_MAX_USES = 1_000


def create(by: Account, *, max_uses: int | None = 1, ttl_ms: int | None = 7 * clock.DAY) -> Invite:
    """A new code. Forbidden unless the community lets people of this role invite."""
    roles.require(by, settings.current().invites_from)
    if max_uses is not None and not 1 <= max_uses <= _MAX_USES:
        raise Invalid(
            said("An invitation can be used 1 to %(most)s times.", most=_MAX_USES), {"max_uses": "is out of range"}
        )
    now = clock.now_ms()
    return Invite.create(
        code=secrets.token_urlsafe(9),
        account=by.id,
        max_uses=max_uses,
        expires_at=None if ttl_ms is None else now + ttl_ms,
        created_at=now,
    )


def peek(code: str) -> Invite:
    """The invitation, if it is still good; Invalid if not."""
    now = clock.now_ms()
    invite = Invite.get_or_none(
        (Invite.code == code)
        & (Invite.expires_at.is_null() | (Invite.expires_at > now))
        & (Invite.max_uses.is_null() | (Invite.uses < Invite.max_uses))
    )
    inviter = None if invite is None else Account.get_or_none(Account.id == invite.account)
    if invite is None or inviter is None or inviter.is_gone:
        raise Invalid(WORTHLESS, {"invite_code": WORTHLESS})
    return invite


def redeem(code: str) -> Invite:
    """Use it once; Invalid when somebody else was quicker."""
    invite = peek(code)
    counted = (
        Invite.update(uses=Invite.uses + 1)
        .where((Invite.id == invite.id) & (Invite.max_uses.is_null() | (Invite.uses < Invite.max_uses)))
        .execute()
    )
    if not counted:
        raise Invalid(WORTHLESS, {"invite_code": WORTHLESS})
    return invite


def of(account_id: int, page: Page) -> list[Invite]:
    return page.of(Invite.select().where(Invite.account == account_id), Invite.id)


def all_of_them(page: Page) -> list[Invite]:
    """Everybody's, for the staff."""
    return page.of(Invite.select(), Invite.id)


def expire(invite_id: int, by: Account) -> None:
    """Nobody else can use it from now on. Its owner may, and whoever stands above the owner."""
    invite = Invite.get_or_none(Invite.id == invite_id)
    if invite is None:
        raise NotFound("There is no such invitation.")
    if invite.account != by.id:
        try:
            roles.require_above(by, invite.account)
        except Forbidden as error:
            raise NotFound("There is no such invitation.") from error
    Invite.update(expires_at=clock.now_ms()).where(Invite.id == invite_id).execute()
