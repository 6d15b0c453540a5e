"""Who may not come in because of what the staff decided, and has shown who they are, may read why and answer (ADR 44)."""

from aiohttp import web

from node import clock, secret, store
from node.models import User, WarningAction
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.moderation import warning_rows
from web import cookies
from web.keys import SECRET
from web.pages import answers

_COOKIE = "linnet_judged"
_PURPOSE = "judged"
_MS = clock.HOUR
_LOOKED_AT = 20
_SHUTTING_OUT = (WarningAction.DISABLE, WarningAction.SUSPEND)


async def lead(request: web.Request, user: User) -> web.Response | None:
    """To the decision because of which `user` may not come in, if there is one to be read."""
    found = await store.point(_why, user.id)
    if found is None:
        return None
    account_id, warning_id = found
    response = answers.done(request, f"/decisions/{warning_id}")
    until = clock.now_ms() + _MS
    message = f"{account_id}.{until}"
    signature = secret.sign(request.app[SECRET], _PURPOSE, message)
    cookies.put(response, _COOKIE, f"{message}.{signature}", max_age_ms=_MS)
    return response


def account_id(request: web.Request) -> int | None:
    """Whose decisions this browser may read because their password was shown with it."""
    message, _, signature = request.cookies.get(_COOKIE, "").rpartition(".")
    if not secret.is_signed(request.app[SECRET], _PURPOSE, message, signature):
        return None
    number, _, until = message.partition(".")
    return int(number) if int(until) > clock.now_ms() else None


def _why(user_id: int) -> tuple[int, int] | None:
    user, account = User.get_by_id(user_id), account_lookup.account_of(user_id)
    if account is None or account.deleted_at is not None:
        return None
    if user.disabled_at is None and account.suspended_at is None:
        return None
    newest = warning_rows.of_account(account.id, Page(limit=_LOOKED_AT))
    return next(
        ((account.id, one.warning.id) for one in newest if one.warning.action in _SHUTTING_OUT),
        None,
    )
