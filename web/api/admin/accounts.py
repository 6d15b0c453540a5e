"""https://docs.joinmastodon.org/methods/admin/accounts/: everybody this node knows, and what is decided about them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import Forbidden, NotFound
from node.models import Account, User, WarningAction
from node.paging import Page
from node.services.access import registration
from node.services.accounts import lookup as account_lookup
from node.services.moderation import decisions as moderation
from node.services.moderation import judging, member_search, members, warning_presets
from node.services.moderation.account_warnings import Notice
from node.services.moderation.member_search import STAFF, State, Wanted
from web import pagination, params, responses, route
from web.api.admin import staff
from web.entities.admin import account_entities
from web.entities.role import roles_of
from web.errors import NOT_FOUND
from web.inputs import asks, moderator, paged, takes
from web.viewer import NOT_STAFF, Viewer

_READ, _WRITE = "admin:read:accounts", "admin:write:accounts"

Entity = dict[str, Any]


class _Named(msgspec.Struct):
    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""
    ip: str = ""


class _Which(_Named):
    """The first version has a switch for each state."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    sensitized: bool = False
    suspended: bool = False
    staff: bool = False


class _Origin(StrEnum):
    LOCAL = "local"
    REMOTE = "remote"


class _Which2(_Named):
    origin: _Origin | None = None
    status: State | None = None
    permissions: str = ""
    role_ids: list[str] = []
    invited_by: params.Id | None = None


class _Kind(StrEnum):
    NONE = "none"
    SENSITIVE = "sensitive"
    DISABLE = "disable"
    SILENCE = "silence"
    SUSPEND = "suspend"


class _Action(msgspec.Struct):
    type: _Kind
    report_id: params.Id | None = None
    text: str = ""
    send_email_notification: bool = False
    warning_preset_id: params.Id | None = None


async def show_all(request: web.Request, _: Viewer, which: _Which, page: Page) -> web.Response:
    wanted = replace(
        _named(which),
        local=None if which.local == which.remote else which.local,
        states=tuple(state for state in State if getattr(which, state)),
        roles=STAFF if which.staff else None,
    )
    return await _list(request, page, wanted)


async def show_all_v2(request: web.Request, _: Viewer, which: _Which2, page: Page) -> web.Response:
    roles = STAFF if which.permissions == "staff" else roles_of(which.role_ids) if which.role_ids else None
    wanted = replace(
        _named(which),
        local=None if which.origin is None else which.origin is _Origin.LOCAL,
        states=() if which.status is None else (which.status,),
        roles=roles,
        invited_by=which.invited_by,
    )
    return await _list(request, page, wanted)


async def show(request: web.Request, _: Viewer) -> web.Response:
    return responses.json(await store.read(lambda: _entity(_account(params.an_id(request)))))


async def act(request: web.Request, viewer: Viewer, wish: _Action) -> web.Response:
    """Whom it is about is told here always, and by letter if that is asked for."""
    await staff.write(viewer, _act, params.an_id(request), wish)
    return responses.empty()


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await staff.write(viewer, _delete, params.an_id(request)))


def _done(verb: Callable[[int, Account], Any]) -> Callable[[web.Request, Viewer], Awaitable[web.Response]]:
    def work(account_id: int, by: Account) -> Entity:
        before = _entity(_account(account_id))
        verb(account_id, by)
        after = account_lookup.by_id(account_id)
        return before if after is None else _entity(after)

    async def handle(request: web.Request, viewer: Viewer) -> web.Response:
        return responses.json(await staff.write(viewer, work, params.an_id(request)))

    return handle


def _of_login(verb: Callable[[int, Account], Any]) -> Callable[[int, Account], Any]:
    """`verb`, of the login behind an account."""
    return lambda account_id, by: verb(_login(account_id).id, by)


def _named(which: _Named) -> Wanted:
    return Wanted(
        username=which.username,
        display_name=which.display_name,
        domain=which.by_domain,
        email=which.email,
        ip=which.ip,
    )


async def _list(request: web.Request, page: Page, wanted: Wanted) -> web.Response:
    rows, entities = await store.read(_find, wanted, page)
    return pagination.answer(request, entities, [row.id for row in rows], page)


def _find(wanted: Wanted, page: Page) -> tuple[list[Account], list[Entity]]:
    rows = member_search.find(wanted, page)
    return rows, account_entities(members.of(rows))


def _act(account_id: int, wish: _Action, by: Account) -> None:
    text = warning_presets.with_preset(wish.warning_preset_id, wish.text)
    notice = Notice(text=text, report_id=wish.report_id, by_mail=wish.send_email_notification)
    judging.judge(account_id, WarningAction(wish.type), notice, by)


def _reject(account_id: int, by: Account) -> None:
    """Only who still waits; members are suspended."""
    user = _login(account_id)
    if user.approved_at is not None:
        raise Forbidden(NOT_STAFF)
    registration.reject(user.id, by)


def _delete(account_id: int, by: Account) -> Entity:
    """What is not suspended is not deleted: between the two somebody can still think again."""
    account = _account(account_id)
    if account.suspended_at is None or not account.is_local:
        raise Forbidden(NOT_STAFF)
    entity = _entity(account)
    moderation.delete(account_id, by)
    return entity


def _entity(account: Account) -> Entity:
    return account_entities(members.of([account]))[0]


def _account(account_id: int) -> Account:
    account = account_lookup.by_id(account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound(NOT_FOUND)
    return account


def _login(account_id: int) -> User:
    user = members.of([_account(account_id)])[0].user
    if user is None:
        raise NotFound(NOT_FOUND)
    return user


_ONE = "/api/v1/admin/accounts/{id}"

ROUTES = [
    route.get("/api/v1/admin/accounts", show_all, moderator(_READ), asks(_Which), paged(100, 200)),
    route.get("/api/v2/admin/accounts", show_all_v2, moderator(_READ), asks(_Which2), paged(100, 200)),
    route.get(_ONE, show, moderator(_READ)),
    route.delete(_ONE, delete, moderator(_WRITE)),
    route.post(f"{_ONE}/action", act, moderator(_WRITE), takes(_Action)),
    route.post(f"{_ONE}/approve", _done(_of_login(registration.approve)), moderator(_WRITE)),
    route.post(f"{_ONE}/reject", _done(_reject), moderator(_WRITE)),
    route.post(f"{_ONE}/enable", _done(_of_login(moderation.enable)), moderator(_WRITE)),
    route.post(f"{_ONE}/unsensitive", _done(moderation.unsensitize), moderator(_WRITE)),
    route.post(f"{_ONE}/unsilence", _done(moderation.unsilence), moderator(_WRITE)),
    route.post(f"{_ONE}/unsuspend", _done(moderation.unsuspend), moderator(_WRITE)),
]
