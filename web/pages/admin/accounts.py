"""`/admin/accounts`: everybody this node knows, and what the staff takes back. What it decides is in judging.py."""

from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError, NotFound
from node.models import Account, Role, User
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.moderation import audit, members, reports
from node.services.moderation import decisions as moderation
from node.services.moderation.members import State
from node.services.organisations import members as organisation_members
from node.speech import said
from web import params
from web.pages import answers, forms, paging
from web.pages.admin import desk, entities

_PAGE = "/admin/accounts"
_REPORTS, _ENTRIES = 10, 20
_MAX_SEARCH_CHARS = 300


class Verb(NamedTuple):
    do: Callable[..., Any]
    said: str
    of_login: bool = False  # about the login, not about the account


_VERBS = {
    "unsilence": Verb(moderation.unsilence, said("Its posts are shown everywhere again.")),
    "unsensitize": Verb(moderation.unsensitize, said("Its pictures are shown again.")),
    "unsuspend": Verb(moderation.unsuspend, said("The suspension is lifted.")),
    "enable": Verb(moderation.enable, said("The person can sign in again."), of_login=True),
}


async def show_all(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    query = dict(params.query_items(request))
    text, state = query.get("q", "")[:_MAX_SEARCH_CHARS], _state(query.get("status", ""))
    page = paging.asked(request)
    people = await store.read(_find, text, state, page, {"1": True, "0": False}.get(query.get("local", "")))
    links = paging.links(request, [int(person["id"]) for person in people], page)
    return await desk.show(request, "admin/accounts.html", people=people, q=text, status=str(state), **links)


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    return await desk.show(request, "admin/account.html", **await store.read(_load, params.an_id(request)))


async def act(request: web.Request) -> web.StreamResponse:
    account_id = params.an_id(request)
    verb = _VERBS.get(request.match_info["verb"])
    if verb is None:
        raise NotFound("Record not found")
    do = _about_login(verb.do) if verb.of_login else verb.do
    return await desk.act(request, f"{_PAGE}/{account_id}", verb.said, do, account_id, stay=False)


async def set_role(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    account_id = params.an_id(request)
    context = await store.read(_load, account_id)
    try:
        await desk.write(person, _set_role, account_id, form.text("role"))
    except NodeError as refusal:
        return await desk.again(request, "admin/account.html", refusal, form, **context)
    return answers.done(request, f"{_PAGE}/{account_id}", "The role is changed.")


async def make_link(request: web.Request) -> web.StreamResponse:
    """Answers with the page itself: the link is shown this once."""
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    account_id = params.an_id(request)
    context = await store.read(_load, account_id)
    try:
        link = await desk.write(person, _about_login(moderation.reset_link), account_id)
    except NodeError as refusal:
        return await desk.again(request, "admin/account.html", refusal, form, **context)
    return await desk.show(request, "admin/account.html", link=link, **context)


def _find(text: str, state: State, page: Page, local: bool | None) -> list[dict[str, Any]]:
    return entities.admin_accounts(members.of(members.find(text, state, page, local=local)))


def _load(account_id: int) -> dict[str, Any]:
    account = account_lookup.by_id(account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound("Record not found")
    about = [
        *reports.page(Page(limit=_REPORTS), target_id=account_id),
        *reports.page(Page(limit=_REPORTS), resolved=True, target_id=account_id),
    ]
    return {
        "person": entities.admin_accounts(members.of([account]))[0],
        "members": [
            {"id": str(one.account.id), "username": one.account.username, "role": str(one.role)}
            for one in organisation_members.of(account_id)
        ],
        "reports": entities.admin_reports(about[:_REPORTS]),
        "log": entities.log_entries(audit.about(audit.handle(account), _ENTRIES)),
    }


def _about_login(verb: Callable[[int, Account], Any]) -> Callable[[int, Account], Any]:
    """`verb`, of the login behind an account."""
    return lambda account_id, by: verb(_login(account_id).id, by)


def _login(account_id: int) -> User:
    account = account_lookup.by_id(account_id)
    user = members.of([account])[0].user if account is not None else None
    if user is None:
        raise NotFound("There is no login for this account.")
    return user


def _set_role(account_id: int, name: str, by: Account) -> None:
    if name not in list(Role):
        raise Invalid("There is no such role.", {"role": "There is no such role."})
    moderation.set_role(_login(account_id).id, Role(name), by)


def _state(text: str) -> State:
    return State(text) if text in list(State) else State.ANY


ROUTES = [
    web.get(_PAGE, show_all),
    web.get(f"{_PAGE}/{{id}}", show),
    web.post(f"{_PAGE}/{{id}}/role", set_role),
    web.post(f"{_PAGE}/{{id}}/reset_link", make_link),
    web.post(f"{_PAGE}/{{id}}/{{verb}}", act),
]
