"""Who is in a list, and in which lists somebody is. Those who are in them need not be followed, and do not learn of it."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from node import store
from node.errors import Invalid, NotFound
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.discovery import search
from node.services.follows import silent
from node.services.relationships import lists
from node.speech import said, say
from web import params
from web.entities.list import list_entity
from web.pages import answers, forms, handles, paging, posts

_PATH = "/lists/{id}/members"
_OF_PERSON = "/accounts/{id}/lists"
_PEOPLE = 40
_FOUND = 10
_MAX_CHARS = 2_000

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    person, list_id = answers.require(request), params.an_id(request)
    await store.point(lists.get, person.account_id, list_id)
    q = request.query.get("q", "").strip()[:_MAX_CHARS]
    context = await _context(request, person.account_id, list_id, await _found(request, person.account_id, q))
    return await answers.show(request, "list_members.html", q=q, error=_error(q, context), **context)


async def add(request: web.Request) -> web.Response:
    """One of the people who were found for `q`, which is shown again: there may be more to put in."""
    person, form, list_id = answers.require(request), await forms.read(request), params.an_id(request)
    q, member_id = form.text("q"), form.number("account_id") or 0
    try:
        await store.write(silent.add_members, person.account_id, list_id, [member_id])
    except Invalid as refusal:
        context = await _context(request, person.account_id, list_id, [member_id])
        return await answers.again(request, "list_members.html", refusal, form, q=q, error="", **context)
    return answers.done(request, _address(list_id, q))


async def remove(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    list_id, member_id = params.an_id(request), params.an_id(request, "account")
    await store.write(lists.remove_members, person.account_id, list_id, [member_id])
    return answers.done(request, answers.safe_path(form.text("next"), _address(list_id)))


def _address(list_id: int, q: str = "") -> str:
    return f"/lists/{list_id}/members" + (f"?{urlencode({'q': q})}" if q else "")


async def _found(request: web.Request, reader_id: int, q: str) -> list[int]:
    """People whose names fit `q`, or the one whom it names, who may be elsewhere and not known yet."""
    if not handles.is_whole(q):
        return await store.read(search.accounts, reader_id, q, _FOUND)
    account = await handles.named(request, q)
    return [] if account is None else [account.id]


def _error(q: str, context: Entity) -> str:
    if not q or context["found"]:
        return ""
    if handles.is_whole(q):
        return say("Nobody was found there.")
    return say("Nobody of this name is known here. A whole handle finds more.")


async def _context(request: web.Request, account_id: int, list_id: int, found: list[int]) -> Entity:
    page = paging.asked(request, size=_PEOPLE)
    ids, context = await store.read(_load, account_id, list_id, found, page)
    return context | paging.links(request, ids, page)


def _load(account_id: int, list_id: int, found: list[int], page: Page) -> tuple[list[int], Entity]:
    ids, possible = lists.members(account_id, list_id, page), lists.possible(account_id, found)
    return ids, {
        "list": list_entity(lists.get(account_id, list_id)),
        "found": posts.people(one for one in found if one in possible),
        "inside": {str(one) for one in lists.holding(account_id, list_id, found)},
        "members": posts.people(ids),
    }


# ── the lists of somebody ────────────────────────────────────────────────────────────────────────────────────────────


async def show_lists(request: web.Request) -> web.Response:
    person = answers.require(request)
    context = await store.point(_of_person, person.account_id, params.an_id(request))
    return await answers.show(request, "account_lists.html", **context)


async def choose(request: web.Request) -> web.Response:
    """The lists that are ticked, and a new one if it has a name."""
    person, form, member_id = answers.require(request), await forms.read(request), params.an_id(request)
    list_ids, title = form.ids("list_ids"), form.text("title").strip()

    def do() -> Entity:
        member = account_lookup.visible(person.account_id, member_id)
        made = [lists.create(person.account_id, title).id] if title else []
        silent.choose(person.account_id, member.id, list_ids + made)
        return posts.people([member.id])[0]

    try:
        member = await store.write(do)
    except Invalid as refusal:
        context = await store.point(_of_person, person.account_id, member_id)
        return await answers.again(request, "account_lists.html", refusal, form, **context)
    notice = said("The lists of @%(acct)s are saved.", acct=member["acct"])
    return answers.done(request, answers.safe_path(form.text("next"), f"/@{member['acct']}"), notice)


def _of_person(account_id: int, member_id: int) -> Entity:
    people = posts.people([account_lookup.visible(account_id, member_id).id])
    if not people:
        raise NotFound("Record not found")
    return {
        "account": people[0],
        "lists": [list_entity(row) for row in lists.of_account(account_id)],
        "chosen": [str(row.id) for row in lists.containing(account_id, member_id)],
    }


ROUTES = [
    web.get(_PATH, show),
    web.post(_PATH, add),
    web.post(_PATH + "/{account}/remove", remove),
    web.get(_OF_PERSON, show_lists),
    web.post(_OF_PERSON, choose),
]
